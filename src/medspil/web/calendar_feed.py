"""A calendar of one's own that follows along: a secret address, made and ended by the person."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from medspil.base import clock
from medspil.base.guard import open_to, open_to_all
from medspil.people import feeds
from medspil.people.models import Person
from medspil.people.roles import Role
from medspil.plans import calendar, reading

BACK, AHEAD = timedelta(days=30), timedelta(days=365)
SHOWN_ONCE = "calendar_address"


@open_to(*Role)
@never_cache
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Make an address, or end it. It is shown once; whoever has it sees when one meets."""
    person: Person = request.user  # type: ignore[assignment]
    if request.method == "POST":
        if request.POST.get("do") == "end":
            feeds.end_feed(by=person)
            messages.success(request, gettext("Adressen virker ikke mere."))
        else:
            path = reverse("calendar-feed", args=[feeds.open_feed(by=person)])
            request.session[SHOWN_ONCE] = request.build_absolute_uri(path)
        return redirect("calendar")
    return render(
        request,
        "entrance/calendar.html",
        {"address": request.session.pop(SHOWN_ONCE, ""), "feed": feeds.feed_of(person)},
    )


@open_to_all
@never_cache
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For a calendar program, which signs in nowhere: when, and nothing more."""
    person = feeds.whose(secret)
    if person is None:
        raise Http404
    now = clock.now()
    found = reading.calendar_of(person, since=now - BACK, until=now + AHEAD)
    with translation.override(person.language or "da"):
        words = calendar.feed(found, title=gettext("Møde"), now=now)
    return HttpResponse(words, content_type="text/calendar; charset=utf-8")
