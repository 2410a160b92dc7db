"""What every page shows around its own content: the municipality, the menu, the person and their settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from medspil.people.roles import Role

from .look import look_of


def page(request: HttpRequest) -> dict[str, Any]:
    user: Any = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "municipality": {
            "name": settings.MUNICIPALITY_NAME,
            "phone": settings.MUNICIPALITY_PHONE,
            "accessibility_url": reverse("accessibility"),
        },
        "look": {**look_of(request), "url": reverse("look")},
        "language": {"url": reverse("language")},
        "home_url": reverse("home") if known else reverse("welcome"),
        "sign_in_url": "" if known else reverse("sign-in"),
        "me": {
            "name": user.name,
            "initials": user.initials,
            "kind": "authority" if user.is_staff_member else "citizen",
            "settings_url": reverse("settings"),
            "sign_out_url": reverse("sign-out"),
        }
        if known
        else None,
        "menu": _menu(request) if known else [],
        "unsaid": getattr(request, "unsaid", []),
    }


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    """A few words per side, and of every side where one works; a page tells which it is under by `request.menu_at`."""
    roles = request.user.roles  # type: ignore[union-attr]
    items: list[tuple[str, str]] = []
    if roles & {Role.CASEWORKER, Role.PROVIDER}:
        items += [
            ("desk", gettext("Mit bord")),
            ("my-citizens", gettext("Mine borgere")),
            ("work-meetings", gettext("Møder")),
            ("requests", gettext("Henvendelser")),
        ]
    if roles & {Role.LEADER, Role.COUNCIL}:
        items += [
            ("gap", gettext("Kløften")),
            ("learning", gettext("Indsatser")),
            ("kept", gettext("Løfter holdt")),
            ("pulse", gettext("De tre spørgsmål")),
        ]
        if Role.LEADER in roles:
            items.append(("my-unit", gettext("Min afdeling")))
    if Role.ADMINISTRATOR in roles:
        items += [
            ("units", gettext("Afdelinger")),
            ("staff", gettext("Medarbejdere")),
            ("deliveries", gettext("Hent sager")),
            ("offers", gettext("Tilbud")),
        ]
    if Role.ADVISER in roles and items:
        items.append(("shared-with-me", gettext("Delt med dig")))
    if not items and Role.ADVISER not in roles:
        items = [
            ("home", gettext("Min sag")),
            ("promises", gettext("Løfter")),
            ("meetings", gettext("Møder")),
            ("my-plan", gettext("Min plan")),
            ("asked", gettext("Beskeder")),
        ]
        # In the case of somebody else the menu stays in that case, with the pages that are open there.
        names, case = getattr(request, "menu_names", None), getattr(request, "menu_case", None)
        items = [(name, label) for name, label in items if names is None or name in names]
        if case is not None:
            here = getattr(request, "menu_at", None)
            return [
                {
                    "label": gettext("Forside") if name == "home" else label,
                    "url": reverse("case" if name == "home" else f"case-{name}", args=[case]),
                    "current": name == here,
                }
                for name, label in items
            ]
    here = getattr(request, "menu_at", None) or getattr(request.resolver_match, "url_name", None)
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in items]
