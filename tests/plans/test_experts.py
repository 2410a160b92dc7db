"""A10: knowledge from outside: asked with the citizen's questions and yes, waited for, and what it changed."""

import uuid
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.kinds import check
from medspil.cases.models import Promise
from medspil.people import reading as people_reading
from medspil.plans import experts, waiting
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")
DAY = date(2026, 12, 11)


@pytest.fixture(autouse=True)
def _a_monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(2026, 11, 23, 9, tzinfo=CPH))


def proposed(cast, **other):
    said = {
        "who": "VISO",
        "kind": "viso",
        "words": "Hvor meget hvile har en hjerne brug for?",
        "shares": "At trætheden kommer klokken fem.",
        "ground": "consent",
        "key": uuid.uuid4(),
        "by": opened(cast.karen, cast.ida),
    }
    return experts.propose(**said | other)


def asked(cast):
    found = proposed(cast)
    experts.say_yes(found=found, by=opened(cast.ida, cast.ida))
    return experts.ask(found=found, until=DAY, meanwhile="Petra kommer.", by=opened(cast.karen, cast.ida))


def test_nothing_leaves_the_house_before_her_yes_and_her_questions_go_along(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    key = uuid.uuid4()
    found = proposed(cast, key=key)
    assert proposed(cast, key=key) == found
    with pytest.raises(experts.NoYesYet):
        experts.ask(found=found, until=DAY, meanwhile="Petra kommer.", by=karen)
    experts.ask_along(found=found, words="Bliver det bedre?", base=0, by=ida)
    experts.say_yes(found=found, by=ida)
    found = experts.ask(found=found, until=DAY, meanwhile="Petra kommer.", by=karen)
    waits = found.waiting
    assert (waits.from_whom, waits.promise.owner, waits.promise.due) == ("VISO", cast.karen, DAY)
    with pytest.raises(experts.AlreadyAsked):
        experts.ask_along(found=found, words="Og mere?", base=1, by=ida)
    words = experts.words_of(karen, found)
    assert words[found.about, "citizen"].versions.all()[0].words == "Bliver det bedre?"


def test_a_yes_that_somebody_heard_stands_in_their_name(cast):
    found = experts.say_yes(found=proposed(cast), by=opened(cast.karen, cast.ida))
    assert (found.yes_by, found.may_be_told) == (cast.karen, True)


def test_without_a_name_no_yes_is_needed_and_a_law_must_be_named(cast):
    with pytest.raises(experts.LawMissing):
        proposed(cast, ground="law")
    for missing in ("who", "shares"):
        with pytest.raises(cases.WordsMissing):
            proposed(cast, **{missing: " "})
    found = proposed(cast, ground="nameless")
    karen = opened(cast.karen, cast.ida)
    assert experts.ask(found=found, until=DAY, meanwhile="Petra.", by=karen).waiting is not None


def test_the_answer_ends_the_waiting_and_both_say_what_it_changed(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    found = asked(cast)
    with pytest.raises(experts.NotAsked):
        experts.say_what_changed(found=found, words="Intet.", base=0, by=karen)
    letter = check(BytesIO(b"Hvile midt paa dagen."), name="svar.txt", size=21)
    found = experts.received(found=found, words="Hvil en time midt på dagen.", letter=letter, by=karen)
    found.waiting.refresh_from_db()
    assert found.waiting.came_at is not None
    assert Promise.objects.get(pk=found.waiting.promise_id).outcome == Promise.Outcome.KEPT
    assert [one.name for one in experts.letters_of(ida, found)] == ["svar.txt"]
    assert not experts.experts(opened(cast.petra, cast.ida)).exists()
    assert not opened(cast.petra, cast.ida).files().exists()
    experts.say_what_changed(found=found, words="Petra kommer en time før.", base=0, by=karen)
    experts.say_what_changed(found=found, words="Det giver mening.", base=0, by=ida)
    assert {whose for about, whose in experts.words_of(ida, found) if about == found.changed} == {
        "citizen",
        "professional",
    }


def test_a_yes_taken_back_in_the_middle_stops_it_and_we_owe_that_they_stop(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    found = asked(cast)
    found = experts.say_no(found=found, by=ida)
    assert (found.stops.owner, found.stops.due) == (cast.karen, date(2026, 11, 24))
    assert Promise.objects.get(pk=found.waiting.promise_id).outcome == Promise.Outcome.WITHDRAWN
    with pytest.raises(experts.YesTakenBack):
        experts.received(found=found, words="Et svar.", by=karen)
    experts.stopped(found=found, by=karen)
    assert waiting.waiting(karen, found.waiting_id).came_at is not None
    with pytest.raises(cases.AlreadyEnded):
        experts.stopped(found=found, by=karen)
    with pytest.raises(NotYours):
        experts.say_no(found=found, by=opened(cast.bo, cast.bo))


def wished(cast, **other):
    said = {
        "who": "Hjerneskadeforeningen",
        "words": "Bliver det bedre?",
        "key": uuid.uuid4(),
        "by": opened(cast.ida, cast.ida),
    }
    return experts.want(**said | other)


def taken_up(found, by, **other):
    said = {
        "kind": "organisation",
        "words": "",
        "shares": "At trætheden kommer klokken fem.",
        "ground": "consent",
        "found": found,
        "by": by,
    }
    return experts.take_up(**said | other)


def test_ida_asks_for_somebody_to_be_asked_and_it_goes_on_as_any_other(cast):
    """Three working days is the unit's own clock for answers: from Monday 23 to Thursday 26 November."""
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    key = uuid.uuid4()
    found = wished(cast, key=key)
    assert wished(cast, key=key) == found, "sent twice it is one"
    assert (found.wish.owner, found.wish.due, found.wish.is_clock) == (cast.karen, date(2026, 11, 26), True)
    for refused, act in (
        (experts.NotTakenUp, lambda: experts.say_yes(found=found, by=karen)),
        (
            experts.NoYesYet,
            lambda: experts.ask(found=found, until=DAY, meanwhile="Petra kommer.", by=karen),
        ),
        (cases.WordsMissing, lambda: taken_up(found, karen, shares=" ")),
        (experts.LawMissing, lambda: taken_up(found, karen, ground="law")),
    ):
        with pytest.raises(refused):
            act()
    assert not people_reading.at_once(cast.ida, **experts.asked_of(ida))["expert_asks"], (
        "nothing to say yes to yet"
    )
    found = taken_up(found, karen)
    found.wish.refresh_from_db()
    assert (found.wish.outcome, found.made_by) == (Promise.Outcome.KEPT, cast.karen)
    assert people_reading.at_once(cast.ida, **experts.asked_of(ida))["expert_asks"]["who"] == found.who
    experts.say_yes(found=found, by=ida)
    found = experts.ask(found=found, until=DAY, meanwhile="Petra kommer.", by=karen)
    words = experts.words_of(karen, found)
    assert words[found.about, "citizen"].versions.get().words == "Bliver det bedre?"
    assert found.waiting.from_whom == "Hjerneskadeforeningen"


def test_the_caseworker_says_no_only_with_a_reason_and_may_think_again(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    found = wished(cast)
    with pytest.raises(cases.WordsMissing):
        experts.decline(found=found, words="  ", by=karen)
    with pytest.raises(Refusal):
        experts.decline(found=found, words="Nej.", by=ida)
    found = experts.decline(found=found, words="Vi har deres svar fra i fjor.", by=karen)
    found.wish.refresh_from_db()
    assert (found.declined_by, found.wish.outcome) == (cast.karen, Promise.Outcome.KEPT)
    said = experts.words_of(ida, found)[found.refused, "professional"]
    assert said.versions.get().words == "Vi har deres svar fra i fjor."
    found = taken_up(found, karen)
    assert (found.declined_at, found.is_wished) == (None, False)


def test_a_wish_is_let_be_by_the_citizen_and_belongs_to_nobody_else(cast):
    found = wished(cast)
    for stranger in (cast.lars, cast.petra, cast.mona):
        with pytest.raises(Refusal):
            experts.want(who="VISO", words="Hvad?", key=uuid.uuid4(), by=opened(stranger, cast.ida))
        with pytest.raises(NotYours):
            experts.expert(opened(stranger, cast.ida), found.pk)
    with pytest.raises(NotYours):
        wished(cast, key=found.key, by=opened(cast.bo, cast.bo))
    found = experts.say_no(found=found, by=opened(cast.ida, cast.ida))
    found.wish.refresh_from_db()
    assert found.wish.outcome == Promise.Outcome.WITHDRAWN
    with pytest.raises(experts.YesTakenBack):
        taken_up(found, opened(cast.karen, cast.ida))


def test_from_the_yes_on_somebody_owes_to_ask_them_by_a_day(client, cast):
    """The unit's own clock: three working days after Monday 23 is Thursday 26 November."""
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    found = proposed(cast)
    assert not Promise.objects.exists(), "nothing is owed before her yes"
    found = experts.say_yes(found=found, by=ida)
    experts.say_yes(found=found, by=ida)
    owed = Promise.objects.get()
    assert (owed.owner, owed.due, owed.is_clock, owed.outcome) == (cast.karen, date(2026, 11, 26), True, "")
    client.force_login(cast.ida)
    page = client.get(reverse("expert", args=[ida.pk, found.pk])).text.replace("\xa0", " ")
    assert "Bliver spurgt senest torsdag 26. november" in page
    assert "Karen spørger dem, der ved mere." in page
    client.force_login(cast.karen)
    of_the_promise = client.get(reverse("work-promise", args=[ida.pk, owed.pk])).text
    assert "Det er gjort, når de er spurgt." in of_the_promise
    assert reverse("work-experts", args=[ida.pk]) in of_the_promise
    experts.say_no(found=found, by=ida)
    assert [row.outcome for row in Promise.objects.all()] == ["withdrawn"]
    found = experts.say_yes(found=found, by=ida)
    experts.ask(found=found, until=DAY, meanwhile="Petra kommer.", by=karen)
    before, again, waited = Promise.objects.order_by("pk")
    assert [before.outcome, again.outcome, waited.outcome] == ["withdrawn", "kept", ""]


def test_what_needs_no_yes_is_asked_by_a_day_as_well(cast):
    karen = opened(cast.karen, cast.ida)
    proposed(cast, ground="nameless")
    found = taken_up(wished(cast), karen, ground="nameless")
    owed = Promise.objects.filter(outcome="")
    assert [(row.what, row.owner, row.due) for row in owed] == [
        (experts.ASKS_THEM, cast.karen, date(2026, 11, 26))
    ] * 2
    experts.ask(found=found, until=DAY, meanwhile="Petra kommer.", by=karen)
    assert list(
        Promise.objects.filter(what=experts.ASKS_THEM).values_list("outcome", flat=True).order_by("pk")
    ) == [
        "",
        "kept",
    ]
