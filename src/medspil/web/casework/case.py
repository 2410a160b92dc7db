"""What every page of the casework side needs: the case opened by somebody who works in it, and words for its rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from medspil.base import clock
from medspil.base.guard import View, open_to
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Purpose, open_case
from medspil.cases.models import Note, Promise, TextVersion
from medspil.cases.promises import Seen, State
from medspil.cases.work import Place
from medspil.contact import calls
from medspil.contact.grants import ANSWERS_GRANT
from medspil.contact.handover import ANSWERS_CONTACT_WISH
from medspil.contact.models import Request
from medspil.people.roles import CASEWORK
from medspil.plans import plan, reading, transitions
from medspil.plans.around import ANSWERS_WISH
from medspil.plans.experts import ANSWERS_WISH_TO_ASK, ASKS_THEM, STOPS_ASKING
from medspil.plans.models import Meeting
from medspil.plans.transitions import CLOSES_GAP, TALKS_OF_CHANGE
from medspil.web import happened, show
from medspil.web.templatetags.medspil import capital, day_long, day_month, hour, in_days, moment


def work(request: HttpRequest, pk: int, purpose: Purpose = Purpose.CASEWORK) -> OpenCase:
    """The case `pk`, for somebody who works in it; for all others as if it were not there."""
    opened = open_case(request.visitor, pk, purpose=purpose)  # type: ignore[attr-defined]
    if not opened.works_here:
        raise NotYours
    return opened


def holds_plan(opened: OpenCase) -> bool:
    """The plan stands in the main thread, so it is theirs who hold the whole."""
    return opened.whole


def work_page(
    at: str = "my-citizens",
    purpose: Purpose = Purpose.CASEWORK,
    *,
    may: Callable[[OpenCase], object] | None = None,
) -> Callable[[View], View]:
    """The page of a case, under `at` of the menu: the view gets the case, opened by somebody who works in it and who
    `may`, in the place of its key."""

    def decorate(view: View) -> View:
        @wraps(view)
        @open_to(*CASEWORK)
        def page(request: HttpRequest, pk: int, **more: Any) -> HttpResponseBase:
            request.menu_at = at  # type: ignore[attr-defined]
            opened = work(request, pk, purpose)
            if may and not may(opened):
                raise NotYours
            return view(request, opened, **more)

        return page

    return decorate


def around(opened: OpenCase, **more: Any) -> dict[str, Any]:
    """What the templates of a case get at work, beside their own."""
    return {"opened": opened, **more}


NUMBERS = (
    gettext_lazy("nul"),
    gettext_lazy("ét"),
    gettext_lazy("to"),
    gettext_lazy("tre"),
    gettext_lazy("fire"),
    gettext_lazy("fem"),
    gettext_lazy("seks"),
    gettext_lazy("syv"),
    gettext_lazy("otte"),
    gettext_lazy("ni"),
    gettext_lazy("ti"),
    gettext_lazy("elleve"),
    gettext_lazy("tolv"),
)


def number(count: int) -> str:
    """A small number as a word: »to«; larger ones as figures."""
    return str(NUMBERS[count] if 0 <= count < len(NUMBERS) else count)


def said(version: TextVersion | None) -> dict[str, Any] | None:
    """The citizen's words for a list, with what they said against them."""
    if version is None:
        return None
    return {
        "whose": version.text.whose,
        "name": version.said_by.name,
        "words": version.words,
        "objections": [{"name": o.said_by.first_name, "words": o.words} for o in version.objections.all()],
    }


def came_with(request: Request, version: TextVersion | None) -> dict[str, Any] | None:
    """What a request came with, for a list: the citizen's words, or those of another who spoke of them."""
    return show.told_by(request) if request.told_by else said(version)


def note(found: Note) -> dict[str, str]:
    """One line of the timeline."""
    return {"when": moment(found.at), "words": happened.line(found)}


def spoken(opened: OpenCase, words: str) -> dict[str, Any]:
    """Words of the citizen's that are no text of the case: a point for the agenda, a remark to the minutes."""
    return {"whose": "citizen", "name": opened.citizen.name, "words": words}


def state_word(seen: Seen) -> str:
    """What a promise's state is called at work: »Brudt for 4 dage siden«, »Frist om 2 dage«."""
    promise = seen.promise
    at = f" {hour(promise.due_time)}" if promise.due_time else ""
    if seen.state == State.BROKEN:
        return gettext("Brudt %(when)s") % {"when": in_days(promise.due)}
    if seen.state == State.TODAY:
        return gettext("I dag") + at
    if seen.state == State.SLIPPING:
        return gettext("Frist %(when)s") % {"when": in_days(promise.due)}
    return str(seen.word)


def why(seen: Seen) -> str:
    """The second half of a row's small line: since when and on what ground."""
    promise = seen.promise
    if seen.state == State.BROKEN:
        due = gettext("skulle være sket %(day)s") % {"day": day_long(promise.due)}
        if not seen.needs_explanation:
            due += ". " + gettext("Forklaret, men uden en ny dato")
        return due
    if promise.slipping_because:
        return promise.slipping_because
    if promise.ground and not promise.is_clock and promise.ground_date:
        words = (
            gettext("foreslået %(day)s: %(ground)s")
            if seen.state == State.PROPOSED
            else gettext("aftalt %(day)s: %(ground)s")
        )
        return words % {"day": day_month(promise.ground_date), "ground": promise.ground}
    if seen.state == State.PROPOSED:
        return gettext("foreslået %(day)s") % {"day": day_month(clock.day_of(promise.made_at))}
    return gettext("lovet %(day)s") % {"day": moment(promise.made_at)}


def what(seen: Seen) -> str:
    """What is owed without who owes it, since the desk is the owner's own: »Ringer til dig om din ansøgning«."""
    return capital(show.what_words(seen.promise))


PAGE_OF_CLOCK = {
    TALKS_OF_CHANGE: "work-transitions",
    CLOSES_GAP: "work-transitions",
    ASKS_THEM: "work-experts",
    STOPS_ASKING: "work-experts",
}
"""Clocks that end on a page of their own."""
ANSWERED_ON = {
    ANSWERS_GRANT: "work-grants",
    ANSWERS_CONTACT_WISH: "work-contact",
    ANSWERS_WISH_TO_ASK: "work-experts",
}
"""Clocks that end with the answer on a page of their own, and by nothing else."""
MESSAGES = (Promise.Kind.REPLY, Promise.Kind.READ)
"""Clocks that end on the page where the message is."""


def promise_url(promise: Promise) -> str:
    if promise.kind in MESSAGES and promise.is_clock:
        return reverse("answer-message", args=[promise.case_id, promise.pk])
    return reverse("work-promise", args=[promise.case_id, promise.pk])


def where_it_ends(promise: Promise, opened: OpenCase) -> dict[str, str] | None:
    """The page where what a clock runs for is done: {words, url, label}. None where its owner says that it is done."""
    if not promise.is_clock or promise.outcome:
        return None
    if (gap := transitions.open_gap_of(promise)) is not None:
        return {
            "words": gettext(
                "Det er gjort, når der ikke er dage uden hjælp, eller borgeren ved, hvad der sker i dem."
            ),
            "url": reverse("work-transition", args=[opened.pk, gap.transition_id]),
            "label": gettext("Se dagene uden hjælp"),
        }
    asked = calls.request_of(opened, promise)
    if asked is not None and asked.answered_at is None:
        name = {"name": opened.citizen.first_name}
        if promise.kind == Promise.Kind.CALL:
            return {
                "words": gettext("Det er gjort, når du har talt med %(name)s.") % name,
                "url": reverse("talked", args=[opened.pk]) + f"?loefte={promise.pk}",
                "label": gettext("Skriv, at I har talt sammen"),
            }
        return {
            "words": gettext("Det er gjort, når %(name)s har fået sit svar.") % name,
            "url": reverse("work-request", args=[opened.pk, asked.pk]),
            "label": gettext("Skriv svar"),
        }
    if promise.what == ASKS_THEM:
        return {
            "words": gettext("Det er gjort, når de er spurgt."),
            "url": reverse("work-experts", args=[opened.pk]),
            "label": gettext("Spørg dem"),
        }
    if promise.what in ANSWERED_ON:
        return {
            "words": gettext("Det er gjort, når der er svaret."),
            "url": reverse(ANSWERED_ON[promise.what], args=[opened.pk]),
            "label": gettext("Se, hvad der er spurgt om"),
        }
    if promise.what == ANSWERS_WISH:
        return {
            "words": gettext("Det er gjort, når mødet er aftalt."),
            "url": plan_meeting_url(promise),
            "label": gettext("Find en dag"),
        }
    meeting = reading.to_be_moved(opened, promise)
    if meeting is not None and meeting.state == Meeting.State.PLANNED:
        return {
            "words": gettext("Det er gjort, når mødet har fået sin nye dag."),
            "url": reverse("work-meeting", args=[opened.pk, meeting.pk]) + "#flyt",
            "label": gettext("Find en dag, og flyt mødet"),
        }
    return None


def what_it_is_about(promise: Promise, opened: OpenCase) -> dict[str, str] | None:
    """Where that is which a promise is about, though it is done by its owner's word: {url, label}."""
    if promise.outcome:
        return None
    if (goal := plan.talked_of(opened, promise)) is not None:
        return {"url": reverse("work-goal", args=[opened.pk, goal.pk]), "label": gettext("Se målet")}
    if reading.to_be_moved(opened, promise) is not None:
        # It was called off, and the new day is a meeting of its own.
        return {"url": reverse("plan-meeting", args=[opened.pk]), "label": gettext("Aftal en ny dag")}
    return None


def plan_meeting_url(wished: Promise) -> str:
    """Where a meeting is planned that answers a wish to meet."""
    return reverse("plan-meeting", args=[wished.case_id]) + f"?loefte={wished.pk}"


def covered(promise: Promise, reason: str) -> str:
    """»for Karen · lovet i går«: whose it is else, where the reader has it only meanwhile."""
    if promise.covered_for is None:
        return reason
    whose = gettext("for %(name)s") % {"name": promise.covered_for.first_name}
    return " · ".join(filter(None, (whose, reason)))


def next_step(seen: Seen, name: str, *, came_from: str = "?fra=bord") -> tuple[str, str]:
    """The one thing to do about a promise to the citizen `name`: (what the button says, where it leads)."""
    promise = seen.promise
    own = promise_url(promise) + came_from
    broken = seen.state == State.BROKEN
    if seen.state == State.PROPOSED:
        return gettext("Sig ja eller nej"), own
    if promise.kind == Promise.Kind.CALL:
        talked = reverse("talked", args=[promise.case_id]) + f"?loefte={promise.pk}"
        return gettext("Ring til %(name)s") % {"name": name}, own if broken else talked
    if promise.kind in MESSAGES and promise.is_clock:
        return gettext("Skriv svar") if promise.kind == Promise.Kind.REPLY else gettext("Læs beskeden"), own
    if broken:
        return gettext("Forklar det"), own
    if promise.is_clock and promise.what == ANSWERS_WISH:
        return gettext("Find en dag"), plan_meeting_url(promise)
    if promise.is_clock and promise.what in ANSWERED_ON:
        return gettext("Skriv svar"), reverse(ANSWERED_ON[promise.what], args=[promise.case_id])
    if promise.is_clock and promise.what in PAGE_OF_CLOCK:
        return gettext("Se det"), reverse(PAGE_OF_CLOCK[promise.what], args=[promise.case_id])
    if promise.kind == Promise.Kind.WAIT:
        return gettext("Sig, hvad der kom"), own
    if promise.kind == Promise.Kind.ANSWER:
        return gettext("Skriv svar"), own
    if promise.kind == Promise.Kind.MOVE:
        return gettext("Find en dag"), own
    if seen.state == State.SLIPPING:
        return gettext("Giv ny dato"), own + "#flyt"
    return gettext("Hold eller flyt"), own


def row(seen: Seen, place: Place, *, first: bool = False) -> dict[str, Any]:
    """A promise on the desk, with the one thing to do about it."""
    promise = seen.promise
    name = place.citizen.first_name
    label, url = next_step(seen, name)
    return {
        "state": show.drawn(seen.state),
        "state_word": state_word(seen),
        "share": seen.share,
        "what": what(seen),
        "lang": show.language_of(promise),
        "url": url.partition("#")[0],
        "who": place.citizen.name,
        "reason": covered(promise, why(seen)),
        "action": {
            "label": label,
            "url": url,
            "style": "first" if first else "second",
            "about": "" if name in label else gettext("til %(name)s") % {"name": name},
        },
    }
