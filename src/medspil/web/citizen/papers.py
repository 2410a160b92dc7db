"""»Papirer«, on the citizen's side: what is here, what we would like to fetch, and the yes that can be taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import row_key
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase
from medspil.plans import papers
from medspil.web import papers as pages
from medspil.web import show
from medspil.web.unsaid import trying

from .opening import around, case_page


@case_page("home", work="work-papers")
def everything(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    opened.require_citizen()
    if request.method == "POST":
        _answer(request, opened)
        return redirect("case-papers", opened.pk)
    return render(request, "citizen/papers.html", around(opened, papers=pages.rows(opened)))


def _answer(request: HttpRequest, opened: OpenCase) -> None:
    found = papers.paper(opened, row_key(request.POST.get("paper", "")) or 0)
    doing = request.POST.get("do", "")
    with trying(request):
        if doing in ("yes", "no"):
            done = papers.answer(found=found, yes=doing == "yes", by=opened)
            said = gettext("Det er i orden. Vi henter det ikke.")
            if done.promise:
                said = gettext("Tak. %(who)s henter det.") % {"who": show.owner_name(done.promise)}
            messages.success(request, said)
        elif doing == "back":
            papers.withdraw(found=found, by=opened)
            messages.success(request, gettext("Dit ja er taget tilbage. Vi henter ikke mere."))
        else:
            raise NotYours
