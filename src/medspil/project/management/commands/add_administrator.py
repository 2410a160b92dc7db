"""The first administrator of a new site: from there on, administrators add people on the site's own pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from medspil.base.refusals import Refusal
from medspil.people import actions as people
from medspil.people import invitation
from medspil.people.models import Unit
from medspil.people.roles import Role


class Command(BaseCommand):
    help = "Adds an administrator and prints the one-time link with which they choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="the name to sign in with")
        parser.add_argument("name", help="the person's name, such as 'Nanna Ravn'")
        parser.add_argument("--unit", help="the name of a unit; needed when the site has several")
        parser.add_argument(
            "--phone", default=settings.MUNICIPALITY_PHONE, help="of the unit, when it is made now"
        )

    def handle(self, *args: Any, login: str, name: str, unit: str | None, phone: str, **options: Any) -> None:
        with translation.override("en"), transaction.atomic():
            try:
                person = people.add_person(login=login, name=name)
            except Refusal as refusal:
                raise CommandError(str(refusal.sentence)) from refusal
            people.employ(
                person=person, unit=self._unit(unit, phone), role=Role.ADMINISTRATOR, title="Administrator"
            )
        link = settings.ADDRESS.rstrip("/") + reverse("choose-password", args=[invitation.make(person)])
        self.stdout.write(f"{person.name} may choose a password within two days:\n{link}")

    def _unit(self, name: str | None, phone: str) -> Unit:
        known = list(Unit.objects.all())
        if name is None and len(known) == 1:
            return known[0]
        if name is None and known:
            names = ", ".join(f"“{u.name}”" for u in known)
            raise CommandError(f"The site has several units; choose one with --unit: {names}.")
        wanted = name or settings.MUNICIPALITY_NAME
        found = next((u for u in known if u.name.casefold() == wanted.casefold()), None)
        if found is None and known:
            raise CommandError(f"There is no unit called “{wanted}”.")
        return found or people.first_unit(name=wanted, phone=phone)
