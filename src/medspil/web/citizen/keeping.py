"""One tap beside one's own words: for my caseworker alone, or for those I share with again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Text
from medspil.cases.reading import own_text
from medspil.contact import keeping as contact_keeping
from medspil.plans import keeping as plan_keeping
from medspil.web import show

from .opening import address, case_page


@case_page("home")
@require_POST
def keep_close(request: HttpRequest, opened: OpenCase, text: int) -> HttpResponse:
    if opened.standing != Standing.SELF:
        raise NotYours
    on = bool(request.POST.get("on"))
    words = own_text(opened, text)
    room = contact_keeping if words.about.startswith(("message.", "request.")) else plan_keeping
    found = room.keep_close(text=words, on=on, by=opened)
    if on:
        said = show.only_to(opened, found.thread_id) + ". " + gettext("De andre kan ikke læse det mere.")
    else:
        said = gettext("Dem, du deler med, kan læse det igen.")
    messages.success(request, said)
    return redirect(_page_of(opened, found))


def _page_of(opened: OpenCase, text: Text) -> str:
    """Where the words are read and written."""
    kind, key, *_more = text.about.split(".")
    if kind == "area":
        return address(opened, "case-area", key)
    if kind == "message":
        return f"{address(opened, 'case-talk', text.thread_id)}#besked-{key}"
    pages = {
        "goal": "goal",
        "differ": "disagreement",
        "transition": "transition",
        "expert": "expert",
        "prep": "meeting-prepare",
        "minutes": "meeting",
        "missed": "meeting",
        "another": "meeting",
        "request": "case-request",
    }
    return address(opened, pages[kind], int(key)) if kind in pages else address(opened, "case")
