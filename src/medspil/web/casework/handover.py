"""Taking over from a colleague: a letter of introduction first, and the case read as the citizen likes it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medspil.base.fields import tell
from medspil.base.guard import open_to
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases.models import Case
from medspil.contact import handover
from medspil.people.models import Person
from medspil.people.roles import CASEWORK
from medspil.web.wishing import NOBODY, WishAnswerForm

from . import case


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
    return render(request, "casework/handovers.html", {"rows": handover.waiting_for_letter(me)})


@open_to(*CASEWORK)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    opened = case.work(request, pk)
    now = handover.handover(opened)
    doing = request.POST.get("do", "")
    reason = ReasonForm(request.POST if doing == "read" else None)
    name = {"name": opened.citizen.first_name}
    if doing == "told":
        handover.say_it_is_told(by=opened)
        messages.success(request, gettext("Det er gemt. Hele sagen er åben for dig nu."))
        return redirect("work-case", pk)
    if reason.is_valid():
        try:
            handover.read_first(because=reason.cleaned_data["because"], by=opened)
        except NotYours:
            raise
        except Refusal as error:
            tell(reason, error)
        else:
            messages.success(request, gettext("Sagen er åben. %(name)s kan læse hvorfor.") % name)
            return redirect("work-case", pk)
    form = LetterForm(
        request.POST if request.method == "POST" and not doing else None,
        initial={"words": now.letter if now else ""},
    )
    if form.is_valid():
        try:
            handover.introduce(words=form.cleaned_data["words"], by=opened)
        except NotYours:
            raise
        except Refusal as error:
            tell(form, error)
        else:
            messages.success(request, gettext("%(name)s kan læse dit brev nu.") % name)
            return redirect("handovers")
    mine = now is not None and now.to_id == opened.person.pk
    untold = now is not None and now.choice == "tell" and not (now.told_at or now.read_at)
    return render(
        request,
        "casework/handover.html",
        {
            "opened": opened,
            "now": now,
            "mine": mine,
            "form": form,
            "reason": reason,
            "untold": untold,
        },
    )


@open_to(*CASEWORK)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The citizen's wish for another steady contact, answered with a reason; and how we work together."""
    request.menu_at = "my-citizens"  # type: ignore[attr-defined]
    opened = case.work(request, pk)
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
        return redirect("work-contact", pk)
    if form.is_valid() and waiting is not None:
        try:
            handover.answer_contact_wish(
                wish=waiting,
                to=form.people.get(form.cleaned_data["to"]),
                because=form.cleaned_data["because"],
                by=opened,
            )
        except NotYours:
            raise
        except Refusal as error:
            tell(form, error)
        else:
            messages.success(
                request, gettext("%(name)s kan læse svaret nu.") % {"name": opened.citizen.first_name}
            )
            return redirect("work-contact", pk)
    return render(
        request,
        "casework/contact.html",
        {
            "opened": opened,
            "holder": opened.coordinator,
            "waiting": waiting,
            "leader": leader,
            "said": case.spoken(opened, waiting.words) if waiting and waiting.words else None,
            "answered": [w for w in wishes if w.answer],
            "form": form,
            "way": way,
        },
    )
