"""A way in for the citizen, until the national log-in is built: a name, and a link that is shown once."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from medspil.base.guard import open_to
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions
from medspil.people import invitation
from medspil.people.roles import Role

from . import case

LINK = "citizens_link"


class AccessForm(forms.Form):
    login = forms.CharField(
        label=_("Navn til at logge ind"),
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
    person = opened.citizen
    made = request.session.pop(LINK, None) if request.method == "GET" else None
    known = "" if person.login.startswith("p-") else person.login
    form = AccessForm(request.POST or None, initial={"login": known, "email": person.email})
    if form.is_valid():
        try:
            person = actions.give_access(**form.cleaned_data, by=opened)
        except NotYours:
            raise
        except Refusal as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.sentence))
        else:
            path = reverse("choose-password", args=[invitation.make(person)])
            request.session[LINK] = {"case": pk, "link": request.build_absolute_uri(path)}
            return redirect("give-access", pk)
    return render(
        request,
        "casework/access.html",
        {
            "opened": opened,
            "form": form,
            "has_password": person.has_usable_password(),
            "login": known,
            "link": made["link"] if made and made["case"] == pk else "",
        },
    )
