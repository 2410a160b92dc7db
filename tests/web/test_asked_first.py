"""D10: nobody promises what another must give; a wish waits until its owner takes it, or says no and why."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Promise
from medspil.people.models import Person
from medspil.plans import offers
from medspil.project.demo.cast import opened

from .serving import cookie


@pytest.fixture
def asked(cast):
    """Karen puts an offer in Ida's plan and asks Petra to go along."""
    karen = opened(cast.karen, cast.ida)
    told = {"name": "Kilden", "kind": "sport", "helps_with": "Ro", "where": "Torvet", "contact": "Kaj"}
    kept = offers.keep_offer(key=uuid.uuid4(), told=told, by=Person.objects.get(pk=cast.karen.pk))
    day = clock.today() + timedelta(days=9)
    offers.take_up(offer=kept, owner=cast.petra, first_on=day, key=uuid.uuid4(), by=karen)
    return Promise.objects.get()


def test_no_action_binds_another(cast):
    karen = opened(cast.karen, cast.ida)
    told = {"what": "ringer", "due": clock.today() + timedelta(days=9), "kind": "agreement"}
    with pytest.raises(cases.NotTheOwner):
        cases.promise_for_municipality(
            case=karen.case, thread=karen.main_thread, owner=cast.petra, bound_by=cast.karen, **told
        )
    assert not Promise.objects.exists()


def test_the_page_of_a_wish_says_that_it_is_no_promise_yet(client, cast):
    karen = opened(cast.karen, cast.ida)
    cases.join_thread(thread=karen.main_thread, person=cast.sune, role="caseworker")
    asked = cases.promise_for_municipality(
        case=karen.case,
        thread=karen.main_thread,
        owner=cast.sune,
        what="ringer",
        due=clock.today() + timedelta(days=9),
        kind="agreement",
    )
    client.force_login(cast.karen)
    page = reverse("work-promise", args=[asked.case_id, asked.pk])
    shown = client.get(page).content.decode()
    assert f"{cast.sune.first_name} er spurgt og har ikke sagt ja endnu." in shown
    assert "har lovet det" not in shown
    assert "Ja, det lover jeg" not in shown
    # What Karen posts all the same changes nothing.
    client.post(page, {"do": "yes"})
    asked.refresh_from_db()
    assert asked.bound_at is None


def test_the_one_who_is_asked_says_no_and_why(client, cast, asked):
    client.force_login(cast.petra)
    assert "Venter på dit ja" in client.get(reverse("desk")).content.decode()
    page = reverse("work-promise", args=[asked.case_id, asked.pk])
    assert "Nej, det kan jeg ikke love" in client.get(page).content.decode()
    client.post(page, {"do": "withdraw", "withdraw-because": "Jeg er på kursus den dag."})
    asked.refresh_from_db()
    assert (asked.outcome, asked.outcome_words, asked.bound_at) == (
        "withdrawn",
        "Jeg er på kursus den dag.",
        None,
    )


def test_petra_says_no_from_her_desk_and_ida_reads_why(page, live_server, cast, asked):
    def enter(person, name, *args):
        page.context.clear_cookies()
        page.context.add_cookies([cookie(person, live_server.url)])
        page.goto(live_server.url + reverse(name, args=args))

    enter(cast.petra, "desk")
    page.locator(f"a[href*='{reverse('work-promise', args=[asked.case_id, asked.pk])}']").first.click()
    page.get_by_text("Nej, det kan jeg ikke love").click()
    page.get_by_label("Hvorfor er det ikke aktuelt mere?").fill("Jeg er på kursus den dag.")
    page.locator("form:has(input[name=do][value=withdraw]) button[type=submit]").click()
    page.get_by_text("Trukket tilbage. Ida kan se hvorfor.").wait_for()
    enter(cast.ida, "case-promise", asked.case_id, asked.pk)
    page.get_by_text("Jeg er på kursus den dag.").first.wait_for()
