"""One person, several posts: everything they work with is in reach, and a post is not taken for another."""

import uuid

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.contact import actions as contact
from medspil.people.log import Visitor
from medspil.people.models import Staff, Unit
from medspil.project.demo.cast import opened

pytestmark = pytest.mark.django_db


def also(person, role, unit):
    Staff.objects.create(person=person, unit=unit, role=role, since=clock.today())


def test_a_leader_who_also_works_in_cases_finds_both_in_the_menu(client, cast):
    unit = cast.lena.posts[0].unit
    also(cast.lena, "caseworker", unit)
    client.force_login(cast.lena)
    menu = [row["url"] for row in client.get(reverse("desk")).context["menu"]]
    assert reverse("desk") in menu
    assert reverse("kept") in menu
    assert reverse("my-unit") in menu


def test_the_desk_and_the_hours_are_of_the_post_one_works_in_cases_from(client, cast):
    elsewhere = Unit.objects.exclude(pk=cast.lena.posts[0].unit_id).first()
    also(cast.lena, "caseworker", elsewhere)
    client.force_login(cast.lena)
    assert cast.lena.posts[0].unit != elsewhere
    assert client.get(reverse("my-hours")).context["unit"] == elsewhere


def test_a_request_that_wants_a_call_is_called_and_read_from_the_same_row(client, at, cast):
    """A1, D4: the button calls; the citizen's words and the whole request are one click away too."""
    asked = contact.ask(
        words="Vil du ringe?", key=uuid.uuid4(), wants_call=True, by=Visitor(cast.ida, uuid.uuid4())
    )
    client.force_login(cast.karen)
    page = client.get(reverse("desk")).content.decode()
    pk = opened(cast.karen, cast.ida).pk
    assert f'href="{reverse("talked", args=[pk])}?loefte={asked.promise_id}"' in page
    assert f'href="{reverse("work-request", args=[pk, asked.pk])}"' in page
