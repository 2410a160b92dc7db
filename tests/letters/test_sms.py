"""D5: notices by SMS, held against a real gateway on a loopback port: what it is told, and when it is away."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.letters.actions import send_waiting, tell_something_new
from medspil.letters.models import Notice
from medspil.outside import sms
from medspil.people import actions as people
from medspil.people.models import Person
from tests.letters.gateway import Gateway

CPH = ZoneInfo("Europe/Copenhagen")
MORNING = datetime(2026, 11, 23, 8, tzinfo=CPH)


@pytest.fixture
def gateway(settings):
    found = Gateway()
    settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_FROM = found.url, "secret-token", "Lovholm"
    yield found
    found.close()


@pytest.fixture
def ida(cast):
    """She has chosen SMS."""
    people.say_phone(person=cast.ida, phone="20 12 34 56")
    people.choose_for_oneself(by=cast.ida, notices_by="sms")
    return Person.objects.get(pk=cast.ida.pk)


def at(**later):
    return clock.held_at(MORNING + timedelta(**later))


def test_a_notice_goes_by_sms_once_and_says_only_that_there_is_something(ida, gateway, settings, mailoutbox):
    with at():
        tell_something_new(to=ida, key="message-1")
        assert send_waiting() == (1, 0)
        assert send_waiting() == (0, 0)
    ((headers, body),) = gateway.got
    assert headers["Authorization"] == "Bearer secret-token"
    assert headers["Idempotency-Key"] == body["id"]
    assert len(body["id"]) == 40
    assert {k: v for k, v in body.items() if k != "id"} == {
        "to": "+4520123456",
        "from": "Lovholm",
        "text": f"Hej. Der er noget nyt til dig hos Løvholm Kommune. Se det her: {settings.ADDRESS}",
    }
    assert len(body["text"]) <= 160
    assert not mailoutbox


def test_what_waits_while_the_gateway_is_away_for_a_day_comes_once_and_by_the_same_name(
    ida, cast, gateway, mailoutbox
):
    with at():
        for n in range(8):
            tell_something_new(to=ida, key=f"message-{n}")
        tell_something_new(to=cast.karen, key="message-to-karen")
    gateway.answer = 503
    for hours in range(24):
        with at(hours=hours):
            sent, failed = send_waiting()
            # Five in a row, and the rest waits; the mail does not wait for the gateway.
            assert (sent, failed) == (1 if hours == 0 else 0, 5)
    assert [m.to for m in mailoutbox] == [[cast.karen.email]]
    tried = {body["id"] for _head, body in gateway.got}
    gateway.got.clear()
    gateway.answer = 200
    with at(hours=24):
        assert send_waiting() == (8, 0)
        assert send_waiting() == (0, 0)
    names = [body["id"] for _head, body in gateway.got]
    assert len(set(names)) == len(names) == 8
    assert tried <= set(names)


def test_a_gateway_that_is_away_takes_no_turn_from_the_mail(ida, cast, settings, mailoutbox):
    """Thirty by SMS wait before one by mail, and a round tries twenty: five SMS in vain, and the mail."""
    settings.SMS_URL = "http://127.0.0.1:1/send"
    with at():
        for number in range(30):
            tell_something_new(to=ida, key=f"message-{number}")
    with at(minutes=1):
        tell_something_new(to=cast.karen, key="karens")
        assert send_waiting(limit=20) == (1, 5)
    assert [mail.to for mail in mailoutbox] == [[cast.karen.email]]


def test_nobody_listening_is_as_well_a_gateway_that_is_away(ida, gateway, settings):
    with at():
        tell_something_new(to=ida, key="message-1")
        settings.SMS_URL = "http://127.0.0.1:1/send"
        assert send_waiting() == (0, 1)
        settings.SMS_URL = gateway.url
        assert send_waiting() == (1, 0)


def test_the_token_follows_nowhere_else(ida, gateway):
    other = Gateway()
    gateway.answer, gateway.moved_to = 307, other.url
    try:
        with at():
            tell_something_new(to=ida, key="message-1")
            assert send_waiting() == (0, 1)
        assert not other.got
    finally:
        other.close()


def test_a_number_that_gets_nothing_is_known_as_wrong_and_the_notice_goes_by_mail(ida, gateway, mailoutbox):
    gateway.answer = 422
    with at():
        tell_something_new(to=ida, key="message-1")
        assert send_waiting() == (0, 1)
        assert Person.objects.get(pk=ida.pk).phone_wrong_at == MORNING
        assert send_waiting() == (1, 0)
    assert len(gateway.got) == 1
    assert [m.to for m in mailoutbox] == [[ida.email]]


def test_a_wrong_number_without_a_mail_address_does_not_wait_for_ever(ida, gateway):
    Person.objects.filter(pk=ida.pk).update(email="")
    gateway.answer = 422
    with at():
        tell_something_new(to=ida, key="message-1")
        send_waiting()
        assert send_waiting() == (0, 0)
    assert Notice.objects.get().dropped_because == "no address"


def test_without_a_gateway_all_goes_by_mail_and_nobody_is_offered_sms(ida, client, settings, mailoutbox):
    settings.SMS_URL = ""
    client.force_login(ida)
    page = client.get(reverse("settings")).content.decode()
    assert "notices_by" not in page
    assert "SMS" not in page
    with at():
        tell_something_new(to=ida, key="message-1")
        assert send_waiting() == (1, 0)
    assert [m.to for m in mailoutbox] == [[ida.email]]
    # A settings form without the choice leaves what was chosen before.
    chosen = {"language": "da", "palette": "colourful", "ask_every": "1"}
    client.post(reverse("settings"), chosen)
    assert Person.objects.get(pk=ida.pk).notices_by == "sms"


def test_sms_is_chosen_on_the_settings_page_with_a_number_that_can_be_one(cast, client, gateway):
    client.force_login(cast.ida)
    assert "Send en SMS" in client.get(reverse("settings")).content.decode()
    chosen = {"language": "da", "palette": "colourful", "ask_every": "1", "notices_by": "sms"}
    for wrong in ("", "112", "1234567", "02345678", "otte tal", "+45 123"):
        page = client.post(reverse("settings"), {**chosen, "phone": wrong})
        assert page.status_code == 200
        assert "Skriv otte tal, eller begynd med + og landet." in page.content.decode()
    assert Person.objects.get(pk=cast.ida.pk).notices_by == "mail"
    assert client.post(reverse("settings"), {**chosen, "phone": "20 12 34 56"}).status_code == 302
    ida = Person.objects.get(pk=cast.ida.pk)
    assert (ida.notices_by, ida.phone) == ("sms", "20123456")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("20 12 34 56", "+4520123456"),
        ("+45 20 12 34 56", "+4520123456"),
        ("0046 70 123 45 67", "+46701234567"),
        ("+46 70 123 45 67", "+46701234567"),
    ],
)
def test_a_number_is_sent_with_its_country(written, sent):
    assert sms.international(written) == sent
    assert sms.looks_right(written)
