"""Taking over from a colleague: a letter of introduction first, and the case read as the citizen likes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import tell, telling
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase
from medspil.cases.models import Case
from medspil.contact import handover
from medspil.contact.models import Handover
from medspil.people.models import Person
from medspil.people.roles import CASEWORK
from medspil.web.templatetags.medspil import day_long, day_month
from medspil.web.unsaid import not_drawn
from medspil.web.wishing import NOBODY, WishAnswerForm

from . import case
from .case import work_page


class LetterForm(forms.Form):
    words = forms.CharField(
        label=_("Hvem er du?"),
        help_text=_("Hvad du hedder, hvad du ved noget om, hvornår man kan ringe, og at du gerne vil lytte."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ReasonForm(forms.Form):
    because = forms.CharField(
        label=_("Hvorfor kan det ikke vente?"),
        help_text=_("Det står i borgerens log."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ModelForm(forms.Form):
    model = forms.ChoiceField(
        label=_("Hvordan arbejder I sammen om borgeren?"),
        choices=Case.Model.choices,
        widget=forms.RadioSelect,
    )


@open_to(*CASEWORK)
def handovers(request: HttpRequest) -> HttpResponse:
    """The citizens who wait for my letter, the first to change first."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    me: Person = request.user  # type: ignore[assignment]
    rows = [_row(found) for found in handover.waiting_for_letter(me)]
    return render(request, "casework/handovers.html", {"rows": rows, "heading": _heading(len(rows))})


def _heading(count: int) -> str:
    if not count:
        return gettext("Ingen venter på et brev fra dig.")
    words = ngettext(
        "%(n)s borger venter på et brev fra dig.", "%(n)s borgere venter på et brev fra dig.", count
    )
    return words % {"n": count}


def _row(found: Handover) -> dict[str, str]:
    """One citizen who waits: until when the one before is there, and whether to read first."""
    chose = {
        Handover.Choice.TELL: gettext("Vil selv fortælle. Vent med at læse."),
        Handover.Choice.READ: gettext("Læs gerne først."),
    }
    before = gettext("%(of)s er der til og med %(day)s.")
    return {
        "name": found.case.citizen.name,
        "url": reverse("work-handover", args=[found.case_id]),
        "before": before % {"of": found.of.first_name, "day": day_month(found.last_day)},
        "choice": chose.get(found.choice, gettext("Har ikke valgt endnu.")),  # type: ignore[call-overload]
    }


def _shown(now: Handover, opened: OpenCase) -> dict[str, Any]:
    """Who takes over after whom, what the citizen chose, and what the reader may do about it."""
    mine = now.to_id == opened.person.pk
    untold = now.choice == Handover.Choice.TELL and not (now.told_at or now.read_at)
    closed = untold and opened.closed_before is not None
    names = {"of": now.of.first_name, "to": now.to.first_name, "last": day_long(now.last_day)}
    return {
        "heading": gettext("%(to)s tager over efter %(of)s.") % names,
        "lead": _lead(now, opened) % names,
        "choice": _choice(now, opened, untold) if mine else _choice_between(now, opened),
        # What only the new one does: say that it is told, read before it is, and write the letter.
        "tells": untold and mine,
        "reads_first": closed and mine,
        "writes": mine,
        "letter": "" if mine else now.letter,
    }


def _lead(now: Handover, opened: OpenCase) -> str:
    if opened.person.pk == now.to_id:
        return gettext("I er her begge til og med %(last)s. Spørg %(of)s, mens I kan.")
    if opened.person.pk == now.of_id:
        return gettext("I er her begge til og med %(last)s. %(to)s kan spørge dig så længe.")
    return gettext("De er her begge til og med %(last)s.")


def _choice_between(now: Handover, opened: OpenCase) -> str:
    """What the citizen chose, for those who are not the new one: it is not they who read first or wait."""
    names = {"name": opened.citizen.first_name, "to": now.to.first_name}
    if now.choice == Handover.Choice.READ:
        return gettext("%(name)s vil gerne have, at %(to)s læser sagen først.") % names
    if now.choice != Handover.Choice.TELL:
        return gettext("%(name)s har ikke valgt, om %(to)s læser først.") % names
    said = gettext("%(name)s vil selv fortælle %(to)s om sagen.") % names
    return said + " " + gettext("Det er gjort.") if now.told_at else said


def _choice(now: Handover, opened: OpenCase, untold: bool) -> str:
    name = {"name": opened.citizen.first_name}
    if now.choice == Handover.Choice.READ:
        return gettext("%(name)s siger: Læs gerne min sag først.") % name
    if now.choice != Handover.Choice.TELL:
        return gettext("%(name)s har ikke valgt, om du læser først. Vent med det.") % name
    said = gettext("%(name)s vil selv fortælle.") % name
    if now.told_at:
        return said + " " + gettext("Det er gjort.")
    if not untold:
        return said
    closed = gettext(
        "Du ser løfter, datoer og behov. Det, der er sagt og skrevet før dig, er lukket, til I har talt."
    )
    known = gettext("Du kender sagen i forvejen. Lyt alligevel.")
    return f"{said} {closed if opened.closed_before else known}"


@work_page()
def one(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    now = handover.handover(opened)
    doing = request.POST.get("do", "")
    reason = ReasonForm(request.POST if doing == "read" else None)
    name = {"name": opened.citizen.first_name}
    if doing == "told":
        handover.say_it_is_told(by=opened)
        messages.success(request, gettext("Det er gemt. Hele sagen er åben for dig nu."))
        return redirect("work-case", opened.pk)
    if reason.is_valid():
        with telling(reason):
            handover.read_first(because=reason.cleaned_data["because"], by=opened)
            messages.success(request, gettext("Sagen er åben. %(name)s kan læse hvorfor.") % name)
            return redirect("work-case", opened.pk)
    form = LetterForm(
        request.POST if request.method == "POST" and not doing else None,
        initial={"words": now.letter if now else ""},
    )
    if form.is_valid():
        with telling(form):
            handover.introduce(words=form.cleaned_data["words"], by=opened)
            messages.success(request, gettext("%(name)s kan læse dit brev nu.") % name)
            return redirect("handovers")
    shown = _shown(now, opened) if now else None
    if not (shown and shown["writes"]):
        not_drawn(request, form)
    if not (shown and shown["reads_first"]):
        not_drawn(request, reason)
    return render(
        request,
        "casework/handover.html",
        {"opened": opened, "now": shown, "form": form, "reason": reason},
    )


@work_page()
def contact(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """The citizen's wish for another steady contact, answered with a reason; and how we work together."""
    if not opened.whole:
        raise NotYours
    wishes = handover.wishes(opened)
    waiting = next((w for w in wishes if not w.answer), None)
    people = handover.may_be_wished(opened.main_thread)
    leader = handover.decides_wish(opened.main_thread)
    doing = request.POST.get("do", "")
    form = WishAnswerForm(
        request.POST if doing == "answer" else None,
        people=people,
        may_refuse=leader is None,
        initial={"to": waiting.wants_id if waiting and waiting.wants_id else NOBODY},
    )
    way = ModelForm(request.POST if doing == "model" else None, initial={"model": opened.case.model})
    if way.is_valid():
        cases.work_as(model=way.cleaned_data["model"], by=opened)
        messages.success(
            request, gettext("Det er gemt. %(name)s kan læse det.") % {"name": opened.citizen.first_name}
        )
        return redirect("work-contact", opened.pk)
    if form.is_valid() and waiting is not None:
        with telling(form):
            handover.answer_contact_wish(
                wish=waiting,
                to=form.people.get(form.cleaned_data["to"]),
                because=form.cleaned_data["because"],
                by=opened,
            )
            messages.success(
                request, gettext("%(name)s kan læse svaret nu.") % {"name": opened.citizen.first_name}
            )
            return redirect("work-contact", opened.pk)
    if waiting is None and form.is_bound:
        tell(form, cases.AlreadyEnded())
        not_drawn(request, form)
    return render(
        request,
        "casework/contact.html",
        {
            "opened": opened,
            "holder": opened.coordinator,
            "waiting": waiting,
            "by_day": handover.owed_of_wish(waiting).promise.due if waiting else None,
            "leader": leader,
            "said": case.spoken(opened, waiting.words) if waiting and waiting.words else None,
            "answered": [w for w in wishes if w.answer],
            "form": form,
            "way": way,
        },
    )
