"""»Din indgang« as its citizen sees it: which week, with whom, what comes next; leaving and coming back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.cases.door import OpenCase
from medspil.contact import intake as courses
from medspil.web import intake as shown
from medspil.web import unsaid
from medspil.web.unsaid import trying

from .opening import address, around, case_page


@case_page("home", work="work-intake")
def intake(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    doing = request.POST.get("do", "")
    form = shown.AskedForm(
        request.POST if doing in ("back", "begin") else None, initial={"key": uuid.uuid4()}
    )
    with trying(request, form):
        if doing == "leave":
            courses.leave(by=opened)
            messages.success(request, gettext("Det er slut for nu. Du er velkommen igen."))
            return redirect("case-intake", opened.pk)
        if doing == "begin" and form.is_valid():
            courses.begin_oneself(asked=form.cleaned_data["asked"], key=form.cleaned_data["key"], by=opened)
            messages.success(request, gettext("Velkommen. Dine to værter har fået besked."))
            return redirect("case-intake", opened.pk)
        if doing == "back" and form.is_valid():
            courses.come_back(asked=form.cleaned_data["asked"], key=form.cleaned_data["key"], by=opened)
            messages.success(request, gettext("Velkommen igen."))
            return redirect("case-intake", opened.pk)
    found = courses.course(opened)
    if found is not None and not found.intake.ended_on:
        unsaid.not_drawn(request, form)
    return render(
        request,
        "citizen/intake.html",
        around(
            opened,
            course=shown.course(found, opened) if found else None,
            form=form,
            ask_url=address(opened, "case-ask"),
            talk_url=address(opened, "case-talk", opened.main_thread.pk),
            back_url=address(opened, "case"),
        ),
    )
