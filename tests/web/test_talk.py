"""D5 on the pages: the citizen and the team write in the case, each sees what is new, and the desk leads to it."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Sharing
from medspil.contact import messages
from medspil.contact.models import Message
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


def talk_of(cast):
    ida = opened(cast.ida, cast.ida)
    return ida, reverse("case-talk", args=[ida.pk, ida.main_thread.pk])


def ida_writes(cast, words="Må jeg få en anden dag?", **more):
    ida = opened(cast.ida, cast.ida)
    return messages.send(words=words, thread=ida.main_thread, key=uuid.uuid4(), by=ida, **more)


def test_ida_writes_to_karen_and_sees_at_once_who_answers_by_when(client, cast):
    client.force_login(cast.ida)
    _ida, url = talk_of(cast)
    sent = {"words": "Må jeg få en anden dag?", "key": uuid.uuid4(), "kind": ""}
    client.post(url, sent)
    client.post(url, sent)
    page = text(client.get(url))
    assert Message.objects.count() == 1
    assert "»Må jeg få en anden dag?«" in page
    assert "Karen svarer dig senest torsdag 26. november" in page
    assert "Ikke læst endnu." in page


def test_the_desk_leads_to_the_message_and_the_answer_ends_its_clock(client, cast):
    message = ida_writes(cast)
    client.force_login(cast.karen)
    row = reverse("answer-message", args=[message.case_id, message.promise_id])
    assert row in client.get(reverse("desk")).content.decode()
    page = client.get(row, follow=True)
    assert "Ida venter på svar." in text(page)
    assert page.context["form"].initial["answers"] == [str(message.pk)]
    answer = {"words": "Ja, onsdag.", "key": uuid.uuid4(), "answers": [message.pk]}
    client.post(reverse("work-talk", args=[message.case_id, message.thread_id]), answer)
    assert row not in client.get(reverse("desk")).content.decode()
    client.force_login(cast.ida)
    seen = text(client.get(talk_of(cast)[1]))
    assert "Ja, onsdag." in seen
    assert "Læst af Karen i dag kl. 9" in seen
    assert "svarer dig senest" not in seen


def test_what_is_new_is_marked_until_it_has_been_seen(client, cast, at):
    karen = opened(cast.karen, cast.ida)
    messages.write(words="Vi ses torsdag.", thread=karen.main_thread, key=uuid.uuid4(), by=karen)
    at(MONDAY + timedelta(minutes=1))
    client.force_login(cast.ida)
    assert "Nyt" in text(client.get(reverse("asked")))
    assert "Nyt" in text(client.get(talk_of(cast)[1]))
    assert "Nyt" not in text(client.get(reverse("asked")))


def test_ida_is_asked_what_it_is_and_may_let_it_be(client, cast):
    message = ida_writes(cast, words="Jeg har brug for en, der gør rent.")
    client.force_login(cast.karen)
    client.post(reverse("work-message-kind", args=[message.case_id, message.pk]), {"kind": "application"})
    client.force_login(cast.ida)
    page = text(client.get(talk_of(cast)[1]))
    assert "Karen mener, det er en ansøgning. Vi tager den som det. Er det rigtigt?" in page
    assert "Ansøgningen har en afgørelse senest mandag 21. december" in page
    client.post(reverse("message-kind", args=[message.case_id, message.pk]), {"kind": "question"})
    assert "afgørelse senest" not in text(client.get(talk_of(cast)[1]))


def test_a_message_is_taken_back_while_nobody_has_read_it(client, cast):
    message = ida_writes(cast, words="Glem det.")
    client.force_login(cast.ida)
    client.post(reverse("message-back", args=[message.case_id, message.pk]))
    assert "Glem det." not in text(client.get(talk_of(cast)[1]))
    client.force_login(cast.karen)
    gone = reverse("answer-message", args=[message.case_id, message.promise_id])
    assert client.get(gone, follow=True).status_code == 200
    read = ida_writes(cast, words="Det står jeg ved.")
    client.force_login(cast.karen)
    client.get(reverse("work-talks", args=[read.case_id]))
    client.force_login(cast.ida)
    page = client.post(reverse("message-back", args=[read.case_id, read.pk]), follow=True)
    assert "Den er læst, så den kan ikke tages tilbage." in text(page)
    assert "Det står jeg ved." in text(page)


def test_mona_reads_along_only_while_it_is_shared_and_writes_nothing(client, cast):
    ida_writes(cast)
    _ida, url = talk_of(cast)
    client.force_login(cast.mona)
    assert client.get(url).status_code == 404
    cases.share(part=Sharing.Part.MESSAGES, to=cast.mona, by=opened(cast.ida, cast.ida))
    assert "Må jeg få en anden dag?" in text(client.get(url))
    assert client.get(reverse("case-asked", args=[_ida.pk])).status_code == 200
    assert client.post(url, {"words": "Fra Mona", "key": uuid.uuid4()}).status_code == 404
    assert Message.objects.count() == 1


def test_a_letter_of_ten_megabytes_and_one_sign_too_many_leave_nothing_behind(client, cast):
    client.force_login(cast.ida)
    _ida, url = talk_of(cast)
    page = client.post(url, {"words": "æ" * 30_001, "key": uuid.uuid4()})
    assert 'id="mangler"' in page.content.decode()
    assert client.post(url, {"words": "a" * 10_000_000, "key": uuid.uuid4()}).status_code in (400, 413)
    assert not Message.objects.exists()


def test_a_talk_asks_the_database_no_more_for_thirty_messages_than_for_three(client, cast):
    _ida, url = talk_of(cast)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    client.force_login(cast.ida)
    ida_writes(cast)
    client.get(url)
    few = questions()
    for n in range(30):
        ida_writes(cast, words=f"Nummer {n}", kind="complaint" if n % 3 == 0 else "")
    assert questions() <= few <= 20
    client.force_login(cast.karen)
    client.get(reverse("work-talks", args=[Message.objects.first().case_id]))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("work-talks", args=[Message.objects.first().case_id]))
    assert len(asked) <= 20


def test_the_front_page_says_who_has_written_since_she_looked(client, cast, at):
    karen = opened(cast.karen, cast.ida)
    messages.write(words="Vi ses torsdag.", thread=karen.main_thread, key=uuid.uuid4(), by=karen)
    at(MONDAY + timedelta(minutes=1))
    client.force_login(cast.ida)
    assert "Karen har skrevet til dig" in text(client.get(reverse("my-case")))
    client.get(talk_of(cast)[1])
    assert "Karen har skrevet til dig" not in text(client.get(reverse("my-case")))


def test_a_picture_that_is_none_and_a_name_that_climbs_are_met_with_a_sentence(client, cast):
    client.force_login(cast.ida)
    _ida, url = talk_of(cast)

    def send(name, data):
        beside = SimpleUploadedFile(name, data)
        return client.post(url, {"words": "Se her.", "key": uuid.uuid4(), "beside": beside}, follow=True)

    assert 'id="mangler"' in send("billede.jpg", b"MZ\x90\x00 not a picture").content.decode()
    assert not Message.objects.exists()
    page = send("../../brev.txt", b"Fra hospitalet.")
    assert "brev.txt" in text(page)
    assert ".." not in text(page)
