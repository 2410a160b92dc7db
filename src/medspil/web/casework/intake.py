"""»Din indgang« for its two hosts: begin with what is asked, say what comes next, end, begin again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.cases.door import OpenCase
from medspil.cases.work import holds_the_whole
from medspil.contact import intake as courses
from medspil.people.models import Person
from medspil.web import intake as shown
from medspil.web import unsaid
from medspil.web.unsaid import trying

from . import forms
from .case import work_page


@work_page(may=holds_the_whole)
def intake(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    others = courses.may_host(opened.person)
    doing = request.POST.get("do", "")
    begin = forms.IntakeForm(
        request.POST if doing == "begin" else None, initial={"key": uuid.uuid4()}, people=others
    )
    back = shown.AskedForm(request.POST if doing == "back" else None, initial={"key": uuid.uuid4()})
    after = forms.ComesNextForm(request.POST if doing == "next" else None)
    with trying(request, {"back": back, "next": after}.get(doing, begin)):
        if done := _act(doing, opened, others, begin, back, after):
            messages.success(request, done)
            return redirect("work-intake", opened.pk)
    found = courses.course(opened)
    drawn = "begin" if found is None else "back" if found.ended_on else "next"
    if doing != drawn:
        unsaid.not_drawn(request, {"begin": begin, "back": back, "next": after}.get(doing))
    return render(
        request,
        "casework/intake.html",
        {
            "opened": opened,
            "course": shown.course(found, opened) if found else None,
            "begin": begin,
            "back": back,
            "after": after,
        },
    )


def _act(
    doing: str,
    opened: OpenCase,
    others: list[Person],
    begin: forms.IntakeForm,
    back: shown.AskedForm,
    after: forms.ComesNextForm,
) -> str:
    """What was done as a sentence; empty when a form still misses something."""
    if doing == "begin" and begin.is_valid():
        data = begin.cleaned_data
        other = next(p for p in others if str(p.pk) == data["other_host"])
        courses.begin(asked=data["asked"], other_host=other, key=data["key"], by=opened)
        return gettext("I er værter nu. Hjælp med det, der bliver spurgt om, med det samme.")
    if doing == "back" and back.is_valid():
        courses.come_back(asked=back.cleaned_data["asked"], key=back.cleaned_data["key"], by=opened)
        return gettext("Forløbet er i gang igen.")
    if doing == "next" and after.is_valid():
        courses.say_what_comes(words=after.cleaned_data["words"], by=opened)
        return gettext("Gemt.")
    if doing == "leave":
        courses.leave(by=opened)
        return gettext("Forløbet sluttede. Det kan begynde igen når som helst.")
    return ""
