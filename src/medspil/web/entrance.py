"""The way in and out: welcome, password and second factor, sign-out, and what was typed when a sign-in ended.

Nobody is signed in before both are right: after the password the session knows only who is trying (`PENDING`), and
`request.user` stays nobody. So a page cannot forget to ask for the second factor.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import segno
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medspil.base import clock
from medspil.base.fields import telling
from medspil.base.guard import open_to, open_to_all
from medspil.cases.door import cases_beside
from medspil.people import actions as people
from medspil.people import directory, invitation
from medspil.people.models import Person
from medspil.people.roles import CASEWORK, Role

from . import look, typed
from .templatetags.medspil import moment

DEMO_SALT = "medspil.demo"
BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "pending"
ENTERED = "entered"
SECOND_STEP = timedelta(minutes=15)
LOCKED_FOR = timedelta(hours=settings.AXES_COOLOFF_TIME)


# --- forms ------------------------------------------------------------------------------------------------------------


class SignInForm(forms.Form):
    login = forms.CharField(
        label=_("Brugernavn"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Din adgangskode"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Koden fra din app"),
        help_text=_("Seks tal. Der kommer nye hvert halve minut."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Vælg en adgangskode"),
        help_text=_("Mindst 12 tegn. Nogle ord, som kun du ville sætte sammen, er nemme at huske."),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("Skriv den igen"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (
            values.get("password")
            and values.get("password_again")
            and values["password"] != values["password_again"]
        ):
            self.add_error("password_again", _("De to er ikke ens. Skriv den samme to gange."))
        return values


# --- public -----------------------------------------------------------------------------------------------------------


@open_to_all
@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "entrance/welcome.html", {"front_door": directory.front_door()})


@open_to_all
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the first page of what the person is here as."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect("welcome")
    return redirect(_first_page(user))


def _first_page(person: Person) -> str:
    roles = person.roles
    if roles & set(CASEWORK):
        return "desk"
    if roles & {Role.LEADER, Role.COUNCIL}:
        return "gap"
    if Role.ADMINISTRATOR in roles:
        return "units"
    if Role.ADVISER in roles:
        return "shared-with-me"
    return "my-case"


@open_to(Role.ADVISER)
@require_GET
def shared_with_me(request: HttpRequest) -> HttpResponse:
    """What citizens have shared with the citizens' adviser: the names, each a way to what is shared."""
    return render(request, "entrance/shared_with_me.html", {"cases": cases_beside(request.user)})  # type: ignore[arg-type]


# --- in ---------------------------------------------------------------------------------------------------------------


def _next(request: HttpRequest) -> str:
    """Where the person was going, when that is a page of ours; else ""."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fine = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if fine else ""


def _show_sign_in(request: HttpRequest, form: SignInForm, *, status: int = 200, **more: Any) -> HttpResponse:
    envelope = request.POST.get("typed") or request.session.get(typed.SESSION_KEY, "")
    waits = bool(envelope) and typed.opened(envelope) is not None
    values = {
        "form": form,
        "next": _next(request),
        "typed": envelope if waits else "",
        "expired": waits,
        "demo": settings.DEMO,
    }
    return render(request, "entrance/sign_in.html", {**values, **more}, status=status)


@open_to_all
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The password. When it is right, only the second step opens."""
    user: Any = request.user
    if user.is_authenticated:
        # Signed in again elsewhere while this page lay open, perhaps with words in it.
        return _waiting_words(request, user) or redirect(_next(request) or "home")
    form = SignInForm(request.POST or None)
    if not form.is_valid():
        return _show_sign_in(request, form)
    person = authenticate(
        request, login=form.cleaned_data["login"].strip().lower(), password=form.cleaned_data["password"]
    )
    if getattr(request, "axes_locked_out", False):
        return too_many_tries(request)
    if person is None:
        form.add_error(None, _("Navnet og adgangskoden passer ikke sammen. Prøv igen."))
        return _show_sign_in(request, form)
    _keep_words(request)
    request.session.cycle_key()
    rotate_token(request)
    request.session[PENDING] = {
        "person": person.pk,
        "credentials": person.credentials,  # type: ignore[attr-defined]
        "until": (clock.now() + SECOND_STEP).isoformat(),
        "next": _next(request),
    }
    return redirect("second-factor")


def _pending(request: HttpRequest) -> Person | None:
    """Who has given the right password in this browser within the last minutes, and nothing more yet."""
    waiting = request.session.get(PENDING)
    if waiting is None or clock.now() > datetime.fromisoformat(waiting["until"]):
        return None
    person = directory.person(waiting["person"])
    return person if person is not None and person.credentials == waiting["credentials"] else None


@open_to_all
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code of the app; whoever has no app yet sets it up here, and gets no further before."""
    person = _pending(request)
    if person is None:
        request.session.pop(PENDING, None)
        return redirect("sign-in")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        with telling(form):
            people.check_second_factor(code=form.cleaned_data["code"], by=person)
            return _enter(request, person, how="second factor")
    device = None if directory.has_second_factor(person) else people.begin_second_factor(by=person)
    shown: dict[str, Any] = {"form": form, "person": person}
    if device is not None:
        shown["picture"] = segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3)
        shown["secret"] = _in_fours(directory.second_factor_secret(device))
    return render(request, "entrance/second_factor.html", shown)


def _in_fours(secret: str) -> str:
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _enter(request: HttpRequest, person: Person, *, how: str) -> HttpResponse:
    """Signed in, with a new session and a new secret in every form; on to words that wait, or where they were going."""
    waiting = request.session.pop(PENDING, {})
    login(request, person, backend=BACKEND)
    request.session[ENTERED] = how
    response = _waiting_words(request, person) or redirect(waiting.get("next") or "home")
    look.carry_over(request, response, person)
    typed.remember_sign_in(request, response, person.pk)
    return response


@open_to_all
@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link: the person chooses a password, and then signs in with it as always."""
    person = invitation.person_of(token)
    if person is None:
        return render(request, "entrance/link_is_old.html", status=410)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        with telling(form):
            people.choose_password(password=form.cleaned_data["password"], by=person)
            return render(request, "entrance/password_chosen.html", {"person": person})
    return render(request, "entrance/choose_password.html", {"form": form, "person": person})


def demo_token(person: Person) -> str:
    return signing.dumps(person.pk, salt=DEMO_SALT)


@open_to_all
@require_GET
def demo_enter(request: HttpRequest, token: str) -> HttpResponse:
    """One sign-in link per person of the cast; not there outside the demo."""
    if not settings.DEMO:
        raise Http404
    try:
        person = directory.person(signing.loads(token, salt=DEMO_SALT))
    except signing.BadSignature as error:
        raise Http404 from error
    if person is None:
        raise Http404
    return _enter(request, person, how="demo")


# --- out --------------------------------------------------------------------------------------------------------------


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if request.method != "POST":
        return render(
            request, "entrance/sign_out.html" if user.is_authenticated else "entrance/signed_out.html"
        )
    logout(request)
    response = redirect("signed-out")
    # Browsers obey this on a safe origin alone: what pages kept on the machine goes with the person.
    response["Clear-Site-Data"] = '"cache", "storage"'
    if user.is_authenticated:
        look.leave_behind(request, response, user)
    return response


@open_to_all
@never_cache
@require_GET
def signed_out(request: HttpRequest) -> HttpResponse:
    return render(request, "entrance/signed_out.html")


# --- too late ---------------------------------------------------------------------------------------------------------

# Pages of the way in and out and of the look: nothing is written there that anybody would miss.
WITHOUT_WORDS = {
    "sign-in",
    "sign-out",
    "second-factor",
    "choose-password",
    "look",
    "language",
    "typed",
    "forget-typed",
}


def _envelope(request: HttpRequest) -> str:
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name == "sign-in":
        return request.POST.get("typed", "")
    return "" if name in WITHOUT_WORDS else typed.carry(request)


def too_late(request: HttpRequest) -> HttpResponse:
    """A form came after its sign-in had ended: the sign-in page, with what was typed in a sealed envelope."""
    user: Any = request.user
    envelope = _envelope(request)
    if user.is_authenticated:
        words = typed.opened(envelope) if envelope else None
        if words is not None and words.person == user.pk:
            request.session[typed.SESSION_KEY] = envelope
            return redirect("typed")
        return render(request, "entrance/stale.html", status=403)
    wanted = request.get_full_path() if request.method == "GET" else ""
    if envelope:
        # Beside the form of this page, so that another language or look of it loses nothing.
        request.session[typed.SESSION_KEY] = envelope
    way_in = reverse("sign-in")
    request.here = f"{way_in}?{urlencode({'next': wanted})}" if wanted else way_in  # type: ignore[attr-defined]
    response = render(
        request,
        "entrance/sign_in.html",
        {"form": SignInForm(), "next": wanted, "typed": envelope, "expired": True, "demo": settings.DEMO},
        status=401,
    )
    if getattr(request, "htmx", None):
        # A part of the page was to be replaced: htmx takes the whole page instead, and only of an answer that is well.
        response.status_code = 200
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django asks for this page when a form's secret is not that of the browser."""
    return too_late(request)


def too_many_tries(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    form = SignInForm({"login": request.POST.get("login", ""), "password": "-"})
    form.is_valid()
    now = clock.now()
    sentence = gettext("Der har været for mange forsøg. Prøv igen %(when)s, eller ring til os.") % {
        "when": moment(now + LOCKED_FOR, clock.day_of(now))
    }
    form.add_error(None, sentence)
    return _show_sign_in(request, form, status=429)


def _keep_words(request: HttpRequest) -> None:
    """The envelope goes from the form into the session that the second step goes on with."""
    envelope = request.POST.get("typed", "")
    if envelope and typed.opened(envelope) is not None:
        request.session[typed.SESSION_KEY] = envelope


def _waiting_words(request: HttpRequest, person: Any) -> HttpResponse | None:
    """To the page with the words, when they are this person's; words of another are let go of."""
    if request.method == "POST":
        _keep_words(request)
    words = typed.opened(request.session.get(typed.SESSION_KEY, ""))
    if words is None or words.person != person.pk:
        request.session.pop(typed.SESSION_KEY, None)
        return None
    return redirect("typed")


def _readable(fields: list[tuple[str, str]]) -> list[str]:
    """What the person wrote, without the keys, numbers and choices that say nothing to a reader."""
    written = [
        value for _name, value in fields if any(sign.isalpha() for sign in value) and not _is_key(value)
    ]
    return [value for value in written if not re.fullmatch(r"[a-z_]+", value)] or written


def _is_key(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True


@open_to(*Role)
@never_cache
@require_GET
def typed_words(request: HttpRequest) -> HttpResponse:
    """What the person had typed, and one button that sends it where it was going."""
    words = typed.opened(request.session.get(typed.SESSION_KEY, ""))
    if words is None or words.person != request.user.pk:
        return redirect("home")
    return render(request, "entrance/typed.html", {"words": words, "readable": _readable(words.fields)})


@open_to(*Role)
@require_POST
def forget_typed(request: HttpRequest) -> HttpResponse:
    request.session.pop(typed.SESSION_KEY, None)
    return redirect("home")
