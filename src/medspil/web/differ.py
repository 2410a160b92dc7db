"""When we disagree, for the citizen's side and for casework alike: the list, a new one, and the page of one."""

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
from medspil.base.fields import DayField, row_key, telling
from medspil.base.refusals import NotYours
from medspil.cases.door import OpenCase, Standing
from medspil.cases.models import Promise, Text, TextVersion, Voice
from medspil.cases.promises import seen
from medspil.people.reading import advisers
from medspil.plans import disagreeing, reading
from medspil.plans import plan as plans
from medspil.plans.areas import area
from medspil.plans.models import Disagreement
from medspil.web import happened

from . import keeping, show, unsaid
from .templatetags.medspil import capital, day_long, moment, phone, phone_link

Around = Callable[..., dict[str, Any]]
WRITTEN = ("view", "way", "step")
CITIZEN, WORK = "citizen/reading.html", "casework/reading.html"


def _words(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=30_000, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class NewForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    topic = forms.CharField(
        label=_("Hvad handler det om?"),
        max_length=80,
        help_text=_("Nogle få ord, som I begge kan kende det på."),
    )
    words = _words(_("Sådan ser jeg det"))


class StepForm(forms.Form):
    what = forms.CharField(
        label=_("Hvad gør du nu?"),
        max_length=300,
        help_text=_("Begynd med det, der sker: »spørger min leder«."),
    )
    due = DayField(label=_("Senest hvilken dag?"))


class WorkNewForm(StepForm, NewForm):
    field_order = ["key", "source", "topic", "words", "what", "due"]


class ViewForm(forms.Form):
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    words = _words(_("Sådan ser jeg det"))


class LabelForm(forms.Form):
    dilemma = forms.ChoiceField(
        label=_("Hvilket dilemma ligner det mest?"),
        required=False,
        choices=[("", _("Intet valgt")), *Disagreement.Dilemma.choices],
        help_text=_("Kun til vores egen læring. Borgeren bliver ikke spurgt."),
    )


def url(opened: OpenCase, name: str, *keys: int) -> str:
    """The page of that name on the reader's own side."""
    side = {"list": "case-disagreements", "new": "disagree", "one": "disagreement"}
    work = {"list": "work-disagreements", "new": "work-disagree", "one": "work-disagreement"}
    return reverse((work if opened.works_here else side)[name], args=[opened.pk, *keys])


def link(opened: OpenCase, source: str) -> dict[str, Any] | None:
    """The way to say that one sees it differently, from the page of `source`, and what is open about it already."""
    if opened.is_beside or opened.preview:
        return None
    found = disagreeing.raised_from(opened, [source])
    return {
        "new_url": f"{url(opened, 'new')}?om={source}",
        "open": [{"topic": one.topic, "url": url(opened, "one", one.pk)} for one in found],
    }


def everything(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    rows = list(disagreeing.disagreements(opened)[:60])
    return render(
        request,
        "case/disagreements.html",
        around(
            opened,
            layout=_layout(opened),
            here=[_row(one, opened) for one in rows if one.ended_at is None],
            over=[_row(one, opened) for one in rows if one.ended_at is not None],
            new_url=url(opened, "new"),
            back_url=_case_url(opened),
            rights=_rights(opened),
            first=opened.citizen.first_name,
            helpers=_helpers(),
        ),
    )


def _layout(opened: OpenCase) -> str:
    return WORK if opened.works_here else CITIZEN


def _case_url(opened: OpenCase) -> str:
    return reverse("work-case" if opened.works_here else "case", args=[opened.pk])


def _rights(opened: OpenCase) -> dict[str, str]:
    """That no right is changed by it, said to the one who has them or to the one who is to tell of them."""
    if opened.works_here:
        return {
            "title": gettext("Det ændrer ingen rettigheder"),
            "text": gettext(
                "Fristen for at klage løber videre imens, og hjælpen fortsætter. Sig det til borgeren."
            ),
        }
    return {
        "title": gettext("Det ændrer ikke dine rettigheder"),
        "text": gettext(
            "Har du fået en afgørelse? Fristen for at klage løber også, mens vi taler sammen. Den står i afgørelsen. "
            "Du kan sige eller skrive din klage til dem, der har truffet den."
        ),
    }


def _lead(opened: OpenCase) -> str:
    if opened.works_here:
        return gettext("%(first)s kan læse det og skrive sit eget ved siden af.") % {
            "first": opened.citizen.first_name
        }
    who = opened.coordinator.first_name if opened.coordinator else opened.main_thread.unit.name
    return gettext("%(who)s læser det og taler med dig om det. Det tæller aldrig imod dig.") % {"who": who}


def _row(found: Disagreement, opened: OpenCase) -> dict[str, str]:
    if found.ending == Disagreement.Ending.AGREED:
        state = gettext("I blev enige") if opened.works_here else gettext("Vi blev enige")
    elif found.ending:
        state = str(Disagreement.Ending.KEPT.label)
    else:
        state = gettext("Rejst %(when)s") % {"when": moment(found.raised_at)}
    return {"topic": found.topic, "url": url(opened, "one", found.pk), "state": state}


def _helpers() -> list[dict[str, str]]:
    """Those who advise citizens and take nobody's side, with the way to them."""
    rows = []
    for post in advisers():
        number = post.person.phone or post.unit.phone
        rows.append(
            {
                "topic": gettext("En uvildig at tale med"),
                "name": post.person.name,
                "initials": post.person.initials,
                "kind": "other",
                "role": gettext("Borgerrådgiver"),
                "reach": gettext("Hjælper dig med at forstå, svare og klage. Det koster ikke noget."),
                "link_url": phone_link(number),
                "link_icon": "call",
                "link_text": gettext("Ring %(phone)s") % {"phone": phone(number)},
            }
        )
    return rows


def new(request: HttpRequest, opened: OpenCase, around: Around) -> HttpResponse:
    """What it is about, and how one sees it; from us also what happens next."""
    kind = WorkNewForm if opened.works_here else NewForm
    source = request.GET.get("om", "")[:60]
    if request.method == "POST":
        form = kind(request.POST)
        source = request.POST.get("source", "")[:60]
    else:
        form = kind(initial={"key": uuid.uuid4(), "source": source, "topic": _topic(opened, source)})
    keeping.with_choice(form, opened, thread=disagreeing.thread_of(source, opened).pk)
    if choices := _of_meeting(opened, source):
        form.fields["source"] = forms.ChoiceField(
            label=_("Hvad fra mødet handler det om?"), choices=choices, widget=forms.RadioSelect
        )
    if form.is_valid():
        with telling(form):
            made = disagreeing.disagree(by=opened, **form.cleaned_data)
            messages.success(request, gettext("Det står her nu. Begge sider kan skrive, hvordan de ser det."))
            return redirect(url(opened, "one", made.pk))
    return render(
        request,
        "case/disagree.html",
        around(
            opened,
            layout=_layout(opened),
            form=form,
            back_url=url(opened, "list"),
            lead=_lead(opened),
            send=gettext("Skriv det") if opened.works_here else gettext("Send det"),
            rights=_rights(opened),
        ),
    )


def _of_meeting(opened: OpenCase, source: str) -> list[tuple[str, str]]:
    """What of a meeting it may be about: the whole of it, or one of its agreements."""
    kind, _dot, key = source.partition(".")
    number = row_key(key)
    if kind not in ("meeting", "agreement") or number is None:
        return []
    if kind == "agreement":
        number = disagreeing.meeting_of_agreement(opened, number)
    held = reading.meeting(opened, number)
    agreements = reading.agreements(opened, held)
    if not agreements:
        return []
    return [
        (f"meeting.{held.pk}", gettext("Mødet eller referatet")),
        *(
            (
                f"agreement.{one.pk}",
                gettext("Aftalen: %(who)s %(what)s") % {"who": one.owner.first_name, "what": one.what},
            )
            for one in agreements
        ),
    ]


def _topic(opened: OpenCase, source: str) -> str:
    """What it was raised from, in words that both know it by."""
    if not source:
        return ""
    disagreeing.check_source(opened, source)
    kind, _dot, key = source.partition(".")
    if kind == "area":
        known = area(key)
        return str(known.name) if known else ""
    number = row_key(key) or 0
    if kind == "goal":
        known = area(plans.goal(opened, number).area)
        return gettext("Målet: %(area)s") % {"area": known.name} if known else gettext("Et mål")
    if kind == "meeting":
        return reading.meeting(opened, number).title[:80]
    return gettext("En aftale")


def one(request: HttpRequest, opened: OpenCase, pk: int, around: Around) -> HttpResponse:
    """Both views, what is in the way, what happens next, who can help, and one thing to do about it."""
    found = disagreeing.disagreement(opened, pk)
    texts = disagreeing.words_of(opened, found)
    doing = request.POST.get("do", "") if request.method == "POST" else ""
    bound = _forms(request, opened, found, texts, doing)
    form = bound.get(doing)
    act = unsaid.trying(request, form)
    if form is None and doing in WRITTEN and found.ended_at is not None:
        # Somebody else has just ended it, so there is no form to put the words back into.
        unsaid.give_back(request, disagreeing.IsOver())
    elif doing and (form is None or form.is_valid()):
        with act:
            said = _act(doing, form.cleaned_data if form is not None else {}, opened, found)
            messages.success(request, said)
            return redirect(url(opened, "one", pk))
        if form is None:
            return redirect(url(opened, "one", pk))
    return render(
        request,
        "case/disagreement.html",
        around(opened, **_page(opened, found, texts, bound, doing, act.meanwhile)),
    )


def _forms(
    request: HttpRequest,
    opened: OpenCase,
    found: Disagreement,
    texts: dict[tuple[str, str], Text],
    doing: str,
) -> dict[str, forms.Form]:
    def made(kind: type[forms.Form], name: str, **initial: Any) -> forms.Form:
        return kind(request.POST if doing == name else None, prefix=name, initial=initial)

    def standing(about: str, whose: str) -> dict[str, Any]:
        versions = list(texts[about, whose].versions.all()) if (about, whose) in texts else []
        return {"base": versions[0].number if versions else 0, "words": versions[0].words if versions else ""}

    mine = Voice.PROFESSIONAL if opened.works_here else Voice.CITIZEN
    bound: dict[str, forms.Form] = {}
    if found.ended_at is None:
        bound["view"] = made(ViewForm, "view", **standing(found.about, mine))
        own = texts.get((found.about, mine))
        keeping.with_choice(
            bound["view"], opened, closed=bool(own and own.kept_close), thread=found.thread_id
        )
    if opened.works_here:
        if found.ended_at is None:
            bound["way"] = made(ViewForm, "way", **standing(found.in_the_way, Voice.PROFESSIONAL))
            bound["way"].fields["words"].label = gettext("Det står i vejen, sagt ligeud")
            bound["step"] = made(StepForm, "step")
        bound["label"] = made(LabelForm, "label", dilemma=found.dilemma)
    return bound


def _act(doing: str, data: dict[str, Any], opened: OpenCase, found: Disagreement) -> str:
    if doing == "view":
        disagreeing.say_view(found=found, by=opened, **data)
        return gettext("Dine ord er gemt. Det, der stod før, kan stadig læses.")
    if doing == "way":
        disagreeing.say_what_is_in_the_way(found=found, by=opened, **data)
        return gettext("Gemt. %(name)s kan læse det nu.") % {"name": opened.citizen.first_name}
    if doing == "step":
        promise = disagreeing.next_step(found=found, by=opened, **data)
        return gettext("Lovet senest %(day)s.") % {"day": day_long(promise.due)}
    if doing == "label":
        disagreeing.label(found=found, by=opened, **data)
        return gettext("Gemt.")
    if doing == "mediation":
        disagreeing.ask_for_mediation(found=found, by=opened)
        return gettext("Vi finder en, der kan mægle. Dagen står nedenfor.")
    if doing == "agree":
        ended = disagreeing.say_we_agree(found=found, by=opened).ended_at is not None
        return (
            gettext("Så er vi enige.") if ended else gettext("Dit ja er gemt. Den anden mangler at sige det.")
        )
    if doing == "keep":
        disagreeing.keep(found=found, by=opened)
        return gettext("Så står det som det, det er: Vi ser det forskelligt.")
    if doing == "again":
        disagreeing.take_up_again(found=found, by=opened)
        return gettext("Det er taget op igen.")
    raise NotYours


def _page(
    opened: OpenCase,
    found: Disagreement,
    texts: dict[tuple[str, str], Text],
    bound: dict[str, forms.Form],
    doing: str,
    meanwhile: TextVersion | None,
) -> dict[str, Any]:
    own, theirs = (texts.get((found.about, whose)) for whose in (Voice.CITIZEN, Voice.PROFESSIONAL))
    way = texts.get((found.in_the_way, Voice.PROFESSIONAL))
    mine = opened.standing == Standing.SELF
    steps = seen(disagreeing.steps_of(opened, found), clock.now())
    return {
        "layout": _layout(opened),
        "back_url": url(opened, "list"),
        "topic": found.topic,
        "running": found.ended_at is None,
        "state": _row(found, opened)["state"],
        "citizen": show.voice(
            own,
            opened,
            whose=Voice.CITIZEN,
            verb="thinks",
            empty=gettext("Her er plads til dine ord.") if mine else "",
            actions=_own_actions(own, opened),
        ),
        "reply": show.voice(theirs, opened, whose=Voice.PROFESSIONAL, verb="thinks"),
        "way": show.voice(way, opened, verb="wrote") if way else None,
        "steps": [_step_row(row, opened) for row in steps if not row.has_successor],
        "forms": bound,
        "doing": doing,
        "meanwhile": show.meanwhile(meanwhile, opened),
        "helpers": _helpers(),
        "may_mediate": found.ended_at is None and found.mediation_at is None,
        "my_yes": bool(found.ours_over_by if opened.works_here else found.citizen_over_by),
        "their_yes": _their_yes(opened, found),
        "works": opened.works_here,
        "rights": _rights(opened),
        "no_way": gettext("Det er ikke skrevet endnu. Sig det ligeud.")
        if opened.works_here
        else gettext("Vi har ikke skrevet det endnu. Du må gerne spørge."),
        "first": opened.citizen.first_name,
        "history": [
            {"when": moment(note.at), "words": happened.line(note)}
            for note in opened.notes().filter(kind__startswith="differ_", words=found.about)[:30]
        ],
    }


def _step_row(row: Any, opened: OpenCase) -> dict[str, Any]:
    """A promise of its own page: at work only one's own has one that may surely be opened."""
    promise: Promise = row.promise
    to = ""
    if not opened.works_here:
        to = reverse("case-promise", args=[opened.pk, promise.pk])
    elif promise.owner_id == opened.person.pk:
        to = reverse("work-promise", args=[opened.pk, promise.pk])
    return show.promise(row, opened, url=to)


def _own_actions(own: Text | None, opened: OpenCase) -> list[show.Action]:
    newest = own.versions.all()[0] if own else None
    if newest is None or newest.confirmed_at or not opened.speaks_for_citizen:
        return show.opening(own, opened)
    return [{"label": gettext("Ret det"), "url": "#skriv"}, *show.opening(own, opened)]


def _their_yes(opened: OpenCase, found: Disagreement) -> str:
    other = found.citizen_over_by if opened.works_here else found.ours_over_by
    return capital(other.first_name) if other else ""
