"""The casework side through a real client: the desk, one's citizens, a case, and each thing one may do there."""

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medspil.cases import actions as cases
from medspil.cases.models import (
    Case,
    Explanation,
    Member,
    Note,
    Promise,
    PromiseMove,
    Sharing,
    Text,
    TextVersion,
    Voice,
)
from medspil.contact import actions as contact
from medspil.contact.models import HandingOn, Request
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Need, Opening, Person, Search
from medspil.people.roles import Role
from medspil.plans import actions as plans
from medspil.plans.models import Meeting
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")
MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)


@pytest.fixture
def karen(cast, at, client):
    client.force_login(cast.karen)
    return client


def case_of(citizen):
    return Case.objects.get(citizen=citizen).pk


def promised(cast, citizen, due, what="ringer til dig om din ansøgning", by=None, **more):
    return cases.make_promise(what=what, due=due, by=opened(by or cast.karen, citizen), **more)


def broken(cast, at, citizen, due=date(2026, 11, 19), **more):
    at(MONDAY - timedelta(days=10))
    promise = promised(cast, citizen, due, **more)
    at(MONDAY)
    return promise


def asked(citizen, words="Kan jeg få en rampe?", **more):
    return contact.ask(
        words=words, key=uuid.uuid4(), by=Visitor(Person.objects.get(pk=citizen.pk), uuid.uuid4()), **more
    )


def url_of(promise):
    return f"/arbejde/sag/{promise.case_id}/loefte/{promise.pk}/"


def text_of(response):
    """The words of a page as a reader sees them, with ordinary spaces."""
    import re

    body = re.sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[1].split("</main", 1)[0])
    return " ".join(body.replace("\u00a0", " ").replace("&nbsp;", " ").split())


# The desk


def test_the_desk_counts_today_and_names_the_one_who_does_not_know_why(cast, at, karen):
    broken(cast, at, cast.bo)
    for _ in range(3):
        promised(cast, cast.ida, MONDAY.date())
    shown = text_of(karen.get("/arbejde/"))
    assert "Godmorgen, Karen. Det er mandag 23. november." in shown
    assert "Tre løfter har frist i dag. Ét er brudt, og Bo ved ikke hvorfor endnu." in shown
    assert "Brudt for 4 dage siden" in shown


def test_once_it_is_explained_the_sentence_says_what_is_missing_instead(cast, at, karen):
    promise = broken(cast, at, cast.bo)
    cases.explain(promise=promise, words="Jeg var syg.", by=opened(cast.karen, cast.bo))
    assert "Ét brudt løfte til Bo mangler en ny dato." in text_of(karen.get("/arbejde/"))


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        ([], "Du har ingen løfter, der venter."),
        ([date(2026, 12, 11)], "Ingen løfter har frist i dag. Det næste er fredag 11. december, til Ida."),
        ([date(2026, 11, 23)], "Ét løfte har frist i dag."),
    ],
)
def test_a_calm_desk_says_so(cast, karen, due, sentence):
    for citizen in (cast.ida, cast.bo, cast.otto):
        cases.note_talk(words="Vi talte.", by=opened(cast.karen, citizen))
    for day in due:
        promised(cast, cast.ida, day)
    assert sentence in text_of(karen.get("/arbejde/"))


def test_the_desk_speaks_english_too(cast, at, karen):
    broken(cast, at, cast.bo)
    promised(cast, cast.ida, MONDAY.date())
    shown = text_of(karen.get("/arbejde/", headers={"accept-language": "en"}))
    assert "One promise is due today. One is broken, and Bo does not know why yet." in shown


def test_the_hours_of_the_unit_are_in_the_readers_language(karen):
    def shown(language):
        return text_of(karen.get("/arbejde/telefontid/", headers={"accept-language": language}))

    assert "Voksen og handicap, hverdage kl. 9 til 12." in shown("da")
    assert "Voksen og handicap, weekdays 9 to 12." in shown("en")
    assert "hverdage" not in shown("en")


def test_promises_of_people_and_clocks_of_the_system_stand_apart(cast, at, karen):
    promised(cast, cast.ida, MONDAY.date(), what="sender dig et brev")
    at(datetime(2026, 11, 19, 9, tzinfo=CPH))
    asked(cast.bo)
    at(MONDAY)
    shown = text_of(karen.get("/arbejde/"))
    people_made, clocks = shown.index("Sender dig et brev"), shown.index("Frister, der løber af sig selv")
    assert people_made < clocks < shown.index("»Kan jeg få en rampe?«")
    assert shown.count("»Kan jeg få en rampe?«") == 1


def test_each_row_has_one_button_and_only_the_most_urgent_is_filled(cast, at, karen):
    broken(cast, at, cast.bo)
    promised(cast, cast.ida, MONDAY.date())
    promised(cast, cast.ida, date(2026, 11, 25))
    asked(cast.ida)
    page = karen.get("/arbejde/").content.decode().split('<div class="desk ')[1].split("</main")[0]
    rows = page.split('class="desk-row')[1:]
    rows = [r for r in rows if r.startswith(('"', " "))]
    assert len(rows) >= 5
    assert all(r.split("</li>")[0].count('class="btn') == 1 for r in rows)
    assert page.count("btn-first") == 1
    assert "btn-first" in rows[0]


def test_a_promise_on_its_way_stands_behind_a_link(cast, karen):
    promised(cast, cast.ida, date(2026, 12, 11), what="sender dig et brev")
    shown = text_of(karen.get("/arbejde/"))
    assert "Se det løfte, der er på vej" in shown
    assert "Sender dig et brev" not in shown
    assert "Sender dig et brev" in text_of(karen.get("/arbejde/loefter/"))


def test_the_units_figure_needs_five_staff_and_nobody_has_one_of_their_own(cast, at, karen):
    at(MONDAY - timedelta(days=12))
    kept = [promised(cast, cast.ida, date(2026, 11, 13)) for _ in range(2)]
    late = promised(cast, cast.ida, date(2026, 11, 12))
    for promise in kept:
        cases.keep(promise=promise, by=opened(cast.karen, cast.ida))
    at(MONDAY)
    assert late.outcome == ""
    # Karen, Lotte, Lena and the administrator: four.
    assert "holdt de sidste 30 dage" not in text_of(karen.get("/arbejde/"))
    fifth = people.add_person(name="Rune Krogh", login="rune")
    people.employ(person=fifth, unit=cast.adult, role=Role.CASEWORKER, since=date(2026, 1, 1))
    assert "Voksen og handicap holdt de sidste 30 dage 2 af 3" in text_of(karen.get("/arbejde/"))


def test_the_load_is_shown_because_it_is_no_outcome(cast, karen):
    assert "Dine borgere 3 af højst 35" in text_of(karen.get("/arbejde/"))


def test_a_silence_is_told_before_fourteen_days_are_over_and_a_line_ends_it(cast, at, karen):
    # Everybody's last word is from 2021; a promise today is a word.
    promised(cast, cast.ida, date(2026, 12, 11))
    shown = text_of(karen.get("/arbejde/"))
    assert "Ring til Bo" in shown
    assert "Ring til Ida" not in shown
    karen.post(
        f"/arbejde/sag/{case_of(cast.bo)}/talt/", {"words": "Bo har det bedre og ringer selv på torsdag."}
    )
    assert "Ring til Bo" not in text_of(karen.get("/arbejde/"))
    at(MONDAY + timedelta(days=8))
    assert "Ring til Bo" not in text_of(karen.get("/arbejde/"))
    at(MONDAY + timedelta(days=13))
    assert "Bo Kristiansen 13 dage uden ord. Ellers er det hver 14. dag. 1 dag igen." in text_of(
        karen.get("/arbejde/")
    )
    at(MONDAY + timedelta(days=15))
    assert "Bo Kristiansen 15 dage uden ord." in text_of(karen.get("/arbejde/"))


def test_meetings_of_the_next_week_say_how_many_points_the_citizen_wrote(cast, karen):
    meeting = meets(cast, cast.ida)
    for words in ("Aftenerne", "Svømning"):
        plans.add_to_agenda(meeting=meeting, words=words, by=opened(cast.ida, cast.ida))
    assert "Ida har skrevet to punkter" in text_of(karen.get("/arbejde/"))


def meets(cast, citizen, starts=datetime(2026, 11, 26, 10, tzinfo=CPH), **more):
    return plans.plan_meeting(
        title="Idas hverdag", starts_at=starts, form="home", by=opened(cast.karen, citizen), **more
    )


def busy_desk(cast, at, n):
    """n citizens of Karen's, each with a broken promise, one for today, a request, a meeting and a need."""
    for i in range(n):
        citizen = people.add_person(name=f"Viggo Dahl{i}", login=f"viggo{i}", phone=f"2000{i:04}")
        at(MONDAY - timedelta(days=20))
        cases.open_case_for(citizen=citizen, unit=cast.adult, coordinator=cast.karen)
        broken(cast, at, citizen)
        promised(cast, citizen, MONDAY.date())
        promised(cast, citizen, date(2026, 12, 11))
        asked(citizen, words=f"Hvad sker der nu, nummer {i}?")
        meeting = meets(cast, citizen)
        plans.add_to_agenda(meeting=meeting, words="Turen", by=opened(citizen, citizen))
        Need.objects.create(person=citizen, words="Ring først", recorded_at=MONDAY)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/arbejde/", 12),
        ("/arbejde/loefter/", 12),
        ("/arbejde/borgere/", 12),
        ("/arbejde/find/?q=Viggo", 13),
        ("/arbejde/henvendelser/", 12),
        ("/arbejde/moeder/", 12),
    ],
)
def test_a_list_asks_the_database_a_few_times_however_long_it_is(cast, at, karen, address, most):
    """The search may also write its one line in the log."""
    busy_desk(cast, at, 6)
    karen.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        response = karen.get(address)
    assert response.status_code == 200
    assert "Viggo Dahl5" in response.content.decode()
    assert len(asked_for) <= most, "\n".join(q["sql"][:160] for q in asked_for)


def test_a_case_asks_at_most_twenty_times_also_with_a_long_past(cast, at, karen):
    busy_desk(cast, at, 1)
    citizen = Person.objects.get(login="viggo0")
    for i in range(12):
        promised(cast, citizen, date(2026, 12, 11), what=f"sender dig brev {i}")
    mine = opened(citizen, citizen)
    for key in ("wish", "home", "self", "around"):
        cases.write(about=f"area.{key}", whose=Voice.CITIZEN, words=f"Om {key}.", base=0, by=mine)
        cases.write(
            about=f"area.{key}",
            whose=Voice.PROFESSIONAL,
            words="Vi ser på det.",
            base=0,
            by=opened(cast.karen, citizen),
        )
    address = f"/arbejde/sag/{case_of(citizen)}/"
    karen.get(address)
    with CaptureQueriesContext(connection) as asked_for:
        assert karen.get(address).status_code == 200
    assert len(asked_for) <= 20, "\n".join(q["sql"][:160] for q in asked_for)


# Finding somebody


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ida", ["Ida Holm"]),
        ("Lærkevej", ["Ida Holm"]),
        ("20 00 01 03", ["Bo Kristiansen"]),
        ("holm ida", ["Ida Holm"]),
        ("mosevej 11", ["Bo Kristiansen"]),
        ("mona", []),
        ("o", ["Bo Kristiansen", "Ida Holm", "Otto Thorup"]),
    ],
)
def test_the_search_finds_ones_own_citizens_and_leaves_one_line(cast, karen, words, found):
    response = karen.get("/arbejde/find/", {"q": words})
    assert [r["name"] for r in response.context["rows"]] == found
    assert list(Search.objects.values_list("actor", "found")) == [(cast.karen.pk, len(found))]


def test_a_case_number_finds_its_citizen(cast, karen):
    pk = case_of(cast.otto)
    assert [r["name"] for r in karen.get("/arbejde/find/", {"q": f"sag {pk}"}).context["rows"]] == [
        "Otto Thorup"
    ]


def test_nobody_is_found_in_cases_one_does_not_work_in(cast, at, client):
    client.force_login(cast.petra)
    assert client.get("/arbejde/find/", {"q": "Bo"}).context["rows"] == []
    assert "Ingen af dine borgere passer til »Bo«." in text_of(client.get("/arbejde/find/", {"q": "Bo"}))
    client.force_login(cast.sune)
    assert client.get("/arbejde/find/", {"q": "Ida"}).context["rows"] == []


def test_the_list_tells_the_next_thing_for_each_citizen(cast, at, karen):
    broken(cast, at, cast.bo)
    meets(cast, cast.ida)
    promised(cast, cast.ida, date(2026, 12, 11))
    shown = text_of(karen.get("/arbejde/borgere/"))
    assert "Du arbejder sammen med 3 borgere." in shown
    assert "Brudt for 4 dage siden" in shown
    assert "Møde torsdag 26. november kl. 10" in shown
    assert "Intet er aftalt." in shown


# The case


def test_what_the_citizen_said_yes_to_stands_by_its_day_in_the_case(cast, karen):
    """Today is Monday 23 November: Wednesday is soon, the others are further on."""
    ida = opened(cast.ida, cast.ida)
    for what, day in (("bager", 30), ("ringer", 25), ("sover", 26)):
        cases.intend(case=ida.case, thread=ida.main_thread, what=what, due=date(2026, 11, day), by=cast.ida)
    case = karen.get(f"/arbejde/sag/{ida.pk}/")
    assert [p["what"] for p in case.context["theirs"]] == ["Ida ringer.", "Ida sover.", "Ida bager."]


def test_the_case_begins_with_what_happens_now_and_the_citizens_own_words(cast, karen):
    cases.write(
        about="area.wish",
        whose=Voice.CITIZEN,
        words="Jeg vil have kræfter til mine børn.",
        base=0,
        by=opened(cast.ida, cast.ida),
    )
    promised(cast, cast.ida, MONDAY.date(), due_time=time(15))
    shown = text_of(karen.get(f"/arbejde/sag/{case_of(cast.ida)}/"))
    assert shown.index("Lovet Ida til i dag: »Karen ringer til dig om din ansøgning.«") < shown.index(
        "»Jeg vil have kræfter"
    )
    assert "Det ønsker Ida sig:" in shown


def test_an_objection_follows_the_words_into_the_case_and_onto_the_desk(cast, at, karen):
    request = asked(cast.ida)
    version = TextVersion.objects.get(text__about=request.about)
    cases.object_to(version=version, words="Jeg spurgte om to ramper.", by=opened(cast.ida, cast.ida))
    for address in (
        "/arbejde/",
        "/arbejde/henvendelser/",
        f"/arbejde/sag/{case_of(cast.ida)}/",
        f"/arbejde/sag/{case_of(cast.ida)}/henvendelse/{request.pk}/",
    ):
        assert "Jeg spurgte om to ramper." in text_of(karen.get(address)), address


def test_petra_sees_her_thread_and_no_hint_of_the_rest(cast, at, client):
    case = case_of(cast.ida)
    promised(cast, cast.ida, date(2026, 12, 11), what="søger om førtidspension for dig")
    promised(cast, cast.ida, date(2026, 12, 11), what="finder en virksomhed", by=cast.lars)
    hers = promised(cast, cast.ida, date(2026, 12, 11), what="viser dig Flextur", by=cast.petra)
    cases.write(
        about="area.health",
        whose=Voice.CITIZEN,
        words="Hovedet gør ondt.",
        base=0,
        by=opened(cast.ida, cast.ida),
    )
    asked(cast.ida, words="Kun til Karen.")
    cases.share(part=Sharing.Part.MINUTES, to=cast.mona, by=opened(cast.ida, cast.ida))
    client.force_login(cast.petra)
    for address in (f"/arbejde/sag/{case}/", f"/arbejde/sag/{case}/sket/", "/arbejde/", "/arbejde/borgere/"):
        shown = text_of(client.get(address))
        for hidden in (
            "førtidspension",
            "virksomhed",
            "Hovedet gør ondt",
            "Kun til Karen",
            "fleksjob",
            "fortalt om sit liv",
            "Mona",
        ):
            assert hidden not in shown, (address, hidden)
    assert "viser dig Flextur" in text_of(client.get(f"/arbejde/sag/{case}/"))
    assert client.get(f"/arbejde/sag/{case}/liv/health/").status_code == 404
    others = Promise.objects.exclude(pk=hers.pk)
    assert {client.get(url_of(p)).status_code for p in others} == {404}


@pytest.mark.parametrize(
    "name", ["ida", "mona", "sune", "bo", "gerda", "lena", "hans", "yasmin", "lotte", "admin"]
)
def test_the_case_is_not_there_for_those_who_do_not_work_in_it(cast, at, client, name):
    promise = promised(cast, cast.ida, date(2026, 12, 11))
    meeting = meets(cast, cast.ida)
    request = asked(cast.ida)
    client.force_login(getattr(cast, name))
    base = f"/arbejde/sag/{case_of(cast.ida)}/"
    for rest in (
        "",
        "talt/",
        "sket/",
        "loefte/nyt/",
        f"loefte/{promise.pk}/",
        f"henvendelse/{request.pk}/",
        "liv/home/",
        "moede/nyt/",
        f"moede/{meeting.pk}/",
        f"moede/{meeting.pk}/forbered/",
        f"moede/{meeting.pk}/slut/",
    ):
        assert client.get(base + rest).status_code == 404, rest
        assert client.post(base + rest, {"do": "keep"}).status_code == 404, rest


def test_the_two_of_them_come_one_step_on_at_a_time(cast, karen):
    """B1: nobody jumps to the law before it is understood what is needed."""
    address = f"/arbejde/sag/{case_of(cast.ida)}/trin/"
    karen.post(address, {"step": "3"})
    assert Case.objects.get(citizen=cast.ida).step == Case.Step.UNDERSTAND
    shown = text_of(karen.post(address, {"step": "2"}, follow=True))
    assert "I er nu ved: Finde hjælp." in shown
    assert Case.objects.get(citizen=cast.ida).step == Case.Step.SHAPE_HELP


# What one may do with a promise


def test_a_promise_is_kept_and_one_is_back_at_the_desk(cast, karen):
    promise = promised(cast, cast.ida, MONDAY.date())
    response = karen.post(
        url_of(promise) + "?fra=bord", {"do": "keep", "keep-words": "Vi talte om bussen."}, follow=True
    )
    assert response.request["PATH_INFO"] == "/arbejde/"
    assert "Skrevet som gjort. Ida kan se det nu." in text_of(response)
    promise.refresh_from_db()
    assert (promise.outcome, promise.outcome_words) == ("kept", "Vi talte om bussen.")


def test_a_promise_is_moved_with_its_reason(cast, karen):
    promise = promised(cast, cast.ida, date(2026, 11, 25))
    karen.post(
        url_of(promise), {"do": "move", "move-due": "3/12/2026", "move-because": "Lægen svarer først da."}
    )
    promise.refresh_from_db()
    assert promise.due == date(2026, 12, 3)
    assert PromiseMove.objects.get().because == "Lægen svarer først da."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-11-22", "Den dag er gået. Vælg en dag, der kommer."),
        ("snart", "»snart« er ikke en dato. Skriv den som 3/12/2026."),
        ("31/2/2027", "»31/2/2027« er ikke en dato. Skriv den som 3/12/2026."),
        ("2026-11-25", "Det er den dag, der allerede står. Vælg en anden."),
    ],
)
def test_a_day_that_will_not_do_gets_a_sentence_and_nothing_typed_is_lost(cast, karen, typed, sentence):
    promise = promised(cast, cast.ida, date(2026, 11, 25))
    response = karen.post(
        url_of(promise), {"do": "move", "move-due": typed, "move-because": "Lægen svarer senere."}
    )
    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in text_of(response)
    assert 'value="Lægen svarer senere."' in page
    assert f'value="{typed}"' in page
    promise.refresh_from_db()
    assert promise.due == date(2026, 11, 25)
    assert not PromiseMove.objects.exists()


def test_a_move_without_a_reason_is_asked_for_one(cast, karen):
    promise = promised(cast, cast.ida, date(2026, 11, 25))
    response = karen.post(url_of(promise), {"do": "move", "move-due": "2026-12-03", "move-because": ""})
    assert response.status_code == 200
    assert not PromiseMove.objects.exists()
    assert 'value="2026-12-03"' in response.content.decode()


def test_a_broken_one_cannot_be_moved_but_explained_with_a_new_day(cast, at, karen):
    promise = broken(cast, at, cast.bo)
    assert "Forklar, hvad der skete" in text_of(karen.get(url_of(promise)))
    karen.post(url_of(promise), {"do": "move", "move-due": "2026-12-03", "move-because": "Ferie."})
    assert not PromiseMove.objects.exists()
    karen.post(
        url_of(promise),
        {
            "do": "explain",
            "explain-words": "Jeg glemte det. Det er min fejl.",
            "explain-new_due": "2026-11-25",
        },
    )
    assert Explanation.objects.get().words == "Jeg glemte det. Det er min fejl."
    assert Promise.objects.get(replaces=promise).due == date(2026, 11, 25)


def test_the_owner_warns_and_takes_back(cast, karen):
    warned, back = (promised(cast, cast.ida, date(2026, 12, 11)) for _ in range(2))
    karen.post(url_of(warned), {"do": "slip", "slip-because": "Vi venter på lægen."})
    karen.post(url_of(back), {"do": "withdraw", "withdraw-because": "Ida har selv fundet et."})
    warned.refresh_from_db()
    back.refresh_from_db()
    assert warned.slipping_because == "Vi venter på lægen."
    assert back.outcome == "withdrawn"


def test_only_the_owner_is_offered_to_act(cast, at, client):
    promise = promised(cast, cast.ida, date(2026, 12, 11), by=cast.lars)
    client.force_login(cast.lars)
    assert "Ja, det er gjort" in text_of(client.get(url_of(promise)))
    cases.join_thread(thread=promise.thread, person=cast.karen, role="caseworker")
    client.force_login(cast.karen)
    assert "Ja, det er gjort" not in text_of(client.get(url_of(promise)))
    client.post(url_of(promise), {"do": "keep"})
    promise.refresh_from_db()
    assert promise.outcome == ""


def test_a_new_promise_is_ones_own_word(cast, karen):
    typed = {"key": uuid.uuid4(), "what": "sender dig brevet", "due": "11.12.2026", "due_time": ""}
    url = f"/arbejde/sag/{case_of(cast.ida)}/loefte/nyt/"
    response = karen.post(url, typed, follow=True)
    karen.post(url, typed)  # the second of two quick clicks
    promise = Promise.objects.get()
    assert (promise.owner, promise.bound_by, promise.due) == (cast.karen, cast.karen, date(2026, 12, 11))
    assert "Lovet: Karen sender dig brevet. Senest fredag 11. december." in text_of(response)


def test_a_promise_for_yesterday_is_not_made(cast, karen):
    response = karen.post(
        f"/arbejde/sag/{case_of(cast.ida)}/loefte/nyt/",
        {"key": uuid.uuid4(), "what": "ringer", "due": "22-11-2026"},
    )
    assert "Den dag er gået." in text_of(response)
    assert not Promise.objects.exists()


# Requests


def lotte_asks_karen(cast, words="Min datter bliver 18. Hvad sker der så?"):
    lotte = Visitor(cast.lotte, uuid.uuid4())
    request = contact.write_down(
        words=words, channel="phone", key=uuid.uuid4(), name="Rie Holst", phone="20000777", by=lotte
    )
    return request, contact.hand_on(request=request, to=cast.karen, words="Er det ikke dig?", by=lotte)


def test_an_offered_request_is_taken_and_is_then_mine(cast, karen):
    request, handing = lotte_asks_karen(cast)
    case = f"/arbejde/sag/{request.case_id}/"
    assert "Lotte har den, til du tager den" in text_of(karen.get("/arbejde/"))
    assert karen.get(case).status_code == 404
    lists = [text_of(karen.get(url)) for url in ("/arbejde/", "/arbejde/henvendelser/")]
    assert not [page for page in lists if "Min datter" in page]
    # Nothing of hers is read yet, and nothing is written in her log; on the page of its own both.
    assert not Opening.objects.filter(citizen=request.case.citizen, actor=cast.karen).exists()
    for _twice in range(2):
        assert "»Min datter bliver 18. Hvad sker der så?«" in text_of(
            karen.get(f"/arbejde/henvendelser/tilbudt/{handing.pk}/")
        )
    seen = Opening.objects.get(citizen=request.case.citizen, actor=cast.karen)
    assert (seen.purpose, seen.unit_name) == ("request", "Voksen og handicap")
    response = karen.post(f"/arbejde/henvendelser/tilbudt/{handing.pk}/", {"do": "take"}, follow=True)
    # Three working days after Monday 23 November is Thursday the 26th.
    assert "Nu er den din. Rie hører fra dig senest torsdag 26. november." in text_of(response)
    request.refresh_from_db()
    assert request.owner == cast.karen
    assert karen.get(case).status_code == 200


def test_declining_takes_a_word_and_leaves_it_with_the_giver(cast, karen):
    request, handing = lotte_asks_karen(cast)
    address = f"/arbejde/henvendelser/tilbudt/{handing.pk}/"
    assert karen.post(address, {"do": "decline", "words": ""}).status_code == 200
    karen.post(address, {"do": "decline", "words": "Det er Familie og unge."})
    handing.refresh_from_db()
    request.refresh_from_db()
    assert (handing.answer, request.owner) == ("declined", cast.lotte)
    assert "Den er der ikke mere." in text_of(karen.get(address, follow=True))


def test_taking_twice_does_nothing_twice(cast, karen):
    _request, handing = lotte_asks_karen(cast)
    address = f"/arbejde/henvendelser/tilbudt/{handing.pk}/"
    karen.post(address, {"do": "take"})
    assert "Du har allerede svaret på den." in text_of(karen.post(address, {"do": "take"}, follow=True))


@pytest.mark.parametrize("name", ["lotte", "sune", "petra"])
def test_an_offer_is_there_for_its_receiver_alone(cast, at, client, name):
    _request, handing = lotte_asks_karen(cast)
    client.force_login(getattr(cast, name))
    assert client.get(f"/arbejde/henvendelser/tilbudt/{handing.pk}/").status_code == 404
    assert client.post(f"/arbejde/henvendelser/tilbudt/{handing.pk}/", {"do": "take"}).status_code == 404


def test_an_answer_stands_beside_the_words_and_ends_the_clock(cast, karen):
    request = asked(cast.bo)
    address = f"/arbejde/sag/{request.case_id}/henvendelse/{request.pk}/"
    response = karen.post(
        address, {"do": "answer", "answer-words": "Ja. Jeg kommer og måler op."}, follow=True
    )
    shown = text_of(response)
    assert "Bo har fået svar." in shown
    assert shown.index("»Kan jeg få en rampe?«") < shown.index("Ja. Jeg kommer og måler op.")
    request.promise.refresh_from_db()
    assert request.promise.outcome == "kept"
    again = karen.post(address, {"do": "answer", "answer-words": "Noget andet."})
    assert "Henvendelsen er allerede besvaret." in text_of(again)


def test_an_empty_answer_is_not_sent(cast, karen):
    request = asked(cast.bo)
    response = karen.post(
        f"/arbejde/sag/{request.case_id}/henvendelse/{request.pk}/", {"do": "answer", "answer-words": " "}
    )
    assert response.status_code == 200
    request.refresh_from_db()
    assert request.answered_at is None


def test_handing_on_stays_mine_until_it_is_taken_and_can_be_called_back(cast, karen):
    request = asked(cast.bo)
    address = f"/arbejde/sag/{request.case_id}/henvendelse/{request.pk}/"
    shown = text_of(
        karen.post(
            address,
            {"do": "hand-on", "hand-to": str(cast.sune.pk), "hand-words": "Noget om job."},
            follow=True,
        )
    )
    assert "Sune er spurgt. Den er din, til Sune har taget den." in shown
    assert "Du har den, til Sune tager den." in shown
    assert "din, til Sune tager den" in text_of(karen.get("/arbejde/"))
    karen.post(address, {"do": "call-back"})
    assert HandingOn.objects.get().answer == "called_back"
    bad = karen.post(address, {"do": "hand-on", "hand-to": "999999"})
    assert bad.status_code == 200
    assert HandingOn.objects.count() == 1


# Written down by phone


def note(client, **fields):
    return client.post(
        "/arbejde/henvendelser/ny/",
        {
            "key": str(uuid.uuid4()),
            "words": "Elevatoren er i stykker igen.",
            "name": "",
            "phone": "",
            "channel": "phone",
            **fields,
        },
        follow=True,
    )


def test_a_call_from_somebody_i_know_needs_words_and_a_name(cast, karen):
    response = note(karen, name="bo kristiansen")
    request = Request.objects.get()
    assert (request.case.citizen, request.owner, request.channel) == (cast.bo, cast.karen, "phone")
    assert "Du har den, til en anden tager den. Bo hører fra dig senest torsdag 26. november." in text_of(
        response
    )
    assert "»Elevatoren er i stykker igen.«" in text_of(response)


def test_a_call_from_somebody_new_needs_a_phone_number(cast, karen):
    response = note(karen, name="Kaj Bruun")
    assert "Skriv navn og telefonnummer, så vi kan ringe tilbage." in text_of(response)
    assert "Elevatoren er i stykker igen." in text_of(response)
    assert not Request.objects.exists()
    note(karen, name="Kaj Bruun", phone="20 00 08 88")
    assert Request.objects.get().case.citizen.phone == "20000888"


def test_half_a_name_is_asked_about_with_the_likeliest_chosen(cast, karen):
    response = note(karen, name="Otto")
    assert not Request.objects.exists()
    who = response.context["who"]
    assert who["citizen"].initial == str(case_of(cast.otto))
    note(karen, name="Otto", citizen=str(case_of(cast.otto)))
    assert Request.objects.get().case.citizen == cast.otto


def test_somebody_else_of_the_same_name_is_not_put_in_my_citizens_case(cast, karen):
    response = note(karen, name="Bo Kristiansen", phone="20000999")
    assert not Request.objects.exists()
    assert response.context["who"] is not None
    note(karen, name="Bo Kristiansen", phone="20000999", citizen="0")
    assert Request.objects.get().case.citizen != cast.bo


def test_pressed_twice_it_is_written_once(cast, karen):
    key = str(uuid.uuid4())
    for _ in range(2):
        note(karen, name="Bo Kristiansen", key=key)
    assert Request.objects.count() == 1


def test_from_a_citizens_page_the_name_is_filled_in(cast, karen):
    response = karen.get("/arbejde/henvendelser/ny/", {"borger": case_of(cast.ida)})
    assert 'value="Ida Holm"' in response.content.decode()
    stranger = karen.get("/arbejde/henvendelser/ny/", {"borger": "999999"})
    assert stranger.context["chosen"] is None


# Voices


def life(cast, citizen, key="home"):
    return f"/arbejde/sag/{case_of(citizen)}/liv/{key}/"


def test_my_words_stand_beside_the_citizens_and_hers_stay_hers(cast, karen):
    cases.write(
        about="area.home",
        whose=Voice.CITIZEN,
        words="Gulvene kan jeg ikke klare.",
        base=0,
        by=opened(cast.ida, cast.ida),
    )
    shown = text_of(
        karen.post(
            life(cast, cast.ida),
            {"do": "own", "own-base": 0, "own-words": "Vi ser på hjælp til gulve."},
            follow=True,
        )
    )
    assert shown.index("»Gulvene kan jeg ikke klare.«") < shown.index("Vi ser på hjælp til gulve.")
    refused = karen.post(
        life(cast, cast.ida), {"do": "propose", "propose-base": 1, "propose-words": "Alt er fint."}
    )
    assert "De ord hører til den anden." in text_of(refused)
    assert TextVersion.objects.filter(text__whose=Voice.CITIZEN).count() == 1


def test_words_written_for_the_citizen_are_a_proposal(cast, karen):
    shown = text_of(
        karen.post(
            life(cast, cast.ida),
            {"do": "propose", "propose-base": 0, "propose-words": "Jeg kan ikke løfte."},
            follow=True,
        )
    )
    assert "Karen har skrevet det. Ida har ikke sagt endnu, om det er rigtigt." in shown
    assert TextVersion.objects.get().confirmed_at is None


def test_two_who_write_the_same_text_both_keep_their_words(cast, at, client):
    """B2: nothing that anybody wrote is lost, and the second one is shown both."""
    case = Case.objects.get(citizen=cast.ida)
    cases.join_thread(thread=case.threads.get(is_main=True), person=cast.lotte, role="caseworker")
    client.force_login(cast.lotte)
    client.post(life(cast, cast.ida), {"do": "own", "own-base": 0, "own-words": "Lotte så en trappe."})
    client.force_login(cast.karen)
    response = client.post(
        life(cast, cast.ida), {"do": "own", "own-base": 0, "own-words": "Karen så en elevator."}
    )
    shown = text_of(response)
    assert "En anden har skrevet her imens." in shown
    assert "Lotte så en trappe." in shown
    assert "Karen så en elevator." in shown
    assert TextVersion.objects.count() == 1
    together = client.post(
        life(cast, cast.ida), {"do": "own-both", "own-base": 1, "own-words": "Karen så en elevator."}
    )
    assert together.context["forms"]["own"]["words"].value() == "Lotte så en trappe.\n\nKaren så en elevator."
    assert TextVersion.objects.count() == 1
    client.post(
        life(cast, cast.ida), {"do": "own", "own-base": 1, "own-words": "Der er både trappe og elevator."}
    )
    assert list(TextVersion.objects.order_by("number").values_list("words", flat=True)) == [
        "Lotte så en trappe.",
        "Der er både trappe og elevator.",
    ]


def test_an_agreed_text_needs_both(cast, karen):
    karen.post(life(cast, cast.ida), {"do": "agreed", "agreed-words": "Vi prøver hjælp til gulve."})
    shown = text_of(karen.get(life(cast, cast.ida)))
    assert "Karen foreslår, at vi skriver" in shown
    assert "Det er vi enige om" not in shown


def test_i_say_yes_to_what_the_citizen_proposed(cast, karen):
    proposed = cases.propose_agreed(
        about="area.home", words="Jeg får hjælp til gulve.", by=opened(cast.ida, cast.ida)
    )
    shown = text_of(karen.post(life(cast, cast.ida), {"do": "agree", "agreed": proposed.pk}, follow=True))
    assert "Det er vi enige om" in shown
    proposed.refresh_from_db()
    assert proposed.is_agreed
    assert karen.post(life(cast, cast.ida), {"do": "agree", "agreed": "999999"}).status_code == 404


def test_a_place_in_life_that_is_not_there_is_not_there(cast, karen):
    assert karen.get(life(cast, cast.ida, "money")).status_code == 404


# Meetings


def plan_fields(**more):
    return {
        "title": "Idas hverdag",
        "day": "26/11/2026",
        "hour": "10",
        "minutes_long": "60",
        "form": "home",
        "place": "",
        "purpose": "",
        **more,
    }


def thread_of(person):
    return Member.objects.get(person=person).thread


def test_a_meeting_is_planned_with_those_who_come_along(cast, karen):
    response = karen.post(
        f"/arbejde/sag/{case_of(cast.ida)}/moede/nyt/",
        plan_fields(others=[str(cast.mona.pk)], joint=[str(thread_of(cast.petra).pk)], joint_yes="on"),
        follow=True,
    )
    meeting = Meeting.objects.get()
    assert meeting.starts_at == datetime(2026, 11, 26, 10, tzinfo=CPH)
    assert set(meeting.attendees.values_list("name", flat=True)) == {
        "Ida Holm",
        "Karen Damsgaard",
        "Petra Lund",
        "Mona Holm",
    }
    assert "Mødet er aftalt. Ida får besked." in text_of(response)
    assert "Først det, Ida har på hjerte" in text_of(response)


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("2026-11-22", "10", "Det tidspunkt er gået."),
        ("2026-11-23", "08:00", "Det tidspunkt er gået."),
        ("engang", "10", "»engang« er ikke en dato."),
        ("2026-11-26", "tidligt", "»tidligt« er ikke et klokkeslæt."),
    ],
)
def test_a_time_that_will_not_do_gets_a_sentence(cast, karen, day, hour, sentence):
    response = karen.post(f"/arbejde/sag/{case_of(cast.ida)}/moede/nyt/", plan_fields(day=day, hour=hour))
    assert sentence in text_of(response)
    assert not Meeting.objects.exists()
    assert 'value="Idas hverdag"' in response.content.decode()


def test_a_stranger_cannot_be_put_on_the_list_of_those_who_come(cast, karen):
    response = karen.post(
        f"/arbejde/sag/{case_of(cast.ida)}/moede/nyt/", plan_fields(others=[str(cast.bo.pk)])
    )
    assert response.status_code == 200
    assert not Meeting.objects.exists()


def there(meeting, rest=""):
    return f"/arbejde/sag/{meeting.case_id}/moede/{meeting.pk}/{rest}"


def test_each_side_takes_off_only_its_own_points(cast, karen):
    meeting = meets(cast, cast.ida)
    karen.post(there(meeting), {"do": "point", "point-words": "Papirer fra lægen"})
    hers = plans.add_to_agenda(meeting=meeting, words="Svømning", by=opened(cast.ida, cast.ida))
    mine = meeting.agenda.get(words="Papirer fra lægen")
    karen.post(there(meeting), {"do": "off", "item": hers.pk})
    karen.post(there(meeting), {"do": "off", "item": mine.pk})
    hers.refresh_from_db()
    mine.refresh_from_db()
    assert hers.removed_at is None
    assert mine.removed_at is not None


def test_a_meeting_is_moved_and_called_off_with_a_reason(cast, karen):
    meeting = meets(cast, cast.ida)
    karen.post(
        there(meeting),
        {"do": "move", "move-day": "2026-11-27", "move-hour": "13.30", "move-because": "Jeg er syg."},
    )
    meeting.refresh_from_db()
    assert meeting.starts_at == datetime(2026, 11, 27, 13, 30, tzinfo=CPH)
    assert "Jeg er syg" in Note.objects.get(kind="meeting_moved").words
    assert karen.post(there(meeting), {"do": "cancel", "cancel-because": ""}).status_code == 200
    karen.post(there(meeting), {"do": "cancel", "cancel-because": "Ida er på hospitalet."})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancelled_because) == ("cancelled", "Ida er på hospitalet.")
    shown = text_of(karen.post(there(meeting), {"do": "point", "point-words": "For sent"}))
    assert "Mødet er aflyst." in shown


def test_the_preparation_shows_since_last_time_needs_and_the_citizens_points(cast, at, karen):
    """C10"""
    at(datetime(2026, 11, 2, 9, tzinfo=CPH))
    old = meets(cast, cast.ida, datetime(2026, 11, 3, 10, tzinfo=CPH))
    at(datetime(2026, 11, 3, 11, tzinfo=CPH))
    plans.end(
        meeting=old,
        next_time=plans.Next(datetime(2026, 11, 26, 10, tzinfo=CPH), "home"),
        by=opened(cast.karen, cast.ida),
    )
    kept = promised(cast, cast.ida, date(2026, 11, 12), what="sender dig brevet")
    cases.keep(promise=kept, by=opened(cast.karen, cast.ida))
    at(MONDAY)
    meeting = Meeting.objects.get(state="planned")
    plans.add_to_agenda(meeting=meeting, words="Aftenerne med børnene", by=opened(cast.ida, cast.ida))
    Need.objects.create(person=cast.ida, words="Hold pause hvert kvarter", recorded_at=MONDAY)
    shown = text_of(karen.get(there(meeting, "forbered/")))
    for words in (
        "»Aftenerne med børnene«",
        "Hold pause hvert kvarter",
        "Karen sender dig brevet.",
        "Karen holdt, hvad der var lovet: sender dig brevet.",
        "Referatet fra tirsdag 3. november",
    ):
        assert words in shown, words


def test_ending_asks_for_the_next_time_or_why_not(cast, karen):
    """C6"""
    meeting = meets(cast, cast.ida)
    response = karen.post(
        there(meeting, "slut/"),
        {
            "do": "end",
            "held_today": "on",
            "day": "",
            "hour": "",
            "form": "home",
            "minutes_long": "60",
            "why_no_next": "",
        },
    )
    assert "Vælg, hvornår vi ses igen, eller skriv, hvorfor vi ikke skal." in text_of(response)
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    response = karen.post(
        there(meeting, "slut/"),
        {
            "do": "end",
            "held_today": "on",
            "day": "2026-12-17",
            "hour": "10.00",
            "form": "home",
            "minutes_long": "45",
            "why_no_next": "",
        },
        follow=True,
    )
    meeting.refresh_from_db()
    assert meeting.next_meeting.starts_at == datetime(2026, 12, 17, 10, tzinfo=CPH)
    assert meeting.next_meeting.minutes_long == 45
    assert "I ses igen torsdag 17. december kl. 10" in text_of(response)


def test_a_meeting_closed_twice_is_closed_once(cast, karen):
    meeting = meets(cast, cast.ida)
    fields = {
        "do": "end",
        "held_today": "on",
        "day": "",
        "hour": "",
        "form": "home",
        "minutes_long": "60",
        "why_no_next": "Ida vil selv ringe.",
    }
    karen.post(there(meeting, "slut/"), fields)
    again = karen.post(there(meeting, "slut/"), fields, follow=True)
    assert "Mødet er allerede afsluttet." in text_of(again)
    assert meeting.snapshots.count() == 1


def test_an_agreement_without_a_day_is_named_and_stops_the_ending(cast, karen):
    meeting = meets(cast, cast.ida)
    by = opened(cast.karen, cast.ida)
    agreement = plans.agree_on(
        meeting=meeting, side="municipality", owner=cast.karen, what="spørger lægen", due=None, by=by
    )
    dropped = plans.agree_on(
        meeting=meeting, side="citizen", owner=cast.ida, what="spørger Bente", due=None, by=by
    )
    fields = {
        "do": "end",
        "held_today": "on",
        "day": "",
        "hour": "",
        "form": "home",
        "minutes_long": "60",
        "why_no_next": "Vi ringes ved.",
    }
    shown = text_of(karen.post(there(meeting, "slut/"), fields))
    assert "2 aftaler mangler en dag" in shown
    assert "spørger lægen" in shown
    day = f"day-{agreement.pk}"
    bad = text_of(karen.post(there(meeting, "slut/"), {"do": day, f"{day}-due": "i går"}))
    assert "»i går« er ikke en dato." in bad
    karen.post(there(meeting, "slut/"), {"do": day, f"{day}-due": "3/12/2026"})
    karen.post(there(meeting, "slut/"), {"do": f"drop-{dropped.pk}"})
    karen.post(there(meeting, "slut/"), fields)
    meeting.refresh_from_db()
    agreement.refresh_from_db()
    assert meeting.state == "ended"
    assert agreement.promise.due == date(2026, 12, 3)


def test_what_another_wrote_down_for_me_waits_for_my_yes_on_my_desk(cast, at, client):
    meeting = meets(cast, cast.ida, others=[(cast.petra, cast.petra.name, "")])
    plans.agree_on(
        meeting=meeting,
        side="municipality",
        owner=cast.petra,
        what="prøver turen",
        due=date(2026, 12, 3),
        by=opened(cast.karen, cast.ida),
    )
    client.force_login(cast.petra)
    assert "Venter på dit ja" in text_of(client.get("/arbejde/"))
    agreement = meeting.agreements.get()
    read = {"do": "yes", "agreement": agreement.pk, "due": "2026-12-03"}
    shown = text_of(client.post(there(meeting), read, follow=True))
    assert "Dit ja er gemt." in shown
    assert Promise.objects.get().bound_by == cast.petra


def test_both_answers_stand_by_the_minutes(cast, karen):
    """C4"""
    meeting = meets(cast, cast.ida)
    snapshot = plans.end(
        meeting=meeting, next_time=None, why_no_next="Ida ringer.", by=opened(cast.karen, cast.ida)
    )
    plans.answer_minutes(
        snapshot=snapshot,
        digest=snapshot.digest,
        is_yes=False,
        words="Vi talte også om bussen.",
        by=opened(cast.ida, cast.ida),
    )
    stale = karen.post(
        there(meeting), {"do": "minutes", "minutes-digest": "x", "minutes-answer": "yes", "minutes-words": ""}
    )
    assert "Referatet er ændret, siden du åbnede det." in text_of(stale)
    missing = karen.post(
        there(meeting),
        {"do": "minutes", "minutes-digest": snapshot.digest, "minutes-answer": "no", "minutes-words": ""},
    )
    assert "Der står ikke noget endnu." in text_of(missing)
    shown = text_of(
        karen.post(
            there(meeting),
            {
                "do": "minutes",
                "minutes-digest": snapshot.digest,
                "minutes-answer": "yes",
                "minutes-words": "",
            },
            follow=True,
        )
    )
    assert "Vi talte også om bussen." in shown
    assert "Karen har sagt ja" in shown


def test_texts_are_none_of_ours_to_lose(cast, karen):
    """A form that is answered with a sentence carries everything that was typed."""
    request = asked(cast.bo)
    contact.answer(request=request, words="Ja.", by=opened(cast.karen, cast.bo))
    response = karen.post(
        f"/arbejde/sag/{request.case_id}/henvendelse/{request.pk}/",
        {"do": "answer", "answer-words": "Et langt svar, jeg lige skrev."},
    )
    assert "Henvendelsen er allerede besvaret." in text_of(response)
    assert "Et langt svar, jeg lige skrev." in text_of(response)
    assert Text.objects.filter(whose=Voice.PROFESSIONAL).count() == 1
