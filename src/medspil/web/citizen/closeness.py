"""»Så meget vil jeg være med«, the page that only tells, and for those who want all of it what is open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import telling
from medspil.cases import closeness as choosing
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase
from medspil.cases.models import Case
from medspil.cases.promises import OPEN_STATES, State
from medspil.plans.areas import area
from medspil.plans.open_asks import OpenAsk, open_asks
from medspil.plans.reading import next_meeting
from medspil.plans.waiting import what_stands
from medspil.rhythm.next import from_what_is_known
from medspil.web import happened, show
from medspil.web.templatetags.medspil import by_day, capital, moment, phone

from . import front, promises
from .opening import address, around, case_page

MOST_TOLD = 5


class ClosenessForm(forms.Form):
    closeness = forms.ChoiceField(
        label=_("Hvor meget vil du være med?"),
        widget=forms.RadioSelect,
        choices=[
            (Case.Closeness.TELL, _("Bare sig det. Sig, hvad der sker, hvem og hvornår. Spørg mig ikke.")),
            (Case.Closeness.ASK, _("Spørg mig, før I beslutter noget.")),
            (Case.Closeness.TOGETHER, _("Sammen. Jeg vil være med i det hele.")),
        ],
    )


@case_page("home", work="work-case", whole=True)
def closeness(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """One choice, changed any day, with every earlier one below."""
    opened.require_citizen()
    posted = request.POST if request.method == "POST" else None
    form = ClosenessForm(posted, initial={"closeness": opened.case.closeness})
    if form.is_valid():
        with telling(form):
            choosing.choose(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Gemt. Det gælder fra nu af."))
            return redirect("closeness", opened.pk)
    return render(
        request,
        "citizen/closeness.html",
        around(
            opened,
            form=form,
            tell_url=address(opened, "just-tell"),
            asks_url=address(opened, "open-asks") if wants(opened.case, Ask.OPEN_ASKS) else "",
            tells=opened.case.closeness == Case.Closeness.TELL,
            history=[
                {"when": moment(note.at), "words": happened.line(note)}
                for note in choosing.chosen_before(opened)
            ],
        ),
    )


@case_page("home", work="work-case")
def just_tell(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """What happens, who and when; nothing to fill in and nothing to answer."""
    opened.require_citizen()
    rows = promises.now_and_lately(opened)
    meeting = next_meeting(opened, clock.now())
    what = from_what_is_known(rows, meeting)
    now = front.happening(opened, what)
    # What the sentence on top says is not said again.
    first = what.promise
    told_first = first is not None and (
        first.state == State.TODAY or now["sentence"] == show.sentence(first.promise, opened)
    )
    ours = [
        row
        for row in rows
        if row.is_ours
        and row.state in OPEN_STATES
        and not row.has_successor
        and not (told_first and row is first)
    ]
    told: list[dict[str, Any]] = []
    if meeting:
        place = capital(show.meeting_place(meeting, opened))
        told.append(
            {
                "what": gettext("Vi ses."),
                "when": f"{capital(show.meeting_when(meeting))}. {place}.",
                "lang": "",
            }
        )
    for row in ours[:MOST_TOLD]:
        drawn = show.promise(row, opened)
        told.append({"what": drawn["what"], "when": drawn["when_text"], "lang": drawn["lang"]})
    for line in what_stands(opened):
        if line.is_waiting and line.what:
            told_of = {"who": line.whom, "by": by_day(line.due) if line.due else ""}
            told.append(
                {
                    "what": line.what,
                    "when": gettext("Vi venter på det fra %(who)s, %(by)s.") % told_of,
                    "lang": "da",
                }
            )
    person = opened.coordinator
    number = (person.phone if person else "") or opened.main_thread.unit.phone
    return render(
        request,
        "citizen/just_tell.html",
        around(
            opened,
            now=now,
            told=told,
            call={
                "who": person.first_name if person else opened.main_thread.unit.name,
                "phone": phone(number),
                "number": number,
            },
            closeness_url=address(opened, "closeness"),
        ),
    )


@case_page("home", work="work-case", whole=True)
def asks(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Everything the citizen may say something to; nothing of it must be answered."""
    opened.require_citizen()
    if not wants(opened.case, Ask.OPEN_ASKS):
        return redirect("closeness", opened.pk)
    return render(
        request,
        "citizen/open_asks.html",
        around(
            opened,
            rows=[_ask(one, opened) for one in open_asks(opened)],
            closeness_url=address(opened, "closeness"),
        ),
    )


def _ask(one: OpenAsk, opened: OpenCase) -> dict[str, str]:
    place = area(one.about) if one.kind in ("words", "agreed", "goal") else None
    named = str(place.name) if place else gettext("et mål")
    when = moment(one.when) if one.when else ""
    words = {
        "words": gettext("Er det rigtigt skrevet? Det handler om »%(place)s«.") % {"place": named},
        "agreed": gettext("Er vi enige om det her? Det handler om »%(place)s«.") % {"place": named},
        "minutes": gettext("Er referatet fra %(when)s, som du husker det?") % {"when": when},
        "agreement": gettext("Siger du ja til aftalen fra mødet %(when)s?") % {"when": when},
        "step": gettext("Siger du ja til et skridt i planen?"),
        "prepare": gettext("Vil du gøre dig klar til mødet %(when)s?") % {"when": when},
        "goal": gettext("Hvordan går det med »%(place)s«?") % {"place": named},
        "life": gettext("Hvordan er dit liv lige nu?"),
        "differ": gettext("Er vi enige nu?"),
        "renewal": gettext("Passer det stadig, det vi har skrevet?"),
    }[one.kind]
    kind, _dot, key = str(one.key).partition(".")
    to = {
        "words": lambda: (
            address(opened, "goal", int(key)) if kind == "goal" else address(opened, "case-area", key)
        ),
        "agreed": lambda: address(opened, "case-area", key),
        "minutes": lambda: address(opened, "meeting", one.key),
        "agreement": lambda: address(opened, "meeting", one.key),
        "step": lambda: address(opened, "goal", one.key),
        "prepare": lambda: address(opened, "meeting-prepare", one.key),
        "goal": lambda: address(opened, "goal", one.key),
        "life": lambda: address(opened, "how-is-life"),
        "differ": lambda: address(opened, "disagreement", one.key),
        "renewal": lambda: address(opened, "renewal"),
    }[one.kind]()
    return {"words": words, "url": to}
