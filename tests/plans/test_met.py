"""A child is met in its own way (B10), and the people around somebody are their own to put there (B4)."""

import uuid
from datetime import timedelta

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Sharing, Voice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import circle, met
from medspil.project.demo.cast import opened


@pytest.fixture
def alba(cast):
    """A child with a case, and her mother."""
    alba = people.add_person(login="alba", name="Alba Steen")
    mother = people.add_person(login="vibeke", name="Vibeke Steen")
    people.give_mandate(actor=mother, citizen=alba, kind=Mandate.Kind.PARENT, ground="Forældremyndighed")
    cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    return alba, mother


def tell(by, words="Hun gik hen til gyngen.", **more):
    told = {"how": "saw", "held_on": clock.today(), "there": "Alba og Karen", "key": uuid.uuid4()} | more
    return met.tell(words=words, by=by, **told)


def test_what_we_saw_stands_first_and_the_mothers_view_beside_it_never_instead(cast, alba):
    child, mother = alba
    karen, hers = opened(cast.karen, child), opened(mother, child)
    row = tell(karen)
    met.add_view(row=row, words="Hun er glad, når der er stille.", base=0, by=hers)
    met.add_view(row=row, words="Hun er gladest, når der er stille.", base=1, by=hers)
    found = met.one(hers, row.pk)
    seen, view = found.seen.versions.all()[0], found.relatives.versions.all()[0]
    assert (seen.words, seen.observed, seen.said_by) == ("Hun gik hen til gyngen.", True, child)
    assert (view.words, view.said_by) == ("Hun er gladest, når der er stille.", mother)
    assert len(found.relatives.versions.all()) == 2
    # Nobody writes in the other's place.
    with pytest.raises(NotYours):
        tell(hers)
    with pytest.raises(NotYours):
        met.add_view(row=row, words="Karen mener", base=None, by=karen)
    with pytest.raises(cases.NotYourVoice):
        cases.write(about=row.about, whose=Voice.RELATIVE, words="Karen mener", base=None, by=karen)


def test_words_are_quoted_when_they_talked_and_seen_when_they_did_not(cast, alba):
    karen = opened(cast.karen, alba[0])
    talk, saw = tell(karen, how="talk"), tell(karen, how="pictures")
    found = {one.row.pk: one.seen.versions.all()[0].observed for one in met.times(karen)}
    assert found == {talk.pk: False, saw.pk: True}


def test_what_a_child_tells_in_confidence_is_not_there_for_her_mother(cast, alba):
    child, mother = alba
    karen, hers = opened(cast.karen, child), opened(mother, child)
    tell(karen, "Jeg er bange for hunden derhjemme.", how="talk", kept_close=True)
    row = tell(karen)
    assert [one.row.pk for one in met.times(hers)] == [row.pk]
    assert len(met.times(karen)) == 2


def test_a_day_that_has_not_been_and_nobody_there_are_told_and_nothing_twice(cast, alba):
    karen = opened(cast.karen, alba[0])
    with pytest.raises(met.NotYetBeen):
        tell(karen, held_on=clock.today() + timedelta(days=1))
    with pytest.raises(cases.WordsMissing):
        tell(karen, there=" ")
    with pytest.raises(cases.WordsMissing):
        tell(karen, "")
    key = uuid.uuid4()
    assert tell(karen, key=key) == tell(karen, key=key)
    assert len(met.times(karen)) == 1


def test_ida_puts_people_in_her_circle_and_takes_them_out_herself(cast):
    ida = opened(cast.ida, cast.ida)
    bente = circle.put_in(name="Bente", ring="near", is_what="min nabo", key=uuid.uuid4(), by=ida)
    circle.put_in(name="Alma", ring="close", key=uuid.uuid4(), by=ida)
    assert [one.name for one in circle.people(ida)] == ["Alma", "Bente"]
    for other in (cast.karen, cast.petra, cast.mona):
        with pytest.raises(NotYours):
            circle.put_in(name="Kaj", ring="close", key=uuid.uuid4(), by=opened(other, cast.ida))
    assert [one.name for one in circle.people(opened(cast.karen, cast.ida))] == ["Alma", "Bente"]
    assert circle.people(opened(cast.mona, cast.ida)) == []
    cases.share(part=Sharing.Part.PEOPLE, to=cast.mona, by=ida)
    assert len(circle.people(opened(cast.mona, cast.ida))) == 2
    circle.take_out(pk=bente.pk, by=ida)
    assert [one.name for one in circle.people(ida)] == ["Alma"]
    with pytest.raises(NotYours):
        circle.take_out(pk=bente.pk, by=opened(cast.bo, cast.bo))
