"""D5, B6: a message only for Karen: with its clock and its answer on no page, count, notice or log of anybody else."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.models import Promise, Sharing, Text
from medspil.contact import actions as contact
from medspil.contact import keeping, messages, talks
from medspil.contact.models import Message
from medspil.letters.models import Notice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))
SECRET, ANSWER = "Gerda tager mine penge.", "Jeg kommer i morgen, når du er alene."
OPEN = "Må jeg få en anden dag?"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def ida(cast):
    """Gerda is Ida's guardian; with Mona, Petra and Lars Ida shares what she writes and what she is promised."""
    people.give_mandate(actor=cast.gerda, citizen=cast.ida, kind=Mandate.Kind.GUARDIAN)
    ida = opened(cast.ida, cast.ida)
    for person in (cast.mona, cast.petra, cast.lars):
        for part in (Sharing.Part.MESSAGES, Sharing.Part.PROMISES):
            cases.share(part=part, to=person, by=ida)
    return opened(cast.ida, cast.ida)


@pytest.fixture
def others(cast, ida):
    return [cast.gerda, cast.mona, cast.petra, cast.lars]


def writes(ida, words=SECRET, **more):
    return messages.send(**{"words": words, "thread": ida.main_thread, "key": uuid.uuid4(), "by": ida} | more)


def answers(cast, *to, words=ANSWER):
    karen = opened(cast.karen, cast.ida)
    return messages.write(words=words, thread=karen.main_thread, key=uuid.uuid4(), answers=to, by=karen)


def read_by(person, citizen):
    by = opened(person, citizen)
    found = [one.text.versions.all()[0].words for one in talks.talk(by, by.main_thread)[0]]
    last = [one.last.text.versions.all()[0].words for one in talks.talks(by) if one.last]
    assert set(last) <= set(found)
    return found


def owed_to(person, citizen):
    return sorted(promise.kind for promise in opened(person, citizen).promises())


def every_page(client, person, start):
    """All pages that links lead to from there, within the case: {address: html}."""
    client.force_login(person)
    found, waiting = {}, [start]
    while waiting and len(found) < 80:
        url = waiting.pop(0)
        if url in found:
            continue
        answer = client.get(url, follow=True)
        html = answer.content.decode() if "html" in answer.headers.get("Content-Type", "") else ""
        found[url] = html
        links = (link.split("#")[0].replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', html))
        waiting += [link for link in links if re.match(r"/(sag|arbejde|hjem)/", link) and link not in found]
    return found


def test_it_is_chosen_in_the_form_and_only_by_the_citizen_herself(client, cast, ida):
    url = reverse("case-talk", args=[ida.pk, ida.main_thread.pk])
    client.force_login(cast.ida)
    page = client.get(url).content.decode()
    assert 'name="kept_close"' in page
    assert "Kun til Karen" in page
    client.post(url, {"words": SECRET, "key": uuid.uuid4(), "kept_close": "on"})
    assert Text.objects.get(about__startswith="message.").kept_close
    client.force_login(cast.gerda)
    assert 'name="kept_close"' not in client.get(url).content.decode()
    client.post(url, {"words": OPEN, "key": uuid.uuid4(), "kept_close": "on"})
    assert [text.kept_close for text in Text.objects.filter(about__startswith="message.").order_by("pk")] == [
        True,
        False,
    ]


def test_the_way_to_close_words_says_what_it_does_and_not_what_they_are(client, cast, ida, others):
    """»Kun til Karen« stands at what is closed alone: under a question as under a message."""
    writes(ida, OPEN)
    contact.ask_for(words="Hvad nu?", key=uuid.uuid4(), by=ida)
    client.force_login(cast.ida)
    for name, keys in (("case-talk", [ida.pk, ida.main_thread.pk]), ("case-asked", [ida.pk])):
        page = client.get(reverse(name, args=keys)).content.decode()
        buttons = re.findall(r"<button[^>]*>(.*?)</button>", page, re.S)
        said = [re.sub(r"<[^>]*>", "", button).strip() for button in buttons]
        assert [one for one in said if one.startswith("Lad kun Karen læse det")], name
        assert not [one for one in said if one.startswith("Kun til")], name


def test_no_page_that_links_lead_to_says_anything_of_it(client, cast, ida, others):
    writes(ida, OPEN)
    kept = writes(ida, kept_close=True, kind=Message.Kind.COMPLAINT)
    answers(cast, kept)
    clocks = [str(kept.promise.pk), str(kept.matter.pk)]
    for person in others:
        pages = every_page(client, person, reverse("home"))
        whole = "\n".join(pages.values())
        assert len(pages) > 3, person
        assert OPEN in whole, person
        for hidden in (SECRET, ANSWER, "ser på det, du klager over", "Kun til Karen", f"besked-{kept.pk}"):
            assert hidden not in whole, (
                person,
                hidden,
                [url for url, html in pages.items() if hidden in html],
            )
        for url in pages:
            assert not set(clocks) & set(re.findall(r"/(?:loefte|loefter)/(\d+)/", url)), (person, url)
    people.choose_for_oneself(by=cast.gerda, calm=True)
    calm = client_page(client, cast.gerda, reverse("case", args=[ida.pk]))
    assert SECRET not in calm
    assert "klager" not in calm
    # Those whom it is for find both, each with for whom it is.
    client.force_login(cast.ida)
    mine = client.get(reverse("case-talk", args=[ida.pk, ida.main_thread.pk])).content.decode()
    assert all(words in mine for words in (SECRET, ANSWER, "Kun til Karen", "Kun til dig"))
    client.force_login(cast.karen)
    ours = client.get(reverse("work-talk", args=[ida.pk, ida.main_thread.pk])).content.decode()
    assert all(words in ours for words in (SECRET, ANSWER, "Kun til Karen", "Kun til Ida"))


def client_page(client, person, url):
    client.force_login(person)
    return client.get(url, follow=True).content.decode()


def test_neither_count_nor_clock_nor_notice_tells_of_it(cast, ida, others):
    kept = writes(ida, kept_close=True)
    before = set(Notice.objects.values_list("pk", flat=True))
    answers(cast, kept)
    assert [n.to for n in Notice.objects.exclude(pk__in=before)] == [cast.ida]
    for person in others:
        assert read_by(person, cast.ida) == []
        assert owed_to(person, cast.ida) == []
        with pytest.raises(NotYours):
            talks.message(opened(person, cast.ida), kept.pk)
        with pytest.raises(NotYours):
            opened(person, cast.ida).promise(kept.promise_id)
    assert read_by(cast.karen, cast.ida) == [SECRET, ANSWER]
    assert owed_to(cast.ida, cast.ida) == ["reply"]


def test_who_does_not_see_the_answer_has_not_read_it_for_the_citizen(cast, ida):
    kept = writes(ida, kept_close=True)
    hidden = answers(cast, kept)
    shown = answers(cast, words="I morgen er der lukket.")
    gerda = opened(cast.gerda, cast.ida)
    messages.mark_read(thread=gerda.main_thread, by=gerda)
    hidden.refresh_from_db()
    shown.refresh_from_db()
    assert (hidden.read_by, shown.read_by) == (None, cast.gerda)


def test_kept_afterwards_it_takes_clock_and_answer_along_and_brings_them_back(client, cast, ida, others):
    message = writes(ida, kind=Message.Kind.APPLICATION)
    answers(cast, message)
    assert read_by(cast.gerda, cast.ida) == [SECRET, ANSWER]
    assert owed_to(cast.gerda, cast.ida) == ["application", "reply"]
    text = Text.objects.get(about=message.about)
    client.force_login(cast.ida)
    page = client.get(reverse("case-talk", args=[ida.pk, ida.main_thread.pk])).content.decode()
    url = reverse("keep-close", args=[ida.pk, text.pk])
    assert url in page
    assert client.post(url, {"on": "1"}).url.endswith(f"#besked-{message.pk}")
    for person in others:
        assert (read_by(person, cast.ida), owed_to(person, cast.ida)) == ([], [])
    assert read_by(cast.karen, cast.ida) == [SECRET, ANSWER]
    for person in (cast.gerda, cast.mona):
        client.force_login(person)
        assert client.post(url, {"on": ""}).status_code == 404
    keeping.keep_close(text=text, on=False, by=ida)
    assert read_by(cast.gerda, cast.ida) == [SECRET, ANSWER]
    assert owed_to(cast.mona, cast.ida) == ["application", "reply"]


def test_an_answer_to_two_stays_as_close_as_the_closer_of_them(cast, ida):
    open_one, kept = writes(ida, OPEN), writes(ida, kept_close=True)
    answers(cast, open_one, kept)
    assert read_by(cast.gerda, cast.ida) == [OPEN]
    first = Text.objects.get(about=open_one.about)
    keeping.keep_close(text=first, on=True, by=ida)
    keeping.keep_close(text=first, on=False, by=ida)
    assert read_by(cast.gerda, cast.ida) == [OPEN]
    keeping.keep_close(text=Text.objects.get(about=kept.about), on=False, by=ida)
    assert read_by(cast.gerda, cast.ida) == [OPEN, SECRET, ANSWER]


def test_a_new_day_for_a_broken_clock_is_kept_as_close_as_the_first(cast, ida, at):
    kept = writes(ida, kept_close=True)
    at(MONDAY + timedelta(days=10))
    karen = opened(cast.karen, cast.ida)
    cases.explain(
        promise=kept.promise, words="Jeg var syg.", new_due=clock.today() + timedelta(days=2), by=karen
    )
    assert [one.kept_close for one in Promise.objects.filter(case=ida.pk)] == [True, True]
    assert owed_to(cast.gerda, cast.ida) == []
    keeping.keep_close(text=Text.objects.get(about=kept.about), on=False, by=ida)
    assert owed_to(cast.gerda, cast.ida) == ["reply", "reply"]


def test_the_same_holds_for_a_question_and_its_clock(cast, ida):
    asked = contact.ask_for(words=SECRET, key=uuid.uuid4(), kept_close=True, by=ida)
    assert owed_to(cast.gerda, cast.ida) == []
    before = set(Notice.objects.values_list("pk", flat=True))
    contact.answer(request=asked, words=ANSWER, by=opened(cast.karen, cast.ida))
    assert [n.to for n in Notice.objects.exclude(pk__in=before)] == [cast.ida]
    keeping.keep_close(text=Text.objects.get(about=asked.about, whose="citizen"), on=False, by=ida)
    assert owed_to(cast.gerda, cast.ida) == ["answer"]


def test_an_objection_for_karen_alone_to_our_answer_is_not_read_by_gerda(client, cast, ida):
    asked = contact.ask_for(words=OPEN, key=uuid.uuid4(), by=ida)
    contact.answer(request=asked, words=ANSWER, by=opened(cast.karen, cast.ida))
    version = Text.objects.get(about=asked.about, whose="professional").versions.get()
    cases.object_to(version=version, words=SECRET, kept_close=True, by=ida)
    for person, sees in ((cast.ida, True), (cast.gerda, False)):
        client.force_login(person)
        for address in (
            reverse("case-asked", args=[ida.pk]),
            reverse("case-request", args=[ida.pk, asked.pk]),
        ):
            page = client.get(address).content.decode()
            assert OPEN in page
            assert ANSWER in page
            assert (SECRET in page) is sees, (person, address)
