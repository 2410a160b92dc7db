"""A parent of a child has a voice of their own beside the child's and ours (B2, B10); a guardian acts, and is named."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pycrdt import Map

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Objection, Text, TextVersion, Voice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import actions as plans
from medspil.plans import board, goals, live, minutes, my_life
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


# --- at a meeting: a block of their own from the first key ------------------------------------------------------------

NOW = datetime(2026, 11, 23, 9, 55, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture
def talk(alba, monkeypatch):
    """Alba's meeting, to which both her parents are asked, five minutes before it begins."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    _child, mother, father, karen = alba
    made = plans.plan_meeting(
        title="Mødet om skolen",
        starts_at=NOW + timedelta(minutes=5),
        form="home",
        by=karen,
        others=[(one.person, one.person.name, "forælder") for one in (mother, father)],
    )
    plans.begin(meeting=made, by=mother)
    return made


def rows(doc):
    return doc.get("utterances", type=Map)


def key_of(doc, voice, writer=None):
    return next(
        k
        for k in rows(doc)
        if rows(doc)[k]["voice"] == voice and writer in (None, int(rows(doc)[k]["writer"]))
    )


def changed(meeting, act):
    """The change that a browser makes which reads the text and then acts on it."""
    doc, made = live.load(meeting.pk), []
    doc.observe(lambda event: made.append(bytes(event.update)))
    act(doc)
    return made[-1]


def typed(voice, words, writer=None):
    return lambda doc: rows(doc)[key_of(doc, voice, writer)]["text"].insert(0, words)


def write_at(meeting, by, voice, words, writer=None):
    minutes.append(meeting.pk, by.person.pk, changed(meeting, typed(voice, words, writer)))


def end(meeting, karen):
    plans.end(meeting=meeting, next_time=None, why_no_next="Vi ringer.", by=karen)
    found = TextVersion.objects.filter(text__about__startswith=f"minutes.{meeting.pk}.")
    return {v.words: v for v in found.select_related("text", "said_by", "written_by", "confirmed_by")}


def test_each_parent_has_a_block_of_their_own_between_the_childs_and_ours(alba, talk):
    _child, mother, father, karen = alba
    said = [(u.voice, u.writer) for u in minutes.read(talk).utterances]
    assert said == [
        ("citizen", 0),
        ("relative", mother.person.pk),
        ("relative", father.person.pk),
        ("professional", karen.person.pk),
    ]
    # One that is put on while they talk has the same, and entering again sets out nothing twice.
    plans.add_to_agenda(meeting=talk, words="Frikvartererne", by=karen)
    plans.begin(meeting=talk, by=mother)
    assert [(u.voice, u.writer) for u in minutes.read(talk).utterances] == said * 2


def test_a_parent_who_was_not_asked_along_gets_a_block_when_they_come(alba, monkeypatch):
    _child, mother, _father, karen = alba
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = plans.plan_meeting(title="Mødet", starts_at=NOW + timedelta(minutes=5), form="home", by=karen)
    plans.begin(meeting=made, by=karen)
    assert [u.voice for u in minutes.read(made).utterances] == ["citizen", "professional"]
    plans.begin(meeting=made, by=mother)
    assert [u.voice for u in minutes.read(made).utterances] == ["citizen", "relative", "professional"]


def test_a_parents_browser_reaches_their_own_block_and_no_other(alba, talk):
    _child, mother, father, karen = alba
    m, f = mother.person.pk, father.person.pk
    pen = minutes.pen_of(mother)

    def add(voice, writer):
        return lambda doc: minutes.add(doc, item="x", voice=voice, writer=writer, words="Noget")

    def turn(name, value):
        return lambda doc: rows(doc)[key_of(doc, "relative", m)].update({name: value})

    fine = [typed("relative", "Hun er træt.", m), add("relative", m)]
    refused = [
        typed("citizen", "Jeg er træt."),
        typed("relative", "Hun er frisk.", f),
        typed("professional", "Vi lover."),
        add("citizen", 0),
        add("relative", f),
        add("professional", karen.person.pk),
        turn("voice", "citizen"),
        turn("writer", f),
    ]
    assert [minutes.keeps_to(pen, talk.pk, changed(talk, act)) for act in fine] == [True] * 2
    assert [minutes.keeps_to(pen, talk.pk, changed(talk, act)) for act in refused] == [False] * 8
    child = minutes.Pen("citizen", 1, acts=False)
    assert minutes.keeps_to(child, talk.pk, changed(talk, typed("relative", "Nej.", m))) is False


def test_what_a_parent_wrote_stands_as_theirs_and_what_karen_wrote_for_them_waits_for_their_yes(alba, talk):
    child, mother, father, karen = alba
    write_at(talk, mother, "relative", "Hun sover dårligt.", mother.person.pk)
    write_at(talk, karen, "relative", "Hun sover godt hos mig.", father.person.pk)
    write_at(talk, karen, "citizen", "Jeg vil gynge.")
    said = end(talk, karen)
    own, for_father, for_child = (
        said[words] for words in ("Hun sover dårligt.", "Hun sover godt hos mig.", "Jeg vil gynge.")
    )
    assert (own.text.whose, own.said_by, own.written_by) == ("relative", mother.person, mother.person)
    assert own.confirmed_by == mother.person
    assert (for_father.text.whose, for_father.said_by) == ("relative", father.person)
    assert (for_father.written_by, for_father.confirmed_at) == (karen.person, None)
    assert (for_child.text.whose, for_child.said_by, for_child.confirmed_at) == (
        "citizen",
        child.person,
        None,
    )
    asked = [show.voice(for_father.text, one)["waits"] for one in (father, mother, child, karen)]
    assert asked == [False, True, True, True]
    snapshot = talk.snapshots.get()

    def says_yes(by):
        plans.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=by)
        for one in (for_father, for_child):
            one.refresh_from_db()
        return for_father.confirmed_by, for_child.confirmed_by

    assert says_yes(mother) == (None, None)
    assert says_yes(child) == (None, child.person)
    assert says_yes(father) == (father.person, child.person)


def test_a_parents_words_keep_their_name_when_the_custody_ends_in_the_middle(alba, talk):
    _child, mother, _father, karen = alba
    write_at(talk, mother, "relative", "Hun er bange for hunde.", mother.person.pk)
    people.end_mandates(actor=mother.person, citizen=karen.citizen, kinds=[Mandate.Kind.PARENT])
    version = end(talk, karen)["Hun er bange for hunde."]
    assert (version.text.whose, version.said_by) == ("relative", mother.person)


def test_a_relative_whom_a_browser_made_up_speaks_in_nobodys_name(alba, talk):
    _child, _mother, _father, karen = alba
    stranger = people.add_person(login="frank", name="Frank Fremmed")
    add = changed(
        talk,
        lambda doc: minutes.add(doc, item="x", voice="relative", writer=stranger.pk, words="Jeg er far."),
    )
    minutes.append(talk.pk, karen.person.pk, add)
    version = end(talk, karen)["Jeg er far."]
    assert (version.text.whose, version.said_by) == ("professional", karen.person)


def test_whoever_acts_for_an_adult_says_so_on_every_block_they_write_in(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    gerda, otto = opened(cast.gerda, cast.otto), opened(cast.otto, cast.otto)
    karen = opened(cast.karen, cast.otto)
    made = plans.plan_meeting(title="Mødet", starts_at=NOW + timedelta(minutes=5), form="home", by=karen)
    plans.begin(meeting=made, by=karen)

    def marked(doc):
        with doc.transaction():
            rows(doc)[key_of(doc, "citizen")]["by"] = cast.gerda.pk
            typed("citizen", "Han vil køre bus.")(doc)

    unmarked = changed(made, typed("citizen", "Jeg vil køre bus."))
    assert minutes.keeps_to(minutes.pen_of(otto), made.pk, unmarked) is True
    assert minutes.keeps_to(minutes.pen_of(gerda), made.pk, unmarked) is False
    change = changed(made, marked)
    assert minutes.keeps_to(minutes.pen_of(gerda), made.pk, change) is True
    minutes.append(made.pk, cast.gerda.pk, change)
    version = end(made, karen)["Han vil køre bus."]
    shown = show.voice(version.text, karen)
    assert (version.text.whose, shown["name"], shown["acted_by"]) == ("citizen", cast.otto.name, "Gerda")
