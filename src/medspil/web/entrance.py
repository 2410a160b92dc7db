"""The way in and out: welcome, sign-in, sign-out, and the demo's links, which exist in the demo alone."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from medspil.base.guard import open_to_all
from medspil.people.models import Person

DEMO_SALT = "medspil.demo"


def demo_token(person: Person) -> str:
    return signing.dumps(person.pk, salt=DEMO_SALT)


@open_to_all
def demo_enter(request: HttpRequest, token: str) -> HttpResponse:
    """One sign-in link per person of the cast; not there outside the demo."""
    if not settings.DEMO:
        raise Http404
    try:
        person = Person.objects.get(pk=signing.loads(token, salt=DEMO_SALT), is_active=True)
    except (signing.BadSignature, Person.DoesNotExist) as error:
        raise Http404 from error
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")


@open_to_all
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "base/welcome.html")


@open_to_all
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        logout(request)
        return redirect("welcome")
    return render(request, "base/sign_out.html")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "base/refused.html", {"sentence": reason}, status=403)


def too_many_tries(request: HttpRequest, credentials: dict, *args: object, **kwargs: object) -> HttpResponse:
    return render(request, "base/refused.html", {"sentence": ""}, status=429)
