"""What the page of building blocks shows: every component in every state, with invented people (»Byggesten«)."""

from datetime import date, time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from medspil.base.guard import open_to_all
from medspil.web.templatetags.medspil import by_day, capital, day_long, day_month, hour, hours, in_days, phone

DAY = date(2026, 11, 23)


@open_to_all
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "base/byggesten.html", {"parts": parts()})


class SampleForm(forms.Form):
    words = forms.CharField(label=_("Hvad vil du gerne vide?"), widget=forms.Textarea)
    day = forms.DateField(
        label=_("Hvilken dag passer dig?"),
        help_text=_("Vi ringer mellem kl. 9 og 15."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    phone = forms.CharField(label=_("Dit telefonnummer"), required=False)
    place = forms.ChoiceField(
        label=_("Hvor skal vi mødes?"), choices=[("home", _("Hjemme hos dig")), ("hall", _("På rådhuset"))]
    )
    remember = forms.ChoiceField(
        label=_("Er det sådan, du husker mødet?"),
        choices=[("yes", _("Ja, det er sådan, jeg husker det")), ("no", _("Nej, fordi …"))],
        widget=forms.RadioSelect,
    )
    with_me = forms.MultipleChoiceField(
        label=_("Hvem skal være med?"),
        choices=[("mona", "Mona"), ("petra", "Petra")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    share = forms.BooleanField(label=_("Petra må læse det, jeg har skrevet"), required=False)


def _when(day: date) -> str:
    return f"{capital(by_day(day))}. {capital(in_days(day, DAY))}."


def _voice(words: str, name: str = "Ida Holm", **more: Any) -> dict[str, Any]:
    return {"whose": "citizen", "name": name, "words": words, **more}


def _reply(words: str, name: str = "Karen Damsgaard", **more: Any) -> dict[str, Any]:
    return {"whose": "professional", "name": name, "words": words, **more}


def parts() -> dict[str, Any]:
    """The values that `base/byggesten.html` draws as `parts`; nothing in them is read from a case."""
    cleaning = {
        "state": "on_its_way",
        "share": 0.62,
        "what": _("Du får svar om rengøring."),
        "when_text": _when(date(2026, 12, 11)),
    }
    today = {
        "state": "today",
        "what": _("Karen ringer til dig."),
        "when_text": _("Senest i dag %(hour)s.") % {"hour": hour(time(15))},
    }
    slipping = {
        "state": "slipping",
        "what": _("Du får svar om ledsager."),
        "when_text": _("%(by)s. Vi venter på lægen.") % {"by": capital(by_day(date(2026, 11, 25)))},
    }
    broken = {
        "state": "broken",
        "what": _("Lars skulle sende dig et brev."),
        "who": "Lars",
        "when_text": _("Skulle være sendt %(day)s.") % {"day": day_long(date(2026, 11, 19))},
        "explanation": {
            "who": "Lars",
            "words": "Det er min fejl. Jeg manglede et papir og sagde det ikke til dig.",
        },
        "new_date_text": _("Ny dato: %(day)s.") % {"day": day_long(date(2026, 11, 25))},
    }
    unexplained = {
        "state": "broken",
        "what": _("Lars skulle ringe til jobcentret."),
        "who": "Lars",
        "when_text": _("Skulle være gjort %(day)s.") % {"day": day_long(date(2026, 11, 20))},
        "ask_url": "#spoerg",
    }
    moved = {
        "state": "moved",
        "what": _("Petra viser dig Flextur."),
        "when_text": _("Ny dato: %(day)s.") % {"day": day_month(date(2026, 12, 3))},
        "reason": "Jeg er på kursus den 26.",
    }
    kept = {
        "state": "kept",
        "what": _("Petra viste dig, hvordan du bestiller."),
        "when_text": f"{capital(day_long(date(2026, 11, 18)))}.",
    }
    no_date = {
        "state": "no_date",
        "what": _("Ida spørger Bente om aftenerne."),
        "actions": [{"label": _("Vælg dag"), "url": "#vaelg", "style": "second"}],
    }
    withdrawn = {
        "state": "withdrawn",
        "what": _("Karen finder et bad med greb."),
        "when_text": _("Ida sagde den 12. november, at hun selv har fundet et."),
    }
    own_soon = {
        "state": "slipping",
        "side": "citizen",
        "what": _("Du finder papirerne fra din læge."),
        "when_text": _when(date(2026, 11, 26)),
        "actions": [{"label": _("Bed om mere tid"), "url": "#tid"}],
    }
    own_past = {
        "state": "past",
        "side": "citizen",
        "what": _("Du ringer til svømmehallen."),
        "when_text": _("Det var %(day)s.") % {"day": day_long(date(2026, 11, 20))},
        "actions": [
            {"label": _("Hvad kunne hjælpe?"), "url": "#hjaelp"},
            {"label": _("Bed om mere tid"), "url": "#tid"},
        ],
    }
    own_done = {
        "state": "done",
        "side": "citizen",
        "what": _("Du har sagt ja til, at Karen taler med Petra."),
        "when_text": f"{capital(day_long(date(2026, 11, 16)))}.",
    }
    own_way = {
        "state": "on_its_way",
        "side": "citizen",
        "share": 0.4,
        "what": _("Du skriver ned, hvad der er sværest en hverdag."),
        "when_text": _when(date(2026, 11, 30)),
    }
    form = SampleForm(
        {
            "words": "Må min søster sige noget på mødet, hvis jeg går i stå?",
            "day": "i morgen",
            "remember": "no",
        }
    )
    return {
        "promises": [cleaning, today, slipping, broken, moved, kept, unexplained, no_date, withdrawn],
        "ours": [broken, today, cleaning, kept],
        "yours": [own_past, own_soon, own_way, own_done],
        "voices": [
            {
                "citizen": _voice("Klokken fem er jeg tom.", confirmed=True),
                "professional": _reply(
                    "Vi ser på, om du kan få hjælp til gulve og tøj.",
                    objections=[
                        {
                            "name": "Ida",
                            "words": "Jeg spurgte også om tøjet til børnene.",
                            "when": day_month(date(2026, 11, 27)),
                        }
                    ],
                ),
            },
            {
                "citizen": _voice(""),
                "agreed": {
                    "words": _("Vi prøver hjælp til gulve i tre måneder. Så taler vi om det igen."),
                    "yes": ["Ida", "Karen"],
                },
            },
            {
                "citizen": _voice(
                    "Bussen er for langt væk, når jeg er træt.",
                    written_by="Mona",
                    earlier=[{"words": "Bussen er for langt væk.", "when": "12. november", "who": "Mona"}],
                ),
                "professional": _reply("Flextur kan hente dig begge veje", verb="says", writing="Karen"),
            },
            {
                "citizen": _voice(
                    "Jeg vil selv ringe til svømmehallen.",
                    is_proposal=True,
                    proposed_by="Karen",
                    actions=[
                        {"label": _("Ja, det er rigtigt"), "url": "#ja", "style": "second"},
                        {"label": _("Ret det"), "url": "#ret"},
                    ],
                ),
                "professional": _reply(
                    "Emil pegede på billedet af bassinet og smilede.", name="Petra Lund", observed=True
                ),
            },
        ],
        "hero": _voice(
            "Jeg vil have kræfter til mine børn, og ikke kun til at holde huset.",
            greeting=_("Hej Ida."),
            intro=_("Det har du sagt, du ønsker dig:"),
        ),
        "strengths": _voice(
            "Jeg er god til at lytte, bage brød og finde den rigtige bog til et barn. Jeg giver ikke op."
        ),
        "differ": {
            "views": [
                {"whose": "citizen", "name": "Ida", "words": "Jeg vil have turen nu, mens jeg tør."},
                {"whose": "professional", "name": "Karen", "words": "Jeg vil først have svar fra lægen."},
            ],
            "next_text": _("Vi ser på det igen %(day)s.") % {"day": day_month(date(2026, 12, 3))},
            "adviser_url": "#raad",
        },
        "notice": {
            "title": _("Der er ventetid lige nu"),
            "text": _("Svar tager en uge længere i november. Din egen frist er ikke ændret."),
        },
        "empty": {"title": _("Ingen nye breve"), "text": _("Vi skriver til dig, når der er noget nyt.")},
        "error": {
            "title": _("Vi mangler en dato"),
            "text": _("Skriv den dag, du helst vil ringes op."),
            "link": {"url": "#id_day", "label": _("Gå til datoen")},
        },
        "buttons": [
            {"label": _("Send spørgsmål"), "url": "#send", "style": "first"},
            {"label": _("Flyt mødet"), "url": "#flyt", "style": "second"},
            {"label": _("Bed om mere tid"), "url": "#tid"},
        ],
        "areas": _areas(),
        "goals": _goals(),
        "now": {
            "state": "on_its_way",
            "share": 0.62,
            "lead": _("Du får svar senest"),
            "strong": day_long(date(2026, 12, 11)),
            "rest": _("Det er om 18 dage."),
        },
        "path": [
            {"title": _("Forstå"), "text": _("Vi har hørt, hvad du ønsker."), "state": "done"},
            {"title": _("Finde hjælp"), "text": _("Her er vi nu. Det gør vi sammen."), "state": "now"},
            {"title": _("Få det på plads"), "text": _("Vi ser på, hvad loven siger."), "state": "open"},
        ],
        "meeting": {
            "day": date(2026, 11, 26),
            "hours": hours(time(10), time(11)),
            "place": _("hjemme hos dig"),
            "facts": [
                {"icon": "groups", "text": _("Karen og Petra kommer.")},
                {"icon": "cup", "text": _("Vi holder pause, når du siger til.")},
                {"icon": "person", "text": _("Din søster Mona er med som bisidder.")},
            ],
            "main": {"label": _("Gør dig klar til mødet"), "url": "#klar", "style": "first"},
            "actions": [{"label": _("Flyt eller aflys"), "url": "#flyt"}],
        },
        "people": _people(),
        "desk": _desk(),
        "requests": [
            {
                "voice": _voice("Min datter bliver 18. Hvad sker der så?", name="Rie Holst"),
                "who": _("Rie Holst skrev i går"),
                "reason": _("Lotte har den, til du tager den"),
                "action": {"label": _("Tag den"), "url": "#tag", "style": "second"},
            },
            {
                "voice": _voice(
                    "Kan jeg få en rampe?",
                    name="Kaj Bruun",
                    objections=[{"name": "Kaj", "words": "Jeg spurgte om to ramper."}],
                ),
                "who": _("Kaj Bruun ringede i dag"),
                "reason": _("vagten har den"),
                "action": {"label": _("Tag den"), "url": "#tag2", "style": "second"},
            },
        ],
        "agreements": [
            {
                "state": "on_its_way",
                "share": 0.62,
                "who": "Karen",
                "what": _("giver Ida svar om rengøring"),
                "when_text": day_long(date(2026, 12, 11)),
                "both": True,
            },
            {
                "state": "on_its_way",
                "share": 0.9,
                "who": "Petra",
                "what": _("prøver turen sammen med Ida"),
                "when_text": day_long(date(2026, 12, 3)),
                "missing": ["Ida"],
            },
            {
                "state": "no_date",
                "who": "Ida",
                "what": _("spørger Bente om aftenerne"),
                "actions": [{"label": _("Vælg dag"), "url": "#dag", "style": "second"}],
            },
        ],
        "calm": _calm(),
        "form": form,
        "table": {
            "caption": _("Løfter i Team Voksen, oktober"),
            "head": [_("Slags"), _("Holdt"), _("I alt")],
            "rows": [[_("Ringe tilbage"), 21, 22], [_("Svar på spørgsmål"), 20, 22]],
        },
        "question": {
            "title": _("Spørg os om noget"),
            "text": _("Du behøver ikke vide, hvem der har svaret. Karen læser det og finder den rigtige."),
            "clock": {
                "state": "on_its_way",
                "share": 0.9,
                "lead": _("Du får svar senest"),
                "strong": day_long(date(2026, 11, 25)),
            },
            "action_url": "#spoerg",
            "fields": [SampleForm(prefix="q")["words"]],
            "call_url": "#ring",
        },
    }


def _areas() -> list[dict[str, Any]]:
    rows = [
        ("home", _("Praktiske ting hjemme"), "Jeg kan godt lave mad. Gulvene kan jeg ikke klare.", "goal"),
        ("self", _("Passe på mig selv"), "Det klarer jeg selv. Det betyder meget for mig.", "well"),
        ("around", _("Komme rundt"), "Bussen er for langt væk, når jeg er træt.", "goal"),
        ("communicate", _("Kommunikere"), "Giv mig tid. Jeg leder efter ordene om eftermiddagen.", "know"),
        ("society", _("Være en del af samfundet"), "Jeg savner mit arbejde i biblioteket.", "hard"),
        ("together", _("Være sammen med andre"), "Mine venner ved ikke, hvad de skal spørge om.", "goal"),
        ("health", _("Helbred"), "", "none"),
    ]
    tiles: list[dict[str, Any]] = [
        {
            "key": key,
            "name": name,
            "voice": _voice(words) if words else None,
            "marker": marker,
            "url": f"#{key}",
        }
        for key, name, words, marker in rows
    ]
    tiles.append(
        {
            "text": _("Du kan skrive, tegne eller sige det højt."),
            "url": "#skriv",
            "link_text": _("Skriv i min plan"),
        }
    )
    return tiles


def _goals() -> list[dict[str, Any]]:
    return [
        {
            "area": "home",
            "number_text": _("Mål 1"),
            "name": _("Praktiske ting hjemme"),
            "voice": _voice(
                "Jeg vil have kræfter til mine børn om aftenen, og ikke bruge dem alle på huset."
            ),
            "steps": [
                {
                    "state": "on_its_way",
                    "share": 0.62,
                    "what": _("Svar om hjælp til rengøring"),
                    "when_text": _("Karen. 11. december"),
                },
                {
                    "state": "kept",
                    "what": _("Prøvet at dele opgaverne op"),
                    "when_text": _("Ida og Petra. 18. november"),
                },
            ],
            "own_view": "langsomt",
            "other_label": _("Karen synes"),
            "other_view": _("fremad"),
        },
        {
            "area": "around",
            "number_text": _("Mål 2"),
            "name": _("Komme rundt"),
            "voice": _voice("Jeg vil selv kunne komme til svømning om torsdagen."),
            "steps": [
                {"state": "today", "what": _("Ringe til Flextur sammen"), "when_text": _("Petra. I dag")},
                {
                    "state": "on_its_way",
                    "share": 0.4,
                    "what": _("Prøve turen første gang"),
                    "when_text": _("Ida og Mona. 3. december"),
                },
            ],
            "own_view": "rigtig godt",
            "other_label": _("Karen synes"),
            "other_view": _("godt"),
        },
        {
            "area": "together",
            "number_text": _("Mål 3"),
            "name": _("Være sammen med andre"),
            "voice": _voice("Jeg vil ses med nogen, der kender til at være træt hele tiden."),
            "steps": [
                {
                    "state": "on_its_way",
                    "share": 0.85,
                    "what": _("Besøge gruppen i Kilden"),
                    "when_text": _("Ida. 14. december"),
                }
            ],
            "own_view": "ikke startet",
            "other_label": _("Karen synes"),
            "other_view": "ikke startet",
        },
    ]


def _people() -> list[dict[str, Any]]:
    return [
        {
            "topic": _("Alt om din sag"),
            "name": "Karen Damsgaard",
            "kind": "authority",
            "role": _("Din faste kontakt"),
            "reach": _("Ring hverdage kl. 9 til 12"),
            "link_url": "#karen",
            "link_text": _("Skriv til Karen"),
            "state": "leaving",
            "state_text": _("Karen stopper 1. januar. Sofie tager over."),
        },
        {
            "topic": _("Hjælp derhjemme"),
            "name": "Petra Lund",
            "kind": "other",
            "role": _("Hjemmevejleder"),
            "reach": _("Kommer tirsdag og fredag"),
            "link_url": "#petra",
            "link_text": _("Skriv til Petra"),
        },
        {
            "topic": _("Arbejde og fleksjob"),
            "name": "Lars Winther",
            "kind": "authority",
            "role": _("Jobcentret"),
            "reach": _("Ring tirsdag kl. 13 til 15"),
            "link_url": "#lars",
            "link_text": _("Skriv til Lars"),
            "state": "away",
            "state_text": _("Lars er væk til mandag. Ring til Sune."),
        },
        {
            "topic": _("Når vi er uenige"),
            "name": "Yasmin Aziz",
            "kind": "other",
            "role": _("Borgerrådgiver. Hun er uvildig."),
            "reach": _("Ring, når det passer dig"),
            "link_url": "tel:20000040",
            "link_icon": "call",
            "link_text": _("Ring %(number)s") % {"number": phone("20000040")},
        },
    ]


def _desk() -> list[dict[str, Any]]:
    return [
        {
            "title": _("Brudt"),
            "rows": [
                {
                    "state": "broken",
                    "state_word": _("Brudt for 4 dage siden"),
                    "what": _("Svar på spørgsmål om egenbetaling"),
                    "who": "Bo Kristiansen",
                    "reason": _("skulle være givet %(day)s") % {"day": day_long(date(2026, 11, 19))},
                    "url": "#bo",
                    "action": {"label": _("Ring til Bo"), "url": "tel:20000013", "style": "first"},
                }
            ],
        },
        {
            "title": _("I dag"),
            "rows": [
                {
                    "state": "today",
                    "state_word": _("I dag %(hour)s") % {"hour": hour(time(15))},
                    "what": _("Ringe om ansøgning"),
                    "who": "Ida Holm",
                    "reason": _("aftalt på mødet 12. november"),
                    "url": "#ida",
                    "action": {"label": _("Ring til Ida"), "url": "tel:20000014", "style": "second"},
                },
                {
                    "state": "today",
                    "what": _("Svare på, hvem der kommer på besøg"),
                    "who": "Amina Yusuf",
                    "reason": _("spurgt %(day)s") % {"day": day_long(date(2026, 11, 19))},
                    "url": "#amina",
                    "action": {"label": _("Skriv svar"), "url": "#svar", "style": "second"},
                },
            ],
        },
        {
            "title": _("Kan glide"),
            "rows": [
                {
                    "state": "slipping",
                    "state_word": _("Frist om 2 dage"),
                    "what": _("Afgørelse om ledsager"),
                    "who": "Jonas Friis",
                    "reason": _("venter på lægens svar siden 2. november"),
                    "url": "#jonas",
                    "action": {"label": _("Giv ny dato"), "url": "#dato", "style": "second"},
                }
            ],
        },
    ]


def _calm() -> list[dict[str, Any]]:
    return [
        {
            "icon": "handshake",
            "kind": _("Lige nu"),
            "main": _("Karen finder den hjælp, der passer til dig."),
            "text": _("Du får svar %(day)s.") % {"day": day_long(date(2026, 12, 11))},
        },
        {
            "icon": "calendar",
            "kind": _("Møde"),
            "main": _("Torsdag kl. 10. Hjemme hos dig."),
            "text": _("Karen, Petra og din søster Mona er med."),
            "actions": [{"label": _("Gør dig klar"), "url": "#klar", "style": "first"}],
        },
        {
            "icon": "call",
            "kind": _("Vi har lovet"),
            "main": _("Karen ringer til dig i dag."),
            "state": "today",
            "state_word": _("I dag."),
            "text": _("Senest kl. 15."),
        },
        {
            "icon": "voice",
            "own": True,
            "kind": _("Du har sagt"),
            "voice": _voice("Jeg finder papirerne fra min læge."),
            "state": "slipping",
            "state_word": _("Snart."),
            "text": _("Senest torsdag."),
        },
    ]
