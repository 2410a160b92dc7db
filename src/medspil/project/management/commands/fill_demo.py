from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from medspil.people.models import Person
from medspil.project.demo import bulk, campaign, lovholm


class Command(BaseCommand):
    help = "Fill an empty database with invented Løvholm; with --cases N as many more, plainer cases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=0, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("The demo is filled only where MEDSPIL_DEMO=1.")
        if Person.objects.exists():
            self.stdout.write("Løvholm is already there; its data are kept.")
            return
        with transaction.atomic():
            cast = lovholm.fill(self.stdout.write)
            campaign.build()
            campaign.invite(cast)
            self.stdout.write("A round of the gap and two months of the three questions are constructed.")
        if options["cases"]:
            bulk.fill(options["cases"], self.stdout.write)
