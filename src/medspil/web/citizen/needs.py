"""»Sådan vil jeg mødes«: said once, seen wherever we meet, and held against everything that goes out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import row_key
from medspil.cases import citizen as known
from medspil.cases.door import OpenCase
from medspil.web.known import NeedForm, PhoneForm, need_rows
from medspil.web.unsaid import trying

from .opening import address, around, case_page


@case_page("home", work="work-needs", whole=True)
def needs(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    need = NeedForm(request.POST if doing == "need" else None)
    phone = PhoneForm(request.POST if doing == "phone" else None, initial={"phone": opened.citizen.phone})
    done = ""
    with trying(request, phone if doing == "phone" else need):
        if doing == "need" and need.is_valid():
            known.say_need(kind=need.cleaned_data["kind"], words=need.cleaned_data["words"], by=opened)
            done = gettext("Tak. Nu kan alle, der møder dig, se det.")
        elif doing == "forget" and (key := row_key(request.POST.get("need", ""))) is not None:
            known.forget_need(pk=key, by=opened)
            done = gettext("Taget væk.")
        elif doing == "phone" and phone.is_valid():
            known.say_phone(phone=phone.cleaned_data["phone"], by=opened)
            done = gettext("Tak. Vi har dit nummer.")
    if done:
        messages.success(request, done)
        return redirect("case-needs", opened.pk)
    return render(
        request,
        "citizen/needs.html",
        around(
            opened,
            rows=need_rows(opened),
            need=need,
            phone=phone,
            wrong=opened.citizen.phone_wrong_at is not None,
            back_url=address(opened, "case"),
        ),
    )
