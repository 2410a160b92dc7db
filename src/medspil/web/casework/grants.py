"""Money for small things, at work: proposed, decided at once, shown with its receipt."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import telling
from medspil.cases.door import OpenCase
from medspil.contact import grants
from medspil.web import grants as pages
from medspil.web.unsaid import not_drawn, trying

from .case import work_page
from .forms import words


class ProposeForm(pages.AskForm):
    agreed = forms.BooleanField(label=_("Borgeren har selv sagt ja tak"), required=False)


class NoForm(forms.Form):
    because = words(_("Hvorfor nej?"), rows=2, limit=600)
    instead = words(_("Hvad kan så hjælpe?"), rows=2, limit=600)


class LeaderForm(forms.Form):
    because = words(_("Hvorfor skal lederen sige ja?"), rows=2, limit=400)


@work_page(may=grants.decides_in)
def everything(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    form = ProposeForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    form.fields["agreed"].label = gettext("%(name)s har selv sagt ja tak") % {
        "name": opened.citizen.first_name
    }
    if form.is_valid():
        with telling(form):
            made = grants.propose(by=opened, **form.cleaned_data)
            said = gettext("Pengene er givet.") if made.answer else gettext("Forslaget er sendt.")
            if made.wanted_at and not made.answer:
                said = gettext("Det er mere, end der er tilbage. Spørg lederen.")
            messages.success(request, said)
            return redirect("work-grants", opened.pk)
    return render(request, "casework/grants.html", {"opened": opened, "form": form, **pages.page(opened)})


@work_page(may=grants.decides_in)
def one(request: HttpRequest, opened: OpenCase, grant: int) -> HttpResponse:
    found = grants.grant(opened, grant)
    doing = request.POST.get("do", "") if request.method == "POST" else ""

    def bound(name: str) -> dict:
        mine = doing == name
        return {
            "data": request.POST if mine else None,
            "files": request.FILES if mine else None,
            "prefix": name,
        }

    made: dict[str, forms.Form] = {
        "no": NoForm(**bound("no")),
        "leader": LeaderForm(**bound("leader")),
        "receipt": pages.ReceiptForm(**bound("receipt")),
    }
    form = made.get(doing)
    if doing == "yes" or (form is not None and form.is_valid()):
        with trying(request, form):
            _act(doing, form.cleaned_data if form else {}, found, opened)
            messages.success(request, gettext("Gemt."))
            return redirect("work-grants", opened.pk)
        if form is None:
            return redirect("work-grant", opened.pk, grant)
    shown = pages.page(opened)
    row = next(row for row in shown["grants"] if row["pk"] == found.pk)
    waits = row["waits_for_us"]
    if not {
        "no": waits,
        "leader": waits and row["over"] and not row["with_leader"],
        "receipt": row["yes"],
    }.get(doing):
        not_drawn(request, form)
    return render(
        request, "casework/grant.html", {"opened": opened, "g": row, "forms": made, "pot": shown["pot"]}
    )


def _act(doing: str, data: dict, found: grants.Grant, opened: OpenCase) -> None:
    if doing == "yes":
        grants.give(found=found, by=opened)
    elif doing == "no":
        grants.say_no(found=found, by=opened, **data)
    elif doing == "leader":
        grants.ask_leader(found=found, by=opened, **data)
    else:
        files = [data["file"]] if data["file"] else []
        grants.keep_receipt(found=found, words=data["words"], files=files, by=opened)
