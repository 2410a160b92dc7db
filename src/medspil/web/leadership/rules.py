"""Rules and standards, written by a leader or the administrator, from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, telling
from medspil.base.guard import open_to
from medspil.cases import rules
from medspil.people.roles import Role


class RuleForm(forms.Form):
    place = forms.ChoiceField(label=_("Hvor gælder det?"), choices=rules.Place.choices)
    is_law = forms.TypedChoiceField(
        label=_("Hvad er det?"),
        choices=[("0", _("Det har vi besluttet her")), ("1", _("Det siger loven"))],
        coerce=lambda typed: typed == "1",
        widget=forms.RadioSelect,
        initial="0",
    )
    title = forms.CharField(label=_("Overskrift"), max_length=120)
    words = forms.CharField(
        label=_("Sig det, som det er"), max_length=1200, widget=forms.Textarea(attrs={"rows": 4})
    )
    title_en = forms.CharField(label=_("Overskriften på engelsk"), max_length=120, required=False)
    words_en = forms.CharField(
        label=_("Det samme på engelsk"),
        max_length=1200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
    )
    source = forms.CharField(
        label=_("Hvor står det?"),
        help_text=_("Paragraf, eller hvem der besluttede det."),
        max_length=200,
        required=False,
    )
    checked = forms.CharField(
        label=_("Hvem har efterset det?"),
        help_text=_("Tomt: siden siger, at det ikke er efterprøvet."),
        max_length=200,
        required=False,
    )
    figures = forms.CharField(
        label=_("Det regner vi med"),
        help_text=_("En linje for hver fødselsdag, det gælder fra: 1955-01-01: 66,5"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    valid_from = DayField(label=_("Gælder fra"))

    def __init__(self, *args: Any, reckons: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reckons:
            del self.fields["figures"]


def _menu(request: HttpRequest) -> None:
    request.menu_at = "my-unit" if request.user.leads else "units"  # type: ignore[attr-defined,union-attr]


@open_to(Role.LEADER, Role.ADMINISTRATOR)
def kept(request: HttpRequest) -> HttpResponse:
    _menu(request)
    shown = {"rules": rules.in_force(), "coming": rules.coming(), "places": dict(rules.Place.choices)}
    return render(request, "leadership/rules.html", shown)


@open_to(Role.LEADER, Role.ADMINISTRATOR)
def new(request: HttpRequest) -> HttpResponse:
    return _write(request, "", {"valid_from": clock.today()})


@open_to(Role.LEADER, Role.ADMINISTRATOR)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    now = rules.rule(key)
    if request.POST.get("do") == "end":
        rules.end(key=key, by=request.user)  # type: ignore[arg-type]
        messages.success(request, gettext("Det gælder ikke mere. Det bliver stående i historien."))
        return redirect("rules-kept")
    start: dict[str, Any] = {
        name: getattr(now, name) for name in RuleForm.base_fields if name not in ("valid_from", "is_law")
    }
    return _write(request, key, {**start, "is_law": "1" if now.is_law else "0", "valid_from": clock.today()})


def _write(request: HttpRequest, key: str, start: dict[str, Any]) -> HttpResponse:
    _menu(request)
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        initial=start,
        reckons=bool(start.get("figures")),
    )
    if form.is_valid():
        told = dict(form.cleaned_data)
        with telling(form):
            rules.write(key=key, valid_from=told.pop("valid_from"), told=told, by=request.user)  # type: ignore[arg-type]
            messages.success(request, gettext("Gemt. Alle kan læse det."))
            return redirect("rules-kept")
    return render(request, "leadership/rule.html", {"form": form, "key": key})
