"""The log's tables take new rows and nothing else: triggers refuse change and removal, on both databases."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("people_opening", "people_refusedopening", "people_search")


def install(editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                "CREATE OR REPLACE FUNCTION medspil_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'the access log is append only'; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION medspil_append_only()"
            )
        else:
            for change in ("UPDATE", "DELETE"):
                editor.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the access log is append only'); END"
                )


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        else:
            for change in ("update", "delete"):
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{change}")


def installed(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether the triggers of that table are there."""
    if connection.vendor == "postgresql":
        ask, wanted = "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'", {f"{table}_append_only"}
    else:
        ask, wanted = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'",
            {f"{table}_no_update", f"{table}_no_delete"},
        )
    with connection.cursor() as cursor:
        cursor.execute(ask)
        return wanted <= {name for (name,) in cursor.fetchall()}
