"""The page of one goal, and that of a new one, for the citizen's side and for casework alike."""

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

from medspil.base.fields import DayField, row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.closeness import Ask, wants
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Promise, Text, TextVersion, Voice
from medspil.people.models import Person
from medspil.plans import clocks, goals
from medspil.plans import plan as reading
from medspil.plans.areas import LIFE_AREAS
from medspil.plans.models import Goal, Progress, Step

from . import differ, keeping, plan, show, unsaid
from .plan import Side
from .templatetags.medspil import capital, day_long, moment

Around = Callable[..., dict[str, Any]]
"""What the templates of a side get beside their own."""

PLACES = [("", _("Ikke noget bestemt sted")), *((one.key, one.name) for one in LIFE_AREAS)]


def _words(label: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=30_000, widget=forms.Textarea(attrs={"rows": rows}))


class FrameForm(forms.Form):
    horizon = forms.ChoiceField(
        label=_("Hvor lang tid tænker du på?"),
        choices=Goal.Horizon.choices,
        widget=forms.RadioSelect,
        initial=Goal.Horizon.HALF_YEAR,
    )
    area = forms.ChoiceField(label=_("Hvor i livet hører det til?"), choices=PLACES, required=False)


class GoalForm(FrameForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = _words(_("Hvad vil du gerne?"))
    field_order = ["key", "words", "horizon", "area"]


class WordsForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = _words(_("Med dine egne ord"))


class HowForm(forms.Form):
    how = forms.ChoiceField(
        label=_("Jeg synes, det går"), choices=Progress.How.choices, widget=forms.RadioSelect
    )


class StepForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    owner = forms.TypedChoiceField(label=_("Hvem gør det?"), coerce=int, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("Hvad sker der?"),
        max_length=300,
        help_text=_("Begynd med det, der sker: »ringer til Flextur«."),
    )
    due = DayField(label=_("Senest hvilken dag?"))
    back_to = forms.CharField(
        label=_("Er det en prøve? Så skriv, hvad vi går tilbage til"),
        max_length=300,
        required=False,
        help_text=_("Virker det ikke, kan du give skridtet tilbage. Det tæller aldrig imod dig."),
    )


class NoteForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = _words(_("Hvad har I gjort, og hvordan gik det?"))


class DayForm(forms.Form):
    due = DayField(label=_("Hvornår taler vi om målet igen?"))


class RhythmForm(forms.Form):
    rhythm = forms.TypedChoiceField(
        label=_("Hvor tit skal vi tale om målet?"),
        coerce=int,
        choices=Goal.Rhythm.choices,
        widget=forms.RadioSelect,
    )


def new(request: HttpRequest, opened: OpenCase, side: Side, around: Around) -> HttpResponse:
    """One question, how long one thinks, and where it belongs."""
    form = GoalForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    keeping.with_choice(form, opened)
    first = opened.citizen.first_name
    if opened.works_here:
        form.fields["words"].label = gettext("Hvad vil %(name)s gerne?") % {"name": first}
        form.fields["words"].help_text = gettext(
            "Med borgerens ord. Det er et forslag, til %(name)s siger ja."
        ) % {"name": first}
        form.fields["horizon"].label = gettext("Hvor lang tid tænker %(name)s på?") % {"name": first}
    if opened.is_parent:
        both = {"parent": opened.person.first_name, "name": first}
        form.fields["words"].label = gettext("Hvad ønsker %(parent)s for %(name)s?") % both
        form.fields["words"].help_text = (
            gettext("Det står som ord fra %(parent)s. %(name)s kan skrive sine egne ved siden af.") % both
        )
        form.fields["horizon"].label = gettext("Hvor lang tid tænker %(name)s på?") % {"name": both["parent"]}
    if form.is_valid():
        data = form.cleaned_data
        with telling(form):
            made = goals.make_goal(
                wish=data["words"],
                horizon=data["horizon"],
                area=data["area"],
                kept_close=keeping.chosen(form),
                key=data["key"],
                by=opened,
            )
            if made.state == Goal.State.WAITING:
                words = gettext(
                    "Gemt. Tre mål er i gang, så det her venter, til der er plads. Det er helt i orden."
                )
            else:
                words = gettext("Gemt. Nu er det et mål i planen.")
            messages.success(request, words)
            return redirect(side.goal_url(opened, made))
    return render(
        request,
        "case/goal_new.html",
        around(
            opened,
            layout=side.layout,
            form=form,
            back_url=side.plan_url(opened),
            own=opened.has_citizens_voice,
            seen_by=opened.is_parent,
        ),
    )


def one(
    request: HttpRequest, opened: OpenCase, pk: int, side: Side, around: Around, objection: str
) -> HttpResponse:
    """Read the goal, and do one thing about it."""
    goal = reading.goal(opened, pk)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    if doing and (opened.is_beside or opened.preview):
        raise NotYours
    texts = reading.words_of(opened, goal)
    bound = _forms(request, opened, goal, texts, doing)
    form = bound.get(doing)
    act = unsaid.trying(request, form)
    if form is None and doing in ("words", "propose", "how", "step", "note", "frame", "day", "rhythm"):
        # The form was there when the page was opened: the citizen has said yes to the words since.
        unsaid.give_back(request, cases.NotYourVoice())
    elif doing and (form is None or form.is_valid()):
        with act:
            said = _act(doing, form.cleaned_data if form is not None else {}, request.POST, opened, goal)
            messages.success(request, said)
            return redirect(side.goal_url(opened, goal))
        if form is None:
            return redirect(side.goal_url(opened, goal))
    shown = _page(opened, goal, texts, bound, doing, act.meanwhile, side, objection)
    if not {"propose": True, "day": shown["may_follow"]}.get(doing, shown["running"]):
        unsaid.not_drawn(request, form)
    return render(request, "case/goal.html", around(opened, **shown))


def seen_beforehand(opened: OpenCase, pk: int) -> dict[str, Any]:
    """The page as somebody would see it, for the citizen who decides: nothing on it leads on."""
    goal = reading.goal(opened, pk)
    return _page(opened, goal, reading.words_of(opened, goal), {}, "", None, plan.Nowhere(), "")


def _team(opened: OpenCase) -> dict[int, Person]:
    """Who may own a step: the citizen first, then those of today's team."""
    found = {opened.citizen.pk: opened.citizen}
    for thread in opened.threads:
        for member in thread.team:  # type: ignore[attr-defined]
            found.setdefault(member.person_id, member.person)
    return found


def _forms(
    request: HttpRequest, opened: OpenCase, goal: Goal, texts: dict[str, Text], doing: str
) -> dict[str, forms.Form]:
    """Every form of the page; the one that was sent is bound."""
    if opened.is_beside or opened.preview:
        return {}

    def made(kind: type[forms.Form], name: str, **initial: Any) -> forms.Form:
        return kind(request.POST if doing == name else None, prefix=name, initial=initial)

    def standing(whose: str) -> dict[str, Any]:
        now = show.own_words(texts.get(whose), opened)
        return {"base": now.number if now else 0, "words": now.words if now else ""}

    found: dict[str, forms.Form] = {
        "how": made(HowForm, "how", how=reading.how_i_said_it_goes(opened, goal)),
        "step": made(StepForm, "step", key=uuid.uuid4(), owner=opened.person.pk),
    }
    owner: Any = found["step"].fields["owner"]
    owner.choices = [
        (pk, gettext("Jeg") if pk == opened.person.pk else person.name)
        for pk, person in _team(opened).items()
        if opened.whole or pk == opened.person.pk
    ]
    if opened.works_here:
        found["note"] = made(NoteForm, "note", key=uuid.uuid4())
        found["note"].fields["words"].help_text = gettext("%(name)s kan læse det og sige imod.") % {
            "name": opened.citizen.first_name
        }
    if not opened.whole:
        # The goal is shared with them: their own steps and notes stand in it, the wish and its frame are not theirs.
        return found
    found["words"] = made(WordsForm, "words", **standing(opened.voice))
    if opened.is_parent:
        found["words"].fields["words"].label = gettext("Sådan ser jeg det")
    wanted = texts.get(Voice.CITIZEN)
    keeping.with_choice(found["words"], opened, closed=bool(wanted and wanted.kept_close))
    found["frame"] = made(FrameForm, "frame", horizon=goal.horizon, area=goal.area)
    found["rhythm"] = made(RhythmForm, "rhythm", rhythm=goal.rhythm)
    if opened.works_here:
        found["words"].fields["words"].label = gettext("Det ser du, og det kan du tilbyde")
        found["day"] = made(DayForm, "day")
        wish = texts.get(Voice.CITIZEN)
        if wish is None or wish.versions.all()[0].confirmed_at is None:
            found["propose"] = made(WordsForm, "propose", **standing(Voice.CITIZEN))
            found["propose"].fields["words"].label = gettext("Med borgerens ord")
    return found


def _act(doing: str, data: dict[str, Any], post: Any, opened: OpenCase, goal: Goal) -> str:
    name = opened.citizen.first_name
    if doing in ("words", "propose"):
        goals.write_wish(
            goal=goal,
            words=data["words"],
            whose=opened.voice if doing == "words" else Voice.CITIZEN,
            base=data["base"],
            kept_close=data.get(keeping.FIELD),
            by=opened,
        )
        if doing == "propose":
            return gettext("Gemt som forslag. %(name)s skal sige, om det er rigtigt.") % {"name": name}
        return gettext("Gemt.")
    if doing == "how":
        goals.say_how_it_goes(goal=goal, how=data["how"], by=opened)
        return gettext("Gemt. Det, der stod før, kan stadig læses.")
    if doing == "step":
        owner = _team(opened)[data["owner"]]
        step = goals.add_step(
            goal=goal,
            owner=owner,
            what=data["what"],
            due=data["due"],
            back_to=data["back_to"],
            key=data["key"],
            by=opened,
        )
        if step.owner_id == opened.person.pk or (step.promise and step.promise.bound_at):
            return gettext("Skridtet står i planen.")
        return gettext("Skridtet er foreslået. %(name)s skal sige ja.") % {"name": owner.first_name}
    if doing == "note":
        goals.tell_how(goal=goal, words=data["words"], key=data["key"], by=opened)
        return gettext("Gemt. %(name)s kan læse det nu.") % {"name": name}
    if doing == "frame":
        goals.set_frame(goal=goal, horizon=data["horizon"], area=data["area"], by=opened)
        return gettext("Gemt.")
    if doing == "rhythm":
        goals.set_rhythm(goal=goal, rhythm=data["rhythm"], by=opened)
        return gettext("Gemt.")
    if doing == "talked":
        following = goals.talked(goal=goal, by=opened)
        if following is None:
            return gettext("Godt. I har talt om målet.")
        return gettext("Godt. Næste gang er senest %(day)s.") % {"day": day_long(following.due)}
    if doing == "day":
        goals.follow_up(goal=goal, due=data["due"], by=opened)
        return gettext("Lovet. Dagen står hos %(name)s.") % {"name": name}
    return _press(doing, post, opened, goal)


def _press(doing: str, post: Any, opened: OpenCase, goal: Goal) -> str:
    """What is one button: a state, a yes, a step given back."""
    if doing == "state" and post.get("state") in Goal.State.values:
        goals.set_state(goal=goal, state=post["state"], by=opened)
        return {
            Goal.State.ACTIVE: gettext("Målet er i gang."),
            Goal.State.WAITING: gettext("Målet venter. Det er helt i orden."),
            Goal.State.REACHED: gettext("Målet er nået."),
            Goal.State.LET_GO: gettext("Målet er lagt væk. Det kan altid tages op igen."),
        }[Goal.State(post["state"])]
    number = row_key(post.get("number", ""))
    if number is None:
        raise NotYours
    if doing == "right":
        cases.confirm(version=reading.version_of(opened, goal, number), by=opened)
        return gettext("Tak. Nu står det som dine ord.")
    step = reading.step(opened, goal, number)
    if doing == "yes":
        goals.say_yes_to_step(step=step, by=opened)
        return gettext("Tak. Skridtet står i planen.")
    if doing == "back":
        goals.give_back(step=step, by=opened)
        return gettext("Givet tilbage. Det var godt, at det blev prøvet.")
    raise NotYours


def _page(
    opened: OpenCase,
    goal: Goal,
    texts: dict[str, Text],
    bound: dict[str, forms.Form],
    doing: str,
    meanwhile: TextVersion | None,
    side: Side,
    objection: str,
) -> dict[str, Any]:
    steps = reading.steps_of(opened, goal)
    extra = [Step(promise=goal.follow_up, owner=goal.made_by)] if goal.follow_up else []
    dials = plan.dials_of(steps + extra)
    own, theirs = texts.get(Voice.CITIZEN), texts.get(Voice.PROFESSIONAL)
    beside = texts.get(Voice.RELATIVE)
    running = goal.state in reading.RUNNING
    first = opened.citizen.first_name
    late = clocks.missed(goal)
    follow = dials.get(goal.follow_up_id or 0)

    def promise_url(promise: Promise) -> str:
        # At work only one's own promises have a page one may surely open; for the citizen each has.
        if opened.is_beside or opened.preview or (opened.works_here and promise.owner_id != opened.person.pk):
            return ""
        return reverse(side.promise, args=[opened.pk, promise.pk])

    return {
        "layout": side.layout,
        "goal": {
            "area": goal.area,
            "name": plan.goal_name(goal),
            "state": goal.get_state_display(),
            "horizon": goal.get_horizon_display(),
            "is_waiting": goal.state == Goal.State.WAITING,
        },
        "back_url": side.plan_url(opened),
        "together_url": ""
        if opened.is_beside or opened.preview
        else reverse(
            "work-goal-together" if opened.works_here else "goal-together", args=[opened.pk, goal.pk]
        ),
        "citizen": plan.wish(own, opened, actions=_wish_actions(own, opened)),
        "reply": [
            _reply(version, goal, opened, objection) for version in show.newest_of_each(beside, theirs)
        ],
        "steps": [
            plan.step_card(s, dials, opened, _step_actions(s, opened) if running else [], promise_url)
            for s in steps
        ],
        "steps_shown": bool(steps) or not opened.is_beside,
        "follow": show.promise(follow, opened, url=promise_url(follow.promise)) if follow else None,
        "may_follow": "day" in bound and running and (follow is None or follow.promise.outcome),
        "notes": [_note(text, goal, opened, objection) for text in reading.notes_of(opened, goal)],
        "may_say_talked": bool(
            running
            and follow
            and not follow.promise.outcome
            and opened.works_here
            and follow.promise.owner_id == opened.person.pk
        ),
        "rhythm": goal.get_rhythm_display() if goal.rhythm else "",
        "missed": day_long(late) if late else "",
        # Who wants only to be told hears that we find a day; the others may find one themselves.
        "meet_url": reverse("ask-to-meet", args=[opened.pk])
        if late and opened.speaks_for_citizen and wants(opened.case, Ask.HOW_IT_GOES)
        else "",
        "differ": differ.link(opened, goal.about),
        "own_label": plan.own_label(opened),
        "own_how": capital(plan.how_word(goal.own_how)),  # type: ignore[attr-defined]
        # »Du« is the child on these pages, so that a parent is named.
        "how_label": gettext("Hvordan synes %(name)s, det går?") % {"name": opened.person.first_name}
        if opened.is_parent
        else gettext("Hvordan synes du, det går?"),
        "history": plan.history(reading.how_it_went(opened, goal)),
        "forms": bound,
        "running": running and bool(bound),
        "doing": doing,
        "meanwhile": show.meanwhile(meanwhile, opened),
        "states": _states(goal) if "frame" in bound else [],
        "works": opened.works_here,
        "mine": opened.standing == Standing.SELF,
        "seen_by": opened.person.first_name if opened.is_parent else "",
        "first": first,
    }


def _wish_actions(own: Text | None, opened: OpenCase) -> list[show.Action]:
    newest = own.versions.all()[0] if own else None
    if newest is None or newest.confirmed_at or not opened.has_citizens_voice:
        return show.opening(own, opened)
    return [
        {
            "label": gettext("Ja, det er rigtigt"),
            "url": "",
            "method": "post",
            "style": "second",
            "hidden": {"do": "right", "number": newest.pk},
        },
        {"label": gettext("Ret det"), "url": "#skriv"},
        *show.opening(own, opened),
    ]


def _reply(version: TextVersion, goal: Goal, opened: OpenCase, objection: str) -> dict[str, Any]:
    return show.voice(
        version.text,
        opened,
        version=version,
        verb="thinks" if version.text.whose == Voice.RELATIVE else "wrote",
        actions=_objecting(version, goal, opened, objection, gettext("Det ser jeg anderledes")),
        anchor=f"ord-{version.pk}",
    )


def _note(text: Text, goal: Goal, opened: OpenCase, objection: str) -> dict[str, Any]:
    """A note of those who work with the goal, and the citizen's way to say that it was not so."""
    version = text.versions.all()[0]
    said = show.voice(
        text,
        opened,
        verb="wrote",
        actions=_objecting(version, goal, opened, objection, gettext("Sådan var det ikke")),
        anchor=f"ord-{version.pk}",
    )
    return said | {"when_text": capital(moment(version.at))}


def _objecting(
    version: TextVersion, goal: Goal, opened: OpenCase, objection: str, label: str
) -> list[show.Action]:
    if not objection or not opened.speaks_for_citizen or opened.preview:
        return []
    if version.said_by_id == opened.person.pk:
        return []
    return [
        {
            "label": label,
            "about": version.words[:80],
            "url": reverse(objection, args=[opened.pk, goal.pk, version.pk]),
        }
    ]


def _step_actions(step: Step, opened: OpenCase) -> list[show.Action]:
    """Yes where one's yes is missing; back where it is a trial of one's own or of the citizen's."""
    if opened.is_beside or opened.preview or step.given_back_at:
        return []
    found: list[show.Action] = []
    mine = opened.speaks_for_citizen if step.side == Step.Side.CITIZEN else step.owner_id == opened.person.pk
    unbound = step.promise is None or step.promise.bound_at is None
    if mine and unbound and not (step.promise and step.promise.outcome):
        found.append(_button(gettext("Ja, det gør jeg"), "yes", step))
    if step.back_to and not unbound and (opened.speaks_for_citizen or mine):
        found.append(_button(gettext("Giv skridtet tilbage"), "back", step))
    return found


def _button(label: str, do: str, step: Step) -> show.Action:
    return {
        "label": label,
        "url": "",
        "method": "post",
        "style": "second",
        "about": step.what,
        "hidden": {"do": do, "number": step.pk},
    }


def _states(goal: Goal) -> list[dict[str, str]]:
    words = {
        Goal.State.REACHED: gettext("Det er nået"),
        Goal.State.WAITING: gettext("Lad det vente"),
        Goal.State.LET_GO: gettext("Læg det væk"),
        Goal.State.ACTIVE: gettext("Begynd på det")
        if goal.state in reading.RUNNING
        else gettext("Tag det op igen"),
    }
    return [{"state": str(state), "label": label} for state, label in words.items() if state != goal.state]
