"""Short messages by the municipality's own gateway. They carry no content of a case, only that there is something new.

One POST of JSON over HTTPS a message, with `Authorization: Bearer <token>`:

    {"id": "…", "to": "+4520123456", "from": "Lovholm", "text": "…"}

Any answer of 200 to 299 means that the gateway has taken it. 422 means that the number gets no messages. A message that
is sent again carries the same `id` (also as `Idempotency-Key`), by which the gateway knows it for the same.
"""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10


class NotSent(Exception):
    """The gateway did not take it; the outbox tries again."""


class WrongNumber(Exception):
    """The gateway knows that this number gets no messages."""


def is_set_up() -> bool:
    """Whether this installation has a gateway; where it has none, nobody is offered a message."""
    return bool(settings.SMS_URL)


def looks_right(phone: str) -> bool:
    """Whether this can be a number: eight digits in Denmark, where none begins with 0 or 1; else with its country."""
    number = international(phone)
    digits = number.removeprefix("+45")
    if number.startswith("+45"):
        return len(digits) == 8 and digits[0] not in "01"
    return 8 <= len(number) - 1 <= 15


def international(phone: str) -> str:
    """»20 12 34 56« as »+4520123456«; a number without a country is Danish."""
    digits = "".join(c for c in phone if c.isdigit())
    if phone.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else f"+45{digits}"


def send(*, to: str, text: str, name: str) -> None:
    """Raises NotSent when the gateway cannot be reached or refuses, WrongNumber when the number is at fault."""
    words = {"id": name, "to": international(to), "from": settings.SMS_FROM, "text": text}
    headers = {
        "Authorization": f"Bearer {settings.SMS_TOKEN}",
        "Content-Type": "application/json",
        "Idempotency-Key": name,
    }
    gateway = urlsplit(settings.SMS_URL)
    kind = http.client.HTTPSConnection if gateway.scheme == "https" else http.client.HTTPConnection
    line = kind(gateway.netloc, timeout=SECONDS)
    # A gateway that says it has moved is not followed: the token is for the address that was set.
    try:
        line.request("POST", f"{gateway.path}?{gateway.query}".rstrip("?"), json.dumps(words), headers)
        status = line.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(str(error)) from error
    finally:
        line.close()
    if status == 422:
        raise WrongNumber
    if not 200 <= status <= 299:
        raise NotSent(f"the gateway answered {status}")
