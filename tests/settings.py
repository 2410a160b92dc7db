"""The site's own settings, and what only tests want."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("MEDSPIL_TESTING", "1")
if "MEDSPIL_STATE" not in os.environ:
    # Two runs side by side must not meet.
    os.environ["MEDSPIL_STATE"] = tempfile.mkdtemp(prefix="medspil-test-")
    atexit.register(shutil.rmtree, os.environ["MEDSPIL_STATE"], ignore_errors=True)

from medspil.project.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
# A page that asks the database once per row fails its test; what a test itself asks is its own affair.
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# Ending a session fetches its row once more to delete it; that is Django's own way.
ZEAL_ALLOWLIST = [{"model": "sessions.Session"}]
# A real hash costs a fifth of a second, and the cast signs in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are looked for when they are asked for: a client of its own would read through all of them first.
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the live server's threads then lock each other out as they do in use.
    DATABASES["default"]["TEST"] = {"NAME": STATE / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
