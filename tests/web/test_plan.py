"""The plan on both sides: what it shows, who may do what, and that it costs the same after twelve years.

B4, B5, B11, B13.
"""

import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise, Sharing, TextVersion, Voice
from medspil.plans import goals
from medspil.plans.models import Goal, Progress, Step
from medspil.project.demo.cast import opened

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
FRIDAY = date(2026, 12, 4)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(MONDAY)
    return set_to


@pytest.fixture
def ida(cast):
    return opened(cast.ida, cast.ida)


@pytest.fixture
def karen(cast):
    return opened(cast.karen, cast.ida)


def made(by, wish="Jeg vil til svømning om torsdagen.", area="around", **more):
    return goals.make_goal(wish=wish, horizon="month", area=area, key=uuid.uuid4(), by=by, **more)


def stepped(goal, owner, by, **more):
    row = {"what": "ringer til Flextur", "due": FRIDAY, "key": uuid.uuid4()}
    return goals.add_step(**{**row, "goal": goal, "owner": owner, "by": by, **more})


def text_of(response) -> str:
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\u00a0", " ").split())


def see(client, person, name, *keys):
    client.force_login(person)
    return client.get(reverse(name, args=keys))


def post(client, person, name, *keys, **data):
    client.force_login(person)
    return client.post(reverse(name, args=keys), data, follow=True)


def test_strengths_come_first_and_every_place_says_one_thing(client, ida, cast):
    """B4, B11: what she is good at, her two goals, then seven places with one sign each and an eighth that asks."""
    cases.write(about="area.strengths", whose=Voice.CITIZEN, words="Jeg kan lytte.", base=0, by=ida)
    cases.write(about="area.health", whose=Voice.CITIZEN, words="Jeg hviler to gange.", base=0, by=ida)
    made(ida)
    hard = made(ida, "Jeg vil ud blandt folk.", "together")
    goals.say_how_it_goes(goal=hard, how="hard", by=ida)
    goals.set_state(goal=hard, state="waiting", by=ida)
    reached = made(ida, "Jeg vil sove.", "self")
    goals.set_state(goal=reached, state="reached", by=ida)
    page = see(client, cast.ida, "my-plan")
    shown = text_of(page)
    assert shown.index("Jeg kan lytte.") < shown.index("Mit mål") < shown.index("Mit liv lige nu")
    assert [(t.get("key"), t.get("marker")) for t in page.context["plan"]["tiles"]] == [
        ("home", "none"),
        ("self", "well"),
        ("around", "goal"),
        ("communicate", "none"),
        ("society", "none"),
        ("together", "hard"),
        ("health", "know"),
        (None, None),
    ]
    assert "Mangler der noget?" in shown
    assert "De venter, til der er lyst og plads." in shown
    assert "»Jeg vil sove.«" not in shown


def test_progress_is_words_hers_first(client, ida, karen, cast):
    """B5: never per cent, and what nobody has said is said to be unsaid."""
    goal = made(ida)
    goals.say_how_it_goes(goal=goal, how="both_ways", by=ida)
    shown = text_of(see(client, cast.ida, "my-plan"))
    assert "Jeg synes, det går op og ned Karen synes ikke sagt endnu" in shown
    goals.say_how_it_goes(goal=goal, how="well", by=karen)
    shown = text_of(see(client, cast.ida, "my-plan"))
    assert "Jeg synes, det går op og ned Karen synes godt" in shown
    assert "%" not in shown
    assert "Ida synes, det går op og ned Karen synes godt" in text_of(
        see(client, cast.karen, "work-plan", ida.pk)
    )


def test_the_people_are_a_list_that_says_who_is_paid(client, ida, cast):
    page = see(client, cast.ida, "my-plan")
    with_me, _near, _could, _joined, paid = page.context["plan"]["people"]
    assert [(p["name"], p["what"]) for p in with_me["people"]] == [("Mona Holm", "bisidder")]
    assert [(p["name"], p["what"]) for p in paid["people"]] == [
        ("Karen Damsgaard", "fast kontakt"),
        ("Petra Lund", "hjælp derhjemme"),
        ("Lars Winther", "arbejde og fleksjob"),
    ]
    html = page.content.decode()
    assert 'href="tel:20000012"' in html
    assert html.count('class="ring-mine"') == 1
    assert html.count('class="ring-paid"') == 3


def test_ida_writes_a_goal_a_step_and_how_it_goes(client, ida, cast):
    """B5: each is one form on her own page."""
    key = uuid.uuid4()
    page = post(
        client, cast.ida, "goal-new", ida.pk, words="Jeg vil svømme.", horizon="month", area="around", key=key
    )
    goal = Goal.objects.get()
    assert "Gemt. Nu er det et mål i planen." in text_of(page)
    assert "»Jeg vil svømme.«" in text_of(page)
    page = post(
        client,
        cast.ida,
        "goal",
        ida.pk,
        goal.pk,
        **{
            "do": "step",
            "step-key": uuid.uuid4(),
            "step-owner": cast.ida.pk,
            "step-what": "ringer til Flextur",
            "step-due": "4/12/2026",
            "step-back_to": "bussen",
        },
    )
    assert "Du ringer til Flextur. Senest fredag 4. december." in text_of(page)
    assert "Virker det ikke, går vi tilbage til: bussen." in text_of(page)
    page = post(client, cast.ida, "goal", ida.pk, goal.pk, **{"do": "how", "how-how": "hard"})
    assert "23. november Ida: tungt" in text_of(page)
    assert Promise.objects.get().side == "citizen"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"do": "step", "step-what": "ringer", "step-due": "22/11/2026"}, "Den dag er gået."),
        ({"do": "step", "step-what": "ringer", "step-due": "31/2/2027"}, "er ikke en dato"),
        ({"do": "step", "step-what": "   ", "step-due": "4/12/2026"}, "Vi mangler dit svar her."),
        (
            {"do": "step", "step-what": "ringer", "step-due": "4/12/2026", "step-owner": "999"},
            "Vælg et af svarene.",
        ),
        ({"do": "how", "how-how": "87 %"}, "Vælg et af svarene."),
        ({"do": "words", "words-words": "  ", "words-base": "1"}, "Vi mangler dit svar her."),
        ({"do": "frame", "frame-horizon": "soon", "frame-area": "moon"}, "Vælg et af svarene."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, ida, cast, typed, said):
    goal = made(ida)
    row = {"step-key": uuid.uuid4(), "step-owner": cast.ida.pk} if typed["do"] == "step" else {}
    page = post(client, cast.ida, "goal", ida.pk, goal.pk, **{**row, **typed})
    assert said in text_of(page)
    if typed.get("step-what") == "ringer":
        assert 'value="ringer"' in page.content.decode()
    assert (Step.objects.count(), Progress.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "typed",
    [
        {"do": "yes", "number": "x"},
        {"do": "back", "number": "99999"},
        {"do": "nothing"},
        {"do": "state", "state": "won"},
        {"do": "right", "number": "99999"},
    ],
)
def test_a_button_that_is_not_there_leads_nowhere(client, ida, cast, typed):
    goal = made(ida)
    assert post(client, cast.ida, "goal", ida.pk, goal.pk, **typed).status_code == 404


def test_a_goal_of_another_case_is_not_there(client, ida, cast):
    bo = opened(cast.bo, cast.bo)
    theirs = made(bo)
    assert see(client, cast.ida, "goal", ida.pk, theirs.pk).status_code == 404
    assert (
        post(client, cast.karen, "work-goal", ida.pk, theirs.pk, do="state", state="let_go").status_code
        == 404
    )
    assert Goal.objects.get().state == "active"


def test_karen_writes_for_ida_and_ida_says_it_is_right(client, ida, karen, cast):
    post(
        client,
        cast.karen,
        "work-goal-new",
        ida.pk,
        words="Jeg vil svømme.",
        horizon="year",
        area="",
        key=uuid.uuid4(),
    )
    goal = Goal.objects.get()
    page = see(client, cast.ida, "goal", ida.pk, goal.pk)
    assert "Karen har skrevet det. Er det rigtigt?" in text_of(page)
    version = TextVersion.objects.get()
    post(client, cast.ida, "goal", ida.pk, goal.pk, do="right", number=version.pk)
    version.refresh_from_db()
    assert version.confirmed_by == cast.ida
    page = post(
        client,
        cast.karen,
        "work-goal",
        ida.pk,
        goal.pk,
        **{"do": "propose", "propose-words": "Jeg vil vinde.", "propose-base": "1"},
    )
    assert "De ord hører til den anden." in text_of(page)
    assert TextVersion.objects.count() == 1


def test_a_colleagues_step_waits_and_idas_waits_for_ida(client, ida, karen, cast):
    goal = made(ida)
    for owner in (cast.petra, cast.ida):
        post(
            client,
            cast.karen,
            "work-goal",
            ida.pk,
            goal.pk,
            **{
                "do": "step",
                "step-key": uuid.uuid4(),
                "step-owner": owner.pk,
                "step-what": "prøver turen",
                "step-due": "4/12/2026",
            },
        )
    shown = text_of(see(client, cast.ida, "goal", ida.pk, goal.pk))
    assert shown.count("Venter på et ja") == 2
    step = Step.objects.get(owner=cast.ida)
    assert post(client, cast.karen, "work-goal", ida.pk, goal.pk, do="yes", number=step.pk).status_code == 200
    assert Step.objects.get(pk=step.pk).promise is None
    post(client, cast.ida, "goal", ida.pk, goal.pk, do="yes", number=step.pk)
    assert Step.objects.get(pk=step.pk).promise.bound_by == cast.ida


def test_a_wish_to_karen_is_no_promise_on_her_desk_until_she_says_yes(client, ida, cast):
    goal = made(ida)
    step = stepped(goal, cast.karen, ida, what="låner en bagemaskine")
    desk = text_of(see(client, cast.karen, "desk"))
    assert "foreslået 23. november: Din plan" in desk
    assert "Sig ja eller nej" in desk
    assert "Hold eller flyt" not in desk
    assert "Det blev foreslået mandag 23. november: Din plan." in text_of(
        see(client, cast.ida, "case-promise", ida.pk, step.promise_id)
    )
    goals.say_yes_to_step(step=step, by=opened(cast.karen, cast.ida))
    assert "aftalt 23. november: Din plan" in text_of(see(client, cast.karen, "on-their-way"))


def test_a_promise_to_talk_of_a_goal_leads_to_it(client, ida, karen, cast):
    goal = made(ida)
    promise = goals.follow_up(goal=goal, due=FRIDAY, by=karen)
    page = see(client, cast.karen, "work-promise", ida.pk, promise.pk).content.decode()
    assert f'<a class="alone" href="{reverse("work-goal", args=[ida.pk, goal.pk])}">Se målet</a>' in page


def test_a_trial_is_given_back_in_one_press(client, ida, cast):
    """B13: it stands as tried and given back, with what we went back to, and nothing is broken."""
    goal = made(ida)
    step = stepped(goal, cast.ida, ida, back_to="at Mona kører mig")
    page = post(client, cast.ida, "goal", ida.pk, goal.pk, do="back", number=step.pk)
    shown = text_of(page)
    assert "Givet tilbage. Det var godt, at det blev prøvet." in shown
    assert "Prøvet og givet tilbage" in shown
    assert "Vi gik tilbage til: at Mona kører mig." in shown
    assert "ringer til Flextur" not in text_of(see(client, cast.ida, "my-plan"))


def test_two_windows_write_the_wish_and_both_are_shown(client, ida, cast):
    goal = made(ida)
    goals.write_wish(goal=goal, words="Jeg vil svømme tit.", whose=Voice.CITIZEN, base=1, by=ida)
    page = post(
        client,
        cast.ida,
        "goal",
        ida.pk,
        goal.pk,
        **{"do": "words", "words-words": "Jeg vil svømme lidt.", "words-base": "1"},
    )
    shown = text_of(page)
    assert "Det skrev en anden imens" in shown
    assert "Jeg vil svømme tit." in shown
    assert "Jeg vil svømme lidt." in shown
    post(
        client,
        cast.ida,
        "goal",
        ida.pk,
        goal.pk,
        **{"do": "words", "words-words": "Jeg vil svømme lidt.", "words-base": "2"},
    )
    assert TextVersion.objects.order_by("-number").first().words == "Jeg vil svømme lidt."


def test_mona_sees_the_plan_only_while_ida_shares_it_and_can_write_nothing(client, ida, cast):
    goal = made(ida)
    stepped(goal, cast.ida, ida)
    assert see(client, cast.mona, "case-my-plan", ida.pk).status_code == 404
    cases.share(part=Sharing.Part.GOALS, to=cast.mona, by=ida)
    page = see(client, cast.mona, "case-my-plan", ida.pk)
    assert "»Jeg vil til svømning om torsdagen.«" in text_of(page)
    assert "ringer til Flextur" in text_of(page)
    # Her life and who is around her are not shared with it.
    assert "Helbred" not in text_of(page)
    assert "Petra" not in text_of(page)
    assert "Skriv et mål" not in text_of(page)
    assert (
        "<form method"
        not in see(client, cast.mona, "goal", ida.pk, goal.pk).content.decode().split("<main")[1]
    )
    assert post(client, cast.mona, "goal", ida.pk, goal.pk, do="state", state="let_go").status_code == 404
    assert see(client, cast.mona, "goal-new", ida.pk).status_code == 404
    cases.stop_sharing(part=Sharing.Part.GOALS, to=cast.mona, by=ida)
    assert see(client, cast.mona, "case-my-plan", ida.pk).status_code == 404


def test_the_fourth_goal_is_told_kindly(client, ida, cast):
    for n in range(3):
        made(ida, f"Ønske {n}")
    page = post(
        client, cast.ida, "goal-new", ida.pk, words="Ønske 4", horizon="year", area="", key=uuid.uuid4()
    )
    assert "Tre mål er i gang, så det her venter, til der er plads. Det er helt i orden." in text_of(page)
    fourth = Goal.objects.get(state="waiting")
    page = post(client, cast.ida, "goal", ida.pk, fourth.pk, do="state", state="active")
    assert "Tre mål er i gang. Lad et af dem vente først. Det er helt i orden." in text_of(page)


def test_the_eighth_place_and_strengths_are_written_where_the_seven_are(client, ida, cast):
    """B4, B11: both open from the plan, in two voices like the others."""
    for key, words in (("strengths", "Jeg kan lytte."), ("other", "Min hund.")):
        page = post(client, cast.ida, "case-area", ida.pk, key, words=words, base=0)
        assert f"»{words}«" in text_of(page)
        assert reverse("case-my-plan", args=[ida.pk]) in page.content.decode()
        assert see(client, cast.karen, "work-area", ida.pk, key).status_code == 200
    shown = text_of(see(client, cast.ida, "my-plan"))
    assert "»Jeg kan lytte.«" in shown
    assert "»Min hund.«" in shown


def _queries(client, person, name, *keys) -> int:
    client.force_login(person)
    client.get(reverse(name, args=keys))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse(name, args=keys)).status_code == 200
    return len(seen)


def test_the_plan_asks_as_little_after_twelve_years(client, ida, karen, cast, at):
    """At most 20 questions, and the same when forty goals are over and every month said how it went."""
    goal = made(ida)
    stepped(goal, cast.ida, ida)
    stepped(goal, cast.karen, karen)
    goals.say_how_it_goes(goal=goal, how="well", by=ida)
    goals.say_how_it_goes(goal=goal, how="well", by=karen)
    done = made(ida, "Jeg vil sove.", "self")
    goals.set_state(goal=done, state="reached", by=ida)
    young = [_queries(client, cast.ida, "my-plan"), _queries(client, cast.karen, "work-plan", ida.pk)]
    for n in range(40):
        at(MONDAY - timedelta(days=4000 - 90 * n))
        old = made(ida, f"Ønske {n}", "health")
        step = stepped(old, cast.ida, ida, due=clock.today() + timedelta(days=9))
        cases.done(promise=step.promise, by=ida)
        goals.say_how_it_goes(goal=goal, how=("well", "hard")[n % 2], by=ida)
        goals.set_state(goal=old, state="reached", by=ida)
    at(MONDAY)
    old = [_queries(client, cast.ida, "my-plan"), _queries(client, cast.karen, "work-plan", ida.pk)]
    assert young == old
    assert max(old) <= 20


def test_the_plan_speaks_english(client, ida, cast):
    made(ida)
    client.force_login(cast.ida)
    client.post(reverse("language"), {"language": "en", "next": "/"})
    shown = text_of(client.get(reverse("my-plan")))
    for words in (
        "My plan",
        "My goal",
        "Goal 1 · a month",
        "I think it goes",
        "not said yet",
        "People around me",
    ):
        assert words in shown
