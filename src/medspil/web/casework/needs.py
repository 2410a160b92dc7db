"""How a citizen wants to be met, as those who work with them write it down; and what else all must know of them."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from medspil.base.fields import row_key, telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases import citizen as known
from medspil.cases.door import OpenCase
from medspil.people import actions as people
from medspil.people.models import Person
from medspil.people.reading import colleagues_in_units
from medspil.people.roles import CASEWORK
from medspil.web import show
from medspil.web.known import AddressForm, NeedForm, PhoneForm, need_rows
from medspil.web.templatetags.medspil import moment
from medspil.web.unsaid import trying

from . import forms
from .case import work_page


def shown(opened: OpenCase) -> list[str]:
    """The citizen's needs in words, for every page where we meet them."""
    return [str(need) for need in known.needs(opened)]


@work_page()
def needs(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    need = NeedForm(request.POST if doing == "need" else None)
    phone = PhoneForm(request.POST if doing == "phone" else None)
    address = AddressForm(request.POST if doing == "address" else None)
    with trying(request, {"phone": phone, "address": address}.get(doing, need)):
        if done := _act(doing, request, opened, need, phone, address):
            messages.success(request, done)
            return redirect("work-needs", opened.pk)
    citizen = opened.citizen
    return render(
        request,
        "casework/needs.html",
        {
            "opened": opened,
            "citizen": citizen,
            "rows": need_rows(opened),
            "need": need,
            "phone": phone,
            "address": address,
            "protected": _said(citizen.address_protected_by, citizen.address_protected_at),
        },
    )


def _said(by: Person | None, at: datetime | None) -> str:
    """»Karen skrev det i dag kl. 9.12.«"""
    if by is None:
        return ""
    return gettext("%(who)s skrev det %(when)s.") % {"who": by.first_name, "when": moment(at)}


def _act(
    doing: str,
    request: HttpRequest,
    opened: OpenCase,
    need: NeedForm,
    phone: PhoneForm,
    address: AddressForm,
) -> str:
    """What was done as a sentence; empty when nothing was, or a form still misses something."""
    if doing == "need" and need.is_valid():
        known.say_need(kind=need.cleaned_data["kind"], words=need.cleaned_data["words"], by=opened)
        return gettext("Gemt. Alle, der arbejder i sagen, kan se det.")
    if doing == "forget" and (key := row_key(request.POST.get("need", ""))) is not None:
        known.forget_need(pk=key, by=opened)
        return gettext("Taget væk.")
    if doing == "phone" and phone.is_valid():
        known.say_phone(phone=phone.cleaned_data["phone"], by=opened)
        return gettext("Nummeret er gemt.")
    if doing == "address" and address.is_valid():
        known.say_address(address=address.cleaned_data["address"], by=opened)
        return gettext("Adressen er gemt.")
    if doing in ("protect", "open"):
        known.protect_address(protected=doing == "protect", by=opened)
        return (
            gettext("Adressen er skjult alle steder.")
            if doing == "protect"
            else gettext("Adressen vises igen.")
        )
    return ""


@open_to(*CASEWORK)
def my_hours(request: HttpRequest) -> HttpResponse:
    """When one can be called oneself, and who takes the call else."""
    request.menu_at = "desk"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    others = colleagues_in_units(me)
    post = me.work_post
    if post is None:
        raise NotYours
    initial = {"hours": post.hours, "hours_en": post.hours_en, "cover": post.cover_id or ""}
    form = forms.HoursForm(request.POST or None, initial=initial, people=others)
    if form.is_valid():
        cover = next((p for p in others if str(p.pk) == form.cleaned_data["cover"]), None)
        with telling(form):
            people.set_contact_hours(
                hours=form.cleaned_data["hours"],
                hours_en=form.cleaned_data["hours_en"],
                cover=cover,
                by=me,
            )
            messages.success(request, gettext("Gemt. Det står på dine borgeres side."))
            return redirect("my-hours")
    hours = show.reach(post.unit, None, get_language())
    return render(request, "casework/my_hours.html", {"form": form, "unit": post.unit, "hours": hours})
