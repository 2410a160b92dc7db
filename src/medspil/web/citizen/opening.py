"""What every page of the citizen side does first: open the case, say for whom, and who has looked."""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import (
    ConsentWithdrawn,
    OpenCase,
    Purpose,
    Standing,
    cases_beside,
    open_case,
    own_case,
)
from medspil.cases.models import Sharing
from medspil.people.models import Opening
from medspil.people.reading import last_opening_by_another
from medspil.people.roles import Role
from medspil.web.templatetags.medspil import moment

View = Callable[..., HttpResponseBase]

PLAN = (Sharing.Part.GOALS, Sharing.Part.AREAS, Sharing.Part.PEOPLE)
MEETINGS = (Sharing.Part.MEETINGS, Sharing.Part.MINUTES)
PAGE_OF_PART = {
    **dict.fromkeys(MEETINGS, "meetings"),
    Sharing.Part.PROMISES: "promises",
    **dict.fromkeys(PLAN, "my-plan"),
    Sharing.Part.MESSAGES: "asked",
}
"""The page of the menu that a companion may open once that part is shared."""


def case_page(
    at: str, *, part: str | tuple[str, ...] = (), work: str = "", beside: bool = False, whole: bool = False
) -> Callable[[View], View]:
    """The page of a case, under `at` of the menu: the view gets the opened case in the place of its key.

    Without a key it is the visitor's own case. Who reads nothing of `part` (or of any of several) does not get in;
    somebody beside gets in by it alone, or where the page is made for them (`beside`). `whole`: nor does one whose
    mandate is for some matters only. Somebody who works in the case is sent to `work`, their own page for the same
    ("work-meeting:meeting" takes the key of the meeting along).
    """

    parts = (part,) if isinstance(part, str) else part

    def decorate(view: View) -> View:
        @wraps(view)
        @open_to(Role.CITIZEN)
        def page(request: HttpRequest, pk: int | None = None, **more: Any) -> HttpResponseBase:
            opened = own_case(request.visitor) if pk is None else open_case(request.visitor, pk)  # type: ignore[attr-defined]
            if opened is None:
                return _without_own_case(request, at)
            if opened.works_here:
                if not work or request.method != "GET":
                    raise NotYours
                name, *keys = work.split(":")
                return redirect(reverse(name, args=[opened.pk, *(more[key] for key in keys)]))
            if parts and not any(opened.sees(one) for one in parts):
                raise _refusal(opened, parts)
            if opened.is_beside and not (parts or beside):
                raise NotYours
            if whole and not opened.whole:
                raise NotYours
            place(request, opened, at)
            return view(request, opened, **more)

        return page

    return decorate


def _refusal(opened: OpenCase, parts: tuple[str, ...]) -> NotYours:
    """Kindly where one of them was shared once."""
    return next((one for one in map(opened.refusal, parts) if isinstance(one, ConsentWithdrawn)), NotYours())


def place(request: HttpRequest, opened: OpenCase, at: str) -> None:
    """Where in the menu the page is, and that the menu stays in the case of somebody else."""
    request.menu_at = at  # type: ignore[attr-defined]
    if opened.standing != Standing.SELF:
        request.menu_case = opened.pk  # type: ignore[attr-defined]
        request.menu_names = menu_names(opened)  # type: ignore[attr-defined]


def _without_own_case(request: HttpRequest, at: str) -> HttpResponse:
    """To the case one is here for, when there is just one; else to the page that asks what is on one's mind."""
    others = cases_beside(request.visitor.person)  # type: ignore[attr-defined]
    if len(others) != 1:
        return redirect("my-case")
    opened = open_case(request.visitor, others[0].pk)  # type: ignore[attr-defined]
    return redirect(f"case-{at}" if at != "home" and at in menu_names(opened) else "case", opened.pk)


def menu_names(opened: OpenCase) -> frozenset[str]:
    """The pages of the menu that are open in somebody else's case."""
    if opened.speaks_for_citizen:
        names = {"home", "promises", "meetings", "my-plan", "asked"}
        return frozenset(names if opened.whole else names - {"my-plan"})
    return frozenset({"home"} | {name for part, name in PAGE_OF_PART.items() if opened.sees(part)})


def address(opened: OpenCase, name: str, *keys: int | str) -> str:
    return reverse(name, args=[opened.pk, *keys])


def around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    """What the templates of an opened case get beside their own: whose it is, and who looked last."""
    return {
        "for_whom": for_whom(opened),
        "case_url": address(opened, "case"),
        "log": log_line(opened) if opened.speaks_for_citizen and opened.whole else None,
        **more,
    }


def for_whom(opened: OpenCase) -> dict[str, str] | None:
    """Whose pages these are, when they are not the reader's own."""
    if opened.standing == Standing.SELF:
        return None
    name = opened.citizen.name
    first = opened.citizen.first_name
    if opened.is_beside:
        return {
            "title": gettext("Du er med hos %(name)s.") % {"name": name},
            "text": gettext("Du ser det, som %(name)s deler med dig.") % {"name": first},
        }
    return {
        "title": gettext("Du er her for %(name)s.") % {"name": name},
        "text": gettext("Når der står »du« på siden, er det %(name)s.") % {"name": first},
    }


def log_line(opened: OpenCase) -> dict[str, str]:
    """The last opening by another, for the foot of the page."""
    url = address(opened, "case-log")
    row = last_opening_by_another(opened.citizen, opened.person)
    if row is None:
        return {"url": url}
    return {
        "name": who_opened(opened, row),
        "when_text": moment(row.at),
        "purpose": purpose_words(row),
        "url": url,
    }


def who_opened(opened: OpenCase, row: Opening, earlier: Set[int] = frozenset()) -> str:
    """The citizen's own team, those of `earlier` and those beside them by name, everybody else by their unit."""
    team = {member.person_id for thread in opened.threads for member in thread.team}  # type: ignore[attr-defined]
    if row.actor_id == opened.person.pk:
        return gettext("dig")
    if row.actor_id in team or row.actor_id in earlier or not row.unit_name:
        return row.actor.name
    return gettext("en medarbejder i %(unit)s") % {"unit": row.unit_name}


def purpose_words(row: Opening) -> str:
    """»for at forberede eller holde et møde«"""
    if row.purpose == Purpose.OWN:
        return gettext("for at se sin egen sag")
    return str(Purpose(row.purpose).label) if row.purpose in Purpose.values else row.purpose
