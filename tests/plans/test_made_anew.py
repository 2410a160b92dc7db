"""A promise was broken, explained and made anew: whatever rests on the first is done to the one that is owed now."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.cases.promises import State, is_late, running, state
from medspil.contact import intake, messages, talks
from medspil.plans import experts, goals, papers, parties, together, transitions
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=CPH)
FRIDAY = date(2026, 11, 27)
WEEK_AFTER = datetime(2026, 12, 1, 9, tzinfo=CPH)
ANEW = date(2026, 12, 9)


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


def made_anew(promise, at, by):
    """It is Tuesday week, the day has passed, and its owner has explained it and promised the ninth."""
    at(WEEK_AFTER)
    return cases.explain(promise=promise, words="Jeg var syg.", new_due=ANEW, by=by)


def outcomes(*promises):
    return [Promise.objects.get(pk=promise.pk).outcome for promise in promises]


def karens(by):
    return cases.make_promise(what="ringer til dig", due=FRIDAY, by=by)


def goal_of(ida):
    return goals.make_goal(wish="Jeg vil svømme.", horizon="half_year", key=uuid.uuid4(), by=ida)


def trial(goal, owner, by, **more):
    row = {"what": "ringer til Flextur", "due": FRIDAY, "back_to": "bussen", "key": uuid.uuid4()}
    return goals.add_step(**row | more, goal=goal, owner=owner, by=by)


def test_what_is_said_of_the_first_is_said_of_the_one_owed_now(at, ida, karen):
    kept, moved, taken_back, let_go = (karens(karen) for _ in range(4))
    later = [made_anew(one, at, karen) for one in (kept, moved, taken_back, let_go)]
    cases.keep(promise=kept, by=karen)
    cases.keep(promise=kept, by=karen)
    cases.move(promise=moved, to=date(2026, 12, 15), because="Lægen er på ferie.", by=karen)
    cases.withdraw(promise=taken_back, because="Det er ikke nødvendigt.", by=karen)
    assert cases.withdraw_what_one_may(promises=[let_go], because="Ikke mere.", by=ida) == [later[3]]
    assert outcomes(kept, moved, taken_back, let_go) == ["", "", "", ""], "what was broken stays so"
    assert outcomes(*later) == ["kept", "", "withdrawn", "withdrawn"]
    assert running(moved).due == date(2026, 12, 15)


def test_what_nobody_said_yes_to_cannot_break_and_is_taken_back_after_its_day(cast, client, at, ida, karen):
    """B13: Karen proposed it to Petra, and the day went by without her yes."""
    step = trial(goal_of(ida), cast.petra, karen, back_to="")
    assert step.promise.bound_at is None
    at(WEEK_AFTER)
    client.force_login(cast.petra)
    page = client.get(reverse("work-promise", args=[ida.pk, step.promise_id])).text
    assert 'value="withdraw"' in page
    assert 'value="yes"' not in page, "to a day that has been nobody says yes"
    petra = opened(cast.petra, cast.ida)
    cases.withdraw(promise=step.promise, because="Det nåede jeg ikke.", by=petra)
    assert outcomes(step.promise) == ["withdrawn"]
    assert state(Promise.objects.get(), clock.now()) == State.WITHDRAWN


def test_a_talk_of_a_goal_is_of_the_day_promised_now(client, cast, at, ida, karen):
    goal = goal_of(ida)
    first = goals.follow_up(goal=goal, due=FRIDAY, by=karen)
    second = made_anew(first, at, karen)
    with pytest.raises(goals.FollowUpIsSet):
        goals.follow_up(goal=goal, due=ANEW, by=karen)
    client.force_login(cast.karen)
    pages = [reverse(name, args=[ida.pk, goal.pk]) for name in ("work-goal", "work-goal-together")]
    for page in pages:
        assert f"loefte-{second.pk}" in client.get(page).text
    goals.talked(goal=goal, by=karen)
    assert outcomes(first, second) == ["", "kept"]
    assert f"loefte-{second.pk}" not in client.get(pages[1]).text
    with pytest.raises(cases.AlreadyEnded):
        goals.talked(goal=goal, by=karen)
    third = goals.follow_up(goal=goal, due=ANEW, by=karen)
    at(datetime(2026, 12, 15, 9, tzinfo=CPH))
    fourth = cases.explain(promise=third, words="Sneen.", new_due=date(2026, 12, 20), by=karen)
    talk = together.talk_held(goal=goal, words="Vi talte.", key=uuid.uuid4(), by=karen)
    assert (talk.promise, *outcomes(third, fourth)) == (fourth, "", "kept")


def test_a_trial_is_given_back_with_what_is_owed_for_it_now(cast, at, ida, karen):
    goal = goal_of(ida)
    hers, late = trial(goal, cast.karen, karen), trial(goal, cast.karen, karen, what="spørger banken")
    own = trial(goal, cast.ida, ida)
    second = made_anew(hers.promise, at, karen)
    goals.give_back(step=hers, by=ida)
    assert outcomes(hers.promise, second) == ["", "withdrawn"]
    goals.give_back(step=own, by=ida)
    goals.give_back(step=late, by=karen)
    late.refresh_from_db()
    ended = Promise.objects.get(pk=late.promise_id)
    assert late.given_back_by == cast.karen
    assert (ended.outcome, state(ended, clock.now())) == ("withdrawn", State.BROKEN)
    assert ended.explanation.words == "Vi prøvede det, og går tilbage til: bussen"


def test_what_karen_explained_stays_her_words_when_the_trial_is_given_back(cast, at, ida, karen):
    late = trial(goal_of(ida), cast.karen, karen)
    at(datetime(2026, 12, 15, 9, tzinfo=CPH))
    cases.explain(promise=late.promise, words="Jeg glemte det. Undskyld.", by=karen)
    goals.give_back(step=late, by=karen)
    assert Promise.objects.get(pk=late.promise_id).explanation.words == "Jeg glemte det. Undskyld."


def test_a_consent_taken_back_or_a_paper_given_up_ends_what_is_owed(at, ida, karen):
    def fetched(what):
        said = {"what": what, "from_whom": "Lægehuset", "whence": "health", "what_for": "hjælp"}
        found = papers.ask(**said, fetch_by=FRIDAY, key=uuid.uuid4(), by=karen)
        return papers.answer(found=found, yes=True, by=ida)

    taken_back, given_up = fetched("Journalen"), fetched("Lønsedler")
    second = made_anew(taken_back.promise, at, karen)
    papers.withdraw(found=taken_back, by=ida)
    assert outcomes(taken_back.promise, second) == ["", "withdrawn"]
    papers.did_not_come(found=given_up, said="De findes ikke.", until=None, by=karen)
    ended = Promise.objects.get(pk=given_up.promise_id)
    assert is_late(ended, clock.now())
    assert (ended.outcome, ended.explanation.words) == ("withdrawn", "De findes ikke.")


def test_who_keeps_an_eye_on_those_outside_keeps_the_promise_of_now(at, ida, karen):
    party = parties.bring(name="Sygehuset", kind="hospital", why="Hjem", key=uuid.uuid4(), by=ida)
    watched = []
    for _ in range(2):
        row = parties.wish(found=party, what="ringer", due=date(2026, 11, 25), key=uuid.uuid4(), by=karen)
        watched.append(parties.heard(found=party, wished=row.pk, is_yes=True, said_by="Lone", by=karen))
    told, dropped = watched
    later = [made_anew(row.watch, at, karen) for row in watched]
    parties.say_how_it_went(found=party, taken=told.pk, is_done=True, words="Ja.", by=karen)
    parties.say_no(found=party, by=ida)
    assert outcomes(told.watch, dropped.watch) == ["", ""]
    assert outcomes(*later) == ["kept", "withdrawn"]


def test_days_without_help_that_open_again_have_a_clock_again(at, ida, karen):
    found = transitions.begin(kind="move", day=date(2027, 3, 1), key=uuid.uuid4(), by=karen)

    def write(follows_on, pk=None):
        return transitions.write_help(
            found=found,
            ends="Hjælp",
            ends_on=date(2027, 1, 10),
            follows="Ny hjælp",
            follows_on=follows_on,
            pk=pk,
            key=uuid.uuid4(),
            by=karen,
        )

    row = write(date(2027, 2, 1))
    second = made_anew(row.promise, at, karen)
    write(date(2027, 1, 11), row.pk)
    assert outcomes(second) == ["kept"]
    row = write(date(2027, 2, 11), row.pk)
    assert (row.is_open, outcomes(row.promise)) == (True, [""])
    assert row.promise.pk > second.pk, "a clock of its own, since the other is kept"


def test_whoever_is_asked_to_stop_is_told_once(at, client, cast, ida, karen):
    found = experts.propose(
        who="Lægen",
        kind="organisation",
        words="Hvad siger du?",
        shares="Om ryggen.",
        ground="consent",
        key=uuid.uuid4(),
        by=karen,
    )
    experts.say_yes(found=found, by=ida)
    found = experts.ask(found=found, until=ANEW, meanwhile="Petra kommer.", by=karen)
    found = experts.say_no(found=found, by=ida)
    second = made_anew(found.stops, at, karen)
    client.force_login(cast.karen)
    assert f"loefte-{second.pk}" in client.get(reverse("work-expert", args=[ida.pk, found.pk])).text
    experts.stopped(found=found, by=karen)
    assert outcomes(found.stops, second) == ["", "kept"]
    with pytest.raises(cases.AlreadyEnded):
        experts.stopped(found=found, by=karen)


def test_who_leaves_the_open_course_is_owed_no_talk_after_it(at, cast, ida, karen):
    course = intake.begin(asked="Et sted at bo", other_host=cast.lotte, key=uuid.uuid4(), by=karen)
    due = course.next_talk.due
    at(datetime(due.year + 1, due.month, due.day, 9, tzinfo=CPH))
    second = cases.explain(
        promise=course.next_talk,
        words="Syg.",
        new_due=date(due.year + 2, 1, 4),
        by=opened(cast.karen, cast.ida),
    )
    intake.leave(by=opened(cast.ida, cast.ida))
    assert outcomes(course.next_talk, second) == ["", "withdrawn"]


def test_a_message_shows_the_last_of_the_clocks_that_ran_for_it(at, ida, karen):
    said = {"words": "Jeg søger.", "thread": ida.main_thread, "kind": "application", "key": uuid.uuid4()}
    message = messages.send(**said, by=ida)
    owed = message.promise
    for day in (date(2027, 3, 1), date(2027, 4, 1)):
        at(clock.at(owed.due, time(9)) + timedelta(days=1))
        owed = cases.explain(promise=owed, words="Vi er bagud.", new_due=day, by=karen)
    ((shown,), _more) = talks.talk(ida, ida.main_thread)
    assert shown.clock.promise == owed
    assert talks.of_clock(karen, owed) == message
