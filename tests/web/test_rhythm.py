"""D1, D2, D3 on the pages: where is my case, how often we talk, and how things stand in the department."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases import touch
from medspil.contact import touch as agreeing
from medspil.people import actions as people
from medspil.people.models import Person
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 2, 9)  # a Monday
    return set_to


def words(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode().replace("</", " </")).replace("\xa0", " ").split())


def test_where_is_my_case_tells_who_has_it_who_decides_what_it_waits_for_and_what_comes(client, cast):
    karen, petra = opened(cast.karen, cast.ida), opened(cast.petra, cast.ida)
    cases.make_promise(what="spørger din læge", due=date(2026, 11, 20), by=karen)
    cases.make_promise(what="kommer forbi", due=date(2026, 11, 6), by=petra)
    client.force_login(cast.ida)
    page = words(client, reverse("case-where", args=[karen.pk]))
    for part in (
        "Den er hos Karen Damsgaard i Voksen og handicap.",
        "Petra kommer forbi.",
        "Karen spørger din læge.",
        "Karen skriver det, der bliver afgjort, for Voksen og handicap. Lena Brink er leder og har ansvaret.",
        "Støtte hjemme giver hjælpen, men afgør ikke, om du kan få den.",
        "Ikke på noget lige nu.",
        "Karen har to roller",
        "Vi har ikke aftalt noget, så det er hver 14. dag.",
    ):
        assert part in page, part
    first, last = page.index("Petra kommer forbi"), page.index("Karen spørger din læge")
    assert first < last  # what comes first is said first


def test_with_nothing_promised_the_front_page_still_says_by_when_she_hears(client, cast, at):
    client.force_login(cast.ida)
    cases.note_talk(words="Vi talte.", by=opened(cast.karen, cast.ida))
    assert "Du hører fra os senest mandag 16. november." in words(client, reverse("my-case"))
    at(2026, 11, 17, 9)
    assert "Du har ikke hørt fra os i 15 dage. Det skulle være hver 14. dag." in words(
        client, reverse("my-case")
    )


def test_both_sides_agree_on_how_often(client, cast):
    case = opened(cast.karen, cast.ida)
    mine, theirs = (reverse(name, args=[case.pk]) for name in ("case-rhythm", "work-rhythm"))
    client.force_login(cast.ida)
    sent = client.post(
        mine, {"every_days": "7", "how": "call", "also": [cast.mona.pk], "words": "Ikke før klokken ti."}
    )
    assert sent.status_code == 302
    assert "Til da gælder det, I har nu." in words(client, mine)
    assert touch.touch_of(case).every_days == 14
    client.force_login(cast.karen)
    page = words(client, theirs)
    assert "Ida foreslår noget nyt" in page
    assert "Hver uge. Vi ringer. Også til Mona. Ikke før klokken ti." in page
    client.post(theirs, {"yes": touch.history(case).proposal.pk})
    assert touch.touch_of(case).every_days == 7
    client.post(theirs, {"every_days": "28", "how": "call", "citizen_said_yes": "on"})
    page = words(client, theirs)
    assert "Karen har skrevet, at Ida sagde ja." in page
    assert "Fra 2. november 2026 til 2. november 2026." in page


def test_what_cannot_be_agreed_is_said_and_changes_nothing(client, cast):
    case = opened(cast.karen, cast.ida)
    client.force_login(cast.ida)
    url = reverse("case-rhythm", args=[case.pk])
    for typed in (
        {},
        {"every_days": "3", "how": "call"},
        {"every_days": "7", "how": "smoke"},
        {"every_days": "7", "how": "call", "also": [cast.bo.pk]},
    ):
        assert client.post(url, typed).status_code == 200
    assert client.post(url, {"yes": "999999"}).status_code == 404
    assert touch.history(case).proposal is None


def test_a_silence_stands_on_the_desk_with_days_left_before_it_is_too_late(client, cast, at):
    karen = opened(cast.karen, cast.ida)
    agreeing.propose_rhythm(every_days=7, how="call", by=karen)
    for person in (cast.ida, cast.bo, cast.otto):
        cases.note_talk(words="Vi talte.", by=opened(cast.karen, person))
    client.force_login(cast.karen)
    assert "uden ord" not in words(client, reverse("desk"))
    at(2026, 11, 5, 9)
    assert "Ida Holm 3 dage uden ord. I har aftalt hver uge. 4 dage igen." in words(client, reverse("desk"))
    at(2026, 11, 10, 9)
    page = words(client, reverse("desk"))
    assert "Ida Holm 8 dage uden ord. I har aftalt hver uge." in page
    assert "Bo Kristiansen 8" not in page


def test_how_things_stand_is_said_by_the_leader_and_read_where_it_matters(client, cast, at):
    client.force_login(cast.lena)
    url = reverse("unit-notice", args=["voksen"])
    said = {
        "words": "Vi mangler to kolleger.",
        "words_en": "We are two colleagues short.",
        "extra_days": "5",
        "since": "2026-11-02",
        "until": "2026-11-20",
    }
    assert client.post(url, said | {"until": "2026-11-01"}).status_code == 200
    assert client.post(url, said).status_code == 302
    assert client.get(reverse("unit-notice", args=["job"])).status_code == 404
    case = opened(cast.karen, cast.ida)
    notice = "Vi mangler to kolleger. Nye svar kan tage 5 hverdage mere. Det, vi har lovet, gælder stadig."
    pages = [(cast.ida, "my-case"), (cast.ida, "case-where"), (cast.ida, "case-ask"), (cast.karen, "desk")]
    for who, name in pages:
        client.force_login(who)
        page = words(client, reverse(name, args=[case.pk] if name.startswith("case") else []))
        assert notice in page, name
    client.force_login(cast.sune)
    assert notice not in words(client, reverse("desk"))
    client.force_login(cast.ida)
    client.post(reverse("language"), {"language": "en", "next": "/"})
    assert "We are two colleagues short." in words(client, reverse("my-case"))
    client.post(reverse("language"), {"language": "da", "next": "/"})
    # Three working days and five more from Monday the second.
    assert "senest torsdag 12. november" in words(client, reverse("case-ask", args=[case.pk]))
    at(2026, 11, 21, 9)
    assert notice not in words(client, reverse("my-case"))


def test_somebody_new_reads_it_at_the_front_door(client, cast):
    people.say_how_things_stand(
        unit=cast.adult,
        words="Vi mangler to.",
        since=clock.today(),
        until=clock.today(),
        by=Person.objects.get(pk=cast.lena.pk),
    )
    new = people.add_person(name="Rie Holst", login=f"rie-{uuid.uuid4().hex[:6]}")
    client.force_login(new)
    assert "Vi mangler to." in words(client, reverse("my-case"))
