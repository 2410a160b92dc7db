"""The leader's, the council's and the public pages: the gap, what answers it, what is kept (G2, G3, G6, H2, H4, F5)."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medspil import gap
from medspil.base import clock
from medspil.cases import actions as cases
from medspil.people import actions as people
from medspil.people.roles import Role
from medspil.project.demo import campaign
from medspil.project.demo.cast import opened
from medspil.strategy import actions as strategy
from medspil.strategy import catalogue
from medspil.strategy.models import Trial
from medspil.surveys import actions as surveys

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=CPH)
WEB = Path(__file__).resolve().parents[2] / "src" / "medspil" / "web"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: clock._held.get() or moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def see(client):
    """see(person, name, ...) is the answer; nobody is signed in when the person is None."""

    def look(person, name, *keys, lang="da", **query):
        client.logout()
        if person is not None:
            client.force_login(person)
        client.cookies["medspil_language"] = lang
        return client.get(reverse(name, args=keys), query)

    return look


def words(response) -> str:
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).replace("\u00a0", " ").split())


def heading(response) -> str:
    return " ".join(re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)[1].split())


def trial(**more):
    return strategy.choose(
        **{
            "item": "influence",
            "chosen": "practice:C4",
            "unit": "voksen",
            "words": "Vi skriver sammen.",
            "look_again_on": date(2027, 2, 1),
        }
        | more
    )


# The gap


def test_the_page_says_the_gap_in_a_sentence_and_then_with_its_doubt(cast, see):
    campaign.build()
    page = see(cast.lena, "gap")
    assert (
        heading(page) == "Borgerne oplever langt mindre indflydelse på deres sag, end lederne mener, de har."
    )
    assert not re.search(r"\d", heading(page))
    said = words(page)
    # The means are those the round was made to have; the country's gap is VIVE's as printed, 1.1.
    assert (
        "Borgerne svarer 1,3 på en skala fra 0 til 3. Lederne svarer 2,6. Forskellen på 1,3 er den største"
        in said
    )
    assert "I hele landet var den 1,1 i 2021. Om Løvholm ligger højere, kan vi ikke sige sikkert." in said
    assert "Usikkerheden går fra" in said
    assert "214 svar" in said
    assert "61 svar" in said
    assert "26 svar" in said


def test_constructed_answers_are_called_so_and_the_old_studies_keep_their_reservations(cast, see):
    campaign.build()
    for person, name in ((cast.lena, "gap"), (None, "gap-public")):
        said = words(see(person, name))
        assert "Tallene er konstruerede." in said
        assert "Ingen mennesker har givet dem." in said
        assert "Tallene fra 2021 er VIVE's" in said
        assert "på en skala fra 0 til 10" in said


def test_the_same_in_english(cast, see):
    campaign.build()
    page = see(cast.lena, "gap", lang="en")
    assert (
        heading(page) == "Citizens feel they have far less say in their case than leaders believe they have."
    )
    assert "The numbers are constructed." in words(page)
    assert "The citizen holds the pen" in words(page)


def test_the_figure_has_words_for_those_who_do_not_see_it_and_its_numbers_stand_in_a_table(cast, see):
    campaign.build()
    html = see(cast.lena, "gap").content.decode()
    assert html.count('<svg class="gap-figure ') == 2
    assert html.count('role="img" aria-labelledby="gap-') == 2
    assert re.search(r"<desc[^>]*>[^<]*Alle tal står i tabellen", html)
    table = html[html.index("gap-table") :]
    assert len(re.findall(r'<th scope="row">', table[: table.index("</table>")])) == 11


def test_before_any_round_the_page_says_so(cast, see):
    assert heading(see(cast.lena, "gap")) == "Der er ingen runde at vise endnu."
    assert heading(see(None, "gap-public")) == "Der er ingen runde at vise endnu."


def test_a_round_of_few_hides_what_few_said(cast, see):
    people_ = [{"group": g, "influence": s} for g, s in [("leader", 3)] * 4 + [("citizen", 1)] * 30]
    surveys.keep_campaign(
        name="Lille",
        name_en="Small",
        held_in=date(2026, 9, 1),
        table=gap.count(people_, gap.vive2021()),
        is_constructed=False,
    )
    said = words(see(cast.lena, "gap"))
    assert "Skjult, så ingen kan genkendes" in said
    assert "konstruerede" not in said
    assert "3,0" not in said


def test_who_answers_otherwise_by_education_and_department_is_on_the_page_and_the_small_are_hidden(cast, see):
    # Forty of each of two educations, one a point above the other; three of a third. The third is hidden, and so is
    # one more, or it would be what is left; and then nobody is held against the rest.
    def town(few):
        people_ = [{"group": "leader", "influence": i % 4} for i in range(30)]
        for education, low, many in (("primary", 0, 40), ("major", 2, 40), ("long_or_phd", 1, few)):
            people_ += [
                {"group": "citizen", "education": education, "influence": low + i % 2} for i in range(many)
            ]
        surveys.keep_campaign(
            name=f"Runde {few}", name_en=f"Round {few}", held_in=date(2026, 9, 1 + few),
            table=gap.count(people_, gap.vive2021()), is_constructed=False,
        )  # fmt: skip
        html = see(cast.lena, "gap").content.decode()
        return html[html.index("Hvem svarer anderledes end de øvrige?") :]

    page = town(0)
    assert re.search(
        r"<li>[^<]*indflydelse på sin sag[^<]*: 0,5 mod 2,5 hos de øvrige \(p &lt; 0,001\)", page
    )
    page = town(3)
    row = page[page.index('<th scope="row">Borgeren har indflydelse på sin sag') :].split("</tr>")[0]
    assert row.count("Skjult, så ingen kan genkendes") == 2
    assert "hos de øvrige (" not in page
    assert "Nogle er så få, at vi ikke kan holde de andre op mod hinanden" in page


def test_what_would_give_back_the_few_by_subtraction_is_hidden_too(cast, see):
    # Six leaders are enough to show. But four name their department, and thirty-two of the thirty-six who work here
    # name none: with the leaders and the caseworkers shown, the four would be what is left.
    people_ = [{"group": "leader", "influence": s} for s in (1, 2, 2, 3, 3, 3)]
    people_ += [{"group": "citizen", "influence": 1}] * 30
    people_ += [{"group": "caseworker", "influence": 2, "department": "children"}] * 4
    people_ += [{"group": "caseworker", "influence": 2}] * 26
    surveys.keep_campaign(
        name="Lille", name_en="Small", held_in=date(2026, 9, 1), table=gap.count(people_, gap.vive2021()),
        is_constructed=False,
    )  # fmt: skip
    for person, name in ((cast.lena, "gap"), (None, "gap-public")):
        page = see(person, name)
        html = page.content.decode()
        row = html[html.index('<th scope="row">Borgeren har indflydelse på sin sag') :].split("</tr>")[0]
        cells = [" ".join(cell.split()) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        assert cells[0].startswith("1,0")
        assert cells[2] == "Skjult, så ingen kan genkendes"
        assert "skjult, og så meget mere, at ingen kan regne dem ud ved at trække fra" in words(page)


def test_no_person_is_named_on_any_of_the_pages(cast, see):
    campaign.build()
    names = {word for person in cast.people().values() for word in (person.name, person.first_name)}
    for name in ("gap", "learning", "kept", "pulse"):
        said = words(see(cast.lena, name))
        assert not [each for each in names if re.search(rf"\b{each}\b", said)], name


def test_a_page_with_the_figure_brings_its_style(cast, see):
    campaign.build()
    for person, name in ((cast.lena, "gap"), (None, "gap-public")):
        page = see(person, name).content.decode()
        assert "gap-figure--wide" in page
        assert "css/gap.css" in page


def test_each_page_asks_the_database_few_times(cast, see):
    campaign.build()
    for name in ("gap", "learning", "kept", "pulse"):
        see(cast.lena, name)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert see(cast.lena, name).status_code == 200
        asked = [q["sql"] for q in queries if "session" not in q["sql"].lower()]
        assert len(asked) <= 20, (name, asked)


# From the gap to what may answer it


def test_from_the_largest_gap_to_its_practices_and_initiatives(cast, see):
    campaign.build()
    page = see(cast.lena, "gap")
    # practices.md, last part: influence is answered by B2 B5 C2 C4 B12 A4 E12, in that order.
    assert [p.id for p in catalogue.practices_for("influence")] == [
        "B2",
        "B5",
        "C2",
        "C4",
        "B12",
        "A4",
        "E12",
    ]
    html = page.content.decode()
    assert re.findall(r"chosen=practice:(\w+)", html) == ["B2", "B5", "C2"]
    assert "chosen=initiative:mit-liv-min-plan" in html
    assert "chosen=" not in see(cast.hans, "gap").content.decode(), "the council reads, and does not choose"


def test_the_catalogue_holds_what_the_sources_told():
    everything = catalogue.initiatives()
    assert len(everything) == 95
    sizes = [sum(i.section == s for i in everything) for s in catalogue.sections()]
    assert sizes == [11, 4, 19, 2, 6, 8, 17, 9, 19]
    questions = {item.name for item in gap.vive2021().items} | {
        "help_in_time",
        "advice_outside",
        "advice_where",
    }
    for each in everything:
        assert set(each.questions) <= questions
        assert set(each.dilemmas) <= set(catalogue.DILEMMAS)
        assert each.source
        for text in (each.name, each.where, each.whom, each.what):
            assert text["da"]
            assert text["en"]
        assert bool(each.evidence["da"]) == bool(each.evidence["en"])
        assert len(each.key) <= Trial._meta.get_field("chosen").max_length
    assert len({each.id for each in everything}) == 95
    [close] = [i for i in everything if i.id == "taettere-paa-familien"]
    assert close.named == ("economy",)
    assert "240 families" in close.evidence["en"]
    assert "240 familier" in close.evidence["da"]
    assert {q for p in catalogue.practices().values() for q in p.questions} == questions
    assert set(catalogue.questions()) == questions


def test_the_catalogue_is_found_by_question_dilemma_and_words(cast, see):
    found = see(cast.lena, "learning", question="changing_caseworkers", words="goddag")
    assert "1 af 95 indsatser." in words(found)
    assert "Et brev, der siger goddag" in words(found)
    assert "open" in re.search(r"<details class=\"more\"[^>]*>", found.content.decode())[0]
    # Five are tied to economy alone or with others in the source's table of the sixth heading: none.
    assert "Ingen indsats passer" in words(see(cast.lena, "learning", dilemma="economy", words="idræt"))
    assert "95 indsatser." in words(see(cast.hans, "learning"))
    assert "10 of 95 initiatives." in words(
        see(cast.lena, "learning", lang="en", question="influence", words="plan")
    )
    assert see(cast.lena, "learning", question="no-such").status_code == 200


def test_a_leader_chooses_something_to_try_with_a_day_to_look_again(cast, client, see):
    campaign.build()
    Trial.objects.all().delete()
    page = see(cast.lena, "choose-trial", item="influence", chosen="practice:C4")
    assert '<option value="practice:C4" selected>' in page.content.decode()
    assert 'value="2027-02-22"' in page.content.decode()  # 91 days after 23 November
    form = {
        "item": "influence",
        "chosen": "practice:C4",
        "unit": "voksen",
        "words": "Vi skriver sammen.",
        "look_again_on": "2027-01-15",
    }
    answer = client.post(reverse("choose-trial"), form, follow=True)
    assert "I prøver det nu." in words(answer)
    assert "Referat på fælles skærm" in words(see(None, "gap-public"))
    assert "Vi ser på det igen 15. januar 2027." in words(see(cast.hans, "gap"))

    client.force_login(cast.lena)
    for field, wrong, said in (
        ("look_again_on", "2026-11-23", "Vælg en dag efter i dag."),
        ("look_again_on", "i morgen", "er ikke en dato."),
        ("chosen", "practice:Z9", "Vælg et af svarene."),
        ("unit", "job", "Vælg et af svarene."),
        ("words", "", "Det prøver I allerede."),
    ):
        again = client.post(reverse("choose-trial"), form | {field: wrong})
        assert again.status_code == 200
        assert said in words(again), field
    assert Trial.objects.count() == 1


def test_only_a_leader_chooses_and_only_for_their_own_unit(cast, see):
    other = people.add_person(name="Ole Anden", login="ole")
    people.employ(person=other, unit=cast.job, role=Role.LEADER, since=date(2021, 1, 4))
    made = trial()
    assert see(other, "look-again", made.pk).status_code == 404
    assert see(cast.hans, "look-again", made.pk).status_code == 404
    assert see(cast.hans, "choose-trial").status_code == 404
    assert see(cast.lena, "look-again", made.pk).status_code == 200
    assert see(cast.lena, "look-again", made.pk + 1).status_code == 404


def test_looking_again_goes_on_changes_or_stops(cast, client, see, at):
    made = trial(look_again_on=date(2026, 11, 30))
    at(MONDAY + timedelta(days=7))
    assert "Dagen er kommet. Hvad har I set?" in words(see(cast.lena, "learning"))
    assert "Afdelingen har ikke skrevet" in words(see(None, "gap-public"))
    client.force_login(cast.lena)
    address = reverse("look-again", args=[made.pk])
    assert "Skriv, hvornår I ser på det igen." in words(
        client.post(address, {"outcome": "go_on", "words": "Borgere læser med."})
    )
    answer = client.post(
        address,
        {"outcome": "change", "words": "Vi skriver kun aftaler sammen.", "look_again_on": "2027-03-01"},
        follow=True,
    )
    assert "Vi ændrer det." in words(answer)
    old, new = Trial.objects.order_by("pk")
    assert (old.outcome, old.looked_on, new.replaces, new.words) == (
        "change",
        date(2026, 11, 30),
        old,
        "Vi skriver kun aftaler sammen.",
    )
    assert "I har allerede set på den." in words(client.post(address, {"outcome": "stop", "words": "Igen."}))
    client.post(reverse("look-again", args=[new.pk]), {"outcome": "stop", "words": "Det gav for lidt."})
    new.refresh_from_db()
    assert (new.outcome, new.looked_on) == ("stop", date(2026, 11, 30))
    assert heading(see(cast.lena, "learning")) == "Intet bliver prøvet lige nu."


# Promises kept


def test_the_units_figures_are_those_of_the_desk_and_never_one_persons(cast, see, at):
    staff = [people.add_person(name=f"Kollega {n}") for n in range(2)]
    for each in staff:
        people.employ(person=each, unit=cast.adult, role=Role.CASEWORKER, since=date(2021, 1, 4))
    karen = opened(cast.karen, cast.ida)
    at(MONDAY - timedelta(days=20))
    made = [cases.make_promise(what=f"ringer om sag {n}", due=date(2026, 11, 10), by=karen) for n in range(4)]
    far = cases.make_promise(what="skriver et brev", due=date(2026, 12, 24), by=karen)
    at(MONDAY - timedelta(days=15))
    cases.move(promise=made[0], to=date(2026, 11, 12), because="Jeg er på kursus.", by=karen)
    cases.keep(promise=made[0], by=karen)
    cases.keep(promise=made[1], by=karen)
    cases.withdraw(promise=made[2], because="Ida har selv fundet ud af det.", by=karen)
    assert far.pk
    at(MONDAY)
    for person, name in ((cast.lena, "kept"), (cast.hans, "kept"), (None, "gap-public")):
        said = words(see(person, name))
        # Two kept (one of them moved in time), one broken; the withdrawn and the one not yet due count nowhere.
        assert "Voksen og handicap 2 af 3 holdt 1 af dem fik en ny dato i tide 1 blev ikke holdt" in said
        assert "Beskæftigelse" not in said, "two people work there"
        assert "Karen" not in said


def test_nothing_is_shown_where_every_unit_is_small(cast, see):
    assert "Ingen afdeling har medarbejdere nok" in words(see(cast.lena, "kept"))


# The three questions


def test_the_three_questions_are_shown_by_unit_and_month(cast, see):
    campaign.build()
    page = see(cast.lena, "pulse")
    said = words(page)
    assert "Voksen og handicap, september 2026" in said
    assert "14 svar" in said
    assert "Lederne er fra hele kommunen." in said
    assert "Støtte hjemme, september 2026: for få svar fra sagsbehandlerne." in said
    assert "Lige nu spørger vi om oktober 2026. Svarene kan ses fra 1. december 2026." in said
    assert "Under tyve svar vises ingen usikkerhed" in said
    assert "Ingen mennesker har givet dem." in said
    ids = re.findall(r'\bid="([^"]+)"', page.content.decode())
    assert len(ids) == len(set(ids))


def test_what_is_missing_is_said_in_public(cast, see):
    said = words(see(None, "gap-public"))
    assert "Kommunens mål på området. De er ikke skrevet ind her endnu." in said
    assert "Handicaprådets egne ord" in said
    assert "Dem, der gav op" in said
