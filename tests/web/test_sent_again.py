"""Back and send again, and a second press: what says the same is one, and what says something else is never lost."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.contact import actions as contact
from medspil.contact import grants, messages
from medspil.contact.models import Message, Request
from medspil.plans import around, experts
from medspil.plans.models import MeetingWish
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))
FELT = {"form": "walk", "minutes_long": 30, "with_pauses": True, "words": "Helst efter klokken 12."}


@pytest.fixture
def ida(at, cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(at, cast):
    return opened(cast.karen, cast.ida)


def wish(by, **said):
    return around.wish_to_meet(**{"key": uuid.uuid4(), **said}, by=by)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


def open_clocks():
    return Promise.objects.filter(outcome="").count()


def test_a_wish_sent_again_is_one_until_it_is_answered(ida, karen):
    first = wish(ida, **FELT)
    assert wish(ida, **FELT) == first
    assert wish(ida, **FELT | {"words": "  Helst efter klokken 12.\r\n"}) == first
    assert (MeetingWish.objects.count(), open_clocks()) == (1, 1)
    others = [
        {"form": "home"},
        {"minutes_long": 60},
        {"with_pauses": False},
        {"words": "Helst før."},
        {"words": ""},
    ]
    assert len({wish(ida, **FELT | other).pk for other in others} | {first.pk}) == 6
    starts_at = clock.now() + timedelta(days=3)
    around.plan_and_answer(wish=first, title="En gåtur", starts_at=starts_at, form="walk", by=karen)
    assert wish(ida, key=first.key, **FELT) == first, "the same thumb, however late"
    assert wish(ida, **FELT) != first, "asked for again after the answer"


def test_a_wish_without_a_word_is_the_one_persons_who_wished(cast, ida):
    otto, gerda = opened(cast.otto, cast.otto), opened(cast.gerda, cast.otto)
    assert wish(otto) == wish(otto) != wish(gerda) == wish(gerda)


def test_one_form_that_comes_back_with_another_wish_makes_another(ida):
    key = uuid.uuid4()
    first, second = wish(ida, key=key, words="Mandag"), wish(ida, key=key, words="Tirsdag")
    assert first != second
    assert [wish(ida, key=key, words="Mandag"), wish(ida, key=key, words="Tirsdag")] == [first, second]


def test_a_wish_is_taken_back_where_it_stands_and_may_be_sent_anew(client, cast, ida):
    first = wish(ida, **FELT)
    client.force_login(cast.ida)
    meetings = reverse("case-meetings", args=[ida.pk])
    address = reverse("promise-not-needed", args=[ida.pk, first.promise_id])
    assert f'href="{address}"' in client.get(meetings).text
    client.post(address, {"because": ""})
    page = words(client.get(meetings))
    assert "Du vil gerne mødes" not in page
    assert wish(ida, key=first.key, **FELT) != first


def test_a_wish_promised_anew_is_one_too_and_goes_when_that_is_taken_back(client, cast, at, ida, karen):
    first = wish(ida, **FELT)
    at(MONDAY + timedelta(days=7))
    anew = cases.explain(
        promise=first.promise, words="Jeg var syg.", new_due=clock.today() + timedelta(days=4), by=karen
    )
    assert wish(ida, **FELT) == first
    assert around.open_wishes(ida) == [first]
    cases.withdraw(promise=anew, because="", by=ida)
    assert around.open_wishes(ida) == []
    assert wish(ida, **FELT) != first


def ask(by, said="Hvornår ringer I?", **more):
    return contact.ask_for(**{"words": said, "key": uuid.uuid4(), **more}, by=by)


def test_a_question_sent_again_is_one_until_it_is_answered(cast, ida, karen):
    first = ask(ida)
    assert ask(ida) == first
    assert (Request.objects.count(), open_clocks()) == (1, 1)
    others = [{"said": "Hvem ringer?"}, {"wants_call": True}, {"kept_close": True}, {"to": cast.lars}]
    assert len({ask(ida, **other).pk for other in others} | {first.pk}) == 5
    contact.answer(request=first, words="I morgen.", by=karen)
    assert ask(ida, key=first.key) == first
    assert ask(ida) != first


def test_a_question_of_ottos_and_the_same_of_his_guardians_are_two(cast):
    assert ask(opened(cast.otto, cast.otto)) != ask(opened(cast.gerda, cast.otto))


def test_other_words_under_the_key_of_a_question_are_another_question(cast, ida):
    key = uuid.uuid4()
    made = [ask(ida, said=said, key=key) for said in ("Hvornår?", "Hvornår? Og hvem?", "Hvornår? Og hvem?")]
    assert made[0] != made[1] == made[2]


def test_back_and_send_again_on_the_page_asks_once(client, cast, ida):
    client.force_login(cast.ida)
    url = reverse("case-ask", args=[ida.pk])
    pages = [client.post(url, {"words": "Hvornår?", "key": uuid.uuid4()}) for _ in range(2)]
    assert pages[0]["Location"] == pages[1]["Location"]
    assert Request.objects.count() == 1


def test_what_a_colleague_wrote_down_and_what_they_then_wrote_are_two(cast, at, karen):
    key = uuid.uuid4()
    said = {"channel": "phone", "citizen": cast.ida, "by": karen.visitor}
    made = [
        contact.write_down(words=words, key=key, **said) for words in ("Ring.", "Ring.", "Ring i morgen.")
    ]
    assert made[0] == made[1] != made[2]
    assert contact.write_down(words="Ring.", key=uuid.uuid4(), **said) == made[0]
    at(MONDAY + timedelta(minutes=11))
    assert contact.write_down(words="Ring.", key=uuid.uuid4(), **said) not in made, "Ida rang again"


def send(by, said="Må jeg?", **more):
    return messages.send(**{"words": said, "thread": by.main_thread, "key": uuid.uuid4(), **more}, by=by)


def test_a_message_sent_again_a_moment_later_is_one(at, ida, karen):
    first = send(ida)
    assert send(ida) == first
    assert len({first.pk, send(ida, kind="application").pk, send(ida, kept_close=True).pk}) == 3
    second = send(ida, "Hvornår?")
    at(MONDAY + timedelta(minutes=11))
    assert send(ida, "Hvornår?") != second, "asked again since nobody answered"
    messages.write(words="Ja.", thread=karen.main_thread, key=uuid.uuid4(), by=karen)
    last = send(ida, "Tak.")
    messages.write(words="Selv tak.", thread=karen.main_thread, key=uuid.uuid4(), by=karen)
    assert send(ida, "Tak.") != last


def test_other_words_under_the_key_of_a_message_are_another_message(ida, karen):
    for by, act in ((ida, messages.send), (karen, messages.write)):
        key = uuid.uuid4()
        rows = [
            act(words=words, thread=by.main_thread, key=key, by=by)
            for words in ("Ja.", "Ja. Tag din søster med.", "Ja.", "Ja. Tag din søster med.")
        ]
        assert rows[0] != rows[1]
        assert rows[:2] == rows[2:]


def test_a_message_taken_back_is_not_sent_already(ida):
    first = send(ida)
    messages.take_back(message=first, by=ida)
    assert send(ida, key=first.key) != first


def test_karen_presses_twice_and_then_has_more_to_say(client, cast, ida):
    asked = send(ida)
    client.force_login(cast.karen)
    url = reverse("work-talk", args=[ida.pk, ida.main_thread.pk])
    typed = {"words": "Ja, onsdag.", "key": uuid.uuid4(), "answers": [asked.pk]}
    pages = [client.post(url, typed) for _ in range(2)]
    assert [page.status_code for page in pages] == [302, 302]
    assert pages[0]["Location"] == pages[1]["Location"]
    page = client.post(url, typed | {"words": "Ja, onsdag. Tag din søster med."}, follow=True)
    assert "En kollega har svaret imens" not in words(page)
    assert "Tag din søster med." in words(page)
    assert Message.objects.filter(side="municipality").count() == 2


def test_what_a_colleague_answered_is_still_read_first(client, cast, ida):
    asked = send(ida)
    cases.join_thread(thread=ida.main_thread, person=cast.lotte)
    lotte = opened(cast.lotte, cast.ida)
    messages.write(words="Ja.", thread=lotte.main_thread, key=uuid.uuid4(), answers=[asked], by=lotte)
    client.force_login(cast.karen)
    url = reverse("work-talk", args=[ida.pk, ida.main_thread.pk])
    page = client.post(url, {"words": "Nej.", "key": uuid.uuid4(), "answers": [asked.pk, "x"]})
    assert "En kollega har svaret imens" in words(page)
    assert Message.objects.filter(side="municipality").count() == 1


def test_a_file_that_was_forgotten_goes_along_under_the_same_key(client, cast, ida, tmp_path, settings):
    settings.FILES = tmp_path
    client.force_login(cast.ida)
    url = reverse("case-talk", args=[ida.pk, ida.main_thread.pk])
    typed = {"words": "Se her.", "key": uuid.uuid4(), "kind": ""}
    client.post(url, typed)
    for _ in range(2):
        client.post(url, typed | {"beside": SimpleUploadedFile("brev.txt", b"Kaere Ida")})
    assert Message.objects.count() == 2
    assert words(client.get(url)).count("brev.txt") == 1


def test_what_the_citizen_would_like_asked_outside_is_one_until_it_is_answered(ida, karen):
    def want(said="Bliver det bedre?", who="Hjerneskadeforeningen", key=None):
        return experts.want(who=who, words=said, key=key or uuid.uuid4(), by=ida)

    first = want()
    assert want() == first
    assert len({first.pk, want(who="VISO").pk, want("Hvornår?").pk, want("Og så?", key=first.key).pk}) == 4
    assert want(key=first.key) == first
    experts.decline(found=first, words="Vi har deres svar fra i fjor.", by=karen)
    assert want() != first


def test_money_asked_for_again_is_asked_for_once_until_it_is_answered(ida, karen):
    def ask_money(key=None, **other):
        said = {"what": "en cykel", "why": "Så kommer jeg ud.", "ore": 180_000, "key": key or uuid.uuid4()}
        return grants.ask(**said | other, by=ida)

    first = ask_money()
    assert ask_money() == first
    others = [{"what": "en hjelm"}, {"why": ""}, {"ore": 90_000}, {"ore": 70_000, "key": first.key}]
    assert len({ask_money(**other).pk for other in others} | {first.pk}) == 5
    grants.give(found=first, by=karen)
    assert ask_money(key=first.key) == first
    second = ask_money()
    assert second != first
    grants.let_be(found=second, by=ida)
    assert ask_money(key=second.key) != second
