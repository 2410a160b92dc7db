"""Counts that nobody reads before the month is over: encrypted with the site's key, always of the same length."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

Counts = dict[str, list[int]]
"""{question: [n of 0, 1, 2, 3, don't know or left out]}"""

_WIDTH = 1024


def _key(purpose: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), f"medspil.surveys.{purpose}".encode(), hashlib.sha256).digest()


def _cipher() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key("box", secret))) for secret in secrets])


def seal(counts: Counts) -> str:
    # A Fernet token carries its second in the clear, so it is always told that it is the year 1970.
    plain = json.dumps(counts, sort_keys=True).ljust(_WIDTH).encode()
    return _cipher().encrypt_at_time(plain, current_time=0).decode()


def unseal(sealed: str) -> Counts:
    """Raises InvalidToken when the site's key has changed without keeping the old one as a fallback."""
    counts: Counts = json.loads(_cipher().decrypt(sealed.encode()))
    return counts


def ticket(token_id: str) -> str:
    """What opens the answer page of the token with this id; with the database alone it cannot be made."""
    digest = hmac.new(_key("token", settings.SECRET_KEY), token_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def digest(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
