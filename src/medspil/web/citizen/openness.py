"""Who has seen the case and why, and who may see what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base.fields import row_key
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Sharing
from medspil.cases.reading import sharings
from medspil.people.models import Mandate, Person
from medspil.people.reading import advisers, mandates_for, openings
from medspil.web.templatetags.medspil import capital, day_long, hour

from .opening import address, around, case_page, purpose_words, who_opened

LINES = 40


@case_page("log", work="work-case", whole=True)
def log(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Every opening in words, newest first; those of the reader themselves only when they want them."""
    wanted = request.GET.get("foer", "")
    before = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None
    everybody = "alle" in request.GET
    found = openings(opened.citizen, before=before)
    rows = list((found if everybody else found.exclude(actor=opened.person))[: LINES + 1])
    shown = rows[:LINES]
    url = address(opened, "case-log")
    return render(
        request,
        "citizen/log.html",
        {
            **around(
                opened,
                lines=[
                    {
                        "who": gettext("Du")
                        if row.actor_id == opened.person.pk
                        else capital(who_opened(opened, row)),
                        "why": gettext("så din egen sag")
                        if row.actor_id == opened.citizen.pk == opened.person.pk
                        else gettext("var her %(purpose)s") % {"purpose": purpose_words(row)},
                        "when": f"{day_long(row.at)} {hour(row.at)}",
                        "ask_url": ""
                        if row.actor_id in (opened.person.pk, opened.citizen.pk)
                        else f"{address(opened, 'case-ask')}?linje={row.number}",
                    }
                    for row in shown
                ],
                older_url=f"{url}?foer={shown[-1].number}{'&alle=1' if everybody else ''}"
                if len(rows) > LINES
                else "",
                all_url="" if everybody else f"{url}?alle=1",
                sharing_url=address(opened, "case-sharing"),
            ),
            "log": None,
        },
    )


@case_page("sharing", whole=True, work="work-case")
def sharing(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """For each person what they see now, with a way to stop it, and what more one may share."""
    given: dict[int, set[str]] = {}
    people: dict[int, Person] = {}
    mandates = mandates_for(opened.citizen)
    advising = {post.person_id: post.person for post in advisers()}
    people.update(advising)
    for mandate in mandates:
        people[mandate.actor_id] = mandate.actor
    for row in sharings(opened):
        people[row.to_id] = row.to
        given.setdefault(row.to_id, set()).add(row.part)
    acting = {m.actor_id: m for m in mandates if m.kind != Mandate.Kind.COMPANION}
    cards = [
        {
            "name": person.name,
            "first": person.first_name,
            "pk": person.pk,
            "comes_as": _comes_as(person, mandates, advising),
            "acts": _acts(acting.get(person.pk)),
            "parts": []
            if person.pk in acting
            else [
                {
                    "key": part.value,
                    "label": str(part.label),
                    "given": part.value in given.get(person.pk, set()),
                }
                for part in Sharing.Part
            ],
        }
        for person in sorted(people.values(), key=lambda one: one.name)
    ]
    return render(
        request,
        "citizen/sharing.html",
        around(
            opened,
            people=cards,
            own=opened.standing == Standing.SELF,
            share_url=address(opened, "share"),
            stop_url=address(opened, "stop-sharing"),
            ask_url=address(opened, "case-ask"),
            log_url=address(opened, "case-log"),
        ),
    )


def _comes_as(person: Person, mandates: list[Mandate], advising: dict[int, Person]) -> str:
    """»Bisidder«"""
    if person.pk in advising:
        return gettext("Borgerrådgiver og uvildig")
    return next((m.get_kind_display() for m in mandates if m.actor_id == person.pk), "")


def _acts(mandate: Mandate | None) -> str:
    if mandate is None:
        return ""
    return gettext("Må handle for dig og ser din sag.") + (f" ({mandate.ground})" if mandate.ground else "")


@case_page("sharing", whole=True)
@require_POST
def share(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return _change(request, opened, cases.share, gettext("%(name)s kan se det nu."))


@case_page("sharing", whole=True)
@require_POST
def stop(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    return _change(request, opened, cases.stop_sharing, gettext("%(name)s kan ikke se det mere."))


def _change(request: HttpRequest, opened: OpenCase, action: Any, said: str) -> HttpResponse:
    part, to = request.POST.get("part", ""), row_key(request.POST.get("to", ""))
    known = {m.actor_id: m.actor for m in mandates_for(opened.citizen)}
    known.update({post.person_id: post.person for post in advisers()})
    known.update({row.to_id: row.to for row in sharings(opened)})
    person = known.get(to) if to is not None else None
    if person is None or part not in Sharing.Part.values:
        raise NotYours
    try:
        action(part=part, to=person, by=opened)
    except Refusal as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, said % {"name": person.first_name})
    return redirect("case-sharing", opened.pk)
