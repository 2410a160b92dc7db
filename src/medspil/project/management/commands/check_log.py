"""Whether anybody has changed or removed a line of the access log behind the site's back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from medspil.people import append_only, log


class Command(BaseCommand):
    help = "Follows each citizen's chain of openings, and sees that the database still refuses changes to the log."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [
            f"The log of person {citizen.pk} is broken at line {number}."
            for citizen in log.logged_citizens()
            for number in log.broken_links(citizen)
        ]
        faults += [
            f"The table {table} lets its rows be changed."
            for table in append_only.TABLES
            if not append_only.installed(connection, table)
        ]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("The access log is whole.")
