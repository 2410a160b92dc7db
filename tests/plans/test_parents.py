"""A parent of a child has a voice of their own beside the child's and ours (B2, B10); a guardian acts, and is named."""

import uuid

import pytest

from medspil.cases import actions as cases
from medspil.cases.models import Objection, Text, TextVersion, Voice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import board, goals, my_life
from medspil.plans.models import BoardNote, Progress
from medspil.project.demo.cast import opened
from medspil.web import show


@pytest.fixture
def alba(cast):
    """A child with a case and a sign-in, and both her parents."""
    alba = people.add_person(login="alba", name="Alba Steen")
    mother = people.add_person(login="vibeke", name="Vibeke Steen")
    father = people.add_person(login="jens", name="Jens Steen")
    for parent in (mother, father):
        people.give_mandate(actor=parent, citizen=alba, kind=Mandate.Kind.PARENT, ground="Forældremyndighed")
    cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    return opened(alba, alba), opened(mother, alba), opened(father, alba), opened(cast.karen, alba)


def write(by, words, whose, about="area.together", base=None):
    return cases.write(about=about, whose=whose, words=words, base=base, by=by)


def said(case):
    rows = TextVersion.objects.filter(text__case=case.case, text__about="area.together")
    return [
        (v.text.whose, v.said_by.first_name, v.words)
        for v in rows.select_related("text", "said_by").order_by("pk")
    ]


def test_three_voices_stand_side_by_side_and_nobody_writes_in_the_childs_place(alba):
    child, mother, _father, karen = alba
    write(karen, "Alba søger ro.", Voice.PROFESSIONAL)
    write(mother, "Hun er glad, når der er stille.", Voice.RELATIVE)
    with pytest.raises(cases.NotYourVoice):
        write(mother, "Jeg vil gerne gå i skole.", Voice.CITIZEN)
    write(child, "Jeg vil gynge.", Voice.CITIZEN)
    with pytest.raises(cases.NotYourVoice):
        write(mother, "Jeg vil ikke gynge.", Voice.CITIZEN)
    with pytest.raises(cases.NotYourVoice):
        write(karen, "Hun er vred.", Voice.RELATIVE)
    assert said(child) == [
        ("professional", "Karen", "Alba søger ro."),
        ("relative", "Vibeke", "Hun er glad, når der er stille."),
        ("citizen", "Alba", "Jeg vil gynge."),
    ]


def test_what_karen_wrote_for_the_child_waits_for_the_child_and_not_for_her_mother(alba):
    child, mother, _father, karen = alba
    proposed = write(karen, "Jeg vil gynge.", Voice.CITIZEN)
    with pytest.raises(cases.NotYourVoice):
        cases.confirm(version=proposed, by=mother)
    cases.object_to(version=proposed, words="Det har hun ikke sagt.", by=mother)
    assert Objection.objects.get().said_by == mother.person
    cases.confirm(version=proposed, by=child)
    proposed.refresh_from_db()
    assert proposed.confirmed_by == child.person


def test_two_parents_never_write_over_each_other(alba):
    child, mother, father, _karen = alba
    write(mother, "Hun sover godt.", Voice.RELATIVE, base=0)
    # He saw an empty place of his own, though her words were there.
    write(father, "Hun vågner om natten.", Voice.RELATIVE, base=0)
    second = write(mother, "Hun sover godt hos mig.", Voice.RELATIVE, base=1)
    with pytest.raises(cases.WrittenMeanwhile):
        write(mother, "Fra en anden fane.", Voice.RELATIVE, base=1)
    assert second.number == 3
    text = child.texts(None, "area.together").get()
    rows = show.relatives(text, child)
    assert [(row["name"], row["words"]) for row in rows] == [
        ("Vibeke Steen", "Hun sover godt hos mig."),
        ("Jens Steen", "Hun vågner om natten."),
    ]
    # Of what stood before each sees under her own words only her own.
    assert [[e["words"] for e in row["earlier"]] for row in rows] == [["Hun sover godt."], []]


def test_a_goal_a_note_and_a_word_on_how_it_goes_are_the_parents_own(alba):
    child, mother, _father, _karen = alba
    goal = goals.make_goal(wish="At hun får en ven.", horizon="year", key=uuid.uuid4(), by=mother)
    text = Text.objects.get(about=goal.about)
    version = text.versions.get()
    assert (text.whose, version.said_by) == ("relative", mother.person)
    goals.write_wish(goal=goal, words="Jeg vil have en hund.", whose=Voice.CITIZEN, base=0, by=child)
    goals.say_how_it_goes(goal=goal, how="hard", by=mother)
    assert Progress.objects.get().whose == Voice.RELATIVE
    note = board.put_up(column="works", whose=Voice.CITIZEN, words="Gåture", key=uuid.uuid4(), by=mother)
    assert BoardNote.objects.get().whose == Voice.RELATIVE
    hers = board.put_up(column="works", whose=Voice.CITIZEN, words="Gynger", key=uuid.uuid4(), by=child)
    with pytest.raises(board.OnesOwnNote):
        board.take_down(note=hers, by=mother)
    with pytest.raises(board.OnesOwnNote):
        board.move(note=note, to="hard", by=alba[3])


def test_how_her_life_is_nobody_says_for_a_child(alba):
    _child, mother, _father, _karen = alba
    with pytest.raises(cases.NotYourVoice):
        my_life.say(says="grey", by=mother)
    with pytest.raises(cases.NotYourVoice):
        my_life.mark(area="home", says="hard", by=mother)


def test_what_a_parent_says_elsewhere_is_said_in_their_own_name(alba):
    child, mother, _father, _karen = alba
    version = write(mother, "Hvornår ringer I?", Voice.CITIZEN, about="message.1")
    assert (version.said_by, version.confirmed_by) == (mother.person, mother.person)
    own = write(child, "Jeg er bange.", Voice.CITIZEN, about="message.2")
    with pytest.raises(cases.NotYourVoice):
        write(mother, "Hun er ikke bange.", Voice.CITIZEN, about="message.2")
    assert own.said_by == child.person


def test_a_guardian_of_an_adult_writes_in_his_place_and_it_says_so(cast):
    gerda = opened(cast.gerda, cast.otto)
    write(gerda, "Jeg kan lide at køre bus.", Voice.CITIZEN)
    text = gerda.texts(None, "area.together").get()
    shown = show.voice(text, gerda)
    assert (shown["name"], shown["acted_by"], shown["written_by"]) == (cast.otto.name, "Gerda", "")
    assert shown["confirmed"] is False
