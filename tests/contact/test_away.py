"""A5: somebody is away; another answers, or it waits, as the citizen chose; and it all goes back by itself."""

import uuid
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Member, Note, Promise, PromiseMove
from medspil.cases.promises import is_late
from medspil.cases.work import places_of
from medspil.contact import actions as contact
from medspil.contact import away, calls, messages, urgent
from medspil.contact.models import Absence, Message, Request
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Opening, Person, Staff
from medspil.people.reading import at_once
from medspil.project.demo.cast import opened
from medspil.rhythm.run import run
from medspil.web import leaving

CPH = ZoneInfo("Europe/Copenhagen")
FRIDAY, BACK = date(2026, 11, 13), date(2026, 11, 14)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def again(person):
    return Person.objects.get(pk=person.pk)


def karen_is_away(cast, since=date(2026, 11, 9), until=FRIDAY, why="holiday", **more):
    said = {"cover": cast.lotte, "by": cast.karen, "key": uuid.uuid4()} | more
    return away.say_away(
        person=again(cast.karen), since=since, until=until, why=why, **{**said, "by": again(said["by"])}
    )


def promised(cast, citizen, due, what="ringer"):
    return cases.make_promise(what=what, due=due, by=opened(cast.karen, citizen))


def ask(citizen, **more):
    return contact.ask(
        words="Hvad sker der?", key=uuid.uuid4(), by=Visitor(again(citizen), uuid.uuid4()), **more
    )


def owner(promise):
    promise.refresh_from_db()
    return promise.owner


def test_a_holiday_each_citizen_is_told_and_what_falls_due_is_the_covers_until_it_goes_back(cast, at):
    before, during = promised(cast, cast.ida, date(2026, 11, 6)), promised(cast, cast.ida, date(2026, 11, 12))
    after, bos = promised(cast, cast.ida, date(2026, 11, 20)), promised(cast, cast.bo, FRIDAY)
    absence = karen_is_away(cast)
    for citizen in (cast.ida, cast.bo, cast.otto):
        assert Notice.objects.filter(to=citizen, key__startswith=f"away-{absence.pk}-").count() == 1
    assert owner(during) == cast.karen  # she is still here
    with pytest.raises(NotYours):
        opened(cast.lotte, cast.ida)
    at(2026, 11, 9, 0, 5)
    assert "An absence: 0 citizens told, 2 promises to the cover, 0 moved." in list(run())
    assert not [line for line in run() if "absence" in line]
    assert [owner(p) for p in (before, during, after, bos)] == [
        cast.karen,
        cast.lotte,
        cast.karen,
        cast.lotte,
    ]
    assert during.covered_for == cast.karen
    lotte = opened(cast.lotte, cast.ida)
    assert lotte.is_cover
    assert lotte.whole
    assert lotte.covering.covers == cast.karen
    assert Opening.objects.filter(actor=cast.lotte, citizen=cast.ida).get().purpose == "cover"
    cases.keep(promise=during, by=lotte)
    assert {place.citizen for place in places_of(again(cast.lotte))} == {cast.ida, cast.bo, cast.otto}
    at(2026, 11, 14, 0, 5)
    with pytest.raises(NotYours):
        opened(cast.lotte, cast.ida)  # closed before anything ran
    list(run())
    assert (owner(during), during.outcome, owner(bos), bos.covered_for) == (
        cast.lotte,
        "kept",
        cast.karen,
        None,
    )
    assert Absence.objects.get().ended_at
    assert not [line for line in run() if "absence" in line]


def test_what_is_new_comes_to_the_cover_with_its_clock_and_goes_back_unanswered(cast, at):
    karen_is_away(cast)
    at(2026, 11, 9, 9)
    asked = ask(cast.ida)
    wrote = messages.send(
        words="Kommer brevet?",
        thread=opened(cast.ida, cast.ida).main_thread,
        key=uuid.uuid4(),
        by=opened(cast.ida, cast.ida),
    )
    wants_call = ask(cast.bo, wants_call=True)
    # Out of office stops no clock: three working days, as on any other day.
    assert (asked.promise.due, wrote.promise.due) == (date(2026, 11, 12), date(2026, 11, 12))
    assert {asked.owner, wrote.owner, wants_call.owner, asked.promise.owner} == {cast.lotte}
    contact.answer(request=asked, words="Jeg hjælper.", by=opened(cast.lotte, cast.ida))
    calls.note_talk(words="Vi talte.", promise=wants_call.promise, by=opened(cast.lotte, cast.bo))
    assert Promise.objects.get(pk=wants_call.promise.pk).outcome == "kept"
    at(2026, 11, 16, 8)
    list(run())
    wrote.refresh_from_db()
    assert (wrote.owner, owner(wrote.promise)) == (cast.karen, cast.karen)
    assert Request.objects.get(pk=asked.pk).owner == cast.lotte  # hers, and done


def test_what_was_answered_by_a_cover_and_is_an_application_is_not_left_with_them(cast, at):
    at(2026, 11, 9, 9)
    karen_is_away(cast, cover=again(cast.lotte))
    ida = opened(cast.ida, cast.ida)
    sent = messages.send(words="Kan jeg få hjælp?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)
    lotte = opened(cast.lotte, cast.ida)
    messages.write(words="Ja.", thread=lotte.main_thread, answers=[sent], key=uuid.uuid4(), by=lotte)
    at(2026, 11, 16, 9)
    list(run())
    sent = messages.say_kind(message=sent, kind="application", by=opened(cast.ida, cast.ida))
    assert (sent.matter.owner, sent.matter.covered_for) == (cast.karen, None)


def test_one_lets_it_wait_and_dates_move_before_they_pass_but_no_clock_does(cast, at):
    away.choose(choice="wait", by=opened(cast.ida, cast.ida))  # beforehand
    during = promised(cast, cast.ida, date(2026, 11, 12))
    karen_is_away(cast)
    during.refresh_from_db()
    assert (during.due, during.owner) == (date(2026, 11, 18), cast.karen)  # third working day after
    move = PromiseMove.objects.get(promise=during)
    assert (move.because, move.from_due) == (
        "Karen er væk til og med 13. november. Det må vente.",
        date(2026, 11, 12),
    )
    at(2026, 11, 9, 9)
    list(run())
    with pytest.raises(NotYours):
        opened(cast.lotte, cast.ida)
    asked = ask(cast.ida)  # due on the 12th, which is before Karen is back
    assert (asked.owner, asked.promise.covered_for) == (cast.lotte, cast.karen)
    assert opened(cast.lotte, cast.ida).is_cover
    at(2026, 11, 12, 9)
    later = ask(cast.ida)  # due on the 17th
    assert later.owner == cast.karen
    urgent.say_urgent(request=later, because="Strømmen er lukket.", by=opened(cast.ida, cast.ida))
    list(run())
    later.refresh_from_db()
    assert (later.owner, owner(later.promise), later.promise.due) == (cast.lotte, cast.lotte, FRIDAY)


def test_an_absence_after_the_last_day_in_the_case_is_nothing_to_the_citizen(cast, at):
    """Karen is there until Friday 13 November: a holiday until that day touches Ida, one from the Monday after not."""
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(post=post, until=FRIDAY, to=again(cast.lotte), by=again(cast.admin))
    karen_is_away(cast, since=date(2026, 11, 16), until=date(2026, 11, 20), cover=None)
    ida = opened(cast.ida, cast.ida)
    assert not away.coming(ida)
    assert not away.answered(at_once(ida.person, **away.asked_of(ida)))
    assert not Notice.objects.filter(to=cast.ida, key__startswith="away-").exists()
    before = karen_is_away(cast, since=FRIDAY, until=FRIDAY, cover=None)
    assert away.coming(ida) == [before]
    assert [row["since"] for row in away.answered(at_once(ida.person, **away.asked_of(ida)))] == [
        "2026-11-13"
    ]


def test_one_may_choose_otherwise_in_the_middle(cast, at):
    during = promised(cast, cast.ida, date(2026, 11, 12))
    karen_is_away(cast)
    at(2026, 11, 9, 9)
    list(run())
    away.choose(choice="wait", by=opened(cast.ida, cast.ida))
    assert (owner(during), during.due) == (cast.karen, date(2026, 11, 18))
    with pytest.raises(NotYours):
        opened(cast.lotte, cast.ida)
    away.choose(choice="cover", by=opened(cast.ida, cast.ida))
    away.choose(choice="cover", by=opened(cast.ida, cast.ida))
    assert opened(cast.lotte, cast.ida).is_cover
    assert Note.objects.filter(kind="away_cover").count() == 1
    with pytest.raises(NotYours):
        away.choose(choice="never", by=opened(cast.ida, cast.ida))


def test_ill_today_is_said_by_the_leader_and_without_a_cover_it_is_a_gap(cast, at):
    due = promised(cast, cast.ida, date(2026, 11, 3))
    absence = karen_is_away(
        cast, since=date(2026, 11, 2), until=date(2026, 11, 4), why="ill", cover=None, by=cast.lena
    )
    assert [(a.person, a.cover) for a in away.of_unit(cast.adult)] == [(cast.karen, None)]
    assert owner(due) == cast.karen
    away.name_cover(absence=absence, cover=again(cast.lotte), by=again(cast.lena))
    assert owner(due) == cast.lotte
    away.back_now(absence=absence, by=again(cast.karen))
    assert owner(due) == cast.karen
    assert not Member.objects.filter(person=cast.lotte, covers=cast.karen).exists()
    with pytest.raises(NotYours):
        opened(cast.lotte, cast.ida)


def test_a_question_that_is_late_already_is_the_covers_and_a_word_that_was_given_is_not(cast, at):
    """Karen falls ill for three months two days after the clocks ran out: no question waits for her."""
    away.choose(choice="wait", by=opened(cast.bo, cast.bo))
    asked, of_bo, word = ask(cast.ida), ask(cast.bo), promised(cast, cast.ida, date(2026, 11, 4))
    assert asked.promise.due == date(2026, 11, 5)
    at(2026, 11, 6, 9)
    absence = karen_is_away(cast, since=date(2026, 11, 6), until=date(2027, 2, 5), why="ill", by=cast.lena)
    for request in (asked, of_bo):  # no clock waits, for nobody
        request.refresh_from_db()
        assert (request.owner, owner(request.promise)) == (cast.lotte, cast.lotte)
    assert owner(word) == cast.karen
    lotte = opened(cast.lotte, cast.ida)
    anew = cases.explain(promise=asked.promise, words="Karen er syg.", new_due=date(2026, 11, 9), by=lotte)
    # Broken again, and unanswered when Karen is back; who falls ill once more leaves it to the cover once more.
    at(2026, 11, 10, 9)
    away.back_now(absence=absence, by=again(cast.karen))
    assert (owner(anew), Request.objects.get(pk=asked.pk).owner) == (cast.karen, cast.karen)
    karen_is_away(cast, since=date(2026, 11, 10), until=date(2026, 11, 20), why="ill")
    assert (owner(anew), anew.covered_for) == (cast.lotte, cast.karen)
    contact.answer(request=asked, words="Jeg hjælper.", by=opened(cast.lotte, cast.ida))
    assert (owner(anew), anew.outcome) == (cast.lotte, "kept")


def test_who_may_say_it_for_whom_and_what_is_refused(cast):
    with pytest.raises(NotYours):
        karen_is_away(cast, by=cast.sune)
    for more, refusal in (
        ({"since": date(2026, 11, 1)}, cases.DayHasPassed),
        ({"until": date(2026, 11, 8)}, away.EndsFirst),
        ({"until": date(2028, 1, 1)}, away.TooLong),
        ({"cover": cast.sune}, away.NotAColleague),
        ({"cover": cast.karen}, away.NotAColleague),
    ):
        with pytest.raises(refusal):
            karen_is_away(cast, **more)
    key = uuid.uuid4()
    assert karen_is_away(cast, key=key) == karen_is_away(cast, key=key)  # the nervous thumb
    with pytest.raises(away.AlreadyAway):
        karen_is_away(cast, since=FRIDAY, until=FRIDAY)


def test_the_cover_falls_ill_too_and_the_gap_is_seen(cast, at):
    during = promised(cast, cast.ida, date(2026, 11, 12))
    karen_is_away(cast)
    at(2026, 11, 9, 9)
    list(run())
    away.say_away(
        person=again(cast.lotte),
        since=date(2026, 11, 9),
        until=FRIDAY,
        why="ill",
        key=uuid.uuid4(),
        by=again(cast.lena),
    )
    assert owner(during) == cast.karen
    assert [a.cover for a in away.of_unit(cast.adult)] == [None, None]


def test_what_the_cover_promised_themselves_is_not_left_where_they_cannot_come(cast, at):
    karen_is_away(cast)
    at(2026, 11, 9, 9)
    list(run())
    word = cases.make_promise(what="sender brevet", due=date(2026, 11, 20), by=opened(cast.lotte, cast.ida))
    at(2026, 11, 16, 8)
    list(run())
    assert owner(word) == cast.karen


def test_who_is_away_themselves_covers_for_nobody_by_taking_over(cast):
    """Karen was to answer for Lotte; her work goes to Lise, who is away the same days."""
    lise = people.add_person(name="Lise Bang")
    people.employ(person=lise, unit=cast.adult, role="caseworker", since=date(2021, 1, 4))
    for who, cover in ((cast.lotte, cast.karen), (lise, None)):
        away.say_away(
            person=again(who),
            since=date(2026, 11, 16),
            until=date(2026, 11, 20),
            why="holiday",
            cover=cover and again(cover),
            key=uuid.uuid4(),
            by=again(who),
        )
    away.leaves(person=again(cast.karen), to=again(lise))
    assert Absence.objects.get(person=cast.lotte).cover is None


def test_somebody_who_is_away_leaves_with_forty_promises_and_nothing_is_nobodys(cast, at):
    for n in range(40):
        promised(cast, cast.ida, date(2026, 11, 12) if n % 2 else date(2026, 12, 1), f"ringer {n}")
    karen_is_away(cast)
    at(2026, 11, 9, 9)
    list(run())
    assert Promise.objects.filter(owner=cast.lotte, covered_for=cast.karen).count() == 20
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(post=post, until=date(2026, 11, 11), to=again(cast.lotte), by=again(cast.admin))
    assert Promise.objects.filter(owner=cast.lotte, covered_for=None, outcome="").count() == 40
    assert ask(cast.ida).owner == cast.lotte
    at(2026, 11, 12, 0, 5)
    list(run())
    at(2026, 11, 14, 0, 5)
    list(run())
    assert set(Promise.objects.filter(outcome="").values_list("owner", flat=True)) == {cast.lotte.pk}
    assert opened(cast.lotte, cast.ida).is_cover is False
    assert not Message.objects.exists()
    assert Absence.objects.get().ended_at


def test_a_night_with_an_hour_more_is_one_day_and_a_call_keeps_its_hour(cast, at):
    """25 October 2026 is 25 hours long: 22:00 UTC on the 24th to 23:00 UTC on the 25th."""
    at(2026, 10, 20, 9)
    karen_is_away(cast, since=date(2026, 10, 25), until=date(2026, 10, 25))
    call = cases.make_promise(
        what="ringer", due=date(2026, 10, 25), due_time=time(9), kind="call", by=opened(cast.karen, cast.ida)
    )

    def asked(hour, minute, day=25):
        with clock.held_at(datetime(2026, 10, day, hour, minute, tzinfo=UTC)):
            return ask(cast.bo).owner

    assert [asked(21, 59, day=24), asked(22, 1, day=24)] == [cast.karen, cast.lotte]
    assert [asked(22, 59), asked(23, 1)] == [cast.lotte, cast.karen]
    # Nine o'clock is 8:00 UTC after the change; 7:30 is half past eight, and not half past nine.
    assert not is_late(call, datetime(2026, 10, 25, 7, 59, tzinfo=UTC))
    assert is_late(call, datetime(2026, 10, 25, 8, 0, tzinfo=UTC))


def test_a_wrong_number_is_seen_by_both_and_its_clock_runs_on(cast, at):
    karen_is_away(cast)
    at(2026, 11, 9, 9)
    wanted = ask(cast.ida, wants_call=True)
    for _thumb in range(2):
        calls.note_try(came_to="wrong_number", promise=wanted.promise, by=opened(cast.lotte, cast.ida))
    assert again(cast.ida).phone_wrong_at
    at(2026, 11, 16, 8)
    list(run())
    call = Promise.objects.get(pk=wanted.promise.pk)
    assert (call.owner, call.outcome, call.due) == (cast.karen, "", date(2026, 11, 12))
    assert [tried.by for tried in calls.tries_for(opened(cast.karen, cast.ida), [call])] == [cast.lotte]
