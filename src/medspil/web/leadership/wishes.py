"""Wishes for another steady contact, answered by the leader: the wish and the names, and no case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from medspil.base.fields import tell
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours, Refusal
from medspil.contact import handover
from medspil.people.models import Person
from medspil.people.roles import Role
from medspil.web import unsaid
from medspil.web.wishing import NOBODY, WishAnswerForm


@open_to(Role.LEADER)
def waiting(request: HttpRequest) -> HttpResponse:
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    return render(request, "leadership/wishes.html", {"rows": handover.wishes_before(me)})


@open_to(Role.LEADER)
def one(request: HttpRequest, wish: int) -> HttpResponse:
    request.menu_at = "my-unit"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    found, main = handover.wish_before(request.visitor, wish)  # type: ignore[attr-defined]
    form = WishAnswerForm(
        request.POST or None,
        people=handover.may_be_wished(main),
        initial={"to": found.wants_id or NOBODY},
    )
    citizen = found.case.citizen
    if form.is_valid():
        try:
            handover.answer_wish_as_leader(
                wish=found,
                to=form.people.get(form.cleaned_data["to"]),
                because=form.cleaned_data["because"],
                by=me,
            )
        except NotYours:
            raise
        except Refusal as error:
            tell(form, error)
            found, main = handover.wish_before(request.visitor, wish)  # type: ignore[attr-defined]
        else:
            messages.success(request, gettext("%(name)s kan læse svaret nu.") % {"name": citizen.first_name})
            return redirect("contact-wishes")
    if found.answer:
        unsaid.not_drawn(request, form)
    said = {"whose": "citizen", "name": citizen.name, "words": found.words} if found.words else None
    return render(
        request,
        "leadership/wish.html",
        {
            "wish": found,
            "citizen": citizen,
            "now": handover.contact_in(main),
            "said": said,
            "form": form,
        },
    )
