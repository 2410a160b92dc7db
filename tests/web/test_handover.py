"""A3, A4, A5 on the pages: who my contact is, whom I would like, and what happens when somebody takes over."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.contact import handover
from medspil.contact.models import ContactWish, Handover
from medspil.people import actions as people
from medspil.people.models import Opening, Person, Staff
from medspil.project.demo.cast import opened
from medspil.web import leaving
from tests.web.test_rhythm import words

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def test_a_whole_load_is_handed_over_and_each_side_sees_it(client, cast, at):
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(
        post=post,
        until=date(2026, 11, 13),
        to=Person.objects.get(pk=cast.lotte.pk),
        by=Person.objects.get(pk=cast.admin.pk),
    )
    pk = opened(cast.ida, cast.ida).pk
    client.force_login(cast.ida)
    page = words(client, reverse("my-case"))
    assert "Karen er her til og med 13. november. Lotte tager over." in page
    assert "Karen Damsgaard Din faste kontakt Karen er her til og med" in page
    assert "Lotte Friis Tager over" in page
    page = words(client, reverse("case-handover", args=[pk]))
    assert "Lotte skriver til dig for at præsentere sig." in page
    client.force_login(cast.lotte)
    assert "3 nye borgere venter på dit brev" in words(client, reverse("desk"))
    assert "Har ikke valgt endnu." in words(client, reverse("handovers"))
    assert "Ida har ikke valgt, om du læser først. Vent med det." in words(
        client, reverse("work-case", args=[pk])
    )
    sent = client.post(reverse("work-handover", args=[pk]), {"words": "Hej Ida.\nJeg hedder Lotte."})
    assert sent.url == reverse("handovers")
    assert client.post(reverse("work-handover", args=[pk]), {"words": ""}).status_code == 200
    client.force_login(cast.karen)
    assert client.post(reverse("work-handover", args=[pk]), {"words": "Jeg er Karen."}).status_code == 200
    client.force_login(cast.ida)
    page = words(client, reverse("case-handover", args=[pk]))
    assert "Brev fra Lotte Hej Ida." in page
    change = handover.handover(opened(cast.ida, cast.ida)).pk
    client.post(reverse("case-handover", args=[pk]), {"change": change, "choice": "tell"})
    client.force_login(cast.lotte)
    assert "Ida vil selv fortælle. Det ældre er lukket, til I har talt." in words(
        client, reverse("work-case", args=[pk])
    )
    client.force_login(cast.lena)
    assert (
        "3 gange fik en borger en ny kontakt, fordelt på 3 borgere. 0 har skiftet mere end én gang."
        in words(client, reverse("one-unit", args=["voksen"]))
    )
    at(2026, 12, 1, 9)
    client.force_login(cast.ida)
    assert "Lotte tager over" not in words(client, reverse("my-case"))


def test_who_leaves_reads_what_is_theirs_of_the_change(client, cast):
    """What Ida chose is for Lotte, who comes; Karen has read the case for years, and is the one who is asked."""
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(
        post=post,
        until=date(2026, 11, 13),
        to=Person.objects.get(pk=cast.lotte.pk),
        by=Person.objects.get(pk=cast.admin.pk),
    )
    pk = opened(cast.ida, cast.ida).pk
    url = reverse("work-handover", args=[pk])
    client.force_login(cast.karen)
    page = words(client, url)
    assert "I er her begge til og med fredag 13. november. Lotte kan spørge dig så længe." in page
    assert "Ida har ikke valgt, om Lotte læser først." in page
    change = handover.handover(opened(cast.ida, cast.ida)).pk
    for choice, said in (
        ("read", "Ida vil gerne have, at Lotte læser sagen først."),
        ("tell", "Ida vil selv fortælle Lotte om sagen."),
    ):
        client.force_login(cast.ida)
        client.post(reverse("case-handover", args=[pk]), {"change": change, "choice": choice})
        client.force_login(cast.karen)
        assert said in words(client, url)
    assert "Spørg Karen" not in words(client, url)
    client.force_login(cast.lotte)
    page = words(client, url)
    assert "Spørg Karen, mens I kan." in page
    assert "Ida vil selv fortælle. Du ser løfter, datoer og behov." in page


def test_who_came_after_is_not_named_for_what_was_broken_before(client, cast, at):
    """Karen broke it on Thursday 5 November, Lotte came on Monday the 9th; what Lotte breaks herself is hers."""
    ida = opened(cast.ida, cast.ida)
    cases.make_promise(what="sender dig et brev", due=date(2026, 11, 5), by=opened(cast.karen, cast.ida))
    at(2026, 11, 9, 9)
    post = Staff.objects.select_related("person", "unit").get(person=cast.karen)
    leaving.leave(
        post=post,
        until=date(2026, 11, 13),
        to=Person.objects.get(pk=cast.lotte.pk),
        by=Person.objects.get(pk=cast.admin.pk),
    )
    client.force_login(cast.ida)
    for name in ("case", "case-promises"):
        page = words(client, reverse(name, args=[ida.pk]))
        assert "Ingen har forklaret det endnu. Lotte har det nu. Spørg Lotte" in page
        assert "har ikke forklaret" not in page
    cases.make_promise(what="ringer til dig", due=date(2026, 11, 10), by=opened(cast.lotte, cast.ida))
    at(2026, 11, 11, 9)
    page = words(client, reverse("case-promises", args=[ida.pk]))
    assert page.count("Lotte har ikke forklaret det endnu.") == 1
    assert page.count("Ingen har forklaret det endnu.") == 1


def test_the_wish_and_its_answer_stand_on_both_sides(client, cast):
    pk = opened(cast.ida, cast.ida).pk
    mine, theirs = (reverse(name, args=[pk]) for name in ("case-contact", "work-contact"))
    client.force_login(cast.ida)
    assert "Karen Damsgaard er din faste kontakt." in words(client, mine)
    key = str(uuid.uuid4())
    for _ in range(2):  # a nervous thumb
        sent = client.post(mine, {"key": key, "wants": cast.petra.pk, "words": "Petra lytter."})
        assert sent.status_code == 302
    assert ContactWish.objects.count() == 1
    assert "Du vil gerne have Petra Lund. Du får svar med en grund senest torsdag 5. november." in words(
        client, mine
    )
    for wrong in ({}, {"key": "x", "wants": "y"}, {"key": str(uuid.uuid4()), "wants": str(cast.bo.pk)}):
        assert client.post(mine, wrong).status_code == 200
    client.force_login(cast.lena)
    assert "1 borger vil gerne have en anden fast kontakt" in words(
        client, reverse("one-unit", args=["voksen"])
    )
    # The leader reads Ida's words without opening her case, and Ida can see that it was read.
    assert not Opening.objects.filter(actor=cast.lena).exists()
    assert "»Petra lytter.«" in words(client, reverse("contact-wish", args=[ContactWish.objects.get().pk]))
    seen = Opening.objects.get(citizen=cast.ida, actor=cast.lena)
    assert (seen.purpose, seen.unit_name) == ("wish", "Voksen og handicap")
    client.force_login(cast.karen)
    page = words(client, theirs)
    assert "Ida vil gerne have Petra Lund som fast kontakt." in page
    assert "»Petra lytter.«" in page
    assert client.post(theirs, {"do": "answer", "to": "0", "because": ""}).status_code == 200
    client.post(theirs, {"do": "answer", "to": cast.petra.pk, "because": "Det giver mening."})
    client.post(theirs, {"do": "model", "model": "all"})
    client.force_login(cast.ida)
    page = words(client, mine)
    assert "Petra Lund er din faste kontakt." in page
    assert "Én, der både afgør og giver hjælpen." in page
    assert "Ønsket: Petra Lund. Ja." in page
    assert "Det giver mening." in page
    assert handover.handover(opened(cast.ida, cast.ida)).to == cast.petra


def test_a_leader_who_is_late_explains_it_on_the_wish_and_opens_no_case(client, cast, at):
    """A4, D2: the day was Thursday 5 November; Ida reads why on Friday, and by when she hears."""
    at(2026, 11, 2, 9)
    ida = opened(cast.ida, cast.ida)
    wish = handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=ida)
    url = reverse("contact-wish", args=[wish.pk])
    client.force_login(cast.lena)
    page = words(client, url)
    assert "Svar senest torsdag 5. november." in page
    assert "Forklar, hvad der skete" not in page
    early = client.post(url, {"do": "explain", "explain-words": "Nej.", "explain-new_due": "2026-11-10"})
    assert early.status_code == 200  # nothing is broken yet
    at(2026, 11, 6, 9)
    assert "Svaret skulle være kommet torsdag 5. november." in words(client, reverse("contact-wishes"))
    assert "Borgeren ved ikke hvorfor." in words(client, url)
    sent = {"do": "explain", "explain-words": "Jeg var syg.", "explain-new_due": "2026-11-10"}
    assert client.post(url, sent).status_code == 302
    assert "Svar senest tirsdag 10. november." in words(client, url)
    assert "Svar senest tirsdag 10. november." in words(client, reverse("contact-wishes"))
    assert set(Opening.objects.filter(actor=cast.lena).values_list("purpose", flat=True)) == {"wish"}
    client.force_login(cast.ida)
    page = words(client, reverse("case-promises", args=[ida.pk]))
    assert "»Jeg var syg.«" in page
    assert "Lena svarer på, hvem der skal være din faste kontakt" in page
    client.force_login(cast.lena)
    client.post(url, {"do": "answer", "to": "0", "because": "Karen kender dig bedst."})
    wish.refresh_from_db()
    assert wish.answer == "no"
    assert handover.owed_of_wish(wish).promise.outcome == "kept"
    wish.promise.refresh_from_db()
    assert wish.promise.outcome == ""  # what was broken stays so, with its explanation


def test_a_second_change_hides_neither_the_first_nor_its_forms(client, cast, at):
    """Ida tells Lotte herself; the next day Lise takes over in another part. Lotte is neither hidden nor shut out."""
    lise = people.add_person(name="Lise Bang")
    people.employ(person=lise, unit=cast.job, role="caseworker", since=date(2021, 1, 4))

    def leaves(of, to):
        post = Staff.objects.select_related("person", "unit").get(person=of)
        to, by = (Person.objects.get(pk=one.pk) for one in (to, cast.admin))
        leaving.leave(post=post, until=date(2026, 12, 31), to=to, by=by)

    leaves(cast.karen, cast.lotte)
    first = handover.choose(choice="tell", by=opened(cast.ida, cast.ida))
    at(2026, 11, 3, 9)
    leaves(cast.lars, lise)
    pk = first.case_id
    mine, theirs = (reverse(name, args=[pk]) for name in ("case-handover", "work-handover"))
    client.force_login(cast.lotte)
    assert "Ida vil selv fortælle. Det ældre er lukket, til I har talt." in words(
        client, reverse("work-case", args=[pk])
    )
    assert "Lotte tager over efter Karen." in words(client, theirs)
    assert client.post(theirs, {"words": "Hej Ida. Jeg hedder Lotte."}).status_code == 302
    client.force_login(lise)
    assert "Lise tager over efter Lars." in words(client, theirs)
    client.force_login(cast.ida)
    page = words(client, mine)
    assert "Lotte tager over efter Karen." in page
    assert "Lise tager over efter Lars." in page
    second = Handover.objects.get(to=lise)
    client.post(mine, {"change": second.pk, "choice": "read"})
    client.post(mine, {"change": first.pk, "do": "told"})
    for found in (first, second):
        found.refresh_from_db()
    assert (first.letter, first.choice, second.choice) == ("Hej Ida. Jeg hedder Lotte.", "tell", "read")
    assert first.told_at
    assert not second.told_at
    assert opened(cast.lotte, cast.ida).closed_before is None
