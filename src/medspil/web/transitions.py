"""From one part of life to another, for the citizen's side and for casework alike: the list, a new one, and one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from medspil.base import clock
from medspil.base.fields import DayField, row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Promise, Text, Thread, Voice
from medspil.cases.promises import Seen, seen_now
from medspil.law import ages
from medspil.people.models import Person
from medspil.plans import checklists
from medspil.plans import transitions as plans
from medspil.plans.models import HelpChange, Transition, TransitionPoint

from . import keeping, proposals, show, unsaid
from .templatetags.medspil import by_day, capital, day_long, day_year, names

Around = Callable[..., dict[str, Any]]
Kind = Transition.Kind


class NewForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Hvad sker der?"), choices=Kind.choices, widget=forms.RadioSelect)
    day = DayField(label=_("Hvilken dag?"), required=False)


class BornForm(forms.Form):
    born_on = DayField(
        label=_("Fødselsdag"),
        help_text=_(
            "Så begynder vi i god tid, når en bliver voksen eller kan gå på pension. Intet andet følger af den."
        ),
    )


class DayForm(forms.Form):
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    day = DayField(label=_("Dagen"))


class SidesForm(forms.Form):
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    from_thread = forms.TypedChoiceField(
        label=_("Hvem hjælper før?"), coerce=int, empty_value=None, required=False
    )
    from_name = forms.CharField(label=_("Eller en uden for kommunen"), max_length=120, required=False)
    to_thread = forms.TypedChoiceField(
        label=_("Hvem hjælper bagefter?"), coerce=int, empty_value=None, required=False
    )
    to_name = forms.CharField(label=_("Eller en uden for kommunen"), max_length=120, required=False)


class WordsForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Hvad er vigtigt for dig, når det sker?"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PointForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    about = forms.CharField(label=_("Hvad mangler der på listen?"), max_length=80)
    due = DayField(label=_("Senest hvilken dag?"))


class TakeForm(forms.Form):
    owner = forms.TypedChoiceField(label=_("Hvem gør det?"), coerce=int, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("Hvad sker der?"),
        max_length=300,
        help_text=_("Begynd med det, der sker: »ringer til skolen«."),
    )
    due = DayField(label=_("Senest hvilken dag?"))


class HelpForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    ends = forms.CharField(label=_("Hvilken hjælp slutter?"), max_length=160)
    ends_on = DayField(label=_("Dens sidste dag"))
    follows = forms.CharField(label=_("Hvad tager over?"), max_length=160, required=False)
    follows_on = DayField(
        label=_("Dens første dag"),
        required=False,
        help_text=_("Ved I det ikke endnu, så lad begge felter stå tomme. Så kan alle se, at det mangler."),
    )


class TellForm(forms.Form):
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(
        label=_("Hvad sker der i de dage?"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Skriv, hvem der hjælper imens, eller hvorfor der ikke er brug for det."),
    )


class EndForm(forms.Form):
    words = forms.CharField(label=_("Hvordan gik det?"), max_length=300)


def url(opened: OpenCase, name: str, *keys: int) -> str:
    """The page of that name on the reader's own side."""
    side = {"list": "case-transitions", "new": "transition-new", "one": "transition"}[name]
    work = {"list": "work-transitions", "new": "work-transition-new", "one": "work-transition"}[name]
    return reverse(work if opened.works_here else side, args=[opened.pk, *keys])


def _layout(opened: OpenCase) -> str:
    return "casework/reading.html" if opened.works_here else "citizen/reading.html"


def _shared(opened: OpenCase) -> dict[str, Any]:
    return {
        "layout": _layout(opened),
        "works": opened.works_here,
        "first": opened.citizen.first_name,
        "mine": opened.standing == Standing.SELF,
        "list_url": url(opened, "list"),
    }


# --- the list, and a new one ------------------------------------------------------------------------------------------


def everything(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    """What is coming and what has been; at work also the day of birth, from which the law counts."""
    _require_reader(opened)
    born = None
    if opened.works_here and opened.whole:
        born = BornForm(
            request.POST if request.method == "POST" else None, initial={"born_on": opened.citizen.born_on}
        )
        if born.is_valid():
            with telling(born):
                plans.say_born(day=born.cleaned_data["born_on"], by=opened)
                messages.success(request, gettext("Gemt."))
                return redirect(url(opened, "list"))
    rows = list(plans.transitions(opened)[:40])
    return render(
        request,
        "case/transitions.html",
        around(
            opened,
            **_shared(opened),
            here=[_row(one, opened) for one in rows if one.ended_at is None],
            over=[_row(one, opened) for one in rows if one.ended_at is not None],
            new_url=url(opened, "new") if opened.whole else "",
            back_url=reverse("work-case" if opened.works_here else "case", args=[opened.pk]),
            born=born,
            born_on=opened.citizen.born_on,
        ),
    )


def _require_reader(opened: OpenCase) -> None:
    if opened.is_beside or (opened.standing == Standing.FOR and not opened.whole):
        raise NotYours


def _row(found: Transition, opened: OpenCase) -> dict[str, Any]:
    return {
        "title": title(found.kind, opened),
        "url": url(opened, "one", found.pk),
        "when": capital(day_year(found.day)),
        "words": found.ended_words,
    }


def title(kind: str, opened: OpenCase) -> str:
    """»Når du bliver voksen«; »Når Ida bliver voksen« for everybody else."""
    if opened.standing == Standing.SELF:
        return {
            Kind.ADULT: gettext("Når du bliver voksen"),
            Kind.INTO_WORK: gettext("Når du begynder på job eller uddannelse"),
            Kind.OUT_OF_WORK: gettext("Når du stopper på job eller uddannelse"),
            Kind.HOSPITAL: gettext("På sygehus og hjem igen"),
            Kind.MOVE: gettext("Når du flytter"),
            Kind.PENSION: gettext("Når du går på pension"),
        }[Kind(kind)]
    said = {
        Kind.ADULT: gettext("Når %(name)s bliver voksen"),
        Kind.INTO_WORK: gettext("Når %(name)s begynder på job eller uddannelse"),
        Kind.OUT_OF_WORK: gettext("Når %(name)s stopper på job eller uddannelse"),
        Kind.HOSPITAL: gettext("%(name)s på sygehus og hjem igen"),
        Kind.MOVE: gettext("Når %(name)s flytter"),
        Kind.PENSION: gettext("Når %(name)s går på pension"),
    }[Kind(kind)]
    return said % {"name": opened.citizen.first_name}


def new(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    _require_reader(opened)
    if not opened.whole:
        raise NotYours
    form = NewForm(request.POST if request.method == "POST" else None, initial={"key": uuid.uuid4()})
    if opened.citizen.born_on is not None:
        form.fields["day"].help_text = gettext(
            "Er det voksenlivet eller pensionen, må feltet stå tomt. Så regner vi fra fødselsdagen."
        )
    if form.is_valid():
        with telling(form):
            made = plans.begin(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Så er I i gang. Her står, hvad der skal være på plads."))
            return redirect(url(opened, "one", made.pk))
    return render(request, "case/transition_new.html", around(opened, **_shared(opened), form=form))


# --- one --------------------------------------------------------------------------------------------------------------


def one(request: HttpRequest, opened: OpenCase, pk: int, around: Around) -> HttpResponse:
    """The day, both sides, the helps with what is between them, who does what; and one thing to do."""
    found = plans.transition(opened, pk)
    text = plans.words_of(opened, found)
    points, helps = plans.points_of(found), plans.helps_of(found)
    free = plans.free(points)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    number = row_key(request.POST.get("number", "")) if doing else None
    bound = _forms(request, opened, found, text, doing)
    rows = _of_rows(request, opened, found, [p for p in points if p.pk in free], helps, doing, number)
    form = rows.get((doing, number or 0)) or bound.get(doing)
    act = unsaid.trying(request, form)
    if form is None and doing in ("take", "change", "tell", "words", "day", "sides", "point", "help", "end"):
        unsaid.give_back(request, unsaid.OtherwiseNow())
    elif doing and (form is None or form.is_valid()):
        data = form.cleaned_data if form is not None else {}
        with act:
            said = (
                proposals.confirm(text, request.POST.get("number", ""), opened)
                if doing == proposals.RIGHT
                else _act(doing, number, data, opened, found)
            )
            messages.success(request, said)
            return redirect(url(opened, "one", pk))
        if form is None:
            return redirect(url(opened, "one", pk))
    dials = seen_now([one.promise for one in (*points, *helps, found)], clock.now())
    talk = dials[found.promise.pk]
    return render(
        request,
        "case/transition.html",
        around(
            opened,
            **_shared(opened),
            title=title(found.kind, opened),
            kind=Kind(found.kind).label,
            running=found.ended_at is None,
            ended=found.ended_words,
            day=day_year(found.day),
            when=_when(found, opened),
            unchecked=_unchecked(found),
            sides=_sides(found, opened),
            talk=_promise(talk, opened) if not talk.promise.outcome else None,
            said=_said(text, opened),
            helps=[_help(row, opened, dials, rows, doing, number) for row in helps],
            open_gaps=sum(row.is_open for row in helps),
            taken=[_taken(p, opened, dials) for p in points if p.pk not in free],
            free=[_free(p, found, rows, doing, number) for p in points if p.pk in free],
            forms=bound if found.ended_at is None else {},
            doing=doing,
            meanwhile=show.meanwhile(act.meanwhile, opened),
            parties_url=reverse("work-parties" if opened.works_here else "case-parties", args=[opened.pk])
            if opened.whole and found.ended_at is None
            else "",
            duties_url=reverse("work-duties", args=[opened.pk]) if opened.works_here else "",
        ),
    )


def _when(found: Transition, opened: OpenCase) -> str:
    """The day, and why it is that one."""
    day = day_year(found.day)
    if found.rule == ages.ADULT.key and found.day < clock.today():
        if opened.standing == Standing.SELF:
            return gettext("Du fyldte 18 år %(day)s.") % {"day": day}
        return gettext("%(name)s fyldte 18 år %(day)s.") % {"name": opened.citizen.first_name, "day": day}
    if found.rule == ages.ADULT.key:
        if opened.standing == Standing.SELF:
            return gettext(
                "Du fylder 18 år %(day)s. Vi begynder nu, så hjælpen er klar (barnets lov §§ 122-123)."
            ) % {"day": day}
        return gettext(
            "%(name)s fylder 18 år %(day)s. Vi begynder nu, så hjælpen er klar (barnets lov §§ 122-123)."
        ) % {"name": opened.citizen.first_name, "day": day}
    if found.rule == ages.PENSION.key:
        return gettext("Pensionen kan begynde %(day)s.") % {"day": day}
    return gettext("Det sker %(day)s.") % {"day": day}


def _unchecked(found: Transition) -> str:
    """That a day follows from a rule nobody has checked."""
    if plans.is_checked(found):
        return ""
    return gettext("Vi har regnet dagen ud fra fødselsdagen. Reglen er ikke tjekket af en jurist endnu.")


def _sides(found: Transition, opened: OpenCase) -> list[dict[str, Any]]:
    """Before and after: which part of the case, and who works there; or somebody outside."""
    team = {thread.pk: thread for thread in opened.threads}
    rows = []
    for head, thread, name in (
        (gettext("Før"), found.from_thread, found.from_name),
        (gettext("Bagefter"), found.to_thread, found.to_name),
    ):
        here = team.get(thread.pk) if thread else None
        people = [m.person.name for m in here.team] if here else []  # type: ignore[attr-defined]
        rows.append(
            {
                "head": head,
                "name": thread.unit.name if thread else name,
                "people": names(people) if people else "",
                "missing": not thread and not name,
            }
        )
    return rows


def _said(text: Text | None, opened: OpenCase) -> dict[str, Any] | None:
    if text is None and not opened.whole:
        return None
    empty = gettext("Her er plads til dine ord.") if opened.standing == Standing.SELF else ""
    acts = [*proposals.actions(text, opened), *show.opening(text, opened)]
    return show.voice(text, opened, whose=Voice.CITIZEN, empty=empty, actions=acts)


def _promise(row: Seen, opened: OpenCase) -> dict[str, Any]:
    promise: Promise = row.promise
    to = ""
    if not opened.works_here:
        to = reverse("case-promise", args=[opened.pk, promise.pk])
    elif promise.owner_id == opened.person.pk:
        to = reverse("work-promise", args=[opened.pk, promise.pk])
    return show.promise(row, opened, url=to)


def _taken(point: TransitionPoint, opened: OpenCase, dials: dict[int, Seen]) -> dict[str, Any]:
    assert point.promise is not None
    return _promise(dials[point.promise.pk], opened)


def about(point: TransitionPoint, kind: str) -> tuple[str, str]:
    """What a point is about, and its language where that is not the page's."""
    english = not (get_language() or "da").startswith("da")
    line = checklists.line(kind, point.from_list) if point.from_list else None
    if english and line is not None:
        return line.about_en, ""
    return point.about, "da" if english else ""


def _free(
    point: TransitionPoint,
    found: Transition,
    rows: dict[tuple[str, int], forms.Form],
    doing: str,
    number: Any,
) -> dict[str, Any]:
    words, lang = about(point, found.kind)
    return {
        "pk": point.pk,
        "about": words,
        "lang": lang,
        "when": capital(by_day(point.due)),
        "late": point.due < clock.today(),
        "form": rows.get(("take", point.pk)),
        "open": doing == "take" and number == point.pk,
    }


def gap_sentence(row: HelpChange) -> str:
    """»Der er 12 dage uden hjælp, fra 2. december.«; nothing where there is none."""
    since = row.first_day_without
    if since is None:
        return ""
    if row.days_without is None:
        return gettext("Fra %(day)s er der ikke noget, der tager over.") % {"day": day_long(since)}
    return ngettext(
        "Der er %(n)s dag uden hjælp: %(day)s.",
        "Der er %(n)s dage uden hjælp, fra %(day)s.",
        row.days_without,
    ) % {"n": row.days_without, "day": day_long(since)}


def _help(
    row: HelpChange,
    opened: OpenCase,
    dials: dict[int, Seen],
    rows: dict[tuple[str, int], forms.Form],
    doing: str,
    number: Any,
) -> dict[str, Any]:
    clock_row = dials[row.promise.pk] if row.promise is not None and row.is_open else None
    return {
        "pk": row.pk,
        "ends": row.ends,
        "ends_on": day_year(row.ends_on),
        "follows": row.follows,
        "follows_on": day_year(row.follows_on) if row.follows_on else "",
        "gap": gap_sentence(row),
        "is_open": row.is_open,
        "told": row.told,
        "told_by": row.told_by.first_name if row.told_by else "",
        "promise": _promise(clock_row, opened) if clock_row else None,
        "change": rows.get(("change", row.pk)),
        "changing": doing == "change" and number == row.pk,
        "tell": rows.get(("tell", row.pk)),
        "telling": doing == "tell" and number == row.pk,
    }


def _team(opened: OpenCase) -> dict[int, Person]:
    """Who may be asked to do something: those of today's team; for the citizen's side the citizen alone."""
    if opened.speaks_for_citizen:
        return {opened.citizen.pk: opened.citizen}
    team = {m.person_id: m.person for t in opened.threads for m in t.team}  # type: ignore[attr-defined]
    mine = {opened.person.pk: opened.person}
    return mine | team if opened.whole else mine


def _of_rows(
    request: HttpRequest,
    opened: OpenCase,
    found: Transition,
    free: list[TransitionPoint],
    helps: list[HelpChange],
    doing: str,
    number: int | None,
) -> dict[tuple[str, int], forms.Form]:
    """A form for every point nobody has taken on, and two for every help; the one that was sent is bound."""
    if found.ended_at is not None or opened.preview:
        return {}

    def made(kind: type[forms.Form], name: str, pk: int, **initial: Any) -> forms.Form:
        sent = request.POST if (doing, number) == (name, pk) else None
        return kind(sent, prefix=f"{name}{pk}", initial=initial)

    forms_of: dict[tuple[str, int], forms.Form] = {}
    choices = [
        (pk, gettext("Jeg") if pk == opened.person.pk else person.name)
        for pk, person in _team(opened).items()
    ]
    for point in free:
        if point.is_citizens != opened.speaks_for_citizen:
            continue
        due = max(point.due, clock.today())
        form = made(TakeForm, "take", point.pk, owner=choices[0][0], what=point.what, due=due)
        owner: Any = form.fields["owner"]
        owner.choices = choices
        if len(choices) == 1:
            owner.widget = forms.HiddenInput()
        forms_of["take", point.pk] = form
    for row in helps:
        forms_of["change", row.pk] = made(
            HelpForm,
            "change",
            row.pk,
            key=row.key,
            base=row.as_written,
            ends=row.ends,
            ends_on=row.ends_on,
            follows=row.follows,
            follows_on=row.follows_on,
        )
        if row.first_day_without is not None:
            forms_of["tell", row.pk] = made(
                TellForm, "tell", row.pk, base=row.told_as_written, words=row.told
            )
    return forms_of


def _forms(
    request: HttpRequest, opened: OpenCase, found: Transition, text: Text | None, doing: str
) -> dict[str, forms.Form]:
    if found.ended_at is not None or opened.preview:
        return {}

    def made(kind: type[forms.Form], name: str, **initial: Any) -> forms.Form:
        return kind(request.POST if doing == name else None, prefix=name, initial=initial)

    bound: dict[str, forms.Form] = {
        "point": made(PointForm, "point", key=uuid.uuid4()),
        "help": made(HelpForm, "help", key=uuid.uuid4(), ends_on=found.day),
    }
    if opened.works_here:
        bound["day"] = made(DayForm, "day", base=found.day.isoformat(), day=found.day)
    if not opened.whole:
        return bound
    bound["end"] = made(EndForm, "end")
    last = text.versions.all()[0] if text else None
    if opened.speaks_for_citizen or last is None or last.confirmed_at is None:
        bound["words"] = made(
            WordsForm, "words", base=last.number if last else 0, words=last.words if last else ""
        )
        closed = bool(text and text.kept_close)
        keeping.with_choice(bound["words"], opened, closed=closed, thread=found.thread_id)
        if opened.works_here:
            bound["words"].fields["words"].label = gettext("Hvad er vigtigt for %(name)s, når det sker?") % {
                "name": opened.citizen.first_name
            }
            bound["words"].fields["words"].help_text = gettext(
                "Med borgerens ord. Det er et forslag, til %(name)s siger ja."
            ) % {"name": opened.citizen.first_name}
    if opened.works_here:
        bound["sides"] = made(
            SidesForm,
            "sides",
            base=found.sides_as_written,
            from_thread=found.from_thread_id,
            from_name=found.from_name,
            to_thread=found.to_thread_id,
            to_name=found.to_name,
        )
        known = [("", gettext("Ikke fundet endnu")), *((t.pk, _of(t)) for t in opened.threads)]
        for name in ("from_thread", "to_thread"):
            field: Any = bound["sides"].fields[name]
            field.choices = known
    return bound


def _of(thread: Thread) -> str:
    return f"{thread.unit.name} ({thread.topic})"


def _act(doing: str, number: int | None, data: dict[str, Any], opened: OpenCase, found: Transition) -> str:
    if doing == "words":
        plans.say_words(
            found=found,
            words=data["words"],
            base=data["base"],
            kept_close=data.get(keeping.FIELD),
            by=opened,
        )
        return gettext("Dine ord er gemt.") if opened.speaks_for_citizen else gettext("Gemt som forslag.")
    if doing == "day":
        plans.move_day(found=found, by=opened, **data)
        return gettext("Dagen er %(day)s.") % {"day": day_year(data["day"])}
    if doing == "sides":
        plans.say_sides(found=found, by=opened, **data)
        return gettext("Gemt. %(name)s kan se, hvem der er med.") % {"name": opened.citizen.first_name}
    if doing == "point":
        plans.add_point(found=found, is_citizens=opened.speaks_for_citizen, by=opened, **data)
        return gettext("Det står på listen.")
    if doing == "help":
        row = plans.write_help(found=found, by=opened, **data)
        return (
            gettext("Gemt. Der er dage uden hjælp. Det kan I begge se.") if row.is_open else gettext("Gemt.")
        )
    if doing == "end":
        plans.end(found=found, words=data["words"], by=opened)
        return gettext("Så er overgangen slut. Det, der er lovet, gælder stadig.")
    if number is None:
        raise NotYours
    if doing == "take":
        owner = _team(opened)[data["owner"]]
        plans.take_on(found=found, point=number, owner=owner, what=data["what"], due=data["due"], by=opened)
        if owner.pk in (opened.person.pk, opened.citizen.pk):
            return gettext("Det står nu med navn og dag.")
        return gettext("%(name)s er spurgt og skal sige ja.") % {"name": owner.first_name}
    if doing == "drop":
        plans.drop(found=found, point=number, by=opened)
        return gettext("Taget af listen.")
    if doing == "change":
        row = plans.write_help(found=found, pk=number, by=opened, **data)
        return (
            gettext("Gemt. Der er dage uden hjælp. Det kan I begge se.") if row.is_open else gettext("Gemt.")
        )
    if doing == "tell":
        plans.tell_gap(found=found, pk=number, by=opened, **data)
        return gettext("Gemt. Det står ved dagene uden hjælp.")
    if doing == "remove":
        plans.remove_help(found=found, pk=number, by=opened)
        return gettext("Taget af listen.")
    raise NotYours


# --- on a first page --------------------------------------------------------------------------------------------------


def coming(opened: OpenCase, news: dict[str, Any]) -> list[dict[str, Any]]:
    """The next changes as lines: what, when, and whether there are days without help."""
    return [
        {
            "title": title(line["kind"], opened),
            "url": url(opened, "one", line["pk"]),
            "when": capital(day_year(line["day"]))
            if line["day"] >= clock.today()
            else gettext("Dagen var %(day)s.") % {"day": day_long(line["day"])},
            "gap": ngettext(
                "Ét sted er der dage uden hjælp.",
                "%(n)s steder er der dage uden hjælp.",
                line["gaps"],
            )
            % {"n": line["gaps"]}
            if line["gaps"]
            else "",
        }
        for line in plans.answered(news)
    ]
