"""Until the national log-in is built: a citizen gets a way in from their own caseworker, and reads that it happened."""

import re

from django.urls import reverse

from medspil.cases.models import Case, Note
from medspil.people.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"


def page_of(cast, client, person):
    client.force_login(person, backend=BACKEND)
    return reverse("give-access", args=[Case.objects.get(citizen=cast.ida).pk])


def test_the_link_is_shown_once_and_lets_ida_choose_a_password(cast, client):
    url = page_of(cast, client, cast.karen)
    shown = client.post(url, {"login": "Ida.Holm", "email": "ida@example.dk"}, follow=True).content.decode()
    link = re.search(r"http://testserver(/ind/vaelg/[^<\s]+)", shown)[1]
    assert "/ind/vaelg/" not in client.get(url).content.decode()
    client.logout()
    assert client.get(link).status_code == 200
    assert Person.objects.get(pk=cast.ida.pk).login == "ida.holm"
    assert Note.objects.filter(case__citizen=cast.ida, kind="access_given", by=cast.karen).exists()


def test_a_name_that_another_has_is_told_and_nothing_is_lost(cast, client):
    url = page_of(cast, client, cast.karen)
    answer = client.post(url, {"login": "BO", "email": "ida@example.dk"})
    page = answer.content.decode()
    assert "bruger en anden" in page
    assert 'value="BO"' in page
    assert Person.objects.get(pk=cast.ida.pk).login == "ida"


def test_who_works_in_another_thread_gives_no_access(cast, client):
    assert client.post(page_of(cast, client, cast.lars), {"login": "x", "email": ""}).status_code == 404


def test_nobody_lets_themselves_in_as_a_colleague(cast, client):
    """A caseworker who has a case of their own is let in by the administrator alone."""
    from medspil.cases import actions

    actions.open_case_for(citizen=cast.sune, unit=cast.adult, coordinator=cast.karen)
    client.force_login(cast.karen, backend=BACKEND)
    url = reverse("give-access", args=[Case.objects.get(citizen=cast.sune).pk])
    assert client.post(url, {"login": "sune", "email": ""}).status_code == 404
