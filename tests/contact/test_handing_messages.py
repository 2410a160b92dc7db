"""D5, A2, A11: a message handed on, the open course begun by oneself, and what was urgent and late."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases.door import Purpose
from medspil.contact import actions as contact
from medspil.contact import intake, messages, reading, urgent
from medspil.contact.models import HandingOn
from medspil.people.log import Visitor
from medspil.people.models import Opening, Person, Staff
from medspil.people.reading import at_once
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def visitor(person):
    return Visitor(Person.objects.get(pk=person.pk), uuid.uuid4())


def wrote(cast):
    ida = opened(cast.ida, cast.ida)
    return messages.send(words="Får jeg fleksjob?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)


def test_a_message_stays_with_the_giver_until_a_colleague_of_another_part_takes_it(cast):
    message, karen = wrote(cast), opened(cast.karen, cast.ida)
    handing = contact.hand_on_message(
        message=message, to=visitor(cast.sune).person, words="Er det jeres?", by=karen
    )
    with pytest.raises(contact.AlreadyWithSomebody):
        contact.hand_on_message(message=message, to=visitor(cast.lotte).person, by=karen)
    message.refresh_from_db()
    assert message.owner == cast.karen
    sune = visitor(cast.sune)
    offered = reading.messages_offered(sune.person)[0]
    assert offered.handing.words == "Er det jeres?"
    assert not Opening.objects.filter(actor=cast.sune).exists()
    assert reading.words_offered(sune, offered.message).words == "Får jeg fleksjob?"
    seen = Opening.objects.get(citizen=cast.ida, actor=cast.sune)
    assert (seen.purpose, seen.unit_name) == (Purpose.REQUEST, "Beskæftigelse")
    with pytest.raises(NotYours):
        reading.words_offered(visitor(cast.lotte), offered.message)
    with pytest.raises(NotYours):
        opened(cast.sune, cast.ida)  # its words may be read, the case not yet
    with pytest.raises(NotYours):
        contact.take_message(handing=handing, by=visitor(cast.lotte))
    contact.take_message(handing=handing, by=visitor(cast.sune))
    message.refresh_from_db()
    assert (message.owner, message.promise.owner, message.promise.due) == (
        cast.sune,
        cast.sune,
        date(2026, 11, 5),
    )
    sune = opened(cast.sune, cast.ida)
    messages.write(words="Ja.", thread=message.thread, key=uuid.uuid4(), answers=[message], by=sune)
    message.promise.refresh_from_db()
    assert message.promise.outcome == "kept"
    with pytest.raises(contact.AlreadyAnswered):
        contact.take_message(handing=handing, by=visitor(cast.sune))


def test_it_is_called_back_declined_or_answered_meanwhile(cast):
    message, karen = wrote(cast), opened(cast.karen, cast.ida)
    first = contact.hand_on_message(message=message, to=visitor(cast.sune).person, by=karen)
    contact.call_back(handing=first, by=karen.visitor)
    second = contact.hand_on_message(message=message, to=visitor(cast.sune).person, by=karen)
    contact.decline(handing=second, words="Det er jeres.", by=visitor(cast.sune))
    contact.hand_on_message(message=message, to=visitor(cast.lotte).person, by=karen)
    messages.write(words="Ja.", thread=message.thread, key=uuid.uuid4(), answers=[message], by=karen)
    assert list(HandingOn.objects.order_by("pk").values_list("answer", flat=True)) == [
        "called_back",
        "declined",
        "called_back",
    ]
    assert reading.messages_offered(visitor(cast.lotte).person) == []
    with pytest.raises(contact.AlreadyAnswered):
        contact.hand_on_message(message=message, to=visitor(cast.lotte).person, by=karen)


def test_the_pages_of_it(client, cast):
    message = wrote(cast)
    client.force_login(cast.karen)
    case = opened(cast.karen, cast.ida).pk
    assert (
        reverse("hand-on-message", args=[case, message.pk])
        in client.get(reverse("work-talk", args=[case, message.thread_id])).content.decode()
    )
    done = client.post(
        reverse("hand-on-message", args=[case, message.pk]), {"do": "hand-on", "to": cast.lotte.pk}
    )
    assert done.status_code == 302
    client.force_login(cast.lotte)
    assert "En kollega spørger, om du svarer på en besked" in client.get(reverse("desk")).content.decode()
    page = client.get(reverse("requests")).content.decode()
    handing = HandingOn.objects.get()
    assert reverse("take", args=[handing.pk]) in page
    assert "Får jeg fleksjob?" in client.get(reverse("take", args=[handing.pk])).content.decode()
    taken = client.post(reverse("take", args=[handing.pk]), {"do": "take"})
    assert taken.headers["Location"] == reverse("work-talk", args=[case, message.thread_id])


def test_somebody_new_is_offered_the_open_course_and_begins_it_alone(client, cast, at):
    new = Person.objects.create(login="new", name="Rie Holst")
    request = contact.ask(words="Jeg ved ikke, hvor jeg skal begynde.", key=uuid.uuid4(), by=visitor(new))
    client.force_login(new)
    page = client.get(reverse("case", args=[request.case_id])).content.decode()
    assert "Vil du have to værter, der hjælper dig i gang?" in page
    key = uuid.uuid4()
    for _thumb in range(2):
        done = client.post(
            reverse("case-intake", args=[request.case_id]),
            {"do": "begin", "key": key, "asked": "Papirer fra jobcentret"},
        )
        assert done.status_code == 302
    found = intake.course(opened(new, new)).intake
    assert {found.host, found.other_host} == {cast.karen, cast.lotte}  # Lotte, whom Rie met first, and Karen
    assert found.host == cast.lotte
    assert "Vil du have to værter" not in client.get(reverse("case", args=[request.case_id])).content.decode()


def test_it_is_not_offered_to_somebody_known_nor_begun_with_one_host(client, cast, at):
    client.force_login(cast.ida)
    assert "to værter" not in client.get(reverse("my-case")).content.decode()
    Staff.objects.filter(person=cast.lotte).delete()
    bo = opened(cast.bo, cast.bo)
    with pytest.raises(Refusal):
        intake.begin_oneself(asked="Hjælp", key=uuid.uuid4(), by=bo)


def test_what_was_urgent_and_late_is_listed_without_words(client, cast, at):
    asked = [
        contact.ask(words=f"Lyset er slukket {n}.", key=uuid.uuid4(), by=visitor(person))
        for n, person in enumerate((cast.ida, cast.bo, cast.otto))
    ]
    for request, person in zip(asked[:2], (cast.ida, cast.bo), strict=True):
        urgent.say_urgent(request=request, because="Det er mørkt.", by=opened(person, person))
    contact.answer(request=asked[1], words="Lys igen.", by=opened(cast.karen, cast.bo))
    at(2026, 11, 5, 9)
    count, late = urgent.of_unit(cast.adult)
    # Ida's was due on Tuesday the 3rd and waits; Bo's was answered; Otto's was not urgent.
    assert (count, [(u.said_on, u.due, u.waits) for u in late]) == (
        2,
        [(date(2026, 11, 2), date(2026, 11, 3), True)],
    )
    client.force_login(cast.lena)
    page = client.get(reverse("one-unit", args=["voksen"])).content.decode()
    assert "Venter stadig." in page
    assert "mørkt" not in page
    at(2027, 2, 10, 9)
    assert urgent.of_unit(cast.adult) == (0, [])


def test_a_message_taken_back_is_asked_of_nobody_any_more(cast):
    message = wrote(cast)
    sune = visitor(cast.sune).person
    contact.hand_on_message(message=message, to=sune, by=opened(cast.karen, cast.ida))
    messages.take_back(message=message, by=opened(cast.ida, cast.ida))
    assert at_once(sune, n=reading.count_messages_offered())["n"] is None
    assert reading.messages_offered(sune) == []
