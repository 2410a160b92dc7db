"""What a promise is at a given moment, and what its owner may do with it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.cases import actions, promises
from medspil.cases.models import Promise, PromiseMove
from medspil.cases.promises import State
from medspil.people import actions as people
from medspil.people.reading import at_once
from medspil.people.roles import Role
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)


def karens(cast, due, **more):
    return actions.make_promise(what="ringer til dig", due=due, by=opened(cast.karen, cast.ida), **more)


def state_of(promise):
    promise.refresh_from_db()
    moved = PromiseMove.objects.filter(promise=promise).exists()
    return promises.state(promise, clock.now(), moved=moved)


# Worked out with a calendar: Monday 23 November 2026; three working days on is Thursday the 26th.
@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 11, 23), State.TODAY),
        (date(2026, 11, 24), State.SLIPPING),
        (date(2026, 11, 26), State.SLIPPING),
        (date(2026, 11, 27), State.ON_ITS_WAY),
    ],
)
def test_a_promise_is_in_the_state_its_date_gives_it(cast, at, due, expected):
    assert state_of(karens(cast, due)) == expected


def test_a_promise_with_a_date_only_breaks_at_midnight_in_copenhagen(cast, at):
    promise = karens(cast, date(2026, 11, 24))
    at(datetime(2026, 11, 24, 22, 59, 59, tzinfo=ZoneInfo("UTC")))
    assert state_of(promise) == State.TODAY
    at(datetime(2026, 11, 24, 23, 0, 0, tzinfo=ZoneInfo("UTC")))
    assert state_of(promise) == State.BROKEN


def test_a_promise_with_an_hour_breaks_at_that_hour(cast, at):
    promise = karens(cast, date(2026, 11, 23), due_time=time(15))
    at(MONDAY.replace(hour=14, minute=59))
    assert state_of(promise) == State.TODAY
    at(MONDAY.replace(hour=15, minute=0))
    assert state_of(promise) == State.BROKEN


def test_the_night_the_clocks_go_back_has_twenty_five_hours(cast, at):
    at(datetime(2027, 10, 20, 9, tzinfo=CPH))
    promise = karens(cast, date(2027, 10, 31))  # summer time ended at three that night
    assert promise.deadline - clock.at(date(2027, 10, 31), time(0)) == timedelta(days=1)  # wall clock
    utc = ZoneInfo("UTC")
    assert promise.deadline.astimezone(utc) - clock.at(date(2027, 10, 31), time(0)).astimezone(
        utc
    ) == timedelta(hours=25)


def test_kept_in_time_is_kept_and_kept_late_stays_broken(cast, at):
    in_time, late = karens(cast, date(2026, 11, 27)), karens(cast, date(2026, 11, 24))
    at(MONDAY + timedelta(days=2))
    actions.keep(promise=in_time, by=opened(cast.karen, cast.ida))
    actions.keep(promise=late, by=opened(cast.karen, cast.ida))
    assert state_of(in_time) == State.KEPT
    assert state_of(late) == State.BROKEN


def test_a_date_moved_in_time_keeps_its_reason(cast, at):
    promise = karens(cast, date(2026, 12, 1))
    actions.move(
        promise=promise,
        to=date(2026, 12, 10),
        because="Jeg venter på lægen.",
        by=opened(cast.karen, cast.ida),
    )
    assert state_of(promise) == State.MOVED
    move = PromiseMove.objects.get(promise=promise)
    assert (move.from_due, move.to_due, move.because) == (
        date(2026, 12, 1),
        date(2026, 12, 10),
        "Jeg venter på lægen.",
    )


def test_a_promise_moves_neither_to_yesterday_nor_without_a_reason(cast, at):
    promise = karens(cast, date(2026, 12, 1))
    karen = opened(cast.karen, cast.ida)
    with pytest.raises(actions.DayHasPassed):
        actions.move(promise=promise, to=date(2026, 11, 22), because="Travlt.", by=karen)
    with pytest.raises(actions.ReasonMissing):
        actions.move(promise=promise, to=date(2026, 12, 3), because="  ", by=karen)
    promise.refresh_from_db()
    assert promise.due == date(2026, 12, 1)


def test_a_broken_promise_does_not_move_but_gets_an_explanation_and_a_successor(cast, at):
    promise = karens(cast, date(2026, 11, 24))
    at(MONDAY + timedelta(days=3))
    karen = opened(cast.karen, cast.ida)
    with pytest.raises(actions.CannotMoveBroken):
        actions.move(promise=promise, to=date(2026, 12, 3), because="Sent.", by=karen)
    successor = actions.explain(
        promise=promise, words="Det er min fejl.", new_due=date(2026, 12, 2), by=karen
    )
    assert state_of(promise) == State.BROKEN
    assert state_of(successor) == State.ON_ITS_WAY
    assert successor.replaces == promise
    assert promise.explanation.words == "Det er min fejl."


def test_a_wish_to_somebody_absent_is_a_proposal_until_they_say_yes(cast, at):
    case = opened(cast.karen, cast.ida)
    promise = actions.promise_for_municipality(
        case=case.case,
        thread=case.main_thread,
        owner=cast.karen,
        what="finder en plads",
        due=date(2026, 12, 1),
        kind=Promise.Kind.AGREEMENT,
    )
    assert state_of(promise) == State.PROPOSED
    actions.say_yes(promise=promise, by=opened(cast.ida, cast.ida))  # her yes confirms the wording only
    assert state_of(promise) == State.PROPOSED
    actions.say_yes(promise=promise, by=case)
    assert state_of(promise) == State.ON_ITS_WAY


def test_a_colleague_confirms_no_wording_on_the_citizens_behalf(cast, at):
    promise = karens(cast, date(2026, 12, 1))
    actions.join_thread(thread=promise.thread, person=cast.lotte, role="caseworker")
    with pytest.raises(actions.NotTheOwner):
        actions.say_yes(promise=promise, by=opened(cast.lotte, cast.ida))
    actions.say_yes(promise=promise, by=opened(cast.ida, cast.ida))
    promise.refresh_from_db()
    assert promise.wording_yes_at is not None


def test_only_the_owner_ends_moves_or_explains(cast, at):
    promise = karens(cast, date(2026, 12, 1))
    ida = opened(cast.ida, cast.ida)
    with pytest.raises(actions.NotTheOwner):
        actions.keep(promise=promise, by=ida)
    with pytest.raises(actions.NotTheOwner):
        actions.move(promise=promise, to=date(2026, 12, 9), because="x", by=ida)


def test_the_citizens_own_is_never_broken(cast, at):
    case = opened(cast.ida, cast.ida)
    own = actions.intend(
        case=case.case, thread=case.main_thread, what="finder papirerne", due=date(2026, 11, 24), by=cast.ida
    )
    assert state_of(own) == State.SOON
    at(MONDAY + timedelta(days=5))
    assert state_of(own) == State.DAY_PASSED
    actions.done(promise=own, by=opened(cast.ida, cast.ida))
    assert state_of(own) == State.DONE


def test_a_unit_of_five_has_a_figure_and_a_smaller_one_has_none(cast, at):
    karen = opened(cast.karen, cast.ida)
    kept, moved = karens(cast, date(2026, 11, 24)), karens(cast, date(2026, 11, 25))
    karens(cast, date(2026, 11, 26))  # will break
    karens(cast, date(2026, 12, 24))  # not yet due: counts nowhere
    gone = karens(cast, date(2026, 11, 27))
    actions.move(promise=moved, to=date(2026, 11, 27), because="Syg.", by=karen)
    actions.keep(promise=kept, by=karen)
    actions.keep(promise=moved, by=karen)
    actions.withdraw(promise=gone, because="Ida har fundet en anden vej.", by=karen)
    case = opened(cast.ida, cast.ida)
    actions.intend(
        case=case.case, thread=case.main_thread, what="finder papirerne", due=date(2026, 11, 24), by=cast.ida
    )
    now = at(datetime(2026, 11, 28, 12, tzinfo=CPH))
    days = {"since": date(2026, 11, 1), "until": date(2026, 11, 28)}
    assert [
        (k.unit.slug, k.kept, k.moved_then_kept, k.broken) for k in promises.kept_by_unit(**days, now=now)
    ] == []
    new = people.add_person(name="Maja Juul")
    people.employ(
        person=new, unit=cast.adult, role=Role.CASEWORKER
    )  # Karen, Lotte, Lena, Nanna and Maja are five
    assert [
        (k.unit.slug, k.kept, k.moved_then_kept, k.broken) for k in promises.kept_by_unit(**days, now=now)
    ] == [("voksen", 1, 1, 1)]


def lately(cast):
    """What the desk is told of the unit's last thirty days."""
    return at_once(cast.karen, kept=promises.asked_of_unit(cast.adult, now=clock.now()))["kept"]


def test_the_figure_is_of_this_moment(cast, at):
    fifth = people.add_person(name="Rune Krogh", login="rune")
    people.employ(person=fifth, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    for _ in range(3):
        karens(cast, date(2026, 11, 24))
    assert lately(cast) is None
    at(datetime(2026, 11, 25, 9, tzinfo=CPH))
    assert lately(cast)["broken"] == 3


def test_what_is_not_wanted_any_more_after_its_date_stays_broken(cast, at):
    """Broken stays broken: that Ida lets go of it afterwards takes nothing from the figure."""
    fifth = people.add_person(name="Rune Krogh", login="rune")
    people.employ(person=fifth, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    in_time, late = karens(cast, date(2026, 11, 24)), karens(cast, date(2026, 11, 24))
    actions.withdraw(promise=in_time, because="", by=opened(cast.ida, cast.ida))
    at(datetime(2026, 11, 25, 9, tzinfo=CPH))
    gone = actions.withdraw(promise=late, because="", by=opened(cast.ida, cast.ida))
    in_time.refresh_from_db()
    assert promises.state(in_time, clock.now()) == State.WITHDRAWN
    found = promises.seen([gone], clock.now())[0]
    assert (found.state, found.needs_explanation) == (State.BROKEN, False)
    assert lately(cast)["broken"] == 1


@pytest.mark.parametrize("kind", ["application", "complaint"])
def test_a_day_that_a_statute_gives_is_neither_moved_nor_taken_back_by_us(cast, at, kind):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    promise = actions.promise_for_municipality(
        case=karen.case,
        thread=karen.main_thread,
        owner=cast.karen,
        what="tager stilling til din ansøgning",
        due=date(2026, 12, 21),
        kind=kind,
        is_clock=True,
    )
    with pytest.raises(actions.DaySetByLaw):
        actions.move(promise=promise, to=date(2027, 1, 20), because="Vi er bagud.", by=karen)
    with pytest.raises(actions.DaySetByLaw):
        actions.withdraw(promise=promise, because="Vi er bagud.", by=karen)
    assert actions.withdraw_what_one_may(promises=[promise], because="x", by=karen) == []
    assert actions.say_it_may_slip(promise=promise, because="Vi er bagud.", by=karen).slipping_because
    assert actions.withdraw(promise=promise, because="", by=ida).outcome == "withdrawn"


def test_a_clock_is_kept_by_the_colleague_who_does_it_and_by_the_last_of_its_chain(cast, at):
    karen = opened(cast.karen, cast.ida)
    actions.join_thread(thread=karen.main_thread, person=cast.lotte)
    broken = actions.promise_for_municipality(
        case=karen.case,
        thread=karen.main_thread,
        owner=cast.karen,
        what="svarer på din besked",
        due=date(2026, 11, 24),
        kind=Promise.Kind.REPLY,
        is_clock=True,
    )
    at(MONDAY + timedelta(days=3))
    actions.explain(promise=broken, words="Jeg var syg.", new_due=date(2026, 11, 30), by=karen)
    actions.end_clock(promise=broken, by=opened(cast.lotte, cast.ida))
    last = Promise.objects.get(replaces=broken)
    assert (last.outcome, last.owner, last.outcome_by) == ("kept", cast.lotte, cast.lotte)
    assert Promise.objects.get(pk=broken.pk).outcome == "", "what was broken stays so"
