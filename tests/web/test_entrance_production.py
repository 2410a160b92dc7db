"""A site in production refuses to start with what belongs to a demo, and knows how to keep passwords."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
WELL = {
    "MEDSPIL_SECRET_KEY": "f4Kq9-tR2xVb7_LmZ0pWs8YcNd3HgJ6eAu1TiXoQ5rBv",
    "MEDSPIL_HOSTS": "medspil.loevholm.example",
    "MEDSPIL_ADDRESS": "https://medspil.loevholm.example",
    "MEDSPIL_DATABASE": "postgresql://medspil:x@db.example/medspil",
    "MEDSPIL_FILES": "/srv/medspil/files",
    "MEDSPIL_MUNICIPALITY": "Løvholm Kommune",
    "MEDSPIL_PHONE": "20 00 00 00",
    "MEDSPIL_CONTACT_MAIL": "medspil@loevholm.example",
    "MEDSPIL_MAIL_HOST": "mail.loevholm.example",
    "MEDSPIL_MAIL_FROM": "medspil@loevholm.example",
}
SAY = """
from medspil.project import settings as s
names = "PRODUCTION DEBUG DEMO SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS"
print(*(bool(getattr(s, name, None)) for name in names.split()), s.PASSWORD_HASHERS[0])
"""


def start(tmp_path, **more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MEDSPIL_", "DJANGO_"))}
    env = {
        **kept,
        "PYTHONPATH": str(SRC),
        "MEDSPIL_STATE": str(tmp_path),
        **{k: v for k, v in more.items() if v},
    }
    return subprocess.run([sys.executable, "-c", SAY], env=env, capture_output=True, text=True, check=False)


def test_it_starts_when_all_is_well_and_is_strict(tmp_path):
    done = start(tmp_path, **WELL)
    assert done.stdout.split() == [
        "True",
        "False",
        "False",
        "True",
        "True",
        "True",
        "True",
        "django.contrib.auth.hashers.Argon2PasswordHasher",
    ], done.stderr


def test_nothing_said_at_all_is_production_and_does_not_start(tmp_path):
    done = start(tmp_path)
    assert done.returncode == 1
    for name in WELL:
        assert f"{name} must be set" in done.stderr


@pytest.mark.parametrize("name", WELL)
def test_it_names_the_one_setting_that_is_missing(tmp_path, name):
    done = start(tmp_path, **{**WELL, name: ""})
    assert done.returncode == 1
    assert f"{name} must be set" in done.stderr
    assert sum(f"{other} must be set" in done.stderr for other in WELL) == 1


@pytest.mark.parametrize("name", ["MEDSPIL_DEMO", "MEDSPIL_DEBUG", "MEDSPIL_TESTING"])
def test_what_is_called_production_takes_no_demo_links_no_debug_no_test(tmp_path, name):
    done = start(tmp_path, **WELL, MEDSPIL_ENVIRONMENT="production", **{name: "1"})
    assert done.returncode == 1
    assert "MEDSPIL_ENVIRONMENT is production" in done.stderr


@pytest.mark.parametrize("name", ["MEDSPIL_DEMO", "MEDSPIL_DEBUG"])
def test_a_demo_that_others_could_reach_does_not_start_either(tmp_path, name):
    done = start(tmp_path, **WELL, **{name: "1"})
    assert done.returncode == 1
    assert "answers on this machine alone, not to medspil.loevholm.example" in done.stderr
    assert start(tmp_path, **{name: "1"}).returncode == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"MEDSPIL_SECRET_KEY": "only-for-demo-and-tests-never-in-production"}, "too short or known"),
        ({"MEDSPIL_SECRET_KEY": "kort"}, "too short or known"),
        ({"MEDSPIL_SECRET_KEY": "a" * 60}, "too short or known"),
        ({"MEDSPIL_ADDRESS": "http://medspil.loevholm.example"}, "must begin with https://"),
        ({"MEDSPIL_HOSTS": "*"}, "must name the hosts"),
        ({"MEDSPIL_DATABASE": "mysql://x"}, "sqlite:/// or postgresql://"),
        ({"MEDSPIL_ENVIRONMENT": "prod"}, "is “production” or left out"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_a_sentence(tmp_path, wrong, sentence):
    done = start(tmp_path, **{**WELL, **wrong})
    assert done.returncode == 1
    assert sentence in done.stderr
