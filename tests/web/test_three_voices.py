"""Three voices on the pages of a child's life (B2, B10); and whoever acts for somebody is named wherever it stands."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Text, Voice
from medspil.people import actions as people
from medspil.people.models import Mandate
from medspil.plans import actions as plans
from medspil.plans import goals, minutes
from medspil.project.demo.cast import opened
from medspil.web import plan


@pytest.fixture
def alba(cast):
    alba = people.add_person(login="alba", name="Alba Steen")
    mother = people.add_person(login="vibeke", name="Vibeke Steen")
    people.give_mandate(actor=mother, citizen=alba, kind=Mandate.Kind.PARENT, ground="Forældremyndighed")
    cases.open_case_for(citizen=alba, unit=cast.adult, coordinator=cast.karen)
    return alba, mother


def write(by, words, whose, about="area.together"):
    return cases.write(about=about, whose=whose, words=words, base=None, by=by)


def read(client, person, name, *args):
    client.force_login(person)
    html = client.get(reverse(name, args=args)).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").split())


def send(client, person, data, name, *args):
    client.force_login(person)
    return client.post(reverse(name, args=args), data)


def in_order(page, *words):
    places = [page.find(one) for one in words]
    assert -1 not in places, (words, page)
    assert places == sorted(places), (words, page)


def test_on_every_page_the_child_stands_first_then_her_mother_then_we(client, cast, alba):
    child, mother = alba
    karen, hers = opened(cast.karen, child), opened(mother, child)
    pk = karen.pk
    write(karen, "Alba søger ro.", Voice.PROFESSIONAL)
    write(hers, "Hun griner med én ad gangen.", Voice.RELATIVE)
    write(opened(child, child), "Sofie må gynge med.", Voice.CITIZEN)
    for who, name in ((child, "case-area"), (mother, "case-area"), (cast.karen, "work-area")):
        page = read(client, who, name, pk, "together")
        in_order(
            page, "»Sofie må gynge med.«", "Vibeke synes", "Hun griner med én", "Karen skrev", "Alba søger"
        )
    for who, name in ((child, "case-my-plan"), (mother, "case-my-life"), (cast.karen, "work-plan")):
        in_order(read(client, who, name, pk), "»Sofie må gynge med.«", "Vibeke synes", "Hun griner med én")
    (together,) = (
        one
        for one in plan.sheet(hers, plan.CITIZEN, "da", toned=False)["places"]
        if one["name"] == "Være sammen med andre"
    )
    assert together["voice"]["words"] == "Sofie må gynge med."
    assert together["beside"] == [{"by": "Vibeke synes", "words": "Hun griner med én ad gangen."}]
    client.force_login(mother)
    assert client.get(reverse("plan-file", args=[pk])).content.startswith(b"%PDF")


def test_what_a_parent_types_lands_in_their_own_place(client, cast, alba):
    child, mother = alba
    pk = opened(mother, child).pk
    assert "Er det rigtigt" not in read(client, mother, "case-area", pk, "home")
    send(client, mother, {"base": "0", "words": "Hun hjælper til."}, "case-area", pk, "home")
    assert Text.objects.get(about="area.home").whose == Voice.RELATIVE
    page = read(client, mother, "case-area", pk, "home")
    in_order(page, "Alba har ikke skrevet noget her endnu.", "Vibeke synes", "Sådan ser Vibeke det")
    assert "Det ser jeg anderledes" not in page, "nobody objects to their own words"
    assert "Det ser jeg anderledes" in read(client, child, "case-area", pk, "home")
    # What only the child may say of themselves is not asked of a parent, and not taken from one.
    assert "Vælg selv tegnet i planen" not in page
    assert send(client, mother, {"says": "hard"}, "area-mark", pk, "home").status_code == 404
    assert send(client, mother, {"says": "grey"}, "how-is-life", pk).status_code == 404
    key = str(uuid.uuid4())
    send(client, mother, {"key": key, "words": "At hun får en ven.", "horizon": "year"}, "goal-new", pk)
    in_order(read(client, mother, "case-my-plan", pk), "Vibeke synes", "At hun får en ven.")


def test_what_karen_wrote_for_the_child_is_asked_of_the_child_alone(client, cast, alba):
    child, mother = alba
    karen = opened(cast.karen, child)
    version = write(karen, "Jeg vil gynge.", Voice.CITIZEN)
    asked, not_asked = (
        "Karen har skrevet det. Er det rigtigt?",
        "Alba har ikke sagt endnu, om det er rigtigt.",
    )
    assert asked in read(client, child, "case-area", karen.pk, "together")
    page = read(client, mother, "case-area", karen.pk, "together")
    assert not_asked in page
    assert asked not in page
    send(client, mother, {}, "area-confirm", karen.pk, "together", version.pk)
    version.refresh_from_db()
    assert version.confirmed_at is None


def test_words_kept_from_the_parents_leave_no_trace_beside_theirs(client, cast, alba):
    child, mother = alba
    karen = opened(cast.karen, child)
    cases.write(
        about="area.home", whose=Voice.CITIZEN, words="De skændes.", base=0, kept_close=True, by=karen
    )
    write(opened(mother, child), "Vi har det godt.", Voice.RELATIVE, "area.home")
    page = read(client, mother, "case-area", karen.pk, "home")
    assert "De skændes" not in page
    assert "Kun til" not in page
    assert "De skændes" in read(client, cast.karen, "work-area", karen.pk, "home")


def test_gerda_is_named_wherever_what_she_wrote_for_otto_stands(client, cast):
    gerda = opened(cast.gerda, cast.otto)
    write(gerda, "Jeg vil køre bus.", Voice.CITIZEN, "area.around")
    goals.make_goal(wish="En tur til havet.", horizon="year", key=uuid.uuid4(), by=gerda)
    mark = "Skrevet af Gerda for Otto."
    page = read(client, cast.gerda, "case-area", gerda.pk, "around")
    assert page.count(mark) == 1
    assert "har sagt, at det er rigtigt skrevet" not in page
    assert read(client, cast.gerda, "case-my-plan", gerda.pk).count(mark) == 2
    sheet = plan.sheet(gerda, plan.CITIZEN, "da", toned=False)
    assert [one["voice"]["note"] for one in sheet["places"] if one["voice"]] == [mark]
    assert sheet["goals"][0]["voice"]["note"] == mark


def test_no_page_of_a_childs_plan_counts_two_where_there_are_three(client, cast, alba):
    child, mother = alba
    karen, hers = opened(cast.karen, child), opened(mother, child)
    pk = karen.pk
    write(karen, "Alba søger ro.", Voice.PROFESSIONAL)
    write(hers, "Hun griner.", Voice.RELATIVE)
    assert "Mangler ord fra Alba" in read(client, cast.karen, "work-case", pk)
    write(opened(child, child), "Sofie må gynge med.", Voice.CITIZEN)
    pages = [
        (who, name)
        for who, names in (
            (child, ("case-my-plan", "case-my-life", "case-board")),
            (mother, ("case-my-plan", "case-my-life", "case-board")),
            (cast.karen, ("work-case", "work-plan", "work-board")),
        )
        for name in names
    ]
    for who, name in pages:
        page = read(client, who, name, pk).lower()
        for counted in (" to stemmer", "begge har", "os begge", "jer begge", "kun vi har"):
            assert counted not in page, (name, counted)
    assert "Alle har skrevet" in read(client, cast.karen, "work-case", pk)


def test_a_mother_answers_the_minutes_beside_her_child_and_not_for_her(client, cast, alba):
    child, mother = alba
    karen = opened(cast.karen, child)
    held = plans.plan_meeting(
        title="Mødet", starts_at=clock.now() + timedelta(minutes=5), form="home", by=karen
    )
    plans.begin(meeting=held, by=karen)
    minutes.say(meeting=held, item=held.agenda.get().key, voice="professional", words="Vi ringer.", by=karen)
    snapshot = plans.end(meeting=held, next_time=None, why_no_next="Alba vil ikke.", by=karen)

    def answers(person, **more):
        typed = {"snapshot": snapshot.pk, "digest": snapshot.digest, **more}
        assert send(client, person, typed, "meeting", karen.pk, held.pk).status_code == 302

    answers(child, answer="yes")
    answers(mother, answer="no", words="Vi talte også om bussen.")
    for person, name in ((child, "meeting"), (mother, "meeting"), (cast.karen, "work-meeting")):
        page = read(client, person, name, karen.pk, held.pk)
        assert "Vi talte også om bussen." in page
        assert "»Vi talte også om bussen.«" not in page, "only the child's own words are quoted as hers"
    assert "Du har sagt ja til referatet." in read(client, child, "meeting", karen.pk, held.pk)
    page = read(client, mother, "meeting", karen.pk, held.pk)
    in_order(page, "Alba har sagt ja til referatet.", "Du husker noget anderledes.", "Svar igen")
    in_order(
        read(client, cast.karen, "work-meeting", karen.pk, held.pk),
        "Alba Har sagt ja",
        "Vibeke Husker det anderledes",
        "Kommunen Har ikke svaret endnu.",
    )
