"""»Passer det stadig?«: what we know is shown, and the citizen says that it holds, or what is new."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import telling
from medspil.cases.actions import ReadAgain
from medspil.cases.door import OpenCase
from medspil.plans import renewals
from medspil.web import show
from medspil.web.templatetags.medspil import day_long

from . import forms
from .opening import address, around, case_page


class PartForm(django_forms.Form):
    """One thing: it still holds, or this is new."""

    STILL, NEW = "ja", "nyt"
    answer = django_forms.ChoiceField(
        label=_("Passer det stadig?"),
        choices=[(STILL, _("Ja, det passer stadig")), (NEW, _("Der er noget nyt"))],
        widget=django_forms.RadioSelect,
        error_messages={"required": _("Vælg, om det passer, eller om der er noget nyt.")},
    )
    words = forms.words(_("Det er nyt"), required=False, rows=3)
    read = django_forms.IntegerField(required=False)
    """The words that were read; the page writes those it shows."""
    about = ""
    newest = 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answer") and data.get("read") not in (None, self.newest):
            if data["answer"] == self.STILL:
                # A yes to other words than those that stand there now; what is typed stays.
                self.data = self.data.copy()
                del self.data[self.add_prefix("answer")]
            self.add_error("answer", str(ReadAgain.sentence))
        if data.get("answer") == self.NEW and not data.get("words", "").strip():
            self.add_error("words", gettext("Skriv, hvad der er nyt. Et par ord er nok."))
        return data


def _says_more(request: HttpRequest, rows: list[tuple[renewals.Part, PartForm]]) -> bool:
    """Whether something is answered that does not wait for an answer any more."""
    answered = {name for name in request.POST if name.startswith("del") and name.endswith("-answer")}
    return not answered <= {form.add_prefix("answer") for _one, form in rows}


@case_page("my-plan", work="work-renewal")
def renewal(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_whole()
    asked = renewals.open_renewal(opened)
    rows = [
        (one, PartForm(forms.posted(request), prefix=f"del{one.part.pk}", auto_id=f"del{one.part.pk}_%s"))
        for one in (renewals.left_of(opened, asked) if asked else [])
    ]
    if request.method == "POST" and (asked is None or _says_more(request, rows)):
        raise renewals.IsAnswered
    if asked is None:
        return redirect("case-my-plan", opened.pk)
    trouble = django_forms.Form({})
    trouble.is_valid()
    for one, form in rows:
        form.about, form.newest = show.place_name(one.text.about), one.newest.pk
    # Every one is asked first, so that all that is missing is told at once.
    answered = [form.is_valid() for _one, form in rows]
    if request.method == "POST" and all(answered):
        with telling(trouble):
            done = renewals.answer(
                renewal=asked,
                answers={
                    one.part.pk: renewals.Said(
                        data["answer"] == PartForm.STILL, data["words"], read=data["read"]
                    )
                    for one, data in ((one, form.cleaned_data) for one, form in rows)
                },
                by=opened,
            )
            said = gettext("Tak. Så ved vi, at det stadig passer.")
            if done.promise and any(form.cleaned_data["answer"] == PartForm.NEW for _one, form in rows):
                said = gettext("Tak. %(who)s læser det nye og svarer senest %(day)s.") % {
                    "who": show.owner_name(done.promise),
                    "day": day_long(done.promise.due),
                }
            messages.success(request, said)
            return redirect("case-my-plan", opened.pk)
    return render(
        request,
        "citizen/renewal.html",
        around(
            opened,
            who=asked.made_by.first_name,
            parts=[
                {
                    "name": form.about,
                    "voice": show.voice(one.text, opened),
                    "form": form,
                    "read": {"name": form.add_prefix("read"), "value": one.newest.pk},
                }
                for one, form in rows
            ],
            wrong=[trouble, *(form for _one, form in rows)],
            back_url=address(opened, "case-my-plan"),
        ),
    )
