"""D5: what is written in the case has an owner and a clock whatever it is called, and is unsaid only while unread."""

import io
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases import files
from medspil.cases.kinds import check
from medspil.cases.models import Case, Promise, Sharing, Text
from medspil.contact import actions as contact
from medspil.contact import messages, talks
from medspil.contact.models import Message
from medspil.letters.models import Notice
from medspil.people.reading import at_once
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


def ida_writes(cast, words="Må jeg få en anden dag?", **more):
    ida = opened(cast.ida, cast.ida)
    return messages.send(**{"words": words, "thread": ida.main_thread, "key": uuid.uuid4(), "by": ida} | more)


def karen_writes(cast, *answers, words="Ja, det må du."):
    karen = opened(cast.karen, cast.ida)
    return messages.write(words=words, thread=karen.main_thread, key=uuid.uuid4(), answers=answers, by=karen)


def reads(person, citizen, thread):
    by = opened(person, citizen)
    messages.mark_read(thread=by.thread(thread.pk), by=by)


def said(person, citizen):
    by = opened(person, citizen)
    return talks.talk(by, by.main_thread)[0]


def test_a_message_has_an_owner_and_a_clock_and_need_not_say_what_it_is(cast):
    """Karen's unit answers within three working days: Thursday."""
    sent = ida_writes(cast)
    assert (sent.kind, sent.proposed, sent.owner) == ("", "", cast.karen)
    promise = sent.promise
    assert (promise.kind, promise.due, promise.owner, promise.is_clock) == (
        "reply",
        date(2026, 11, 26),
        cast.karen,
        True,
    )


def test_sent_twice_by_a_nervous_thumb_it_is_one(cast):
    key = uuid.uuid4()
    assert ida_writes(cast, key=key).pk == ida_writes(cast, key=key).pk
    assert Promise.objects.filter(kind="reply").count() == 1
    bo = opened(cast.bo, cast.bo)
    with pytest.raises(NotYours):
        messages.send(words="Min.", thread=bo.main_thread, key=key, by=bo)


def test_an_answer_ends_the_clock_also_when_a_colleague_gives_it(cast):
    first, second = ida_writes(cast), ida_writes(cast, words="Og hvornår?")
    karen = opened(cast.karen, cast.ida)
    cases.join_thread(thread=karen.main_thread, person=cast.lotte, role="caseworker")
    lotte = opened(cast.lotte, cast.ida)
    messages.write(words="Ja.", thread=lotte.main_thread, key=uuid.uuid4(), answers=[first], by=lotte)
    kept, running = (Promise.objects.get(pk=one.promise_id) for one in (first, second))
    assert (kept.outcome, kept.outcome_by) == ("kept", cast.lotte)
    assert (running.outcome, running.owner) == ("", cast.karen)


def test_what_only_tells_is_read_in_time_and_that_is_what_was_owed(cast):
    sent = ida_writes(cast, words="Jeg er på ferie i uge 50.", kind="information")
    assert sent.promise.kind == "read"
    reads(cast.karen, cast.ida, sent.thread)
    assert Promise.objects.get(pk=sent.promise_id).outcome == "kept"


def test_an_application_and_a_complaint_have_a_clock_from_the_day_they_were_received(cast, at):
    """Four weeks after Saturday 28 November is Saturday 26 December, the day after a holiday: due Thursday 24."""
    at(MONDAY + timedelta(days=5))
    complaint = ida_writes(cast, words="Jeg vil klage over afgørelsen.", kind="complaint")
    assert (complaint.matter.kind, complaint.matter.due) == ("complaint", date(2026, 12, 24))
    assert complaint.matter.ground_date == date(2026, 11, 28)
    karen_writes(cast, complaint)
    assert Promise.objects.get(pk=complaint.promise_id).outcome == "kept"
    assert Promise.objects.get(pk=complaint.matter_id).outcome == "", "an answer does not end a complaint"


def test_what_may_have_legal_effect_is_seen_to_without_waiting_for_a_yes(cast, at):
    """Received on Monday; seen for an application on Thursday; its four weeks run from Monday."""
    sent = ida_writes(cast, words="Jeg har brug for en, der gør rent.")
    at(MONDAY + timedelta(days=3))
    karen = opened(cast.karen, cast.ida)
    proposed = messages.propose_kind(message=sent, kind="application", by=karen)
    assert (proposed.kind, proposed.taken_for) == ("", "application")
    assert (proposed.matter.kind, proposed.matter.due) == ("application", date(2026, 12, 21))
    again = messages.propose_kind(message=sent, kind="information", by=karen)
    assert again.matter_id == proposed.matter_id
    assert Promise.objects.get(pk=again.matter_id).outcome == "", "what was begun is not undone by us"


def test_the_citizens_word_on_what_it_is_stands_last(cast):
    sent = ida_writes(cast, words="Det kunne være rart med hjælp.")
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    messages.propose_kind(message=sent, kind="application", by=karen)
    found = messages.say_kind(message=sent, kind="question", by=ida)
    assert Promise.objects.get(pk=found.matter_id).outcome == "withdrawn"
    with pytest.raises(Refusal):
        messages.propose_kind(message=sent, kind="application", by=karen)
    back = messages.say_kind(message=sent, kind="application", by=ida)
    assert Promise.objects.get(pk=back.matter_id).outcome == ""


def test_a_message_seen_too_late_for_what_it_is_must_be_seen_to_at_once(cast, at):
    """Five weeks later the four weeks are gone: the next working day."""
    sent = ida_writes(cast, words="Det er ikke i orden.")
    at(MONDAY + timedelta(weeks=5))
    found = messages.propose_kind(message=sent, kind="complaint", by=opened(cast.karen, cast.ida))
    assert found.matter.due == date(2026, 12, 29)
    assert found.matter.ground_date == date(2026, 11, 23)


def test_it_is_taken_back_until_the_other_side_has_opened_it(cast):
    sent = ida_writes(cast, words="Nej, glem det.", kind="application")
    reads(cast.ida, cast.ida, sent.thread)
    messages.take_back(message=sent, by=opened(cast.ida, cast.ida))
    assert not Text.objects.filter(about=sent.about).exists()
    assert said(cast.karen, cast.ida) == []
    assert set(
        Promise.objects.filter(kind__in=["reply", "application"]).values_list("outcome", flat=True)
    ) == {"withdrawn"}
    read = ida_writes(cast)
    reads(cast.karen, cast.ida, read.thread)
    with pytest.raises(messages.AlreadyRead):
        messages.take_back(message=read, by=opened(cast.ida, cast.ida))
    with pytest.raises(NotYours):
        messages.take_back(message=karen_writes(cast), by=opened(cast.ida, cast.ida))


def test_an_answer_is_not_taken_back(cast):
    answer = karen_writes(cast, ida_writes(cast))
    with pytest.raises(Refusal):
        messages.take_back(message=answer, by=opened(cast.karen, cast.ida))


def test_what_is_new_is_marked_for_each_reader_alone(cast, at):
    karen_writes(cast, words="Vi ses torsdag.")
    assert [one.is_new for one in said(cast.ida, cast.ida)] == [True]
    assert [one.is_new for one in said(cast.karen, cast.ida)] == [False]
    reads(cast.ida, cast.ida, opened(cast.ida, cast.ida).main_thread)
    at(MONDAY + timedelta(minutes=1))
    karen_writes(cast, words="Klokken ti.")
    assert [one.is_new for one in said(cast.ida, cast.ida)] == [False, True]
    assert at_once(cast.ida, **talks.asked_of(opened(cast.ida, cast.ida)))["new_from"] == cast.karen.name


def test_each_department_reads_its_own_talk(cast):
    ida = opened(cast.ida, cast.ida)
    home = next(t for t in ida.threads if t.unit_id == cast.home.pk)
    to_petra = ida_writes(cast, words="Kom ikke i dag.", thread=home)
    assert to_petra.owner == cast.petra
    assert said(cast.karen, cast.ida) == []
    with pytest.raises(NotYours):
        talks.message(opened(cast.karen, cast.ida), to_petra.pk)
    with pytest.raises(NotYours):
        messages.propose_kind(message=to_petra, kind="question", by=opened(cast.lars, cast.ida))


def test_a_companion_reads_messages_only_while_they_are_shared(cast):
    ida_writes(cast)
    assert talks.talks(opened(cast.mona, cast.ida))[0].last is None
    cases.share(part=Sharing.Part.MESSAGES, to=cast.mona, by=opened(cast.ida, cast.ida))
    mona = opened(cast.mona, cast.ida)
    assert talks.talks(mona)[0].last is not None
    messages.mark_read(thread=mona.main_thread, by=mona)
    assert Message.objects.get().read_at is None, "hers is not the other side's reading"


def test_a_notice_says_only_that_there_is_something(cast):
    karen_writes(cast, words="Din bevilling er klar.")
    notice = Notice.objects.get(to=cast.ida)
    assert "bevilling" not in notice.key


def test_thirty_thousand_signs_are_taken_and_one_more_is_refused_with_nothing_left_behind(cast):
    assert ida_writes(cast, words="æ" * 30_000).pk
    before = (Message.objects.count(), Promise.objects.count())
    with pytest.raises(cases.TooManyWords):
        ida_writes(cast, words="æ" * 30_001)
    assert (Message.objects.count(), Promise.objects.count()) == before


def test_writing_in_a_closed_case_opens_it_again(cast):
    Case.objects.filter(citizen=cast.ida).update(closed_at=MONDAY - timedelta(days=100))
    ida_writes(cast)
    assert Case.objects.get(citizen=cast.ida).closed_at is None


def test_who_takes_over_has_the_messages_that_wait(cast):
    sent = ida_writes(cast)
    contact.take_over(after=cast.karen, to=cast.lotte, unit=cast.adult, by=cast.admin)
    assert Message.objects.get(pk=sent.pk).owner == cast.lotte


def paper(name="brev.txt", data=b"Fra hospitalet."):
    return check(io.BytesIO(data), name=name, size=len(data))


def test_a_file_lies_beside_the_words_and_goes_with_them_when_they_are_taken_back(cast):
    sent = ida_writes(cast, words="Her er brevet.", files=[paper()])
    [shown] = said(cast.karen, cast.ida)
    assert [file.name for file in shown.files] == ["brev.txt"]
    with pytest.raises(NotYours):
        files.file(opened(cast.lars, cast.ida), shown.files[0].key)
    messages.take_back(message=sent, by=opened(cast.ida, cast.ida))
    with pytest.raises(NotYours):
        files.file(opened(cast.karen, cast.ida), shown.files[0].key)


def test_a_clock_of_the_law_that_runs_is_not_exchanged_by_us_for_another(cast):
    sent, karen = ida_writes(cast, words="Det er ikke rimeligt."), opened(cast.karen, cast.ida)
    messages.propose_kind(message=sent, kind="application", by=karen)
    with pytest.raises(messages.ClockRuns):
        messages.propose_kind(message=sent, kind="complaint", by=karen)
    assert Promise.objects.filter(kind__in=["application", "complaint"]).count() == 1


def test_who_acts_for_the_citizen_hears_that_we_answered(cast):
    otto = opened(cast.gerda, cast.otto)
    asked = messages.send(words="Må Otto komme med?", thread=otto.main_thread, key=uuid.uuid4(), by=otto)
    karen = opened(cast.karen, cast.otto)
    messages.write(
        words="Ja.", thread=karen.thread(asked.thread_id), key=uuid.uuid4(), answers=[asked], by=karen
    )
    told = Notice.objects.filter(key__startswith="message-").exclude(to=cast.karen)
    assert {notice.to for notice in told} == {cast.otto, cast.gerda}
