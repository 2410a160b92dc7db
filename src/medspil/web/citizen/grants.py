"""»Penge til små ting«, on the citizen's side."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import telling
from medspil.cases.door import OpenCase
from medspil.contact import grants
from medspil.web import grants as pages
from medspil.web.unsaid import trying

from .forms import posted
from .opening import address, around, case_page


@case_page("home", work="work-grants")
def everything(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_citizen()
    form = pages.AskForm(posted(request), initial={"key": uuid.uuid4()})
    if form.is_valid():
        with telling(form):
            grants.ask(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Vi har det. Her står, hvornår du får svar."))
            return redirect("case-grants", opened.pk)
    return render(request, "citizen/grants.html", around(opened, form=form, **pages.page(opened)))


@case_page("home", work="work-grant:grant")
def one(request: HttpRequest, opened: OpenCase, grant: int) -> HttpResponse:
    """Say »ja tak«, let it be, send it as an application, or show what was bought."""
    opened.require_citizen()
    found = grants.grant(opened, grant)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    form = pages.ReceiptForm(
        request.POST if doing == "receipt" else None, request.FILES if doing == "receipt" else None
    )
    with trying(request, form if doing == "receipt" else None):
        if doing == "accept":
            found = grants.accept(found=found, by=opened)
            given = found.answer == found.Answer.YES
            messages.success(request, gettext("Pengene er givet.") if given else gettext("Tak. Du får svar."))
        elif doing == "let":
            grants.let_be(found=found, by=opened)
        elif doing == "apply":
            grants.to_application(found=found, key=uuid.uuid5(found.key, "application"), by=opened)
            messages.success(request, gettext("Det er sendt som en ansøgning."))
        elif doing == "receipt" and form.is_valid():
            file = form.cleaned_data["file"]
            grants.keep_receipt(
                found=found, words=form.cleaned_data["words"], files=[file] if file else [], by=opened
            )
            messages.success(request, gettext("Tak. Vi har det."))
    if doing and not form.errors:
        return redirect("case-grants", opened.pk)
    shown = next(row for row in pages.page(opened)["grants"] if row["pk"] == found.pk)
    return render(
        request,
        "citizen/grant.html",
        around(opened, g=shown, form=form, list_url=address(opened, "case-grants")),
    )
