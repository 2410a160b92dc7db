"""Letters on paper: written, printed and sent by somebody who works in the case."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.guard import open_to
from medspil.cases.door import OpenCase
from medspil.contact import paper
from medspil.letters import pdf
from medspil.letters.models import PaperLetter
from medspil.letters.paper import NOTICE
from medspil.people.models import Person
from medspil.people.roles import CASEWORK
from medspil.plans import reading
from medspil.plans.models import Meeting
from medspil.web.invitation import words_of
from medspil.web.templatetags.medspil import capital, day_long, moment, phone

from . import needs
from .case import work_page
from .forms import anyway, words


class LetterForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Hvad handler brevet om?"), max_length=120)
    words = words(_("Skriv brevet"), rows=9)
    anyway = anyway()


class StepForm(forms.Form):
    """That a letter is printed or sent, with the reason where one is asked for."""

    anyway = anyway()


@open_to(*CASEWORK)
def letters_to_send(request: HttpRequest) -> HttpResponse:
    """What waits to be printed and sent, in the cases one works in."""
    return _queue(request)


def _queue(request: HttpRequest, *, refused: PaperLetter | None = None, form: Any = None) -> HttpResponse:
    """With the `form` of a step that was refused, at its letter."""
    request.menu_at = "desk"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    return render(
        request,
        "casework/letters.html",
        {
            "rows": [{**_row(one), "form": form if one == refused else None} for one in paper.to_send(me)],
            "sent": [_sent(one) for one in paper.sent_lately(me)[:40]],
            "form": form,
        },
    )


def _row(one: PaperLetter) -> dict[str, Any]:
    printed = ""
    if one.printed_at and one.printed_by:
        said = {"who": one.printed_by.first_name, "when": moment(one.printed_at)}
        printed = gettext("%(who)s printede det %(when)s.") % said
    return {
        "name": one.to.name,
        "title": _title(one),
        "when": moment(one.made_at),
        "printed": printed,
        "protected": one.to.address_protected_at is not None,
        "address": one.to.address_shown,
        "url": reverse("work-letter-file", args=[one.case_id, one.pk]),
        "case_url": reverse("work-case", args=[one.case_id]),
    }


def _sent(one: PaperLetter) -> dict[str, Any]:
    assert one.sent_on is not None
    assert one.sent_by is not None
    back = ""
    if one.came_back_on and one.came_back_by:
        said = {"who": one.came_back_by.first_name, "day": day_long(one.came_back_on)}
        back = gettext("Kom tilbage %(day)s. %(who)s skrev det.") % said
    return {
        "name": one.to.name,
        "title": _title(one),
        "when": gettext("%(who)s sendte det %(day)s.")
        % {"who": one.sent_by.first_name, "day": day_long(one.sent_on)},
        "back": back,
        "url": reverse("work-letter-file", args=[one.case_id, one.pk]),
        "case_url": reverse("work-case", args=[one.case_id]),
    }


def _title(one: PaperLetter) -> str:
    if one.about == "letter":
        return one.title
    return gettext("Der er nyt til dig") if one.about == NOTICE else gettext("Indkaldelse til møde")


@work_page()
def write(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    form = LetterForm(request.POST or None, initial={"key": uuid.uuid4()})
    if form.is_valid():
        with telling(form):
            paper.write_letter(**form.cleaned_data, by=opened)
            messages.success(request, gettext("Brevet ligger klar til at blive printet."))
            return redirect("letters-to-send")
    return render(
        request,
        "casework/letter.html",
        {"opened": opened, "form": form, "needs": needs.shown(opened), "large": paper.is_large(opened)},
    )


@work_page()
def one(request: HttpRequest, opened: OpenCase, letter_pk: int) -> HttpResponse:
    """The letter as a file; posted to, that it is printed, or sent."""
    found = paper.letter(opened, letter_pk)
    if request.method == "POST":
        form = StepForm(request.POST)
        if form.is_valid():
            with telling(form):
                _step(request, found, form.cleaned_data["anyway"], opened)
                return redirect("letters-to-send")
        return _queue(request, refused=found, form=form)
    sheet = found.sheet if found.sent_on and found.sheet else _sheet(found, opened)
    # As it was sent; but where somebody lives is hidden from the day they want it to be.
    sheet = {**sheet, **({"address": ""} if opened.citizen.address_protected_at else {})}
    answer = HttpResponse(pdf.sheet("letter", sheet), content_type="application/pdf")
    # A file's name stands in folders and histories: it names nobody.
    answer["Content-Disposition"] = 'inline; filename="brev.pdf"'
    return answer


def _step(request: HttpRequest, found: PaperLetter, anyway: str, opened: OpenCase) -> None:
    doing = request.POST.get("do")
    if doing == "printed":
        paper.mark_printed(letter=found, sheet=_sheet(found, opened), anyway=anyway, by=opened)
    elif doing == "sent":
        paper.mark_sent(letter=found, anyway=anyway, by=opened)
        messages.success(request, gettext("Brevet er sendt i dag."))
    elif doing == "back":
        paper.came_back(letter=found, by=opened)
        messages.success(request, gettext("Gemt. Der er en frist for at nå frem på en anden måde."))


def _sheet(found: PaperLetter, opened: OpenCase) -> dict[str, Any]:
    """What stands on it when it is printed today, in the form the citizen needs; a protected address does not."""
    citizen, by = opened.citizen, found.written_by or opened.coordinator or opened.person
    address = {"size": paper.size(opened), "address": citizen.address_shown}
    meeting = _meeting(found, opened)
    if meeting:
        return {**words_of(opened, meeting), **address}
    lines = found.words.splitlines() if found.about == "letter" else _something_new(opened, by)
    return {
        "title": _title(found) if found.about == "letter" else gettext("Der er nyt til dig"),
        "to": citizen.name,
        "day": capital(day_long(clock.today())),
        "lines": [line for line in lines if line.strip()],
        "parts": [],
        "goodbye": gettext("Venlig hilsen"),
        "from": by.name,
        **address,
    }


def _meeting(found: PaperLetter, opened: OpenCase) -> Meeting | None:
    """The meeting it invites to, while it is still to come."""
    room, _dot, key = found.about.partition(".")
    if room != "meeting":
        return None
    meeting = reading.meeting(opened, int(key))
    return meeting if meeting.state == Meeting.State.PLANNED else None


def _something_new(opened: OpenCase, by: Person) -> list[str]:
    number = by.phone or opened.main_thread.unit.phone
    return [
        gettext("Der er noget nyt til dig hos %(who)s.") % {"who": settings.MUNICIPALITY_NAME},
        gettext("Ring til %(name)s på %(phone)s, så hører du, hvad det er.")
        % {"name": by.first_name, "phone": phone(number)},
    ]
