"""Money for small things: the limit, what each unit gave, and what is over the limit. No citizen is named."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import KronerField, row_key, telling
from medspil.base.guard import open_to
from medspil.contact import grants
from medspil.people.roles import Role
from medspil.web.templatetags.medspil import kroner
from medspil.web.unsaid import not_drawn


class LimitForm(forms.Form):
    ore = KronerField(label=_("Kroner til hver borger i et kalenderår"))
    because = forms.CharField(label=_("Hvorfor?"), max_length=200, help_text=_("Det kan alle læse."))


class DecideForm(forms.Form):
    words = forms.CharField(label=_("Hvorfor?"), max_length=600)


@open_to(Role.LEADER, Role.ADMINISTRATOR)
def kept(request: HttpRequest) -> HttpResponse:
    request.menu_at = "my-unit" if request.user.leads else "units"  # type: ignore[attr-defined,union-attr]
    by = request.user
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    form = LimitForm(request.POST if doing == "limit" else None)
    pk, decided = None, DecideForm()
    if doing in ("yes", "no"):
        pk = row_key(request.POST.get("grant", "")) or 0
        decided = DecideForm(request.POST, auto_id=f"a-{pk}-%s")
        if decided.is_valid():
            with telling(decided):
                grants.decide(pk=pk, yes=doing == "yes", words=decided.cleaned_data["words"], by=by)  # type: ignore[arg-type]
                messages.success(request, gettext("Svaret er sendt."))
                return redirect("grants-kept")
    if form.is_valid():
        with telling(form):
            grants.set_limit(by=by, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, gettext("Gemt."))
            return redirect("grants-kept")
    leads = by.leads  # type: ignore[union-attr]
    asked = grants.before_leader(by) if leads else []  # type: ignore[arg-type]
    if pk not in {one.pk for one in asked}:
        not_drawn(request, decided)
    return render(
        request,
        "leadership/grants.html",
        {
            "form": form,
            "limit": kroner(grants.limit_now()),
            "limits": [{"amount": kroner(row.ore), "row": row} for row in grants.limits()],
            "sums": [{"amount": kroner(one.ore), "one": one} for one in grants.sums(leads)] if leads else [],
            "asked": [
                {
                    "amount": kroner(one.ore),
                    "one": one,
                    "form": decided if one.pk == pk else DecideForm(auto_id=f"a-{one.pk}-%s"),
                }
                for one in asked
            ],
        },
    )
