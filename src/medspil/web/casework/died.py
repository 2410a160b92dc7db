"""When a citizen has died: whom a person must tell, what is left, and what has stopped by itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import telling
from medspil.cases import actions as cases
from medspil.cases import citizen as known
from medspil.cases.door import OpenCase
from medspil.rhythm import dying
from medspil.rhythm.dying import ToTell
from medspil.web.known import DiedForm
from medspil.web.templatetags.medspil import day_long, moment

from . import case
from .case import work_page


@work_page()
def died(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    citizen, doing = opened.citizen, request.POST.get("do", "") if request.method == "POST" else ""
    form = DiedForm(request.POST if doing == "died" else None)
    if doing == "died" and form.is_valid():
        if citizen.died_on not in (None, form.cleaned_data["on"]):
            messages.error(
                request,
                gettext(
                    "Dagen står her allerede. Er den forkert, så tryk »Det er en fejl«, og skriv den igen."
                ),
            )
        with telling(form):
            dying.record(on=form.cleaned_data["on"], by=opened)
            return redirect("work-died", opened.pk)
    if citizen.died_on is None:
        return render(
            request, "casework/died_when.html", {"opened": opened, "citizen": citizen, "form": form}
        )
    found = dying.after(opened)
    if doing == "told":
        who = request.POST.get("who", "")
        if who in {one.name for one in [*found.close, *found.colleagues]}:
            known.told_of_death(who=who, by=opened)
        return redirect("work-died", opened.pk)
    if doing == "alive":
        dying.take_back(by=opened)
        messages.success(request, gettext("Rettet. Møder og løfter står, som de stod."))
        return redirect("work-case", opened.pk)
    if doing == "close" and found.is_done:
        cases.close_case(by=opened)
        messages.success(request, gettext("Sagen er lukket."))
        return redirect("my-citizens")
    said = (
        {"who": citizen.died_said_by.first_name, "when": moment(citizen.died_said_at)}
        if citizen.died_said_by
        else {}
    )
    return render(
        request,
        "casework/died.html",
        {
            "opened": opened,
            "citizen": citizen,
            "title": gettext("%(name)s døde %(day)s.")
            % {"name": citizen.first_name, "day": day_long(citizen.died_on)},
            "said": gettext("%(who)s skrev det %(when)s.") % said if said else "",
            "close": [_row(one) for one in found.close],
            "colleagues": [_row(one) for one in found.colleagues],
            "open_still": [
                {"what": one.what, "due": one.due, "url": case.promise_url(one)} for one in found.open_still
            ],
            "found": found,
            "is_closed": opened.case.closed_at is not None,
        },
    )


def _row(one: ToTell) -> dict[str, Any]:
    done = one.done
    return {
        "name": one.name,
        "as_what": one.as_what,
        "phone": one.phone,
        "done": gettext("%(who)s har sagt det, %(when)s.")
        % {"who": done.by.first_name, "when": moment(done.at)}
        if done and done.by
        else "",
    }
