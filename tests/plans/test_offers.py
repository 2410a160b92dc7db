"""Life outside the municipality (B14, B15): taken up like other help, with somebody along the first time."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.models import Promise, Sharing
from medspil.people.models import Person
from medspil.plans import offers
from medspil.project.demo.cast import opened


@pytest.fixture
def keep(cast):
    def one(name="Kilden", kind="association", by=None, pk=None, **more):
        told = {"name": name, "kind": kind, "helps_with": "Kaffe", "where": "Torvet", "contact": "Kaj"} | more
        by = by or cast.karen
        return offers.keep_offer(key=uuid.uuid4(), told=told, pk=pk, by=Person.objects.get(pk=by.pk))

    return one


def take(offer, by, **more):
    return offers.take_up(offer=offer, key=uuid.uuid4(), by=by, **more)


def test_going_along_is_a_promise_of_whoever_is_paid_and_binds_with_their_yes(cast, keep):
    ida = opened(cast.ida, cast.ida)
    day = clock.today() + timedelta(days=9)
    asked = take(keep(), ida, owner=cast.petra, first_on=day)
    assert (asked.along, asked.promise.owner, asked.promise.due) == ("Petra Lund", cast.petra, day)
    assert asked.promise.bound_at is None
    cases.say_yes(promise=asked.promise, by=opened(cast.petra, cast.ida))
    assert Promise.objects.get().bound_at is not None
    own = take(keep("Svømning"), opened(cast.karen, cast.ida), owner=cast.karen, first_on=day)
    assert own.promise.bound_by == cast.karen
    neighbour = take(keep("Læsekreds"), ida, along="min nabo Bente", first_on=day)
    assert neighbour.promise is None
    with pytest.raises(offers.NeedsADay):
        take(keep("Kor"), ida, owner=cast.petra)
    with pytest.raises(Refusal):
        take(keep("Kor"), ida, owner=cast.sune, first_on=day)  # not in her team
    assert len(offers.taken_up(ida)) == 3


def test_two_who_write_of_the_same_offer_never_wipe_what_the_other_wrote(cast, keep, client):
    kept = keep()
    client.force_login(Person.objects.get(pk=cast.karen.pk))
    url = reverse("offer", args=[kept.pk])
    typed = {one.name: one.value() for one in client.get(url).context["form"] if one.value()} | {
        "where": "Havnen"
    }
    with clock.held_at(clock.now() + timedelta(minutes=5)):
        keep(pk=kept.pk, contact="Asta")
    page = client.post(url, typed)
    assert "En anden har ændret det imens." in page.content.decode()
    assert "<dd>Asta</dd>" in page.content.decode(), "what stands there now is shown"
    kept.refresh_from_db()
    assert (kept.where, kept.contact) == ("Torvet", "Asta")
    again = {one.name: one.value() for one in page.context["form"] if one.value()}
    assert (again["where"], again["contact"]) == ("Havnen", "Kaj"), "what was typed is there still"
    assert client.post(url, again | {"contact": "Asta"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.where, kept.contact) == ("Havnen", "Asta")


def test_what_is_ended_is_on_no_list_and_stays_in_the_plan(cast, keep):
    ida, kept = opened(cast.ida, cast.ida), keep()
    take(kept, ida)
    offers.end_offer(pk=kept.pk, by=Person.objects.get(pk=cast.karen.pk))
    kept.refresh_from_db()
    assert offers.offers() == ([], True)
    assert [one.offer for one in offers.taken_up(ida)] == [kept]
    with pytest.raises(Refusal):
        take(kept, ida)


def test_what_is_not_wanted_any_more_binds_nobody_to_go_along(cast, keep):
    ida = opened(cast.ida, cast.ida)
    day = clock.today() + timedelta(days=9)
    going = take(keep(), opened(cast.karen, cast.ida), owner=cast.karen, first_on=day)
    asked = take(keep("Kor"), ida, owner=cast.petra, first_on=day)
    for taken in (going, asked):
        offers.say_how_far(pk=taken.pk, state="goes", by=ida)
        assert Promise.objects.get(pk=taken.promise_id).outcome == ""
        offers.say_how_far(pk=taken.pk, state="stopped", by=ida)
        assert Promise.objects.get(pk=taken.promise_id).outcome == "withdrawn"


def test_both_sides_take_it_up_once_and_for_somebody_else_once_more(cast, keep):
    ida, karen, kept = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida), keep()
    first = take(kept, ida)
    with pytest.raises(offers.InThePlan):
        take(kept, karen, owner=cast.karen, first_on=clock.today() + timedelta(days=9))
    assert not Promise.objects.exists()
    sister = take(kept, karen, for_name=" min  søster")
    with pytest.raises(offers.InThePlan):
        take(kept, ida, for_name="Min søster ")
    offers.say_how_far(pk=first.pk, state="stopped", by=ida)
    again = take(kept, ida)
    assert offers.taken_up(ida) == [sister, again]


def test_courses_for_relatives_are_found_and_staff_alone_keep_the_list(cast, keep):
    both, own, theirs = (
        keep(name, "course", for_whom=whom)
        for name, whom in (("A", "both"), ("B", "citizen"), ("C", "relative"))
    )
    keep("D")
    assert offers.offers(offers.Wanted(kind="course"))[0] == [both, own, theirs]
    assert offers.offers(offers.Wanted(kind="course", relatives=True))[0] == [both, theirs]
    for other in (cast.ida, cast.lena, cast.mona):
        with pytest.raises(NotYours):
            keep(by=other)


def test_taken_up_is_seen_by_those_with_whom_the_people_are_shared(cast, keep):
    ida, kept = opened(cast.ida, cast.ida), keep()
    taken = take(kept, ida)
    assert offers.taken_up(opened(cast.mona, cast.ida)) == []
    cases.share(part=Sharing.Part.PEOPLE, to=cast.mona, by=ida)
    mona = opened(cast.mona, cast.ida)
    assert [one.pk for one in offers.taken_up(mona)] == [taken.pk]
    with pytest.raises(NotYours):
        offers.say_how_far(pk=taken.pk, state="goes", by=mona)
    offers.say_how_far(pk=taken.pk, state="stopped", by=ida)
    assert offers.taken_up(ida) == []
