"""The municipality's administrator: units, hours, limits, and who works where. Reads no case, only numbers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from medspil.base import clock
from medspil.base.fields import DayField, telling
from medspil.base.guard import open_to
from medspil.base.phones import plain
from medspil.people import actions as people
from medspil.people import directory, invitation
from medspil.people.models import Matter, Staff, Unit
from medspil.people.roles import Role

from . import leaving

LINK = "first_link"


class PhoneField(forms.CharField):
    """Eight Danish digits, however they are written, or a number from abroad with its plus."""

    def clean(self, value: Any) -> str:
        number = plain(super().clean(value))
        if number and len(number) != 8 and not (number.startswith("+") and 9 <= len(number) <= 16):
            raise forms.ValidationError(_("Et telefonnummer har otte tal, for eksempel 20 00 00 12."))
        return number


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Hvad hedder afdelingen?"), max_length=80)
    kind = forms.ChoiceField(label=_("Hvilken slags afdeling er det?"), choices=Unit.Kind.choices)
    phone = PhoneField(label=_("Telefon"), max_length=20, widget=forms.TextInput(attrs={"type": "tel"}))
    hours = forms.CharField(
        label=_("Hvornår kan man ringe?"),
        help_text=_("For eksempel: hverdage kl. 9 til 12"),
        max_length=80,
        required=False,
    )
    hours_en = forms.CharField(
        label=_("Det samme på engelsk"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    answer_days = forms.IntegerField(
        label=_("Hvor mange hverdage må et svar tage?"),
        min_value=1,
        max_value=60,
        help_text=_("Borgeren får at vide, at der kommer svar senest den dag."),
    )
    caseload_limit = forms.IntegerField(
        label=_("Hvor mange borgere kan én medarbejder have?"),
        min_value=0,
        max_value=500,
    )
    application_days = forms.IntegerField(
        label=_("Hvor mange dage må en ansøgning tage?"),
        min_value=1,
        max_value=365,
        help_text=_("Regnet fra den dag, vi fik den. Det er den frist, kommunen selv har sat."),
    )
    matters = forms.ChoiceField(
        label=_("Hvad handler det om her?"),
        choices=Matter.choices,
        required=False,
        initial=Matter.PERSONAL,
        help_text=_("En værge for økonomi ser kun det, der handler om penge."),
    )
    is_front_door = forms.BooleanField(
        label=_("Nye henvendelser kommer hertil først"),
        required=False,
        help_text=_("Det gælder én afdeling. Vælger du en ny, flytter det dertil."),
    )


TITLE = {
    "label": _("Titel"),
    "help_text": _("Som borgeren siger det: Sagsbehandler, Hjemmevejleder"),
    "max_length": 60,
}


class PostForm(forms.Form):
    """A post; with `new` also who and where it is for."""

    title = forms.CharField(required=False, **TITLE)
    title_en = forms.CharField(
        label=_("Titel på engelsk"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    takes_requests = forms.BooleanField(
        label=_("Tager imod henvendelser, som ingen har spurgt en bestemt om"), required=False
    )


class NewPostForm(PostForm):
    unit = forms.ChoiceField(label=_("Afdeling"))
    role = forms.ChoiceField(label=_("Hvad arbejder personen som?"), choices=Role.staff_choices)
    since = DayField(label=_("Første dag"))
    field_order = ("unit", "role", "title", "title_en", "since", "takes_requests")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(u.pk): u for u in directory.units()}
        self.fields["unit"].choices = [(pk, u.name) for pk, u in self.units.items()]  # type: ignore[attr-defined]

    def clean_unit(self) -> Unit:
        return self.units[self.cleaned_data["unit"]]


class HireForm(NewPostForm):
    name = forms.CharField(label=_("Navn"), max_length=120)
    login = forms.RegexField(
        label=_("Brugernavn"),
        regex=r"^[A-Za-z0-9æøåÆØÅ._@+-]+$",
        max_length=150,
        help_text=_("For eksempel initialer eller mail."),
        error_messages={"invalid": _("Brug bogstaver, tal, punktum og bindestreg, og ingen mellemrum.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(label=_("Mail"), max_length=254, required=False)
    phone = PhoneField(
        label=_("Direkte telefon"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    field_order = (
        "name",
        "login",
        "email",
        "phone",
        "unit",
        "role",
        "title",
        "title_en",
        "since",
        "takes_requests",
    )


class ChangePostForm(PostForm):
    email = forms.EmailField(label=_("Mail"), max_length=254, required=False)
    phone = PhoneField(
        label=_("Direkte telefon"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    field_order = ("title", "title_en", "email", "phone", "takes_requests")


class EndForm(forms.Form):
    until = DayField(label=_("Sidste dag"))

    def __init__(self, *args: Any, colleagues: list[Any], owes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owes:
            self.fields["to"] = forms.ChoiceField(
                label=_("Hvem tager over?"),
                choices=[("", _("Vælg en kollega")), *((str(c.pk), c.name) for c in colleagues)],
                error_messages={"required": _("Vælg, hvem der tager over. Ellers står borgerne uden svar.")},
            )
        self.colleagues = {str(c.pk): c for c in colleagues}

    def clean_to(self) -> Any:
        return self.colleagues[self.cleaned_data["to"]]


# --- units ------------------------------------------------------------------------------------------------------------


@open_to(Role.ADMINISTRATOR)
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/units.html", {"rows": directory.staff_by_unit()})


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def edit_unit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    request.menu_at = "units"  # type: ignore[attr-defined]
    unit = directory.unit(pk) if pk else None
    names = [*UnitForm.base_fields]
    now = (
        {name: getattr(unit, name) for name in names}
        if unit
        else {"answer_days": 3, "caseload_limit": 35, "application_days": 28}
    )
    form = UnitForm(request.POST or None, initial=now)
    if form.is_valid():
        with telling(form):
            people.keep_unit(unit=unit, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            messages.success(request, gettext("%(name)s er gemt.") % {"name": form.cleaned_data["name"]})
            return redirect("units")
    return render(request, "administration/unit.html", {"form": form, "unit": unit})


# --- staff ------------------------------------------------------------------------------------------------------------


@open_to(Role.ADMINISTRATOR)
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    return render(request, "administration/staff.html", {"rows": directory.staff_by_unit()})


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def hire(request: HttpRequest) -> HttpResponse:
    request.menu_at = "staff"  # type: ignore[attr-defined]
    form = HireForm(
        request.POST or None, initial={"since": clock.today(), "unit": request.GET.get("unit", "")}
    )
    if form.is_valid():
        with telling(form):
            post = people.hire(**form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            _show_link_once(request, post.person_id)
            return redirect("staff-member", post.person_id)
    return render(request, "administration/hire.html", {"form": form})


def _show_link_once(request: HttpRequest, pk: int) -> None:
    """Makes the link by which the person chooses a password, for the next page to show and forget."""
    person = people.forget_password(person=directory.who_works_here(pk), by=request.user)  # type: ignore[arg-type]
    path = reverse("choose-password", args=[invitation.make(person)])
    request.session[LINK] = {"person": pk, "link": request.build_absolute_uri(path)}


@open_to(Role.ADMINISTRATOR)
@never_cache
@require_GET
def staff_member(request: HttpRequest, pk: int) -> HttpResponse:
    request.menu_at = "staff"  # type: ignore[attr-defined]
    person = directory.staff_member(pk)
    link = request.session.get(LINK)
    if link and link["person"] == pk:
        del request.session[LINK]
    else:
        link = None
    today = clock.today()
    posts = [
        {
            "post": post,
            "ended": post.until is not None and post.until < today,
            "to_come": post.since > today,
        }
        for post in directory.posts_of(person)
    ]
    shown = {
        "person": person,
        "posts": posts,
        "gets_way_in": not all(row["ended"] for row in posts),
        "link": link["link"] if link else "",
        "has_password": person.has_usable_password(),
        "has_second_factor": directory.has_second_factor(person),
        "is_me": person.pk == request.user.pk,
    }
    return render(request, "administration/staff_member.html", shown)


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def add_post(request: HttpRequest, pk: int) -> HttpResponse:
    request.menu_at = "staff"  # type: ignore[attr-defined]
    person = directory.staff_member(pk)
    form = NewPostForm(request.POST or None, initial={"since": clock.today()})
    if form.is_valid():
        with telling(form):
            people.add_post(person=person, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            messages.success(request, gettext("Det er gemt."))
            return redirect("staff-member", pk)
    return render(request, "administration/add_post.html", {"form": form, "person": person})


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def edit_post(request: HttpRequest, pk: int) -> HttpResponse:
    request.menu_at = "staff"  # type: ignore[attr-defined]
    post = directory.post(pk)
    now = {
        "title": post.title,
        "title_en": post.title_en,
        "takes_requests": post.takes_requests,
        "email": post.person.email,
        "phone": post.person.phone,
    }
    form = ChangePostForm(request.POST or None, initial=now)
    if form.is_valid():
        with telling(form):
            people.change_post(post=post, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
            messages.success(request, gettext("Det er gemt."))
            return redirect("staff-member", post.person_id)
    return render(request, "administration/post.html", {"form": form, "post": post})


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a post; whoever still owes citizens something hands it to a colleague in the same step."""
    request.menu_at = "staff"  # type: ignore[attr-defined]
    post: Staff = directory.post(pk)
    owes = leaving.owes(post)
    colleagues = directory.colleagues(post)
    form = EndForm(
        request.POST or None,
        initial={"until": post.until or clock.today()},
        colleagues=colleagues,
        owes=owes.anything,
    )
    if form.is_valid():
        with telling(form):
            leaving.leave(
                post=post, until=form.cleaned_data["until"], to=form.cleaned_data.get("to"), by=request.user
            )
            messages.success(request, gettext("Det er gemt."))
            return redirect("staff-member", post.person_id)
    shown = {"form": form, "post": post, "owes": owes, "alone": owes.anything and not colleagues}
    return render(request, "administration/end_post.html", shown)


@open_to(Role.ADMINISTRATOR)
@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    _show_link_once(request, pk)
    return redirect("staff-member", pk)


@open_to(Role.ADMINISTRATOR)
@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    person = directory.who_works_here(pk)
    people.reset_second_factor(person=person, by=request.user)  # type: ignore[arg-type]
    messages.success(
        request,
        gettext("%(name)s sætter en ny app op, næste gang de logger ind.") % {"name": person.first_name},
    )
    return redirect("staff-member", pk)
