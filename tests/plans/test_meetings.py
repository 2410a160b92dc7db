"""C2, C4, C6: a meeting from its agenda to both sides' yes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pycrdt import Doc

from medspil.base import clock
from medspil.base.refusals import Refusal
from medspil.cases import actions as cases
from medspil.cases.models import Promise, Sharing, TextVersion
from medspil.letters.models import Notice
from medspil.people.reading import at_once
from medspil.plans import actions, live, minutes, reading
from medspil.plans.models import Agreement, Meeting
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)
THURSDAY = datetime(2026, 11, 26, 10, tzinfo=CPH)
LATER = actions.Next(starts_at=datetime(2026, 12, 17, 10, tzinfo=CPH), form="home")


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def meeting(cast):
    return actions.plan_meeting(
        title="Mødet om din hverdag",
        starts_at=THURSDAY,
        form="home",
        by=opened(cast.karen, cast.ida),
        others=[(cast.mona, "Mona Holm", "din søster"), (cast.petra, "Petra Lund", "")],
    )


def say(meeting, voice, writer, words):
    """Write an utterance the way a browser does: as a change to the shared text."""
    doc, item = live.load(meeting.pk), meeting.agenda.first().key
    minutes.add(doc, item=item, voice=voice, writer=writer.pk, words=words)
    assert live.append([(meeting.pk, writer.pk, doc.get_update())]) != [None]


def test_the_agenda_opens_with_the_citizens_free_word_and_takes_points_from_both(cast, meeting):
    actions.add_to_agenda(meeting=meeting, words="At komme til svømning", by=opened(cast.ida, cast.ida))
    actions.add_to_agenda(meeting=meeting, words="Papirer fra lægen", by=opened(cast.karen, cast.ida))
    seen = reading.meeting(opened(cast.ida, cast.ida), meeting.pk)
    assert [(i.is_free_word, i.source) for i in seen.agenda.all()] == [
        (True, "citizen"),
        (False, "citizen"),
        (False, "professional"),
    ]


def test_words_that_two_made_too_long_without_a_network_are_kept_whole(cast, meeting):
    """Each typed no more than a box takes; together it is more, and the meeting ends all the same."""
    karen = opened(cast.karen, cast.ida)
    actions.begin(meeting=meeting, by=karen)
    say(meeting, "citizen", cast.ida, "å" * 20_000 + "ø" * 20_000)
    actions.end(meeting=meeting, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    assert TextVersion.objects.get(said_by=cast.ida).words == "å" * 20_000 + "ø" * 20_000


def test_the_companion_sees_time_and_agenda_and_no_minutes(cast, meeting):
    mona = opened(cast.mona, cast.ida)
    assert reading.meeting(mona, meeting.pk).starts_at == THURSDAY
    say(meeting, "citizen", cast.ida, "Klokken fem er jeg tom.")
    actions.end(meeting=meeting, next_time=LATER, by=opened(cast.karen, cast.ida))
    assert reading.minutes_of(mona, meeting) is None
    assert not mona.promises().exists()


def test_ending_asks_for_the_next_time_or_why_not(cast, meeting):
    karen = opened(cast.karen, cast.ida)
    with pytest.raises(actions.NextMeetingMissing):
        actions.end(meeting=meeting, next_time=None, why_no_next=" ", by=karen)
    actions.end(meeting=meeting, next_time=LATER, by=karen)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.next_meeting.starts_at) == (Meeting.State.ENDED, LATER.starts_at)


def test_a_meeting_closed_twice_is_closed_once(cast, meeting):
    karen = opened(cast.karen, cast.ida)
    actions.end(meeting=meeting, next_time=LATER, by=karen)
    with pytest.raises(actions.MeetingIsOver):
        actions.end(meeting=meeting, next_time=LATER, by=karen)
    assert Meeting.objects.count() == 2


def test_nothing_is_written_after_the_end(cast, meeting):
    actions.end(meeting=meeting, next_time=LATER, by=opened(cast.karen, cast.ida))
    doc = Doc()
    minutes.add(doc, item="x", voice="citizen", writer=cast.ida.pk, words="Efter.")
    assert live.append([(meeting.pk, cast.ida.pk, doc.get_update())]) == [None]


def test_the_citizens_yes_says_her_words_are_right_and_no_is_kept_beside(cast, meeting):
    say(meeting, "citizen", cast.karen, "Klokken fem er jeg tom.")
    say(meeting, "professional", cast.karen, "Vi ser på hjælp til gulve.")
    snapshot = actions.end(meeting=meeting, next_time=LATER, by=opened(cast.karen, cast.ida))
    ida = opened(cast.ida, cast.ida)
    seen = reading.minutes_of(ida, meeting)
    [(item, texts)] = seen.items
    assert item["title"] == "Det, du har på hjerte"
    hers = texts[0].versions.all()[0]
    assert (hers.words, hers.said_by, hers.written_by, hers.confirmed_at) == (
        "Klokken fem er jeg tom.",
        cast.ida,
        cast.karen,
        None,
    )
    with pytest.raises(actions.MinutesHaveChanged):
        actions.answer_minutes(snapshot=snapshot, digest="0" * 64, is_yes=True, by=ida)
    actions.answer_minutes(
        snapshot=snapshot, digest=snapshot.digest, is_yes=False, words="Jeg sagde også svømning.", by=ida
    )
    actions.answer_minutes(snapshot=snapshot, digest=snapshot.digest, is_yes=True, by=ida)
    assert TextVersion.objects.get(pk=hers.pk).confirmed_by == cast.ida
    assert snapshot.approvals.count() == 2


def test_what_a_guardian_writes_for_otto_needs_no_second_yes(cast):
    karen = opened(cast.karen, cast.otto)
    held = actions.plan_meeting(title="Mødet", starts_at=THURSDAY, form="home", by=karen)
    say(held, "citizen", cast.gerda, "Duerne først.")
    actions.end(meeting=held, next_time=LATER, by=karen)
    words = TextVersion.objects.get(text__case=karen.case, text__about__startswith="minutes.")
    assert (words.said_by, words.written_by, words.confirmed_by) == (cast.otto, cast.gerda, cast.gerda)


def test_an_objection_to_one_sentence_stands_beside_it(cast, meeting):
    say(meeting, "professional", cast.karen, "Ida vil ikke.")
    actions.end(meeting=meeting, next_time=LATER, by=opened(cast.karen, cast.ida))
    ida = opened(cast.ida, cast.ida)
    version = reading.minutes_of(ida, meeting).items[0][1][0].versions.all()[0]
    cases.object_to(version=reading.version_in(ida, meeting, version.pk), words="Jeg vil gerne.", by=ida)
    karens = reading.minutes_of(opened(cast.karen, cast.ida), meeting).items[0][1][0].versions.all()[0]
    assert [o.words for o in karens.objections.all()] == ["Jeg vil gerne."]
    assert ida.texts(Sharing.Part.MINUTES, "minutes.").count() == 1


def test_an_agreement_binds_by_its_owners_yes_and_the_others_confirms_the_wording(cast, meeting):
    ida, karen, petra = (opened(p, cast.ida) for p in (cast.ida, cast.karen, cast.petra))
    agreement = actions.agree_on(
        meeting=meeting,
        side="municipality",
        owner=cast.petra,
        what="prøver turen",
        due=date(2026, 12, 3),
        by=karen,
    )
    assert agreement.promise is None  # Petra has not said yes
    actions.say_yes_to_agreement(agreement=agreement, due=agreement.due, by=ida)
    agreement.refresh_from_db()
    assert agreement.promise is None
    actions.say_yes_to_agreement(agreement=agreement, due=agreement.due, by=petra)
    agreement.refresh_from_db()
    assert (agreement.promise.owner, agreement.promise.bound_by) == (cast.petra, cast.petra)
    assert agreement.promise.wording_yes_at is not None


def test_an_agreement_without_a_day_keeps_the_meeting_open(cast, meeting):
    karen = opened(cast.karen, cast.ida)
    agreement = actions.agree_on(
        meeting=meeting, side="citizen", owner=cast.ida, what="spørger Bente", due=None, by=karen
    )
    with pytest.raises(actions.DayMissing):
        actions.end(meeting=meeting, next_time=LATER, by=karen)
    actions.set_day(agreement=agreement, due=date(2026, 12, 1), by=opened(cast.ida, cast.ida))
    agreement.refresh_from_db()
    assert agreement.promise.side == Promise.Side.CITIZEN
    actions.end(meeting=meeting, next_time=LATER, by=karen)


def test_what_was_agreed_stands_in_the_minutes_as_it_was_when_the_meeting_ended(cast, meeting):
    """Petra was not there; Ida has said yes to it and to the minutes, and Karen's page lay open from before."""
    ida, karen, petra = (opened(p, cast.ida) for p in (cast.ida, cast.karen, cast.petra))
    day = date(2026, 12, 3)
    agreement = actions.agree_on(
        meeting=meeting, side="municipality", owner=cast.petra, what="prøver turen", due=day, by=karen
    )
    actions.say_yes_to_agreement(agreement=agreement, due=day, by=ida)
    actions.end(meeting=meeting, next_time=LATER, by=karen)
    for by in (karen, ida):
        with pytest.raises(actions.MeetingIsOver):
            actions.drop_agreement(agreement=agreement, by=by)
        with pytest.raises(actions.MeetingIsOver):
            actions.set_day(agreement=agreement, due=date(2026, 12, 4), by=by)
    assert [(one.what, one.due) for one in reading.agreements(ida, meeting)] == [("prøver turen", day)]
    actions.say_yes_to_agreement(agreement=agreement, due=day, by=petra)
    assert Promise.objects.get(what="prøver turen").owner == cast.petra


def test_thursday_is_too_much_needs_no_reason_and_somebody_has_it(cast, meeting):
    ida = opened(cast.ida, cast.ida)
    promise = actions.ask_for_another_time(meeting=meeting, by=ida)
    assert (promise.owner, promise.due) == (cast.karen, date(2026, 11, 24))
    assert actions.ask_for_another_time(meeting=meeting, by=ida) == promise
    actions.move_meeting(meeting=meeting, to=THURSDAY + timedelta(days=5), by=opened(cast.karen, cast.ida))
    promise.refresh_from_db()
    assert promise.outcome == Promise.Outcome.KEPT


def test_a_meeting_in_the_past_is_refused(cast):
    with pytest.raises(Refusal, match="Vælg et, der kommer"):
        actions.plan_meeting(
            title="I går", starts_at=NOW - timedelta(days=1), form="home", by=opened(cast.karen, cast.ida)
        )


def test_the_other_sides_owner_must_be_in_the_case(cast, meeting):
    with pytest.raises(Refusal, match="med i sagen"):
        actions.agree_on(
            meeting=meeting,
            side="municipality",
            owner=cast.sune,
            what="finder en plads",
            due=None,
            by=opened(cast.karen, cast.ida),
        )
    assert not Agreement.objects.exists()


def test_a_colleague_who_moves_it_or_calls_it_off_ends_the_search_for_another_day(cast, meeting):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    cases.join_thread(thread=karen.main_thread, person=cast.lotte)
    lotte = opened(cast.lotte, cast.ida)
    first = actions.ask_for_another_time(meeting=meeting, by=ida)
    assert actions.ask_for_another_time(meeting=meeting, by=ida) == first
    actions.move_meeting(meeting=meeting, to=THURSDAY + timedelta(days=7), by=lotte)
    assert Promise.objects.get(pk=first.pk).outcome == "kept"
    assert reading.wish_to_move(ida, Meeting.objects.get(pk=meeting.pk)) is None
    second = actions.ask_for_another_time(meeting=Meeting.objects.get(pk=meeting.pk), by=ida)
    assert second != first
    assert reading.wish_to_move(ida, Meeting.objects.get(pk=meeting.pk)) == second
    actions.cancel(meeting=meeting, because="Karen er syg.", by=lotte)
    assert Promise.objects.get(pk=second.pk).outcome == "withdrawn"


def test_a_meeting_nobody_closed_is_not_the_next_one_for_ever(cast, meeting, monkeypatch):
    ida = opened(cast.ida, cast.ida)
    next_one = actions.plan_meeting(
        title="Det næste",
        starts_at=THURSDAY + timedelta(days=14),
        form="home",
        by=opened(cast.karen, cast.ida),
    )
    Meeting.objects.filter(pk=meeting.pk).update(began_at=THURSDAY)
    assert reading.next_meeting(ida, THURSDAY + timedelta(hours=3)) == meeting
    friday = THURSDAY + timedelta(hours=13)
    assert reading.next_meeting(ida, friday) == next_one
    assert reading.around_now(ida, friday)[0] == next_one
    found = reading.answered_next(at_once(ida.person, **reading.asked_of_next(ida, friday)))
    assert found.starts_at == next_one.starts_at


def test_everybody_on_the_list_hears_of_a_new_meeting_but_who_made_it(cast, meeting):
    told = Notice.objects.filter(key__startswith=f"meeting-{meeting.pk}-").values_list("to", flat=True)
    assert set(told) == {cast.ida.pk, cast.mona.pk, cast.petra.pk}
