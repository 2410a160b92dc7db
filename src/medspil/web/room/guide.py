"""A guide to the conversation, to glance at beside the meeting: kinds of question, listening, and the two positions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

GUIDE = [
    {
        "title": _("Spørg på flere måder"),
        "lines": [
            _("Bed om en fortælling: Hvordan ser en god dag ud?"),
            _("Spørg til en bestemt gang: Hvad gjorde du sidst, det lykkedes?"),
            _("Spørg til det, der skal komme: Hvad ville du lægge mærke til først?"),
            _("Spørg med de andres øjne: Hvad ville din søster sige?"),
            _("Brug kun ja og nej til at være sikker på, at I har forstået hinanden."),
        ],
    },
    {
        "title": _("Lyt, før du forklarer"),
        "lines": [
            _("Lad der være stille lidt. Mange svarer først anden gang."),
            _("Sig med egne ord, hvad du hørte, og spørg, om det er rigtigt."),
            _("Forklar én ting ad gangen, og spørg, hvad det betyder for den anden."),
            _("Skriv borgerens ord, som de blev sagt."),
        ],
    },
    {
        "title": _("To roller, sagt højt"),
        "lines": [
            _("Nogle gange afgør du noget efter loven. Sig det, før du spørger."),
            _("Andre gange finder I ud af det sammen. Sig også, når det er sådan."),
            _("Skifter du rolle midt i det hele, så sig det."),
        ],
    },
]
