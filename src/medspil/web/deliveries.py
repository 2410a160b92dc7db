"""Cases from the system in use: the pages to bring them in, and the link from there to the case here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from medspil.base.guard import open_to
from medspil.base.refusals import Refusal
from medspil.cases import bringing_in
from medspil.cases.delivery_file import RowsAreWrong
from medspil.cases.door import open_case
from medspil.cases.models import CaseSystem
from medspil.people.roles import Role


class SystemForm(forms.Form):
    name = forms.CharField(label=_("Hvad hedder systemet?"), max_length=60)
    slug = forms.SlugField(
        label=_("Et kort navn til adresser"),
        help_text=_("Små bogstaver og bindestreg, for eksempel: voksensystem"),
        max_length=50,
    )
    link = forms.CharField(
        label=_("Hvor står en sag derovre?"),
        help_text=_("Adressen med {id}, hvor sagens nummer står. Lad være tom, hvis der ikke kan linkes."),
        max_length=300,
        required=False,
    )

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"])
        if link and not (link.startswith("https://") and "{id}" in link):
            raise forms.ValidationError(_("Adressen begynder med https:// og har {id} i sig."))
        return link


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files: gives their names and bytes."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        one = super().clean
        files: list[UploadedFile] = [one(file, initial) for file in data] if data else [one(None, initial)]
        return [(str(file.name), file.read()) for file in files]


class DeliveryForm(forms.Form):
    system = forms.ChoiceField(label=_("Hvor kommer de fra?"))
    file = FilesField(
        label=_("Filen eller filerne"),
        help_text=_("En JSON-fil, eller en CSV-fil med borgere og en med sager."),
        error_messages={"required": _("Vælg en fil."), "empty": _("Filen er tom.")},
    )

    def __init__(self, *args: Any, systems: list[CaseSystem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.systems = {str(s.pk): s for s in systems}
        self.fields["system"].choices = [(pk, s.name) for pk, s in self.systems.items()]  # type: ignore[attr-defined]

    def clean_system(self) -> CaseSystem:
        return self.systems[self.cleaned_data["system"]]


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    systems = bringing_in.systems()
    form = DeliveryForm(request.POST or None, request.FILES or None, systems=systems)
    faults = []
    if form.is_valid():
        try:
            delivery = bringing_in.receive(
                system=form.cleaned_data["system"],
                files=form.cleaned_data["file"],
                by=request.user,  # type: ignore[arg-type]
            )
            return redirect("delivery", delivery.pk)
        except Refusal as refusal:
            form.add_error("file", str(refusal.sentence))
            faults = refusal.faults if isinstance(refusal, RowsAreWrong) else []
    return render(
        request,
        "administration/deliveries.html",
        {"form": form, "systems": systems, "faults": faults, "before": bringing_in.deliveries()},
    )


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def keep_system(request: HttpRequest) -> HttpResponse:
    request.menu_at = "deliveries"  # type: ignore[attr-defined]
    form = SystemForm(request.POST or None)
    if form.is_valid():
        bringing_in.keep_system(**form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        messages.success(request, gettext("%(name)s er gemt.") % {"name": form.cleaned_data["name"]})
        return redirect("deliveries")
    return render(request, "administration/case_system.html", {"form": form})


@open_to(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    request.menu_at = "deliveries"  # type: ignore[attr-defined]
    delivery = bringing_in.delivery(pk)
    if delivery.brought_in_at and request.method == "GET":
        return redirect("deliveries")
    faults, outcome = [], None
    try:
        if request.method == "POST":
            done = bringing_in.bring_in(delivery=delivery, by=request.user)  # type: ignore[arg-type]
            messages.success(
                request,
                gettext("Hentet: %(new)s nye, %(changed)s ændrede.")
                % {"new": done.new, "changed": done.changed},
            )
            return redirect("deliveries")
        outcome = bringing_in.look_at(delivery=delivery, by=request.user)  # type: ignore[arg-type]
    except RowsAreWrong as refusal:
        faults = refusal.faults
    shown = {"delivery": delivery, "outcome": outcome, "faults": faults}
    return render(request, "administration/delivery.html", shown)


@open_to(Role.CASEWORKER, Role.PROVIDER)
@require_GET
def from_elsewhere(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """A link in the other system leads here; the door decides as for any other page."""
    pk = bringing_in.case_of(system=system, number=number)
    if pk is None:
        raise Http404
    open_case(request.visitor, pk)  # type: ignore[attr-defined]
    return redirect("work-case", pk)
