from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from medspil.people.models import Person
from medspil.web.entrance import demo_token

WHO = {
    "ida": "citizen: her case, her plan, her promises",
    "mona": "Ida's sister and companion: the meetings Ida shares",
    "karen": "Ida's caseworker, the one who coordinates",
    "petra": "provider: helps Ida at home",
    "lars": "job adviser in Ida's team",
    "sune": "caseworker elsewhere",
    "bo": "another citizen of Karen's",
    "gerda": "guardian of Otto",
    "otto": "citizen with a guardian",
    "vibeke": "mother of Alba, seven years old",
    "lotte": "on duty: takes new requests",
    "lena": "leader of Karen's unit",
    "hans": "chair of the disability council",
    "yasmin": "citizens' adviser",
    "admin": "the municipality's administrator: units and staff, no cases",
}


class Command(BaseCommand):
    help = "One sign-in link per person of the cast; exists only in the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sign-in links exist only in the demo (MEDSPIL_DEMO=1).")
        people = Person.objects.in_bulk(list(WHO), field_name="login")
        for login, words in WHO.items():
            if login in people:
                self.stdout.write(
                    f"{settings.ADDRESS}/demo/{demo_token(people[login])}/  {people[login].name}, {words}"
                )
