"""The site's own settings, and what only tests want."""

import os

os.environ.setdefault("MEDSPIL_TESTING", "1")

from medspil.project.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
# A page that asks the database once per row fails its test; what a test itself asks is its own affair.
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# A real hash costs a fifth of a second, and the cast signs in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
