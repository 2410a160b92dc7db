"""After a restore, and now and then: whether every file of every case is there as it was kept."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from medspil.cases import files


class Command(BaseCommand):
    help = (
        "Checks every kept file against its digest; with --sweep takes away what no case has known for a day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sweep", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        left = files.sweep(dry=not options["sweep"])
        told = "were taken away" if options["sweep"] else "wait to be swept"
        if faults := list(files.faults()):
            raise CommandError("\n".join(f"File {fault}." for fault in faults))
        self.stdout.write(f"Every file is as it was kept. {left} that no case knows {told}.")
