"""`medspil rhythm`: one round of what is told by itself. Run it from cron or a timer, every few minutes if you like."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from medspil.rhythm.run import run


class Command(BaseCommand):
    help = (
        "Reminds, tells of silences, asks the three questions, sends what waits. Twice does each thing once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument(
            "--every", type=int, default=0, metavar="SECONDS", help="go on, with a round so often"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            for line in run(dry=options["dry_run"]):
                self.stdout.write(line)
            if not options["every"]:
                return
            close_old_connections()
            time.sleep(options["every"])
