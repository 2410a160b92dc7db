"""The guards of the house bite: each is shown something that it must refuse."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path
from zeal import NPlusOneError

from dev import console, database, environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A copy of the house in which a test may build wrongly."""
    folder = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("__pycache__", "static", "*.pyc")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder):
    env = {**environment.environ(), "PYTHONPATH": str(folder / "src")}
    command = [environment.BIN / "lint-imports", "--no-cache"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_the_house_as_it_stands_keeps_its_contracts(copied):
    done = lint(copied)
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("people/upwards.py", "import medspil.cases", "An arrow only falls"),
        ("contact/aside.py", "import medspil.plans", "An arrow only falls"),
        ("surveys/over.py", "import medspil.people", "The wall"),
        ("law/heavy.py", "import django.db", "The pure rooms know no Django"),
        ("web/citizen/aside.py", "import medspil.web.casework", "The three sides"),
        ("extension/__init__.py", "", "An arrow only falls"),
    ],
)
def test_what_climbs_or_walks_through_a_wall_is_refused(copied, file, line, broken):
    wrong = copied / "src" / "medspil" / file
    wrong.parent.mkdir(exist_ok=True)
    wrong.write_text(f"{line}\n")
    try:
        done = lint(copied)
    finally:
        wrong.unlink()
        if wrong.name == "__init__.py":
            shutil.rmtree(wrong.parent)
    assert done.returncode == 1
    assert broken in done.stdout


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("from django.utils.timezone import now\n\nWHEN = now()\n", "TID251"),
        ("from datetime import date\n\nTODAY = date.today()\n", "TID251"),
        ("from django.apps import apps\n\nPERSON = apps.get_model('people', 'Person')\n", "TID251"),
        ("from django.db.models.signals import post_save\n\nprint(post_save)\n", "TID251"),
        ("import threading\n\nHERE = threading.local()\n", "TID251"),
        ("try:\n    print()\nexcept Exception:\n    print()\n", "BLE001"),
    ],
)
def test_what_the_house_bans_is_found_by_lint(line, rule):
    command = [environment.BIN / "ruff", "check", "--output-format", "concise", "--no-cache"]
    command += ["--stdin-filename", "src/medspil/cases/new.py", "-"]
    done = subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, check=False)
    assert f"{rule} " in done.stdout


def test_the_clock_alone_may_ask_what_time_it_is():
    command = [
        environment.BIN / "ruff",
        "check",
        "--no-cache",
        "--stdin-filename",
        "src/medspil/base/clock.py",
        "-",
    ]
    line = "from django.utils.timezone import now\n\nWHEN = now()\n"
    done = subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def _once_per_row(request):
    return HttpResponse(", ".join(each.content_type.app_label for each in Permission.objects.all()[:5]))


def _at_once(request):
    found = Permission.objects.select_related("content_type")[:5]
    return HttpResponse(", ".join(each.content_type.app_label for each in found))


urlpatterns = [path("once-per-row/", _once_per_row), path("at-once/", _at_once)]


@pytest.mark.django_db
def test_a_page_that_asks_once_per_row_fails_its_test(settings):

    settings.ROOT_URLCONF = __name__
    # Only the watcher: the site's own middleware wants the site's own pages.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name.startswith("zeal.")]
    assert settings.MIDDLEWARE
    handler = BaseHandler()
    handler.load_middleware()
    assert handler.get_response(RequestFactory().get("/at-once/")).status_code == 200
    assert Permission.objects.count() > 5
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    with pytest.raises(NPlusOneError):
        handler.get_response(RequestFactory().get("/once-per-row/"))


def test_without_root_the_command_for_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(database, "_browser_package", lambda: "chromium")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("MEDSPIL_CHROMIUM", raising=False)
    monkeypatch.setattr(database, "programs", lambda: None)
    with pytest.raises(console.Stop, match="sudo apt-get install chromium postgresql"):
        database.need()


def test_as_root_what_is_missing_is_installed_and_said(monkeypatch, tmp_path, capsys):
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    apt.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(database, "_browser_package", lambda: "chromium")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MEDSPIL_CHROMIUM", raising=False)
    database.need(server=False)
    assert (tmp_path / "asked").read_text().splitlines() == [
        "update",
        "install -y --no-install-recommends chromium",
    ]
    assert "Installing chromium with apt-get, because the tests need" in capsys.readouterr().out
