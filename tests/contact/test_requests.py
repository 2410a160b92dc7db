"""A1, A13: what somebody comes with has one owner, always, and an answer has its clock."""

import uuid
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases import footing
from medspil.cases.models import Case, Member, Promise
from medspil.contact import actions, messages, parts, reading
from medspil.contact.models import HandingOn, Request
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Opening, Person, Staff
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

FRIDAY = datetime(2027, 3, 19, 10, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: FRIDAY)


def visitor(person):
    return Visitor(Person.objects.get(pk=person.pk), uuid.uuid4())


def test_the_first_request_of_somebody_new_opens_a_case_and_somebody_has_it(cast):
    new = people.add_person(name="Rie Holst", email="rie@example.dk")
    request = actions.ask(words="Min datter bliver 18. Hvad sker der så?", key=uuid.uuid4(), by=visitor(new))
    assert request.owner == cast.lotte  # on duty at the front door
    assert request.promise.owner == cast.lotte
    # Three working days after Friday 19 March 2027: Mon 22, Tue 23, Wed 24 (Maundy Thursday is the 25th).
    assert request.promise.due == date(2027, 3, 24)
    assert Case.objects.filter(citizen=new).count() == 1
    assert Notice.objects.filter(to=cast.lotte, key=f"request-{request.pk}").exists()


def test_somebody_with_a_coordinator_is_met_by_her(cast):
    assert (
        actions.ask(words="Må min søster komme?", key=uuid.uuid4(), by=visitor(cast.ida)).owner == cast.karen
    )


def test_a_nervous_thumb_sends_it_once(cast):
    key, by = uuid.uuid4(), visitor(cast.ida)
    first = actions.ask(words="Hej.", key=key, by=by)
    assert actions.ask(words="Hej.", key=key, by=by) == first
    assert Request.objects.count() == 1


def test_an_empty_request_leaves_nothing_behind(cast):
    new = people.add_person(name="Kaj Bruun")
    with pytest.raises(cases.WordsMissing):
        actions.ask(words="   ", key=uuid.uuid4(), by=visitor(new))
    assert not Case.objects.filter(citizen=new).exists()


def test_what_is_asked_of_somebody_stands_before_however_much_they_have(cast):
    for n in range(3):
        actions.ask(words=f"Hvad nu, {n}?", key=uuid.uuid4(), by=visitor(cast.ida))
    asked = actions.write_down(
        words="Det haster.",
        channel="phone",
        key=uuid.uuid4(),
        name="Rie Holst",
        phone="20007777",
        by=visitor(cast.lotte),
    )
    actions.hand_on(request=asked, to=cast.karen, by=visitor(cast.lotte))
    desk = reading.on_desk_of(cast.karen, limit=3)
    assert [w.is_offered for w in desk] == [True, False, False]
    given = actions.hand_on(request=desk[2].request, to=cast.lars, by=visitor(cast.karen))
    assert given in [w.handing for w in reading.on_desk_of(cast.karen, limit=2)], (
        "so that it can be called back"
    )


def test_it_stays_with_the_giver_until_the_receiver_takes_it(cast):
    request = actions.ask(words="Kan jeg få en rampe?", key=uuid.uuid4(), by=visitor(cast.ida))
    handing = actions.hand_on(request=request, to=cast.sune, by=visitor(cast.karen))
    request.refresh_from_db()
    assert request.owner == cast.karen
    assert [(w.request, w.is_offered) for w in reading.on_desk_of(cast.sune)] == [(request, True)]
    actions.take(handing=handing, by=visitor(cast.sune))
    request.refresh_from_db()
    assert (request.owner, Promise.objects.get(pk=request.promise_id).owner) == (cast.sune, cast.sune)


def test_two_cannot_take_the_same_request(cast):
    request = actions.ask(words="Hej.", key=uuid.uuid4(), by=visitor(cast.ida))
    handing = actions.hand_on(request=request, to=cast.sune, by=visitor(cast.karen))
    with pytest.raises(actions.AlreadyWithSomebody):
        actions.hand_on(request=request, to=cast.lotte, by=visitor(cast.karen))
    with pytest.raises(NotYours):
        actions.take(handing=handing, by=visitor(cast.lotte))
    actions.take(handing=handing, by=visitor(cast.sune))
    with pytest.raises(actions.AlreadyAnswered):
        actions.take(handing=handing, by=visitor(cast.sune))


def test_called_back_twice_it_is_the_givers_as_the_first_time(cast):
    request = actions.ask(words="Hvem kan hjælpe?", key=uuid.uuid4(), by=visitor(cast.ida))
    asked = actions.hand_on(request=request, to=Person.objects.get(pk=cast.lotte.pk), by=visitor(cast.karen))
    for _click in range(2):
        assert actions.call_back(handing=asked, by=visitor(cast.karen)).answer == "called_back"


def test_declined_it_is_still_the_givers(cast):
    request = actions.ask(words="Hej.", key=uuid.uuid4(), by=visitor(cast.ida))
    handing = actions.hand_on(request=request, to=cast.sune, by=visitor(cast.karen))
    with pytest.raises(cases.ReasonMissing):
        actions.decline(handing=handing, words="", by=visitor(cast.sune))
    actions.decline(handing=handing, words="Det er Petras.", by=visitor(cast.sune))
    handing.refresh_from_db()
    assert (handing.answer, Request.objects.get().owner) == (HandingOn.Answer.DECLINED, cast.karen)


def test_the_answer_ends_the_clock_and_stands_beside_the_citizens_words(cast):
    request = actions.ask(words="Må min søster komme?", key=uuid.uuid4(), by=visitor(cast.ida))
    actions.answer(request=request, words="Ja, hun er velkommen.", by=opened(cast.karen, cast.ida))
    seen = reading.in_case(opened(cast.ida, cast.ida))[0]
    assert [seen.words.versions.all()[0].words, seen.answer.versions.all()[0].words] == [
        "Må min søster komme?",
        "Ja, hun er velkommen.",
    ]
    assert Promise.objects.get(pk=request.promise_id).outcome == Promise.Outcome.KEPT
    assert Notice.objects.filter(to=cast.ida, key=f"answered-{request.pk}-{cast.ida.pk}").exists()


def test_what_is_said_in_the_telephone_is_written_down_in_the_citizens_words(cast):
    request = actions.write_down(
        words="Kan jeg få en rampe?",
        channel="phone",
        key=uuid.uuid4(),
        name="Kaj Bruun",
        phone="20 00 02 00",
        by=visitor(cast.lotte),
    )
    assert request.owner == cast.lotte
    words = reading.on_desk_of(cast.lotte)[0].said
    assert (words.said_by.name, words.written_by, words.confirmed_at) == ("Kaj Bruun", cast.lotte, None)


def test_the_same_name_and_number_is_the_same_person(cast):
    request = actions.write_down(
        words="Hvornår kommer I?",
        channel="phone",
        key=uuid.uuid4(),
        name="ida holm",
        phone="20000101",
        by=visitor(cast.sune),
    )
    assert request.case.citizen == cast.ida
    case = opened(cast.sune, cast.ida)  # he sees the thread of that request, and nothing else
    assert case.thread_ids == {request.thread_id}
    assert request.thread_id != opened(cast.karen, cast.ida).main_thread.pk


def test_without_name_and_number_it_is_not_written_down(cast):
    with pytest.raises(people.NeedsNameAndPhone):
        actions.write_down(
            words="Hej.", channel="phone", key=uuid.uuid4(), name="Kaj", phone="", by=visitor(cast.lotte)
        )


def test_a_mail_says_only_that_there_is_something_new(cast, mailoutbox):
    from medspil.letters.actions import send_waiting

    actions.ask(words="Jeg er bange for at gå ud.", key=uuid.uuid4(), by=visitor(cast.ida))
    assert send_waiting() == (1, 0)
    assert send_waiting() == (0, 0)
    [mail] = mailoutbox
    assert mail.to == ["karen@example.dk"]
    for secret in ("bange", "Ida", "Holm", "Karen"):
        assert secret not in mail.subject + mail.body


def test_what_was_said_to_be_done_can_still_be_answered(cast):
    request = actions.ask(words="Ring til mig.", key=uuid.uuid4(), wants_call=True, by=visitor(cast.ida))
    cases.keep(promise=request.promise, words="Vi talte sammen.", by=opened(cast.karen, cast.ida))
    actions.answer(request=request, words="Som sagt: ja.", by=opened(cast.karen, cast.ida))
    request.refresh_from_db()
    assert request.answered_at == FRIDAY


def test_what_the_citizen_let_go_of_can_still_be_answered(cast):
    request = actions.ask(words="Må min søster komme?", key=uuid.uuid4(), by=visitor(cast.ida))
    cases.withdraw(promise=request.promise, because="", by=opened(cast.ida, cast.ida))
    actions.answer(request=request, words="Ja.", by=opened(cast.karen, cast.ida))
    request.promise.refresh_from_db()
    assert request.promise.outcome == Promise.Outcome.WITHDRAWN


def test_an_answer_ends_the_new_promise_and_leaves_the_broken_one_broken(cast, monkeypatch):
    request = actions.ask(words="Hvad nu?", key=uuid.uuid4(), by=visitor(cast.ida))
    # Wednesday 24 March was the day; on the Friday after it is broken, explained, and promised anew.
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 3, 26, 9, tzinfo=ZoneInfo("Europe/Copenhagen")))
    new = cases.explain(
        promise=request.promise,
        words="Jeg var syg.",
        new_due=date(2027, 4, 2),
        by=opened(cast.karen, cast.ida),
    )
    handing = actions.hand_on(request=request, to=cast.sune, by=visitor(cast.karen))
    actions.take(handing=handing, by=visitor(cast.sune))
    new.refresh_from_db()
    assert new.owner == cast.sune
    actions.answer(request=request, words="Nu ved jeg det.", by=opened(cast.sune, cast.ida))
    new.refresh_from_db()
    request.promise.refresh_from_db()
    assert (new.outcome, request.promise.outcome) == ("kept", "")
    assert request.promise.owner == cast.karen


def test_the_line_in_the_log_stands_when_nothing_comes_of_the_rest(transactional_db, monkeypatch):
    """F2: what was opened was opened, also when the act it was opened for fails halfway."""
    with clock.held_at(datetime(2021, 2, 1, 9, tzinfo=UTC)):
        cast = demo.build()
    by_ida, by_karen = visitor(cast.ida), visitor(cast.karen)

    class Halfway(Exception):
        pass

    def breaks(**_more):
        raise Halfway

    monkeypatch.setattr(cases, "write", breaks)
    with pytest.raises(Halfway):
        actions.ask(words="Hej.", key=uuid.uuid4(), by=by_ida)
    with pytest.raises(Halfway):
        actions.write_down(words="Hej.", channel="phone", key=uuid.uuid4(), citizen=cast.ida, by=by_karen)
    assert not Request.objects.exists()
    lines = Opening.objects.filter(sitting__in=[by_ida.sitting, by_karen.sitting]).values_list(
        "actor", "purpose"
    )
    assert set(lines) == {(cast.ida.pk, "own"), (cast.karen.pk, "request")}


def test_in_a_case_that_nobody_holds_whoever_takes_requests_can_open_what_they_got(cast):
    new = people.add_person(name="Rie Holst")
    case = cases.open_case_for(citizen=new, unit=cast.home)
    request = actions.ask(words="Hvem kan jeg tale med?", key=uuid.uuid4(), by=visitor(new))
    taker = request.owner
    assert opened(taker, new).case == case
    answered = actions.answer(request=request, words="Med mig.", by=opened(taker, new))
    assert answered.answered_at is not None


def test_no_door_is_wrong_because_a_department_has_nobody_to_take_in(cast):
    """A1: Lars steps out of Ida's talk with the job department, where nobody takes in; Lotte does at the front door."""
    Staff.objects.exclude(person=cast.lotte).update(takes_requests=False)
    parts.step_out(person=Person.objects.get(pk=cast.lars.pk), by=opened(cast.lars, cast.ida))

    def wrote():
        ida = opened(cast.ida, cast.ida)
        job = next(thread for thread in ida.threads if thread.unit_id == cast.job.pk)
        return messages.send(words="Hvem er der?", thread=job, key=uuid.uuid4(), by=ida)

    first = wrote()
    assert first.owner == cast.lotte
    Member.objects.filter(thread=first.thread, person=cast.lotte).delete()
    Staff.objects.filter(person=cast.lotte).update(takes_requests=False)
    assert wrote().owner == cast.karen, "who holds the case together"


def test_who_works_for_a_provider_takes_a_request_as_a_provider(cast):
    request = actions.ask(words="Kan Petra komme?", key=uuid.uuid4(), by=visitor(cast.bo))
    handing = actions.hand_on(
        request=request, to=Person.objects.get(pk=cast.petra.pk), by=visitor(cast.karen)
    )
    actions.take(handing=handing, by=visitor(cast.petra))
    taken = Member.objects.get(thread=request.thread, person=cast.petra)
    assert taken.role == Member.Role.PROVIDER
    assert not footing.is_authority(opened(cast.petra, cast.bo))


def test_a_number_is_known_again_however_it_is_written(cast):
    for number in ("20 00 99 99", "+45 20009999", "0045 20 00 99 99", "4520009999"):
        found = people.known_or_new(name="Rie Holst", phone=number)
        assert found.phone == "20009999"
    assert Person.objects.filter(name="Rie Holst").count() == 1
    people.say_phone(person=found, phone="+46 70 123 45 67")
    assert Person.objects.get(pk=found.pk).phone == "+46701234567"


def test_a_new_number_is_not_the_wrong_one(cast):
    people.say_phone_is_wrong(person=cast.ida)
    people.change_contact(person=Person.objects.get(pk=cast.ida.pk), phone="20 00 77 77")
    assert Person.objects.get(pk=cast.ida.pk).phone_wrong_at is None
