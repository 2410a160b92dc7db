"""How often we talk together: the same page for the citizen and for those who work in the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases import touch
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Rhythm
from medspil.cases.touch import Silence, Touch
from medspil.contact import touch as actions
from medspil.people.models import Person

from . import show
from .templatetags.medspil import capital, day_long, names
from .unsaid import trying


class RhythmForm(forms.Form):
    every_days = forms.TypedChoiceField(label=_("Hvor tit?"), coerce=int, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("Hvordan?"), choices=Rhythm.How.choices, widget=forms.RadioSelect)
    also = forms.TypedMultipleChoiceField(
        label=_("Hvem skal også have det at vide?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("Er der andet, vi skal huske?"),
        help_text=_("For eksempel: helst om formiddagen."),
        max_length=200,
        required=False,
    )
    citizen_said_yes = forms.BooleanField(required=False)

    def __init__(self, *args: Any, around: list[Person], citizen: str, ours: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["every_days"].choices = [(days, capital(show.how_often(days))) for days in touch.CHOICES]
        fields["also"].choices = [(person.pk, person.name) for person in around]
        if not around:
            del fields["also"]
        if ours:
            fields["citizen_said_yes"].label = gettext("%(name)s har sagt ja til det") % {"name": citizen}
        else:
            del fields["citizen_said_yes"]


def page(
    request: HttpRequest,
    opened: OpenCase,
    *,
    layout: str,
    around: Callable[..., dict[str, Any]],
    back: str,
) -> HttpResponse:
    """What is agreed, what the other side proposes, and a form to change it."""
    found = touch.history(opened)
    people = touch.around(opened)
    by_key = {person.pk: person for person in people}
    start = found.proposal or found.now
    initial = {
        "every_days": start.every_days if start else touch.DEFAULT_DAYS,
        "how": start.how if start else Rhythm.How.CALL,
        "words": start.words if start else "",
        "also": [t.person_id for t in start.told_too.all()] if start else [],
    }
    asked = request.POST if request.method == "POST" and "yes" not in request.POST else None
    form = RhythmForm(
        asked,
        initial=initial,
        around=people,
        citizen=opened.citizen.first_name,
        ours=opened.works_here,
    )
    if "yes" in request.POST:
        waiting = touch.rhythms(opened).filter(pk=row_key(request.POST["yes"])).first()
        if waiting is None:
            raise NotYours
        with trying(request):
            actions.say_yes_to_rhythm(rhythm=waiting, by=opened)
            messages.success(request, gettext("Så er det aftalt."))
        return redirect(request.path)
    if form.is_valid():
        data = form.cleaned_data
        with telling(form):
            made = actions.propose_rhythm(
                every_days=data["every_days"],
                how=data["how"],
                words=data["words"],
                also=[by_key[key] for key in data.get("also", [])],
                citizen_said_yes=data.get("citizen_said_yes", False),
                by=opened,
            )
            messages.success(request, _said(made, opened))
            return redirect(request.path)
    mine = opened.speaks_for_citizen
    return render(
        request,
        "case/rhythm.html",
        around(
            opened,
            form=form,
            default=show.how_often(touch.DEFAULT_DAYS),
            sentence=sentence(touch.touch_of(opened), opened),
            now=_shown(found.now, opened) if found.now else None,
            proposal=_shown(found.proposal, opened) if found.proposal else None,
            may_say_yes=found.proposal is not None
            and (found.proposal.citizen_yes_at is None if mine else found.proposal.ours_yes_at is None),
            before=[_shown(rhythm, opened) for rhythm in found.before],
            layout=layout,
            own=mine,
            back_url=back,
        ),
    )


def _said(made: Rhythm, opened: OpenCase) -> str:
    if made.begins_at:
        return gettext("Aftalt: %(often)s.") % {"often": show.how_often(made.every_days)}
    if opened.works_here:
        return gettext("%(name)s er spurgt. Til da gælder det, I har nu.") % {
            "name": opened.citizen.first_name
        }
    who = opened.coordinator.first_name if opened.coordinator else opened.main_thread.unit.name
    return gettext("%(name)s er spurgt. Til da gælder det, I har nu.") % {"name": who}


def _shown(rhythm: Rhythm, opened: OpenCase) -> dict[str, Any]:
    """»Hver 14. dag. Vi ringer. Også Mona.« and who said yes."""
    told = [t.person.first_name for t in rhythm.told_too.all()]
    facts = [
        capital(show.how_often(rhythm.every_days)) + ".",
        str(rhythm.get_how_display()) + ".",
        gettext("Også til %(names)s.") % {"names": names(told)} if told else "",
    ]
    lines = []
    if rhythm.ours_yes_by:
        lines.append(gettext("%(name)s har sagt ja.") % {"name": rhythm.ours_yes_by.first_name})
    yes = rhythm.citizen_yes_by
    if yes and yes.pk == rhythm.ours_yes_by_id:
        lines.append(
            gettext("%(who)s har skrevet, at %(citizen)s sagde ja.")
            % {"who": yes.first_name, "citizen": opened.citizen.first_name}
        )
    elif yes:
        lines.append(gettext("%(name)s har sagt ja.") % {"name": yes.first_name})
    return {
        "pk": rhythm.pk,
        "asked_by": rhythm.asked_by.first_name,
        "facts": " ".join(filter(None, facts)),
        "words": rhythm.words,
        "yes": " ".join(lines),
        "since": rhythm.begins_at,
        "until": rhythm.ended_at,
        "only_ours": rhythm.begins_at is not None and rhythm.citizen_yes_at is None,
    }


def sentence(now: Touch, opened: OpenCase) -> str:
    """Where the silence stands: »Du hører fra os senest fredag 4. december.«, or that it has been too long."""
    mine = opened.standing == Standing.SELF
    name = opened.citizen.first_name
    if now.silence == Silence.OVER:
        said = {"days": now.silent_days, "often": show.how_often(now.every_days), "name": name}
        if mine:
            return gettext("Du har ikke hørt fra os i %(days)s dage. Det skulle være %(often)s.") % said
        return gettext("%(name)s har ikke hørt fra os i %(days)s dage. Det skulle være %(often)s.") % said
    day = gettext("i dag") if not now.days_left else day_long(now.due)
    if mine:
        return gettext("Du hører fra os senest %(day)s.") % {"day": day}
    return gettext("%(name)s hører fra os senest %(day)s.") % {"name": name, "day": day}
