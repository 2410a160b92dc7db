"""What everybody sets for themselves: language, calm, palette, reading aloud, device, notices, how often we ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from medspil.base.guard import open_to, open_to_all
from medspil.outside import sms
from medspil.people import actions as people
from medspil.people.models import Person
from medspil.people.roles import Role

from . import look

ASK_EVERY = [
    ("1", _("Højst en gang om måneden")),
    ("2", _("Højst hver anden måned")),
    ("3", _("Højst hver tredje måned")),
    ("6", _("Højst hvert halve år")),
    ("0", _("Aldrig")),
]
PALETTES = [
    (Person.Palette.COLOURFUL.value, _("Mange farver")),
    (Person.Palette.TONED.value, _("Få farver")),
]


class SettingsForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Hvilket sprog vil du læse?"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    calm = forms.BooleanField(
        label=_("Rolig visning"),
        required=False,
        help_text=_("Din side viser få ting ad gangen og med større tekst."),
    )
    palette = forms.ChoiceField(label=_("Hvor mange farver?"), choices=PALETTES, widget=forms.RadioSelect)
    read_aloud = forms.BooleanField(
        label=_("Vis knapper, der læser op"),
        required=False,
        help_text=_("De vises kun, hvor maskinen har en stemme, der kan læse."),
    )
    own_device = forms.BooleanField(
        label=_("Det her er min egen telefon eller computer"),
        required=False,
        help_text=_(
            "Det gælder kun den, du sidder ved nu. Så kan et referat blive på den, mens nettet er væk. "
            "Alt slettes, når du logger ud."
        ),
    )
    notices_by = forms.ChoiceField(
        label=_("Hvordan skal vi sige, at der er nyt?"),
        choices=[
            (Person.Notices.MAIL.value, _("Send en mail")),
            (Person.Notices.SMS.value, _("Send en SMS")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Der står kun, at der er noget. Resten læser du her."),
    )
    phone = forms.CharField(
        label=_("Hvilket nummer må vi sende SMS til?"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    ask_every = forms.ChoiceField(
        label=_("Hvor tit må vi spørge, hvordan det går?"),
        choices=ASK_EVERY,
        widget=forms.RadioSelect,
        help_text=_("Det er tre korte spørgsmål. Ingen kan se, hvad netop du svarer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sms.is_set_up():
            del self.fields["notices_by"], self.fields["phone"]

    def clean_phone(self) -> str:
        """A number is wanted where something is sent to it; eight digits, or a country before them."""
        phone: str = self.cleaned_data["phone"].strip()
        if self.cleaned_data.get("notices_by") == Person.Notices.SMS and not sms.looks_right(phone):
            raise forms.ValidationError(_("Skriv otte tal, eller begynd med + og landet."), code="phone")
        return phone


@open_to(*Role)
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    now = {
        "language": translation.get_language(),
        "calm": person.calm,
        "palette": person.palette,
        "read_aloud": person.read_aloud,
        "own_device": look.is_own_device(request, person),
        "ask_every": str(person.ask_every),
        "notices_by": person.notices_by,
        "phone": person.phone,
    }
    form = SettingsForm(request.POST or None, initial=now)
    if form.is_valid():
        wanted = form.cleaned_data
        own_device = wanted.pop("own_device")
        phone = wanted.pop("phone", "")
        if phone != person.phone and wanted.get("notices_by") == Person.Notices.SMS:
            people.say_phone(person=person, phone=phone)
        people.choose_for_oneself(by=person, **{**wanted, "ask_every": int(wanted["ask_every"])})
        with translation.override(wanted["language"]):
            messages.success(request, gettext("Det er gemt. Sådan er siden for dig fra nu af."))
        response = redirect("settings")
        look.set_language(response, wanted["language"])
        if own_device != now["own_device"]:
            look.set_own_device(response, person, on=own_device)
        return response
    return render(request, "entrance/settings.html", {"form": form})


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect("home" if request.user.is_authenticated else "welcome")


# The pages' buttons say "full" for many colours.
PALETTE_WORDS = {"full": "colourful", "colourful": "colourful", "toned": "toned"}


@open_to_all
@require_POST
def set_look(request: HttpRequest) -> HttpResponse:
    """`calm` 0 or 1, `palette` full or toned; of the person, or before sign-in of the browser. Then back."""
    user: Any = request.user
    calm = look.CALM.get(request.POST.get("calm", ""))
    palette = PALETTE_WORDS.get(request.POST.get("palette", ""))
    response = _back(request)
    changes = {k: v for k, v in (("calm", calm), ("palette", palette)) if v is not None}
    if user.is_authenticated:
        people.choose_for_oneself(by=user, **changes)
    else:
        look.set_chosen(response, replace(look.chosen(request), own=False, **changes))
    return response


@open_to_all
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    language = request.POST.get("language", "")
    response = _back(request)
    if language in dict(settings.LANGUAGES):
        look.set_language(response, language)
        if user.is_authenticated:
            people.choose_for_oneself(by=user, language=language)
        else:
            look.set_chosen(response, replace(look.chosen(request), own=False, language=language))
    return response
