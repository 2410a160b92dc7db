"""Pages for everybody: whom to call, how accessible this is, and whether the site is well."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from medspil.base import clock
from medspil.base.guard import open_to_all
from medspil.people import directory
from medspil.rhythm.run import last_ended


@open_to_all
@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "entrance/contact.html", {"units": directory.contact_units()})


@open_to_all
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    shown = {
        "statement_address": settings.ACCESSIBILITY_STATEMENT,
        "contact_mail": settings.MUNICIPALITY_MAIL,
    }
    return render(request, "entrance/accessibility.html", shown)


@open_to_all
@require_GET
def was(request: HttpRequest) -> HttpResponse:
    """The short address that every public site in Denmark has for its accessibility statement."""
    return redirect(settings.ACCESSIBILITY_STATEMENT or "accessibility")


@open_to_all
@never_cache
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """For the machine that watches: 200 when the database answers with its tables in place, else 503. Nothing else."""
    try:
        directory.front_door()
    except DatabaseError:
        return HttpResponse("database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@open_to_all
@never_cache
@require_GET
def health_of_rhythm(request: HttpRequest) -> HttpResponse:
    """For the machine that watches: 200 and when the last round ended; 503 when that is too long ago, or never."""
    try:
        ended = last_ended()
    except DatabaseError:
        return HttpResponse("database does not answer\n", content_type="text/plain", status=503)
    late = ended is None or clock.now() - ended > timedelta(minutes=settings.RHYTHM_ALARM_MINUTES)
    words = f"last round ended {ended:%Y-%m-%dT%H:%M:%SZ}\n" if ended else "no round has ended yet\n"
    return HttpResponse(words, content_type="text/plain", status=503 if late else 200)


def broken(request: HttpRequest) -> HttpResponse:
    """Something broke: a page that asks nothing of the database, since that may be what broke."""
    municipality = {"name": settings.MUNICIPALITY_NAME, "phone": settings.MUNICIPALITY_PHONE}
    return HttpResponse(render_to_string("500.html", {"municipality": municipality}), status=500)
