"""Those who ask without a name, for whoever of the unit is at work."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.guard import open_to
from medspil.contact import advice as advising
from medspil.people.roles import CASEWORK
from medspil.web.advising import lines
from medspil.web.unsaid import trying

from . import forms


@open_to(*CASEWORK)
def waiting(request: HttpRequest) -> HttpResponse:
    request.menu_at = "requests"  # type: ignore[attr-defined]
    rows = [
        {"pk": one.pk, "voice": lines(one)[-1], "due": one.due}
        for one in advising.waiting_for(request.visitor.person)  # type: ignore[attr-defined]
    ]
    return render(request, "casework/advice_waiting.html", {"rows": rows})


@open_to(*CASEWORK)
def answer(request: HttpRequest, advice_pk: int) -> HttpResponse:
    request.menu_at = "requests"  # type: ignore[attr-defined]
    found = advising.one(request.visitor, advice_pk)  # type: ignore[attr-defined]
    last = list(found.lines.all())[-1]
    form = forms.AdviceAnswerForm(request.POST or None, initial={"base": last.pk})
    if form.is_valid():
        words, base = form.cleaned_data["words"], str(form.cleaned_data["base"])
        with trying(request, form):
            advising.answer(advice=found, words=words, base=base, by=request.visitor)  # type: ignore[attr-defined]
            messages.success(request, gettext("Sendt. Den, der har koden, kan læse det."))
            return redirect("advice-waiting")
        found = advising.one(request.visitor, advice_pk)  # type: ignore[attr-defined]
    return render(
        request, "casework/advice_answer.html", {"found": found, "lines": lines(found), "form": form}
    )
