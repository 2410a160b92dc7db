"""`medspil rhythm`: one round of what is told by itself. Run it from cron or a timer, every few minutes if you like."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from medspil.rhythm.run import run


class Command(BaseCommand):
    help = "Opens what is over, asks the three questions, sends what waits. Running it twice does each thing once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in run(dry=options["dry_run"]):
            self.stdout.write(line)
