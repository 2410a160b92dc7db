"""Who my steady contact is, whom I would like, and what happens when somebody else takes over."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import telling
from medspil.cases.door import OpenCase
from medspil.cases.models import Case
from medspil.contact import actions as contact_actions
from medspil.contact import away, handover
from medspil.contact.models import Handover
from medspil.people.models import Person
from medspil.web import away as absences
from medspil.web.templatetags.medspil import day_long
from medspil.web.unsaid import not_drawn

from .opening import address, around, case_page

ANYBODY = "0"


class WishForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    wants = forms.ChoiceField(label=_("Hvem vil du gerne have?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Vil du sige hvorfor?"),
        help_text=_("Det behøver du ikke."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        field: Any = self.fields["wants"]
        field.choices = [
            *((key, person.name) for key, person in self.people.items()),
            (ANYBODY, _("En anden. Jeg ved ikke hvem")),
        ]


class ChoiceForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("Hvordan skal den nye lære dig at kende?"),
        choices=Handover.Choice.choices,
        widget=forms.RadioSelect,
    )


@case_page("home", work="work-contact", whole=True)
def contact(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """One's say in who it is: the wish, and each answer with its reason."""
    opened.require_whole()
    people = handover.may_be_wished(opened.main_thread)
    form = WishForm(request.POST or None, people=people, initial={"key": uuid.uuid4()})
    if form.is_valid():
        data = form.cleaned_data
        with telling(form):
            wish = handover.wish_for_contact(
                wants=form.people.get(data["wants"]), words=data["words"], key=data["key"], by=opened
            )
            messages.success(
                request,
                gettext("Det er sendt. Du får svar med en grund senest %(day)s.")
                % {"day": day_long(wish.promise.due)},
            )
            return redirect("case-contact", opened.pk)
    wishes = handover.wishes(opened)
    waiting = next((w for w in wishes if not w.answer), None)
    if waiting is not None:
        not_drawn(request, form)
    return render(
        request,
        "citizen/contact_person.html",
        around(
            opened,
            holder=opened.coordinator,
            model=Case.Model(opened.case.model).label,
            form=form,
            waiting=waiting,
            by_day=handover.owed_of_wish(waiting).promise.due if waiting else None,
            answered=[w for w in wishes if w.answer],
            back_url=address(opened, "case-where"),
            change_url=address(opened, "case-handover"),
        ),
    )


def could_step_out(opened: OpenCase) -> list[Person]:
    """Those of the team who may go; for another steady contact there is a wish of its own."""
    team = (m for thread in opened.threads for m in thread.team)  # type: ignore[attr-defined]
    found = {m.person_id: m.person for m in team if m.covers_id is None and m.person != opened.coordinator}
    return sorted(found.values(), key=lambda person: (person.name, person.pk))


class StepOutForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(label=_("Hvem?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Vil du sige hvorfor?"),
        help_text=_("Det behøver du ikke."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        field: Any = self.fields["who"]
        field.choices = [(key, person.name) for key, person in self.people.items()]


@case_page("home", work="work-team", whole=True)
def step_out(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """A wish that somebody is in one's case no more: to the steady contact, who owes an answer."""
    opened.require_whole()
    people = could_step_out(opened)
    form = StepOutForm(request.POST or None, people=people, initial={"key": uuid.uuid4()})
    if form.is_valid():
        who = form.people[form.cleaned_data["who"]]
        said = f"Jeg vil gerne, at {who.name} ikke er med i min sag mere. {form.cleaned_data['words']}"
        with telling(form):
            asked = contact_actions.ask_for(words=said, key=form.cleaned_data["key"], by=opened)
            return redirect("case-request", opened.pk, asked.pk)
    return render(
        request,
        "citizen/step_out.html",
        around(
            opened,
            people=people,
            holder=opened.coordinator,
            form=form,
            back_url=address(opened, "case-where"),
        ),
    )


@case_page("home", work="work-handover", whole=True)
def change(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Who leaves when, who takes over, their letter, and whether they read first or hear it told."""
    opened.require_whole()
    changes = handover.new_in(opened)
    said = request.POST.get("change", "")
    shown = []
    for now in changes:
        sent = request.POST if said == str(now.pk) else None
        form = ChoiceForm(sent, initial={"choice": now.choice}, auto_id=f"id_{now.pk}_%s")
        shown.append(_change(now, form))
        told = sent is not None and sent.get("do") == "told"
        if told:
            handover.say_it_is_told(change=now.pk, by=opened)
        elif form.is_valid():
            handover.choose(choice=form.cleaned_data["choice"], change=now.pk, by=opened)
        if told or form.is_valid():
            messages.success(request, gettext("Det er sagt videre."))
            return redirect("case-handover", opened.pk)
    return render(
        request,
        "citizen/handover.html",
        around(
            opened,
            changes=shown,
            earlier=[row for row in handover.earlier(opened) if row not in changes],
            back_url=address(opened, "case-where"),
        ),
    )


def _change(now: Handover, form: ChoiceForm) -> dict[str, Any]:
    return {
        "now": now,
        "untold": now.choice == Handover.Choice.TELL and not (now.told_at or now.read_at),
        "knew": handover.knew_before(now),
        "form": form,
    }


@case_page("home", work="work-case", whole=True)
def while_away(request: HttpRequest, opened: OpenCase) -> HttpResponse:
    """Who is away when, who answers, and whether that is as one likes it; chosen now or long before."""
    opened.require_whole()
    chosen = away.choice_in(opened.case)
    form = absences.ChoiceForm(request.POST or None, initial={"choice": chosen or "cover"})
    if form.is_valid():
        away.choose(choice=form.cleaned_data["choice"], by=opened)
        messages.success(request, gettext("Det er gemt. Du kan altid vælge om."))
        return redirect("case-away", opened.pk)
    rows = [absences.of_row(row, chosen) for row in away.coming(opened)]
    return render(
        request,
        "citizen/away.html",
        around(
            opened,
            rows=[{"sentence": absences.sentence(r), "meanwhile": absences.meanwhile(r)} for r in rows],
            holder=opened.coordinator,
            form=form,
            back_url=address(opened, "case-where"),
        ),
    )
