"""What goes wrong in ordinary life: words without end, from right to left, and days that have been. B2, B5, C4, C5."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from medspil.base import clock
from medspil.cases.models import Promise, TextVersion
from medspil.plans import actions, goals
from medspil.plans.models import Meeting, Step
from medspil.project.demo import cast as demo
from medspil.project.demo.cast import opened

ARABIC = "أحب أن أمشي في الصباح، ثم أشرب القهوة."


@pytest.fixture
def yesterday():
    return (clock.today() - timedelta(days=1)).isoformat()


def test_a_day_that_has_been_is_told_at_its_field_and_nothing_typed_is_lost(client, cast, yesterday):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    goal = goals.make_goal(wish="Svømning.", horizon="year", key=uuid.uuid4(), by=ida)
    client.force_login(cast.karen)
    step = {
        "do": "step",
        "step-key": str(uuid.uuid4()),
        "step-owner": str(cast.karen.pk),
        "step-what": "ringer til svømmehallen",
        "step-due": yesterday,
        "step-back_to": "",
    }
    page = client.post(reverse("work-goal", args=[karen.pk, goal.pk]), step)
    assert page.context["forms"]["step"].errors.keys() == {"due"}
    assert "ringer til svømmehallen" in page.content.decode()
    page = client.post(reverse("work-goal", args=[karen.pk, goal.pk]), {"do": "day", "day-due": yesterday})
    assert page.context["forms"]["day"].errors.keys() == {"due"}
    page = client.post(reverse("work-renewal", args=[karen.pk]), {"do": "day", "on": yesterday})
    assert page.context["day_form"].errors.keys() == {"on"}
    meeting = actions.plan_meeting(
        title="Mødet", starts_at=clock.now() + timedelta(minutes=5), form="home", by=karen
    )
    said = {"owner": str(cast.karen.pk), "what": "finder en tid", "due": yesterday}
    page = client.post(reverse("room-agree", args=[karen.pk, meeting.pk]), said)
    assert page.status_code == 422
    assert page.context["agreement_form"].errors.keys() == {"due"}
    assert "finder en tid" in page.content.decode()
    with pytest.raises(actions.InThePast):
        actions.end(
            meeting=meeting, next_time=actions.Next(clock.now() - timedelta(days=1), "home"), by=karen
        )
    assert not Step.objects.exists()
    assert not Promise.objects.exists()
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(("name", "field"), [("case-area", "words"), ("goal-new", "words")])
def test_thirty_thousand_characters_stand_and_one_more_is_told_and_given_back(client, cast, name, field):
    ida = opened(cast.ida, cast.ida)
    url = reverse(name, args=[ida.pk, "home"] if name == "case-area" else [ida.pk])
    client.force_login(cast.ida)
    more = {"base": "0", "key": str(uuid.uuid4()), "horizon": "year"}
    page = client.post(url, {**more, field: "ø" * 30_001})
    assert page.context["form"].errors.keys() == {field}
    assert "ø" * 30_001 in page.content.decode()
    assert not TextVersion.objects.exists()
    assert client.post(url, {**more, field: "ø" * 30_000}).status_code == 302
    assert TextVersion.objects.get().words == "ø" * 30_000


def test_words_without_end_and_from_right_to_left_keep_to_their_place_on_a_phone(
    page, live_server, transactional_db
):
    """The box turns while one writes, the words stand turned, and nothing pushes the page wide."""
    cast = demo.build()
    visitor = Client()
    visitor.force_login(cast.ida)
    value = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page.set_viewport_size({"width": 390, "height": 800})
    pk = opened(cast.ida, cast.ida).pk
    page.goto(live_server.url + reverse("case-area", args=[pk, "home"]))
    box = page.get_by_role("textbox", name="Med dine egne ord")
    box.fill(ARABIC)
    assert box.evaluate("box => getComputedStyle(box).direction") == "rtl"
    page.get_by_role("button", name="Gem mine ord").click()
    expect(page.get_by_text("Dine ord er gemt.")).to_be_visible()
    said = page.locator(".said-citizen blockquote").first
    expect(said).to_have_text(f"»{ARABIC}«")
    assert said.evaluate("words => getComputedStyle(words).direction") == "rtl"
    page.get_by_role("textbox", name="Med dine egne ord").fill("å" * 30_000)
    page.get_by_role("button", name="Gem mine ord").click()
    expect(page.locator(".said-citizen blockquote").first).to_contain_text("å" * 100)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.goto(live_server.url + reverse("case-my-plan", args=[pk]))
    expect(page.locator(".tile", has_text="å" * 100)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
