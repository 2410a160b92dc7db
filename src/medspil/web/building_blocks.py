"""What the page of building blocks shows: every component in every state, with invented people (»Byggesten«)."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medspil.web.templatetags.medspil import by_day, capital, day_long, day_month, hour, in_days, phone

DAY = date(2026, 11, 23)


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
        "what": "Du får svar om rengøring.",
        "when_text": _when(date(2026, 12, 11)),
    }
    today = {
        "state": "today",
        "what": "Karen ringer til dig.",
        "when_text": f"Senest i dag {hour(time(15))}.",
    }
    slipping = {
        "state": "slipping",
        "what": "Du får svar om ledsager.",
        "when_text": f"{capital(by_day(date(2026, 11, 25)))}. Vi venter på lægen.",
    }
    broken = {
        "state": "broken",
        "what": "Lars skulle sende dig et brev.",
        "who": "Lars",
        "when_text": f"Skulle være sendt {day_long(date(2026, 11, 19))}.",
        "explanation": {
            "who": "Lars",
            "words": "Det er min fejl. Jeg manglede et papir og sagde det ikke til dig.",
        },
        "new_date_text": f"Ny dato: {day_long(date(2026, 11, 25))}.",
    }
    unexplained = {
        "state": "broken",
        "what": "Lars skulle ringe til jobcentret.",
        "who": "Lars",
        "when_text": f"Skulle være gjort {day_long(date(2026, 11, 20))}.",
        "ask_url": "#spoerg",
    }
    moved = {
        "state": "moved",
        "what": "Petra viser dig Flextur.",
        "when_text": f"Ny dato: {day_month(date(2026, 12, 3))}.",
        "reason": "Jeg er på kursus den 26.",
    }
    kept = {
        "state": "kept",
        "what": "Petra viste dig, hvordan du bestiller.",
        "when_text": f"{capital(day_long(date(2026, 11, 18)))}.",
    }
    no_date = {
        "state": "no_date",
        "what": "Ida spørger Bente om aftenerne.",
        "actions": [{"label": "Vælg dag", "url": "#vaelg", "style": "second"}],
    }
    withdrawn = {
        "state": "withdrawn",
        "what": "Karen finder et bad med greb.",
        "when_text": "Ida sagde den 12. november, at hun selv har fundet et.",
    }
    own_soon = {
        "state": "slipping",
        "side": "citizen",
        "what": "Du finder papirerne fra din læge.",
        "when_text": _when(date(2026, 11, 26)),
        "actions": [{"label": _("Bed om mere tid"), "url": "#tid"}],
    }
    own_past = {
        "state": "past",
        "side": "citizen",
        "what": "Du ringer til svømmehallen.",
        "when_text": f"Det var {day_long(date(2026, 11, 20))}.",
        "actions": [
            {"label": _("Hvad kunne hjælpe?"), "url": "#hjaelp"},
            {"label": _("Bed om mere tid"), "url": "#tid"},
        ],
    }
    own_done = {
        "state": "done",
        "side": "citizen",
        "what": "Du har sagt ja til, at Karen taler med Petra.",
        "when_text": f"{capital(day_long(date(2026, 11, 16)))}.",
    }
    own_way = {
        "state": "on_its_way",
        "side": "citizen",
        "share": 0.4,
        "what": "Du skriver ned, hvad der er sværest en hverdag.",
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
                            "when": "27. november",
                        }
                    ],
                ),
            },
            {
                "citizen": _voice(""),
                "agreed": {
                    "words": "Vi prøver hjælp til gulve i tre måneder. Så taler vi om det igen.",
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
            greeting="Hej Ida.",
            intro="Det har du sagt, du ønsker dig:",
        ),
        "strengths": _voice(
            "Jeg er god til at lytte, bage brød og finde den rigtige bog til et barn. Jeg giver ikke op."
        ),
        "differ": {
            "views": [
                {"whose": "citizen", "name": "Ida", "words": "Jeg vil have turen nu, mens jeg tør."},
                {"whose": "professional", "name": "Karen", "words": "Jeg vil først have svar fra lægen."},
            ],
            "next_text": f"Vi ser på det igen {day_month(date(2026, 12, 3))}.",
            "adviser_url": "#raad",
        },
        "notice": {
            "title": "Der er ventetid lige nu",
            "text": "Svar tager en uge længere i november. Din egen frist er ikke ændret.",
        },
        "empty": {"title": "Ingen nye breve", "text": "Vi skriver til dig, når der er noget nyt."},
        "error": {
            "title": "Vi mangler en dato",
            "text": "Skriv den dag, du helst vil ringes op.",
            "link": {"url": "#id_day", "label": "Gå til datoen"},
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
            "lead": "Du får svar senest",
            "strong": day_long(date(2026, 12, 11)),
            "rest": "Det er om 18 dage.",
        },
        "path": [
            {"title": _("Forstå"), "text": "Vi har hørt, hvad du ønsker.", "state": "done"},
            {"title": _("Finde hjælp"), "text": "Her er vi nu. Det gør vi sammen.", "state": "now"},
            {"title": _("Få det på plads"), "text": "Vi ser på, hvad loven siger.", "state": "open"},
        ],
        "meeting": {
            "day": date(2026, 11, 26),
            "hours": "kl. 10 til 11",
            "place": "hjemme hos dig",
            "facts": [
                {"icon": "groups", "text": "Karen og Petra kommer."},
                {"icon": "cup", "text": "Vi holder pause, når du siger til."},
                {"icon": "person", "text": "Din søster Mona er med som bisidder."},
            ],
            "main": {"label": _("Gør dig klar til mødet"), "url": "#klar", "style": "first"},
            "actions": [{"label": _("Flyt eller aflys"), "url": "#flyt"}],
        },
        "people": _people(),
        "desk": _desk(),
        "requests": [
            {
                "voice": _voice("Min datter bliver 18. Hvad sker der så?", name="Rie Holst"),
                "who": "Rie Holst skrev i går",
                "reason": "Lotte har den, til du tager den",
                "action": {"label": _("Tag den"), "url": "#tag", "style": "second"},
            },
            {
                "voice": _voice(
                    "Kan jeg få en rampe?",
                    name="Kaj Bruun",
                    objections=[{"name": "Kaj", "words": "Jeg spurgte om to ramper."}],
                ),
                "who": "Kaj Bruun ringede i dag",
                "reason": "vagten har den",
                "action": {"label": _("Tag den"), "url": "#tag2", "style": "second"},
            },
        ],
        "agreements": [
            {
                "state": "on_its_way",
                "share": 0.62,
                "who": "Karen",
                "what": "giver Ida svar om rengøring",
                "when_text": day_long(date(2026, 12, 11)),
                "both": True,
            },
            {
                "state": "on_its_way",
                "share": 0.9,
                "who": "Petra",
                "what": "prøver turen sammen med Ida",
                "when_text": day_long(date(2026, 12, 3)),
                "missing": ["Ida"],
            },
            {
                "state": "no_date",
                "who": "Ida",
                "what": "spørger Bente om aftenerne",
                "actions": [{"label": _("Vælg dag"), "url": "#dag", "style": "second"}],
            },
        ],
        "calm": _calm(),
        "form": form,
        "table": {
            "caption": "Løfter i Team Voksen, oktober",
            "head": ["Slags", "Holdt", "I alt"],
            "rows": [["Ringe tilbage", 21, 22], ["Svar på spørgsmål", 20, 22]],
        },
        "question": {
            "title": _("Spørg os om noget"),
            "text": "Du behøver ikke vide, hvem der har svaret. Karen læser det og finder den rigtige.",
            "clock": {
                "state": "on_its_way",
                "share": 0.9,
                "lead": "Du får svar senest",
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
            "number_text": "Mål 1",
            "name": _("Praktiske ting hjemme"),
            "voice": _voice(
                "Jeg vil have kræfter til mine børn om aftenen, og ikke bruge dem alle på huset."
            ),
            "steps": [
                {
                    "state": "on_its_way",
                    "share": 0.62,
                    "what": "Svar om hjælp til rengøring",
                    "when_text": "Karen. 11. december",
                },
                {
                    "state": "kept",
                    "what": "Prøvet at dele opgaverne op",
                    "when_text": "Ida og Petra. 18. november",
                },
            ],
            "own_view": "langsomt",
            "other_label": "Karen synes",
            "other_view": "fremad",
        },
        {
            "area": "around",
            "number_text": "Mål 2",
            "name": _("Komme rundt"),
            "voice": _voice("Jeg vil selv kunne komme til svømning om torsdagen."),
            "steps": [
                {"state": "today", "what": "Ringe til Flextur sammen", "when_text": "Petra. I dag"},
                {
                    "state": "on_its_way",
                    "share": 0.4,
                    "what": "Prøve turen første gang",
                    "when_text": "Ida og Mona. 3. december",
                },
            ],
            "own_view": "rigtig godt",
            "other_label": "Karen synes",
            "other_view": "godt",
        },
        {
            "area": "together",
            "number_text": "Mål 3",
            "name": _("Være sammen med andre"),
            "voice": _voice("Jeg vil ses med nogen, der kender til at være træt hele tiden."),
            "steps": [
                {
                    "state": "on_its_way",
                    "share": 0.85,
                    "what": "Besøge gruppen i Kilden",
                    "when_text": "Ida. 14. december",
                }
            ],
            "own_view": "ikke startet",
            "other_label": "Karen synes",
            "other_view": "ikke startet",
        },
    ]


def _people() -> list[dict[str, Any]]:
    return [
        {
            "topic": "Alt om din sag",
            "name": "Karen Damsgaard",
            "kind": "authority",
            "role": "Din faste kontakt",
            "reach": "Ring hverdage kl. 9 til 12",
            "link_url": "#karen",
            "link_text": "Skriv til Karen",
            "state": "leaving",
            "state_text": "Karen stopper 1. januar. Sofie tager over.",
        },
        {
            "topic": "Hjælp derhjemme",
            "name": "Petra Lund",
            "kind": "other",
            "role": "Hjemmevejleder",
            "reach": "Kommer tirsdag og fredag",
            "link_url": "#petra",
            "link_text": "Skriv til Petra",
        },
        {
            "topic": "Arbejde og fleksjob",
            "name": "Lars Winther",
            "kind": "authority",
            "role": "Jobcentret",
            "reach": "Ring tirsdag kl. 13 til 15",
            "link_url": "#lars",
            "link_text": "Skriv til Lars",
            "state": "away",
            "state_text": "Lars er væk til mandag. Ring til Sune.",
        },
        {
            "topic": "Når vi er uenige",
            "name": "Yasmin Aziz",
            "kind": "other",
            "role": "Borgerrådgiver. Hun er uvildig.",
            "reach": "Ring, når det passer dig",
            "link_url": "tel:20000040",
            "link_icon": "call",
            "link_text": f"Ring {phone('20000040')}",
        },
    ]


def _desk() -> list[dict[str, Any]]:
    return [
        {
            "title": _("Brudt"),
            "rows": [
                {
                    "state": "broken",
                    "state_word": "Brudt for 4 dage siden",
                    "what": "Svar på spørgsmål om egenbetaling",
                    "who": "Bo Kristiansen",
                    "reason": f"skulle være givet {day_long(date(2026, 11, 19))}",
                    "url": "#bo",
                    "action": {"label": "Ring til Bo", "url": "tel:20000013", "style": "first"},
                }
            ],
        },
        {
            "title": _("I dag"),
            "rows": [
                {
                    "state": "today",
                    "state_word": f"I dag {hour(time(15))}",
                    "what": "Ringe om ansøgning",
                    "who": "Ida Holm",
                    "reason": "aftalt på mødet 12. november",
                    "url": "#ida",
                    "action": {"label": "Ring til Ida", "url": "tel:20000014", "style": "second"},
                },
                {
                    "state": "today",
                    "what": "Svare på, hvem der kommer på besøg",
                    "who": "Amina Yusuf",
                    "reason": f"spurgt {day_long(date(2026, 11, 19))}",
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
                    "state_word": "Frist om 2 dage",
                    "what": "Afgørelse om ledsager",
                    "who": "Jonas Friis",
                    "reason": "venter på lægens svar siden 2. november",
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
            "main": "Karen finder den hjælp, der passer til dig.",
            "text": f"Du får svar {day_long(date(2026, 12, 11))}.",
        },
        {
            "icon": "calendar",
            "kind": _("Møde"),
            "main": "Torsdag kl. 10. Hjemme hos dig.",
            "text": "Karen, Petra og din søster Mona er med.",
            "actions": [{"label": _("Gør dig klar"), "url": "#klar", "style": "first"}],
        },
        {
            "icon": "call",
            "kind": _("Vi har lovet"),
            "main": "Karen ringer til dig i dag.",
            "state": "today",
            "state_word": "I dag.",
            "text": "Senest kl. 15.",
        },
        {
            "icon": "voice",
            "own": True,
            "kind": _("Du har sagt"),
            "voice": _voice("Jeg finder papirerne fra min læge."),
            "state": "slipping",
            "state_word": "Snart.",
            "text": "Senest torsdag.",
        },
    ]
