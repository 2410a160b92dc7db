"""Pages of what is seen differently, waited for and wanted: B1, B5, B8, B9 and B12 without a browser."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.closeness import choose
from medspil.cases.models import Case, Footing
from medspil.plans import actions as plans
from medspil.plans import disagreeing, goals, my_life, waiting
from medspil.plans.models import Disagreement, LifeSign, Waiting
from medspil.project.demo.cast import opened
from medspil.rhythm.models import Asked

pytestmark = pytest.mark.django_db


def own(cast, name, *keys):
    return reverse(name, args=[Case.objects.get(citizen=cast.ida).pk, *keys])


def text(response):
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def waited(cast, **more):
    return waiting.wait_for(
        **{
            "what": "Svar om hånden",
            "whence": "health",
            "from_whom": "Sygehuset",
            "until": clock.today() + timedelta(days=9),
            "why": "De undersøger den.",
            "meanwhile": "Petra kommer som før.",
            "key": uuid.uuid4(),
            "by": opened(cast.karen, cast.ida),
            **more,
        }
    )


def test_both_first_pages_tell_what_is_open_and_nothing_when_there_is_nothing(client, cast):
    for who, name in ((cast.ida, "case"), (cast.karen, "work-case")):
        client.force_login(who)
        assert "Her er vi ikke enige" not in text(client.get(own(cast, name)))
    # So that no two rows of different tables share a number.
    for _n in range(3):
        own_word = cases.make_promise(
            what="ringer", due=clock.today() + timedelta(days=2), by=opened(cast.petra, cast.ida)
        )
    disagreeing.disagree(
        topic="Turen til svømning", words="Nej.", key=uuid.uuid4(), by=opened(cast.ida, cast.ida)
    )
    assert disagreeing.steps_of(opened(cast.ida, cast.ida), Disagreement.objects.get())[0] != own_word
    waited(cast)
    for who, name in ((cast.ida, "case"), (cast.karen, "work-case"), (cast.ida, "case-my-plan")):
        client.force_login(who)
        page = text(client.get(own(cast, name)))
        assert "Her er vi ikke enige" in page
        assert "Turen til svømning" in page
        assert "Det står Karen Damsgaard for." in page
        assert "Svar om hånden" in page
        assert "Fra Sygehuset, senest" in page


def test_the_page_says_that_the_time_for_complaining_runs_on_and_who_helps(client, cast):
    found = disagreeing.disagree(topic="Turen", words="Nej.", key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    client.force_login(cast.ida)
    page = text(client.get(own(cast, "disagreement", found.pk)))
    assert "Fristen for at klage løber også, mens vi taler sammen." in page
    assert cast.yasmin.name in page
    assert "Hvilket dilemma" not in page
    client.force_login(cast.karen)
    assert "Hvilket dilemma" in text(client.get(own(cast, "work-disagreement", found.pk)))


def test_it_is_raised_from_a_goal_an_area_and_an_agreement(client, cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    goal = goals.make_goal(wish="Svømme.", horizon="month", area="around", key=uuid.uuid4(), by=ida)
    now = clock.now()
    with clock.held_at(now - timedelta(hours=5)):
        held = plans.plan_meeting(title="Om turen", starts_at=now - timedelta(hours=4), form="home", by=karen)
        agreed = plans.agree_on(
            meeting=held,
            side="municipality",
            owner=cast.karen,
            what="spørger Flextur",
            due=clock.today() + timedelta(days=4),
            by=karen,
        )
    plans.end(meeting=held, next_time=None, why_no_next="Vi ringes ved.", by=karen)
    client.force_login(cast.ida)
    for page, source in (
        (own(cast, "goal", goal.pk), f"goal.{goal.pk}"),
        (own(cast, "case-area", "home"), "area.home"),
        (own(cast, "meeting", held.pk), f"meeting.{held.pk}"),
    ):
        assert f"?om={source}" in text(client.get(page))
    new = own(cast, "disagree")
    page = text(client.get(f"{new}?om=meeting.{held.pk}"))
    assert f'value="agreement.{agreed.pk}"' in page
    answer = client.post(
        new,
        {"key": uuid.uuid4(), "source": f"agreement.{agreed.pk}", "topic": "Turen", "words": "Ikke med bus."},
    )
    made = Disagreement.objects.get()
    assert answer["Location"] == own(cast, "disagreement", made.pk)
    assert made.source == f"agreement.{agreed.pk}"
    bos = client.get(f"{new}?om=goal.{goal.pk + 5}")
    assert bos.status_code == 404


def test_who_wants_only_to_be_told_is_asked_nothing(client, cast):
    ida = opened(cast.ida, cast.ida)
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    Asked.objects.create(person=cast.ida, month=month, audience="citizen", unit="voksen")
    met = plans.plan_meeting(
        title="Mødet", starts_at=clock.now() + timedelta(days=2), form="home", by=opened(cast.karen, cast.ida)
    )
    client.force_login(cast.ida)
    asks = {
        "case": ["Gør dig klar", "Skriv, hvad du ønsker dig"],
        "case-my-plan": ["Hvordan er dit liv lige nu?"],
    }
    for name, words in asks.items():
        page = text(client.get(own(cast, name)))
        assert all(word in page for word in words), name
    assert own(cast, "meeting-prepare", met.pk) in text(client.get(own(cast, "meeting", met.pk)))
    choose(closeness="tell", by=ida)
    for name, words in asks.items():
        page = text(client.get(own(cast, name)))
        assert not [word for word in words if word in page], name
        assert "Tre korte spørgsmål" not in page
    assert own(cast, "meeting-prepare", met.pk) not in text(client.get(own(cast, "meeting", met.pk)))
    # The way to the page that only tells is then the first on her page, and among the others below.
    assert text(client.get(own(cast, "case"))).count(own(cast, "just-tell")) == 2


def test_the_caseworker_reads_the_choice_where_they_meet(client, cast):
    met = plans.plan_meeting(
        title="Mødet", starts_at=clock.now() + timedelta(days=2), form="home", by=opened(cast.karen, cast.ida)
    )
    choose(closeness="tell", by=opened(cast.ida, cast.ida))
    client.force_login(cast.karen)
    for url in (
        own(cast, "work-case"),
        own(cast, "prepare-meeting", met.pk),
        own(cast, "work-meeting", met.pk),
    ):
        assert "Spørg kun om det nødvendige" in text(client.get(url))


def test_the_page_that_tells_has_nothing_to_fill_in(client, cast):
    waited(cast)
    cases.make_promise(
        what="ringer til dig", due=clock.today() + timedelta(days=20), by=opened(cast.karen, cast.ida)
    )
    client.force_login(cast.ida)
    page = text(client.get(own(cast, "just-tell")))
    main = page[page.index("<main") : page.index("</main>")]
    assert not [tag for tag in ("<form", "<input", "<textarea", "<select") if tag in main]
    assert "Svar om hånden" in main


def test_what_is_open_is_listed_for_those_alone_who_want_all_of_it(client, cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    cases.write(about="area.self", whose="citizen", words="Jeg sover.", base=0, by=karen)
    client.force_login(cast.ida)
    assert client.get(own(cast, "open-asks"))["Location"] == own(cast, "closeness")
    choose(closeness="together", by=ida)
    page = text(client.get(own(cast, "open-asks")))
    assert own(cast, "case-area", "self") in page
    assert "Hvordan er dit liv lige nu?" in page
    assert own(cast, "open-asks") in text(client.get(own(cast, "case")))


def test_the_desk_leads_from_the_word_that_is_owed_to_what_is_waited_for(client, cast):
    found = waited(cast, until=clock.today())
    client.force_login(cast.karen)
    assert "Sig, hvad der kom" in text(client.get(reverse("desk")))
    answer = client.get(own(cast, "work-promise", found.promise_id))
    assert answer["Location"] == own(cast, "work-wait", found.pk)


def test_the_citizens_question_is_answered_on_the_page_of_what_is_waited_for(client, cast):
    client.force_login(cast.ida)
    client.post(own(cast, "case-waiting"), {"key": uuid.uuid4(), "words": "Hvor ligger min stok?"})
    asked = Waiting.objects.get()
    client.force_login(cast.karen)
    assert "Hvor ligger min stok?" in text(client.get(own(cast, "work-wait", asked.pk)))
    sent = {
        "key": uuid.uuid4(),
        "what": "Stokken",
        "whence": "other",
        "from_whom": "Hjælpemidler",
        "until": (clock.today() + timedelta(days=3)).isoformat(),
        "why": "Den er bestilt.",
        "meanwhile": "",
    }
    assert "Vi mangler dit svar her." in text(client.post(own(cast, "work-wait", asked.pk), sent))
    client.post(own(cast, "work-wait", asked.pk), {**sent, "meanwhile": "Du låner en."})
    asked.refresh_from_db()
    assert (asked.what, asked.asked.outcome) == ("Stokken", "kept")


def test_the_citizens_own_sign_goes_before_the_plans(client, cast):
    ida = opened(cast.ida, cast.ida)
    goals.make_goal(wish="Svømme.", horizon="month", area="around", key=uuid.uuid4(), by=ida)
    client.force_login(cast.ida)
    assert text(client.get(own(cast, "case-my-plan"))).count("Her er et mål") == 1
    client.post(own(cast, "area-mark", "around"), {"says": "hard"})
    page = text(client.get(own(cast, "case-my-plan")))
    assert (page.count("Her er et mål"), page.count("Det er svært")) == (0, 1)
    assert LifeSign.objects.get().by == cast.ida


def test_a_life_is_words_over_time_and_no_figure(client, cast):
    my_life.say(says="heavy", words="Jeg sov ikke.", by=opened(cast.ida, cast.ida))
    for who, name in ((cast.ida, "how-is-life"), (cast.karen, "work-life")):
        client.force_login(who)
        page = text(client.get(own(cast, name)))
        assert "Jeg sov ikke." in page
        assert "Tungt" in page
        assert "%" not in page[page.index("<main") : page.index("</main>")]


def test_law_and_category_stand_nowhere_before_step_three_and_never_on_the_plan(client, cast):
    client.force_login(cast.karen)
    assert client.get(own(cast, "work-footing")).status_code == 404
    assert own(cast, "work-footing") not in text(client.get(own(cast, "work-case")))
    cases.go_to_step(step=Case.Step.MAKE_POSSIBLE, by=opened(cast.karen, cast.ida))
    assert own(cast, "work-footing") in text(client.get(own(cast, "work-case")))
    client.post(
        own(cast, "work-footing"),
        {
            "law": "serviceloven § 85",
            "target_group": "d26f97e8-99ed-46a9-94db-93340f77a950",
            "category": "638f44df-6bf2-47f8-9935-b8fdc83e5bf5",
            "aim": "10752a63-00b4-4958-b7f4-9f3a18f74266",
            "plainly": "Du får hjælp hjemme.",
        },
    )
    assert Footing.objects.get().entered_by == cast.karen
    for who, name in ((cast.karen, "work-plan"), (cast.ida, "case-my-plan"), (cast.ida, "case")):
        client.force_login(who)
        page = text(client.get(own(cast, name)))
        assert "§ 85" not in page
        assert "hjerneskade" not in page
    page = text(client.get(own(cast, "case-footing")))
    assert page.index("Du får hjælp hjemme.") < page.index("serviceloven § 85")
    client.force_login(cast.petra)
    assert client.get(own(cast, "work-footing")).status_code == 404


def test_goals_from_before_have_a_page(client, cast):
    ida = opened(cast.ida, cast.ida)
    goal = goals.make_goal(wish="Åbne min post.", horizon="month", area="society", key=uuid.uuid4(), by=ida)
    goals.set_state(goal=goal, state="reached", by=ida)
    for who, name in ((cast.ida, "ended-goals"), (cast.karen, "work-ended-goals")):
        client.force_login(who)
        assert "Åbne min post." in text(client.get(own(cast, name)))


def test_calm_view_tells_what_is_open_and_leads_to_the_choice(client, cast):
    """B8, B9, B12: a card each, and three plain ways below; nothing of it when there is nothing."""
    cast.ida.calm = True
    cast.ida.save(update_fields=["calm"])
    client.force_login(cast.ida)
    page = text(client.get(own(cast, "case")))
    assert "Her er vi ikke enige" not in page
    for name in ("case-waiting", "case-disagreements", "closeness"):
        assert own(cast, name) in page
    waited(cast)
    differ = disagreeing.disagree(
        topic="Turen til svømning",
        words="Jeg vil selv.",
        source="area.around",
        key=uuid.uuid4(),
        by=opened(cast.ida, cast.ida),
    )
    page = text(client.get(own(cast, "case")))
    for told in (
        "Her er vi ikke enige",
        "Turen til svømning.",
        "Det venter vi på",
        "Svar om hånden.",
        "Fra Sygehuset",
    ):
        assert told in page, told
    assert own(cast, "disagreement", differ.pk) in page
