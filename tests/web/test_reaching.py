"""D4, D6 on the pages: a call with its tries and its note, contact hours, needs obeyed; to whom nothing is sent."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.urls import reverse

from medspil.base import clock
from medspil.cases import citizen as known
from medspil.cases.models import Note, Promise
from medspil.contact import actions as contact
from medspil.contact import messages
from medspil.contact.models import CallTry, Message, Request
from medspil.contact.reaching import HasDied, WrongForm
from medspil.letters.actions import send_waiting
from medspil.letters.models import Notice
from medspil.people.models import Need, Person, Staff
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


def text(response) -> str:
    words = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", words).replace("\xa0", " ").split())


def wants_a_call(cast, suits="Efter klokken 10."):
    ida = opened(cast.ida, cast.ida)
    return contact.ask_for(words="Ring om fredag.", key=uuid.uuid4(), wants_call=True, suits=suits, by=ida)


def call_page(request):
    return reverse("talked", args=[request.case_id]) + f"?loefte={request.promise_id}"


def test_the_desk_leads_to_the_number_the_hours_that_suit_and_the_note(client, cast):
    request = wants_a_call(cast)
    client.force_login(cast.karen)
    url = call_page(request)
    assert url in client.get(reverse("desk")).content.decode()
    page = client.get(url)
    assert 'href="tel:20000101"' in page.content.decode()
    assert "Det passer Ida: »Efter klokken 10.«" in text(page)
    client.post(url, {"words": "Fredag klokken ti passer.", "came_to": "talked"})
    assert Promise.objects.get(pk=request.promise_id).outcome == "kept"
    assert Request.objects.get(pk=request.pk).answered_at is not None
    assert Note.objects.filter(kind="talked").count() == 1


def test_a_call_without_an_answer_is_recorded_once_seen_by_ida_and_stops_no_clock(client, cast):
    request = wants_a_call(cast)
    client.force_login(cast.karen)
    for _twice in range(2):
        client.post(call_page(request), {"came_to": "no_answer"})
    assert CallTry.objects.count() == 1
    assert Promise.objects.get(pk=request.promise_id).outcome == ""
    client.force_login(cast.ida)
    page = client.get(reverse("case-request", args=[request.case_id, request.pk]))
    assert "Karen ringede i dag kl. 9. Ingen svarede." in text(page)


def test_a_wrong_number_is_shown_to_all_who_would_call_and_asked_about(client, cast):
    request = wants_a_call(cast)
    client.force_login(cast.karen)
    client.post(call_page(request), {"came_to": "wrong_number"})
    page = client.get(call_page(request))
    assert "Nummeret 20 00 01 01 passer ikke." in text(page)
    assert 'href="tel:20000101"' not in page.content.decode()
    client.force_login(cast.ida)
    url = reverse("case-needs", args=[request.case_id])
    assert "Hvad er det rigtige?" in text(client.get(url))
    client.post(url, {"do": "phone", "phone": "20 00 01 99"})
    ida = Person.objects.get(pk=cast.ida.pk)
    assert (ida.phone, ida.phone_wrong_at) == ("20000199", None)


def test_a_talk_needs_a_line_and_a_stranger_calls_nobody(client, cast):
    request = wants_a_call(cast)
    client.force_login(cast.karen)
    page = client.post(call_page(request), {"words": " ", "came_to": "talked"})
    assert 'id="mangler"' in page.content.decode()
    client.force_login(cast.lotte)
    assert client.get(call_page(request)).status_code == 404


def test_karens_own_hours_and_her_cover_stand_on_idas_page(client, cast):
    client.force_login(cast.karen)
    hours = {"hours": "mandag kl. 9 til 11", "hours_en": "Mondays 9 to 11", "cover": cast.lotte.pk}
    client.post(reverse("my-hours"), hours)
    client.force_login(cast.ida)
    page = client.get(reverse("my-case"))
    assert "Mandag kl. 9 til 11. Ellers Lotte, 20 00 00 13" in text(page)
    assert 'href="tel:20000012"' in page.content.decode()
    client.force_login(cast.karen)
    client.post(reverse("my-hours"), hours | {"cover": cast.sune.pk})
    client.force_login(cast.ida)
    assert "Ellers Lotte" in text(client.get(reverse("my-case"))), "a cover works in the same unit"
    # Lotte's last day was yesterday: her number is no way to reach anybody.
    Staff.objects.filter(person=cast.lotte).update(until=clock.today() - timedelta(days=1))
    page = text(client.get(reverse("my-case")))
    assert "Mandag kl. 9 til 11" in page
    assert "Lotte" not in page


def test_a_need_is_said_once_and_stands_wherever_we_meet(client, cast):
    client.force_login(cast.ida)
    pk = opened(cast.ida, cast.ida).pk
    for _twice in range(2):
        client.post(
            reverse("case-needs", args=[pk]), {"do": "need", "kind": "interpreter", "words": "arabisk"}
        )
    assert Need.objects.count() == 1
    client.force_login(cast.karen)
    for name in ("work-case", "talked", "work-talks", "work-needs"):
        assert "Tolk: arabisk" in text(client.get(reverse(name, args=[pk]))), name
    client.force_login(cast.petra)
    assert "Tolk: arabisk" in text(client.get(reverse("talked", args=[pk]))), "in every department"
    client.force_login(cast.ida)
    client.post(reverse("case-needs", args=[pk]), {"do": "forget", "need": Need.objects.get().pk})
    assert not Need.objects.exists()


def test_a_message_in_the_wrong_form_goes_out_only_with_a_reason(client, cast):
    known.say_need(kind="phone_only", by=opened(cast.ida, cast.ida))
    karen = opened(cast.karen, cast.ida)
    client.force_login(cast.karen)
    url = reverse("work-talk", args=[karen.pk, karen.main_thread.pk])
    sent = {"words": "Vi ses torsdag.", "key": uuid.uuid4()}
    page = client.post(url, sent)
    assert "Ring i stedet for at skrive." in text(page)
    assert not Message.objects.exists()
    client.post(url, sent | {"anyway": "Hun tager den ikke, og mødet er i morgen."})
    assert Message.objects.count() == 1
    assert Note.objects.get(kind="need_passed_over").words == "Hun tager den ikke, og mødet er i morgen."


def test_an_answer_to_a_question_is_held_to_the_same(client, cast):
    known.say_need(kind="easy_language", by=opened(cast.ida, cast.ida))
    ida = opened(cast.ida, cast.ida)
    request = contact.ask_for(words="Hvornår?", key=uuid.uuid4(), by=ida)
    with pytest.raises(WrongForm):
        contact.answer(
            request=request,
            words="Sagsbehandlingstiden er desværre forlænget.",
            by=opened(cast.karen, cast.ida),
        )
    contact.answer(request=request, words="Vi ses på torsdag.", by=opened(cast.karen, cast.ida))


def test_before_a_call_karen_reads_what_there_is_to_think_of(client, cast):
    """At nine in the morning."""
    known.say_need(kind="not_morning", by=opened(cast.ida, cast.ida))
    client.force_login(cast.karen)
    url = reverse("talked", args=[opened(cast.karen, cast.ida).pk])
    assert "Ikke før klokken 12." in text(client.get(url))


# A person who died, and an address that is protected


def test_to_somebody_who_died_nothing_is_sent(client, cast, at):
    karen = opened(cast.karen, cast.ida)
    messages.write(words="Vi ses.", thread=karen.main_thread, key=uuid.uuid4(), by=karen)
    assert Notice.objects.get(to=cast.ida).dropped_because == ""
    client.force_login(cast.karen)
    client.post(reverse("work-died", args=[karen.pk]), {"do": "died", "on": "2026-11-22"})
    ida = Person.objects.get(pk=cast.ida.pk)
    assert (str(ida.died_on), ida.died_said_by) == ("2026-11-22", cast.karen)
    send_waiting()
    assert not [m for m in mail.outbox if m.to == [cast.ida.email]]
    karen = opened(cast.karen, cast.ida)
    with pytest.raises(HasDied):
        messages.write(
            words="Tillykke.", thread=karen.main_thread, key=uuid.uuid4(), anyway="fordi", by=karen
        )
    assert "Ida døde søndag 22. november. Der bliver ikke sendt noget." in text(
        client.get(reverse("work-case", args=[karen.pk]))
    )
    page = client.post(reverse("work-died", args=[karen.pk]), {"do": "alive"}, follow=True)
    assert "Rettet." in text(page)
    assert Person.objects.get(pk=cast.ida.pk).died_on is None


def test_nobody_dies_tomorrow(client, cast):
    client.force_login(cast.karen)
    pk = opened(cast.karen, cast.ida).pk
    page = client.post(reverse("work-died", args=[pk]), {"do": "died", "on": "2026-11-24"})
    assert "Den dag er ikke kommet endnu." in text(page)
    assert Person.objects.get(pk=cast.ida.pk).died_on is None


def test_a_protected_address_stands_in_no_list_and_finds_nobody(client, cast):
    """Everywhere Lærkevej could stand."""
    client.force_login(cast.karen)
    pk = opened(cast.karen, cast.ida).pk
    assert "Lærkevej" in text(client.get(reverse("my-citizens")))
    client.post(reverse("work-needs", args=[pk]), {"do": "protect"})
    pages = ["my-citizens", "desk", "write-down", "work-meetings", "requests"]
    shown = [text(client.get(reverse(name))) for name in pages]
    shown += [text(client.get(reverse(name, args=[pk]))) for name in ("work-case", "talked", "work-plan")]
    shown.append(text(client.get(reverse("find"), {"q": "Ida"})))
    assert "Ida Holm" in shown[-1]
    assert not [page for page in shown if "Lærkevej" in page]
    assert "Ida Holm" not in text(client.get(reverse("find"), {"q": "Lærkevej"}))
    ida = Person.objects.get(pk=cast.ida.pk)
    assert ida.address_protected_by == cast.karen
    assert ida.address_protected_at == MONDAY


def test_only_those_who_work_in_the_case_say_such_things(client, cast):
    client.force_login(cast.ida)
    pk = opened(cast.ida, cast.ida).pk
    client.post(reverse("case-needs", args=[pk]), {"do": "died", "on": "2026-11-22"})
    assert client.post(reverse("work-died", args=[pk]), {"do": "died", "on": "2026-11-22"}).status_code == 404
    assert client.post(reverse("work-needs", args=[pk]), {"do": "protect"}).status_code == 404
    assert Person.objects.get(pk=cast.ida.pk).died_on is None
