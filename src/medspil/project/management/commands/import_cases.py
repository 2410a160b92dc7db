"""Brings in citizens and cases from another system; see docs/import.md."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medspil.base.refusals import NotYours, Refusal
from medspil.cases import bringing_in
from medspil.cases.delivery_file import Fault, RowsAreWrong
from medspil.people import directory


class Command(BaseCommand):
    help = "Bring in citizens and cases from another system (docs/import.md)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--system", required=True, help="the short name of the system, as the site knows it"
        )
        parser.add_argument(
            "--by", required=True, metavar="LOGIN", help="the administrator who brings them in"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")

    def handle(
        self, *args: Any, files: list[Path], system: str, by: str, dry_run: bool, **options: Any
    ) -> None:
        known = {found.slug: found for found in bringing_in.systems()}
        if system not in known:
            raise CommandError(
                f"No system is called {system}. Known: {', '.join(sorted(known)) or 'none yet'}."
            )
        administrator = directory.with_login(by)
        if administrator is None:
            raise CommandError(f"Nobody signs in as {by}.")
        try:
            content = [(path.name, path.read_bytes()) for path in files]
            delivery = bringing_in.receive(system=known[system], files=content, by=administrator)
            does = bringing_in.look_at if dry_run else bringing_in.bring_in
            outcome = does(delivery=delivery, by=administrator)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except RowsAreWrong as refusal:
            raise CommandError("\n".join(map(_line, refusal.faults))) from refusal
        except NotYours as error:
            raise CommandError(f"{by} is no administrator.") from error
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        for remark in outcome.remarks:
            self.stdout.write(_line(remark))
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{outcome.new} {would}new, {outcome.changed} {would}changed, {outcome.same} as before"
        )


def _line(fault: Fault) -> str:
    return f"{fault.kind}, row {fault.row}, {fault.column}: {fault.sentence}"
