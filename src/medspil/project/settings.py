"""One deployment per municipality: what differs is told by the environment, see docs/operations.md."""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("MEDSPIL_STATE", ".medspil")).resolve()

DEBUG = os.environ.get("MEDSPIL_DEBUG") == "1"
DEMO = os.environ.get("MEDSPIL_DEMO") == "1"
TESTING = os.environ.get("MEDSPIL_TESTING") == "1"
PRODUCTION = not (DEBUG or DEMO or TESTING)
DEFAULT_SECRET = "only-for-demo-and-tests-never-in-production"
SECRET_KEY = os.environ.get("MEDSPIL_SECRET_KEY", DEFAULT_SECRET)
# An earlier key still opens what it sealed (answers not yet counted) for as long as it stands here.
SECRET_KEY_FALLBACKS = [k for k in os.environ.get("MEDSPIL_SECRET_KEY_BEFORE", "").split(",") if k]
ALLOWED_HOSTS = [h for h in os.environ.get("MEDSPIL_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
# The address people meet, for links in mail and for the check of where a post comes from.
ADDRESS = os.environ.get("MEDSPIL_ADDRESS", "http://127.0.0.1:8000")

# After so many minutes without a finished round of `medspil rhythm`, /healthz/rytme is an alarm.
RHYTHM_ALARM_MINUTES = int(os.environ.get("MEDSPIL_RHYTHM_ALARM_MINUTES", "30"))
# So many days after the last thing of theirs was closed, somebody who took one thing in a case is asked to step out.
PART_OVER_DAYS = int(os.environ.get("MEDSPIL_PART_OVER_DAYS", "30"))
MUNICIPALITY_NAME = os.environ.get("MEDSPIL_MUNICIPALITY", "Løvholm Kommune")
MUNICIPALITY_PHONE = os.environ.get("MEDSPIL_PHONE", "20 00 00 00")
MUNICIPALITY_MAIL = os.environ.get("MEDSPIL_CONTACT_MAIL", "medspil@example.dk")
# Where the municipality's own accessibility statement stands, as the WAS-Tool gave it.
ACCESSIBILITY_STATEMENT = os.environ.get("MEDSPIL_ACCESSIBILITY_STATEMENT", "")


def _guard() -> None:
    """Whatever is not said to be a demo, a test or a developer's run is production, and production lacks nothing."""
    said = os.environ.get("MEDSPIL_ENVIRONMENT", "")
    if said not in ("", "production"):
        raise ImproperlyConfigured(f"MEDSPIL_ENVIRONMENT is “production” or left out, not “{said}”.")
    if said == "production" and not PRODUCTION:
        raise ImproperlyConfigured(
            "MEDSPIL_ENVIRONMENT is production, so MEDSPIL_DEBUG, MEDSPIL_DEMO and MEDSPIL_TESTING must not be set."
        )
    if not PRODUCTION:
        hosts = [*ALLOWED_HOSTS, urlsplit(ADDRESS).hostname or ""]
        away = [h for h in hosts if h not in LOOPBACK]
        if away and not TESTING:
            raise ImproperlyConfigured(
                f"A demo or a developer's run answers on this machine alone, not to {', '.join(away)}. "
                "Leave out MEDSPIL_DEMO and MEDSPIL_DEBUG to run for others."
            )
        return
    faults = [
        f"{name} must be set: {why}."
        for name, why in (
            ("MEDSPIL_SECRET_KEY", "a long random text that nobody else knows"),
            ("MEDSPIL_HOSTS", "the host names that this site answers to"),
            ("MEDSPIL_ADDRESS", "the address that people meet, beginning with https://"),
            ("MEDSPIL_DATABASE", "where the database is"),
            ("MEDSPIL_FILES", "the folder that keeps what people send"),
            ("MEDSPIL_MUNICIPALITY", "the name that stands on every page"),
            ("MEDSPIL_PHONE", "the number that stands on every page"),
            ("MEDSPIL_CONTACT_MAIL", "where people write when a page does not work for them"),
            ("MEDSPIL_MAIL_HOST", "the server that sends mail"),
            ("MEDSPIL_MAIL_FROM", "whom mail comes from"),
        )
        if not os.environ.get(name)
    ]
    if os.environ.get("MEDSPIL_SECRET_KEY") and (
        SECRET_KEY == DEFAULT_SECRET or len(SECRET_KEY) < 40 or len(set(SECRET_KEY)) < 10
    ):
        faults.append("MEDSPIL_SECRET_KEY is too short or known: take 40 random characters or more.")
    if os.environ.get("MEDSPIL_ADDRESS") and not ADDRESS.startswith("https://"):
        faults.append("MEDSPIL_ADDRESS must begin with https://.")
    if sms := os.environ.get("MEDSPIL_SMS_URL", ""):
        if not sms.startswith("https://"):
            faults.append("MEDSPIL_SMS_URL must begin with https://.")
        if not os.environ.get("MEDSPIL_SMS_TOKEN"):
            faults.append("MEDSPIL_SMS_TOKEN must be set: what the gateway for short messages knows us by.")
    if "*" in ALLOWED_HOSTS:
        faults.append("MEDSPIL_HOSTS must name the hosts, not “*”.")
    if faults:
        raise ImproperlyConfigured("The site does not start. " + " ".join(faults))


LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}
_guard()


def _database(url: str) -> dict:
    """A database setting from sqlite:///path or postgresql://user:password@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]) or ":memory:",
            "OPTIONS": {
                # IMMEDIATE: a writer takes its turn at once instead of failing halfway; WAL: readers never wait.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": parts.port or "",
            "CONN_HEALTH_CHECKS": True,
            # Under ASGI each request has its own thread, so only a pool keeps connections.
            "OPTIONS": {} if TESTING else {"pool": {"min_size": 1, "max_size": 12, "timeout": 10}},
        }
    raise ImproperlyConfigured(
        f"MEDSPIL_DATABASE must begin with sqlite:/// or postgresql://, not {parts.scheme!r}."
    )


DATABASES = {
    "default": _database(os.environ.get("MEDSPIL_DATABASE", f"sqlite:///{STATE / 'medspil.sqlite3'}"))
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "axes",
    "medspil.people",
    "medspil.cases",
    "medspil.letters",
    "medspil.surveys",
    "medspil.contact",
    "medspil.plans",
    "medspil.strategy",
    "medspil.rhythm",
    "medspil.web",
    "medspil.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "medspil.web.pulse.nameless.nameless",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "medspil.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "medspil.web.middleware.entered",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "medspil.web.middleware.visitor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "medspil.web.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "medspil.project.urls"
ASGI_APPLICATION = "medspil.project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "medspil.web.context.page",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "welcome"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "medspil.web.entrance.too_many_tries"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# What axes keeps of an attempt: never the password, and never the sealed words that travel with the form.
AXES_SENSITIVE_PARAMETERS = ["password", "typed", "csrfmiddlewaretoken"]
OTP_TOTP_ISSUER = "Medspil"

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"

# What people send us: outside everything that is served by its address alone, readable for the site's own user.
FILES = Path(os.environ.get("MEDSPIL_FILES", STATE / "files")).resolve()

STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
# What the sheets on paper are set in, built with the rest of what the browser gets.
PRINT_FONTS = PACKAGE / "web" / "static" / "vendor" / "print"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG

SESSION_COOKIE_NAME = "medspil"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "csrftoken"
CSRF_FAILURE_VIEW = "medspil.web.entrance.csrf_failed"
CSRF_TRUSTED_ORIGINS = [ADDRESS] if ADDRESS.startswith("https://") else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    # uvicorn says whether the proxy was met by https, and believes only the proxies it is told of.
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz(/rytme)?$"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("MEDSPIL_MAIL_HOST")
    else "django.core.mail.backends.locmem.EmailBackend"
    if TESTING
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = STATE / "mail"
EMAIL_HOST = os.environ.get("MEDSPIL_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("MEDSPIL_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("MEDSPIL_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MEDSPIL_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("MEDSPIL_MAIL_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("MEDSPIL_MAIL_FROM", "medspil@example.dk")

# The municipality's own gateway for short messages; without one nobody is offered them.
SMS_URL = os.environ.get("MEDSPIL_SMS_URL", "")
SMS_TOKEN = os.environ.get("MEDSPIL_SMS_TOKEN", "")
SMS_FROM = os.environ.get("MEDSPIL_SMS_FROM", "Medspil")

DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "medspil.base.logs.WithoutSecrets"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "stream": sys.stderr, "filters": ["without_secrets"]}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
