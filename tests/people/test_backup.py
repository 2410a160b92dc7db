"""The backup and the restore of docs/operations.md, carried out: every row is back, the log still refuses changes."""

import os
import re
import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.both_databases

FILL = """
import django
django.setup()
from medspil.project.demo import cast as demo
from medspil.cases import actions
from medspil.base import clock
from datetime import timedelta
cast = demo.build()
for person in (cast.ida, cast.karen, cast.petra):
    demo.opened(person, cast.ida)
actions.make_promise(what="ringer æ ø å »…« 'x' \\\\ om svaret", due=clock.today() + timedelta(days=9),
                     by=demo.opened(cast.karen, cast.ida))
import io
from medspil.cases import files, kinds
kept = files.keep_file(checked=kinds.check(io.BytesIO("Til os æøå".encode()), name="brev.txt", size=13),
                       about="area.home", part="areas", whose="citizen", by=demo.opened(cast.ida, cast.ida))
"""


def command(name: str) -> str:
    """The shell lines that stand under that name on the page for whoever runs the site."""
    page = (ROOT / "docs" / "operations.md").read_text()
    return re.search(rf"^```sh {name}\n(.*?)^```", page, re.S | re.M)[1]


def run(lines: str, **more: str) -> subprocess.CompletedProcess:
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "medspil.project.settings",
        "MEDSPIL_TESTING": "1",
        "PYTHONPATH": str(ROOT / "src"),
        **more,
    }
    return subprocess.run(["bash", "-euc", lines], env=env, capture_output=True, text=True, check=False)


def well(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Sqlite:
    def __init__(self, folder):
        self.one, self.two, self.backup = (
            folder / name for name in ("one.sqlite3", "two.sqlite3", "copy.sqlite3")
        )
        self.names = {
            "SQLITE_FILE": str(self.one),
            "RESTORED_FILE": str(self.two),
            "BACKUP": str(self.backup),
        }
        self.kind = "sqlite"

    def address(self, place) -> str:
        return f"sqlite:///{place}"

    def ask(self, place, question):
        with sqlite3.connect(place) as connection:
            return connection.execute(question).fetchall()

    def tables(self, place) -> list[str]:
        found = self.ask(
            place, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        return sorted(name for (name,) in found)

    def close(self):
        pass


class Postgresql:
    def __init__(self, folder):
        import psycopg

        known = settings.DATABASES["default"]
        self.server = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
        self.psycopg, self.kind = psycopg, "postgresql"
        self.one, self.two = (f"medspil_backup_{secrets.token_hex(4)}" for _ in range(2))
        for name in (self.one, self.two):
            self._order(f"CREATE DATABASE {name}")
        self.names = {
            "RESTORED_DATABASE": self.address(self.two),
            "BACKUP": str(folder / "medspil.dump"),
        }

    def _order(self, words):
        with self.psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            connection.execute(words)

    def address(self, place) -> str:
        return f"{self.server}/{place}"

    def ask(self, place, question):
        with self.psycopg.connect(self.address(place)) as connection:
            return connection.execute(question).fetchall()

    def tables(self, place) -> list[str]:
        found = self.ask(place, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(name for (name,) in found)

    def close(self):
        for name in (self.one, self.two):
            self._order(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A database with the cast in it and an empty place to restore it to."""
    tmp_path = tmp_path_factory.mktemp("backup")
    vendor = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[1]
    databases = {"sqlite3": Sqlite, "postgresql": Postgresql}[vendor](tmp_path)
    env = {
        **databases.names,
        "MEDSPIL_DATABASE": databases.address(databases.one),
        "MEDSPIL_STATE": str(tmp_path),
        "MEDSPIL_FILES": str(tmp_path / "files"),
        "FILES_BACKUP": str(tmp_path / "files.tar"),
        "RESTORED_FILES": str(tmp_path / "restored"),
    }
    try:
        well(run("python3 -m django migrate --verbosity=0", **env))
        well(run('python3 -c "$FILL"', FILL=FILL, **env))
        yield databases, env
    finally:
        databases.close()


def test_a_restored_site_has_every_row_and_a_log_that_refuses_changes(site):
    databases, env = site
    well(run(command(f"backup-{databases.kind}"), **env))
    well(run(command("backup-files"), **env))
    # What comes after the backup is not in it.
    well(run("python3 -m django add_administrator senere 'Senere Kommer' --unit Beskæftigelse", **env))
    well(run(command(f"restore-{databases.kind}"), **env))
    back = {
        **env,
        "MEDSPIL_DATABASE": databases.address(databases.two),
        "MEDSPIL_FILES": env["RESTORED_FILES"],
    }
    # Rows without their files are told of, by name.
    done = run("python3 -m django check_files", **back)
    assert done.returncode == 1
    assert "is missing." in done.stderr
    well(run(command("restore-files"), **env))

    tables = databases.tables(databases.one)
    assert databases.tables(databases.two) == tables
    assert len(tables) > 30
    for table in tables:
        before, after = (
            databases.ask(place, f"SELECT * FROM {table}") for place in (databases.one, databases.two)
        )
        rows = [sorted(map(repr, before)), sorted(map(repr, after))]
        if table in ("people_person", "people_staff"):
            assert len(rows[0]) == len(rows[1]) + 1
            assert set(rows[1]) < set(rows[0])
        else:
            assert rows[0] == rows[1], table
    assert len(databases.ask(databases.two, "SELECT * FROM people_opening")) >= 3
    assert databases.ask(databases.two, "SELECT what FROM cases_promise") == [
        ("ringer æ ø å »…« 'x' \\ om svaret",)
    ]

    told = well(run(command("after-restore"), **back))
    assert "The access log is whole." in told
    assert "Every file is as it was kept." in told
    (kept,) = [path for path in Path(env["RESTORED_FILES"]).rglob("*") if path.is_file()]
    assert kept.read_bytes().decode() == "Til os æøå"
    kept.write_text("noget andet")
    assert "is not what was kept." in run("python3 -m django check_files", **back).stderr
    for change in ("UPDATE people_opening SET purpose = 'x'", "DELETE FROM people_opening"):
        with pytest.raises(Exception, match="append only"):
            databases.ask(databases.two, change)


def test_the_check_after_a_restore_sees_a_log_that_somebody_changed(site):
    _databases, env = site
    well(
        run(
            'python3 -c "$LOOSEN"',
            LOOSEN="""
import django
django.setup()
from django.db import connection
from medspil.people import append_only
with connection.schema_editor() as editor:
    append_only.remove(editor)
with connection.cursor() as cursor:
    cursor.execute("UPDATE people_opening SET unit_name = 'x' WHERE number = 1")
""",
            **env,
        )
    )
    done = run("python3 -m django check_log", **env)
    assert done.returncode == 1
    assert "is broken at line 1." in done.stderr
    assert "The table people_opening lets its rows be changed." in done.stderr
