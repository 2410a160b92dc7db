"""A goal followed in three, for the citizen's side and for casework alike."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import row_key
from medspil.base.refusals import NotYours
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Text, Voice
from medspil.cases.promises import seen_now
from medspil.plans import goals, together
from medspil.plans import plan as reading
from medspil.plans.models import Goal, GoalTalk
from medspil.web.unsaid import give_back, trying

from . import plan, show
from .goal_page import HowForm
from .plan import Side
from .templatetags.medspil import day_long

Around = Callable[..., dict[str, Any]]


class WithForm(forms.Form):
    person = forms.TypedChoiceField(
        label=_("Hvem skal følge målet med jer?"), coerce=int, widget=forms.RadioSelect
    )


class TalkForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Hvad bliver anderledes nu?"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Er alt, som det var, så skriv det."),
    )


class BesideForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Sådan ser jeg det"), max_length=30_000, widget=forms.Textarea(attrs={"rows": 3})
    )


def url(opened: OpenCase, goal: int) -> str:
    return reverse("work-goal-together" if opened.works_here else "goal-together", args=[opened.pk, goal])


def page(request: HttpRequest, opened: OpenCase, pk: int, side: Side, around: Around) -> HttpResponse:
    """How each finds it goes, who is silent, the next talk, and what the talks changed."""
    goal = reading.goal(opened, pk)
    if opened.is_beside or opened.preview:
        raise NotYours
    talks = together.talks(opened, goal)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    number = row_key(request.POST.get("number", "")) if doing else None
    bound = _forms(request, opened, goal, talks, doing, number)
    form = bound.get(f"beside{number}" if doing == "beside" else doing)
    if doing and (form is not None or doing in ("yes", "no", "nudge")) and (form is None or form.is_valid()):
        with trying(request, form):
            said = _act(doing, number, form.cleaned_data if form is not None else {}, opened, goal)
            messages.success(request, said)
            return redirect(url(opened, pk))
        if form is None:
            return redirect(url(opened, pk))
    elif doing and form is None:
        if goal.state in reading.RUNNING:
            raise NotYours
        give_back(request, goals.GoalIsOver())
    texts = reading.words_of(opened, goal)
    dial = seen_now([goal.follow_up], clock.now()).get(goal.follow_up_id or 0)
    return render(
        request,
        "case/together.html",
        around(
            opened,
            layout=side.layout,
            works=opened.works_here,
            name=plan.goal_name(goal),
            goal_url=side.goal_url(opened, goal),
            citizen=plan.wish(texts.get(Voice.CITIZEN), opened),
            says=[_says(one, opened) for one in together.says(opened, goal)],
            asked=[_asked(row, opened) for row in together.asked(goal)],
            rhythm=goal.get_rhythm_display() if goal.rhythm else "",
            follow=show.promise(dial, opened) if dial and not dial.promise.outcome else None,
            talks=[_talk(row, words, opened, bound, doing, number) for row, words in talks],
            forms=bound,
            doing=doing,
            running=goal.state in reading.RUNNING,
        ),
    )


def _says(one: together.Says, opened: OpenCase) -> dict[str, Any]:
    if one.is_citizen:
        what = ""
    else:
        what = gettext("Giver hjælpen") if one.is_provider else gettext("Fra myndigheden")
    may_ask = not one.is_citizen or wants(opened.case, Ask.HOW_IT_GOES)
    return {
        "pk": one.person.pk,
        "follower": one.follower,
        "name": one.person.name,
        "first": one.person.first_name,
        "kind": "citizen" if one.is_citizen else "other" if one.is_provider else "authority",
        "what": what,
        "how": one.how,
        "when": day_long(clock.day_of(one.at)) if one.at else "",
        "silent": one.is_silent and may_ask,
        "may_nudge": one.is_silent and may_ask and one.person.pk != opened.person.pk,
        "may_end": one.follower is not None and opened.speaks_for_citizen and opened.whole,
    }


def _asked(row: Any, opened: OpenCase) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": row.person.name,
        "first": row.person.first_name,
        "may_answer": opened.speaks_for_citizen and opened.whole,
    }


def _talk(
    row: GoalTalk,
    words: dict[str, Text],
    opened: OpenCase,
    bound: dict[str, forms.Form],
    doing: str,
    number: int | None,
) -> dict[str, Any]:
    mine = opened.standing == Standing.SELF
    empty = gettext("Her er plads til dine ord.") if mine else ""
    return {
        "pk": row.pk,
        "when": day_long(clock.day_of(row.at)),
        "citizen": show.voice(
            words.get(Voice.CITIZEN), opened, whose=Voice.CITIZEN, empty=empty, verb="thinks"
        ),
        "ours": show.voice(words.get(Voice.PROFESSIONAL), opened, whose=Voice.PROFESSIONAL, verb="wrote"),
        "form": bound.get(f"beside{row.pk}"),
        "open": doing == "beside" and number == row.pk,
    }


def _forms(
    request: HttpRequest,
    opened: OpenCase,
    goal: Goal,
    talks: list[tuple[GoalTalk, dict[str, Text]]],
    doing: str,
    number: int | None,
) -> dict[str, forms.Form]:
    if goal.state not in reading.RUNNING:
        return {}

    def made(kind: type[forms.Form], name: str, **initial: Any) -> forms.Form:
        return kind(request.POST if doing == name else None, prefix=name, initial=initial)

    bound: dict[str, forms.Form] = {"how": made(HowForm, "how", how=reading.how_i_said_it_goes(opened, goal))}
    if opened.whole:
        people = together.could_follow(opened, goal)
        if people:
            bound["with"] = made(WithForm, "with")
            choice: Any = bound["with"].fields["person"]
            choice.choices = [(person.pk, person.name) for person in people]
    if opened.works_here and opened.whole:
        bound["talk"] = made(TalkForm, "talk", key=uuid.uuid4())
    if opened.speaks_for_citizen:
        for row, words in talks:
            text = words.get(Voice.CITIZEN)
            last = text.versions.all()[0] if text else None
            sent = request.POST if doing == "beside" and number == row.pk else None
            start = {"base": last.number if last else 0, "words": last.words if last else ""}
            bound[f"beside{row.pk}"] = BesideForm(sent, prefix=f"beside{row.pk}", initial=start)
    return bound


def _act(doing: str, number: int | None, data: dict[str, Any], opened: OpenCase, goal: Goal) -> str:
    if doing == "how":
        goals.say_how_it_goes(goal=goal, how=data["how"], by=opened)
        return gettext("Gemt. Det, der stod før, kan stadig læses.")
    if doing == "with":
        person = next(one for one in together.could_follow(opened, goal) if one.pk == data["person"])
        together.ask_along(goal=goal, person=person, by=opened)
        name = {"name": person.first_name, "citizen": opened.citizen.first_name}
        if opened.works_here:
            return gettext("%(citizen)s er spurgt, om %(name)s må følge målet.") % name
        return gettext("%(name)s kan læse målet nu og følge det med jer.") % name
    if doing == "talk":
        together.talk_held(goal=goal, words=data["words"], key=data["key"], by=opened)
        return gettext("Gemt. Alle, der følger målet, kan læse det.")
    if number is None:
        raise NotYours
    if doing == "beside":
        together.say_beside(goal=goal, talk=number, words=data["words"], base=data["base"], by=opened)
        return gettext("Dine ord er gemt.")
    if doing == "nudge":
        together.nudge(goal=goal, person=number, by=opened)
        return gettext("Spurgt. Der er en besked på vej.")
    together.answer(goal=goal, follower=number, is_yes=doing == "yes", by=opened)
    return gettext("Gemt. Du bestemmer, hvem der følger målet.")
