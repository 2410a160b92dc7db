"""What we promised each other, and what the citizen can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from medspil.base import clock
from medspil.base.fields import telling
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Promise, Sharing
from medspil.cases.promises import OPEN_STATES, Seen, State, not_replaced, open_now, seen, with_new_due
from medspil.web import show
from medspil.web.templatetags.medspil import day_long
from medspil.web.unsaid import trying

from . import forms
from .opening import address, around, case_page

IN_THE_LIST = 40
"""So many ended ones at the most; what still wants something is always there."""


def card(row: Seen, opened: OpenCase) -> dict[str, Any]:
    """A promise with what the reader may do about it."""
    if opened.is_beside:
        return show.promise(row, opened)
    promise = row.promise
    return show.promise(
        row,
        opened,
        url=address(opened, "case-promise", promise.pk),
        ask_url=f"{address(opened, 'case-ask')}?loefte={promise.pk}" if row.needs_explanation else "",
        actions=_quick(row, opened),
    )


def _quick(row: Seen, opened: OpenCase) -> list[show.Action]:
    """The few things that stand on the card itself."""
    promise = row.promise
    about = show.sentence(promise, opened)
    if row.state in (State.SOON, State.DAY_PASSED):
        acts = [
            {
                "label": gettext("Det er gjort"),
                "url": address(opened, "promise-done", promise.pk),
                "method": "post",
                "style": "second",
                "about": about,
            },
            {
                "label": gettext("Bed om mere tid"),
                "url": address(opened, "promise-more-time", promise.pk),
                "about": about,
            },
        ]
        if row.state == State.DAY_PASSED:
            acts.append(
                {
                    "label": gettext("Hvad kunne hjælpe?"),
                    "url": address(opened, "promise-too-much", promise.pk),
                    "about": about,
                }
            )
        return acts
    return []


def now_and_lately(opened: OpenCase) -> list[Seen]:
    """What still wants something, what broke until it is made good, and the last ones kept."""
    rows = opened.promises()
    kept = rows.filter(outcome__in=[Promise.Outcome.KEPT, Promise.Outcome.DONE])
    waiting = Q(not_replaced(by_open=True), outcome="")
    found = rows.filter(waiting | Q(pk__in=kept.order_by("-outcome_at").values("pk")[:6]))
    return seen(with_new_due(found), clock.now())


MOST_IN_COLUMN = 5
MOST_NOW = 8
"""What is broken or due today goes before the rest, up to here."""


@dataclass(frozen=True)
class Column:
    """One side's promises on the first page; `more` stand on the page of all promises, `broken` of them not kept."""

    rows: list[Seen]
    more: int
    broken: int


def columns(all_seen: list[Seen]) -> tuple[Column, Column]:
    """Ours and the citizen's: what is broken or today, a few on their way, and of each side the last one kept."""
    told = {row.promise.pk for row in all_seen if row.state == State.BROKEN and row.has_successor}
    ours: list[Seen] = []
    mine: list[Seen] = []
    last: dict[str, Seen] = {}
    for row in all_seen:
        side = row.promise.side
        if row.state in (State.KEPT, State.DONE):
            if side not in last or row.promise.outcome_at > last[side].promise.outcome_at:  # type: ignore[operator]
                last[side] = row
        # The new day stands on the broken one; it gets a card of its own once it is there.
        elif row.promise.replaces_id not in told or row.state in (State.TODAY, State.BROKEN):
            (ours if row.is_ours else mine).append(row)
    mine = show.own_in_order(mine)
    return _column(ours, last.get(Promise.Side.MUNICIPALITY)), _column(mine, last.get(Promise.Side.CITIZEN))


def _column(rows: list[Seen], last_kept: Seen | None) -> Column:
    now = (State.BROKEN, State.TODAY, State.DAY_PASSED)
    shown, left = [], []
    for row in rows:
        room = MOST_NOW if row.state in now else MOST_IN_COLUMN
        (shown if len(shown) < room else left).append(row)
    broken = sum(1 for row in left if row.state == State.BROKEN)
    return Column(shown + [last_kept] * (last_kept is not None), len(left), broken)


@case_page("promises", part=Sharing.Part.PROMISES, work="work-case")
def promises(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    rows = opened.promises()
    waiting = list(open_now(rows))
    ended = list(rows.exclude(pk__in=[p.pk for p in waiting]).order_by("-made_at")[:IN_THE_LIST])
    all_seen = seen(waiting + ended, clock.now())
    let_go = {row.promise.pk for row in all_seen if row.promise.outcome == Promise.Outcome.WITHDRAWN}
    still = [row for row in all_seen if row.state in OPEN_STATES and row.promise.pk not in let_go]
    over = sorted(
        (row for row in all_seen if row.state not in OPEN_STATES or row.promise.pk in let_go),
        key=lambda row: row.promise.outcome_at or row.promise.made_at,
        reverse=True,
    )
    return render(
        request,
        "citizen/promises.html",
        around(
            opened,
            ours=[card(row, opened) for row in still if row.is_ours],
            mine=[card(row, opened) for row in show.own_in_order(still)],
            over=[card(row, opened) for row in over],
        ),
    )


def _one(opened: OpenCase, pk: int) -> Seen:
    return seen([opened.promise(pk)], clock.now())[0]


@case_page("promises", work="work-promise:promise")
def promise(request: HttpRequest, opened: OpenCase, promise: int) -> HttpResponse:
    return _promise_page(request, opened, _one(opened, promise))


def _promise_page(request: HttpRequest, opened: OpenCase, row: Seen) -> HttpResponse:
    return render(
        request,
        "citizen/promise.html",
        around(
            opened,
            title=show.sentence(row.promise, opened),
            promise={**show.promise(row, opened), "id": ""},
            ground=_ground(row.promise),
            acts=_all_acts(row, opened),
            back_url=address(opened, "case-promises"),
        ),
    )


def _ground(promise: Promise) -> str:
    """»Det blev aftalt torsdag 12. november: Mødet om din hverdag.«"""
    day = day_long(clock.day_of(promise.made_at))
    if promise.is_clock or not promise.ground:
        return gettext("Det begyndte %(day)s.") % {"day": day}
    said = (
        gettext("Det blev aftalt %(day)s: %(ground)s.")
        if promise.bound_at
        else gettext("Det blev foreslået %(day)s: %(ground)s.")
    )
    return said % {"day": day, "ground": promise.ground.rstrip(".")}


def _all_acts(row: Seen, opened: OpenCase) -> list[show.Action]:
    """Everything the citizen may do about this one, the likeliest first."""
    promise = row.promise
    acts: list[show.Action] = []

    def act(label: str, name: str, style: str = "link", method: str = "get") -> None:
        acts.append(
            {"label": label, "url": address(opened, name, promise.pk), "style": style, "method": method}
        )

    if promise.outcome:
        return acts
    if not row.is_ours:
        act(gettext("Det er gjort"), "promise-done", "first", "post")
        act(gettext("Bed om mere tid"), "promise-more-time", "second")
        act(gettext("Det er for meget lige nu"), "promise-too-much")
        act(gettext("Det skal jeg ikke mere"), "promise-not-needed")
        return acts
    asks = f"{address(opened, 'case-ask')}?loefte={promise.pk}"
    label = gettext("Spørg, hvorfor det ikke skete") if row.state == State.BROKEN else gettext("Spørg om det")
    acts.append({"label": label, "url": asks, "style": "first" if row.state == State.BROKEN else "second"})
    if (
        row.state not in (State.PROPOSED, State.BROKEN)
        and not promise.wording_yes_at
        and not promise.is_clock
    ):
        act(gettext("Ja, sådan aftalte vi det"), "promise-yes", "second", "post")
    act(gettext("Det er ikke aktuelt mere"), "promise-not-needed")
    return acts


@case_page("promises")
@require_POST
def say_yes(request: HttpRequest, opened: OpenCase, promise: int) -> HttpResponse:
    return _do(request, opened, promise, cases.say_yes, gettext("Tak. Vi ved nu, at det er skrevet rigtigt."))


@case_page("promises")
@require_POST
def done(request: HttpRequest, opened: OpenCase, promise: int) -> HttpResponse:
    return _do(request, opened, promise, cases.done, gettext("Det er gjort. Vi har skrevet det ned."))


def _do(request: HttpRequest, opened: OpenCase, pk: int, action: Any, said: str) -> HttpResponse:
    with trying(request):
        action(promise=opened.promise(pk), by=opened)
        messages.success(request, said)
    return redirect("case-promise", opened.pk, pk)


def _ask_first(
    request: HttpRequest,
    opened: OpenCase,
    pk: int,
    form: Form,
    words: dict[str, str],
    action: Any,
    said: str,
) -> HttpResponse:
    """A page with one small form before the action."""
    row = _one(opened, pk)
    if request.method == "POST" and form.is_valid():
        with telling(form):
            action(promise=row.promise, by=opened, **form.cleaned_data)
            messages.success(request, said)
            return redirect("case-promise", opened.pk, pk)
    return render(
        request,
        "citizen/promise_form.html",
        around(
            opened,
            form=form,
            promise={**show.promise(row, opened), "id": ""},
            back_url=address(opened, "case-promise", pk),
            **words,
        ),
    )


@case_page("promises")
def too_much(request: HttpRequest, opened: OpenCase, promise: int) -> HttpResponse:
    def action(*, promise: Promise, words: str, by: OpenCase) -> None:
        cases.too_much(promise=promise, what_would_help=words, by=by)

    words = {
        "title": gettext("Det er for meget lige nu"),
        "text": gettext("Det er helt i orden. Du kan skrive, hvad der kunne hjælpe. Du behøver ikke."),
        "submit": gettext("Send"),
    }
    said = gettext("Vi har skrevet, at det var for meget. Det tæller ingen steder.")
    return _ask_first(request, opened, promise, forms.TooMuchForm(forms.posted(request)), words, action, said)


@case_page("promises")
def more_time(request: HttpRequest, opened: OpenCase, promise: int) -> HttpResponse:
    def action(*, promise: Promise, due: Any, because: str, by: OpenCase) -> None:
        cases.move(promise=promise, to=due, because=because, by=by)

    words = {
        "title": gettext("Du kan få mere tid"),
        "text": gettext("Vælg en dag, der passer dig. Du skal ikke forklare hvorfor."),
        "submit": gettext("Gem den nye dag"),
    }
    said = gettext("Du har fået mere tid.")
    return _ask_first(
        request, opened, promise, forms.MoreTimeForm(forms.posted(request)), words, action, said
    )


@case_page("promises")
def not_needed(request: HttpRequest, opened: OpenCase, promise: int) -> HttpResponse:
    found = opened.promise(promise)
    own = found.side == Promise.Side.CITIZEN

    def action(*, promise: Promise, because: str, by: OpenCase) -> None:
        cases.withdraw(
            promise=promise, because=because or (gettext("Det er ikke aktuelt mere.") if own else ""), by=by
        )

    words = {
        "title": gettext("Er det ikke aktuelt mere?"),
        "text": gettext("Så stopper vi her. Det bliver stående, at det var aftalt.")
        if own
        else gettext("Så behøver vi ikke gøre det. Det bliver stående, at vi lovede det."),
        "submit": gettext("Det er ikke aktuelt mere"),
    }
    said = gettext("Det er ikke aktuelt mere. Vi har skrevet det ned.")
    return _ask_first(
        request, opened, promise, forms.NotNeededForm(forms.posted(request)), words, action, said
    )
