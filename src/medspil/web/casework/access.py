"""A way in for the citizen, until the national log-in is built: a name, and a link that is shown once."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from medspil.base.fields import telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases import actions
from medspil.cases.door import OpenCase
from medspil.people import invitation
from medspil.people.models import Person
from medspil.people.roles import Role

from . import case

LINK = "citizens_link"


class AccessForm(forms.Form):
    login = forms.CharField(
        label=_("Brugernavn"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Mail"),
        required=False,
        help_text=_("Hertil skriver vi, når der er nyt. Aldrig hvad det er."),
    )


@open_to(Role.CASEWORKER)
@never_cache
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link and show it once; the next page forgets it."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    opened = case.work(request, pk)
    if not opened.whole:
        raise NotYours
    return link_for(
        request, opened, opened.citizen, make=lambda **said: actions.give_access(**said, by=opened)
    )


def link_for(
    request: HttpRequest,
    opened: OpenCase,
    person: Person,
    *,
    make: Callable[..., Person],
    may_make: bool = True,
    back: str = "work-case",
) -> HttpResponse:
    """A name to sign in with and a link, for the citizen or somebody who acts for them."""
    made = request.session.get(LINK) if request.method == "GET" else None
    link = made["link"] if made and made["case"] == opened.pk and made["person"] == person.pk else ""
    if link:
        del request.session[LINK]
    elif not may_make:
        raise NotYours
    known = "" if person.login.startswith("p-") else person.login
    form = AccessForm(request.POST or None, initial={"login": known, "email": person.email})
    if form.is_valid():
        with telling(form):
            person = make(**form.cleaned_data)
            path = reverse("choose-password", args=[invitation.make(person)])
            request.session[LINK] = {
                "case": opened.pk,
                "person": person.pk,
                "link": request.build_absolute_uri(path),
            }
            return redirect(request.path)
    return render(
        request,
        "casework/access.html",
        {
            "opened": opened,
            "person": person,
            "form": form,
            "has_password": person.has_usable_password(),
            "login": known,
            "link": link,
            "back_url": reverse(back, args=[opened.pk]),
        },
    )
