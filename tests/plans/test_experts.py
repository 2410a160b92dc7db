"""A10: knowledge from outside: asked with the citizen's questions and yes, waited for, and what it changed."""

import uuid
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.kinds import check
from medspil.cases.models import Promise
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
