"""Mail out of the house. It carries no content of a case, only that there is something new."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMessage


class NotSent(Exception):
    """The mail server did not take it; the outbox tries again."""


def send(*, to: str, subject: str, body: str, name: str) -> None:
    """Raises NotSent when the server cannot be reached or refuses. A mail sent again carries the same `name`."""
    headers = {"Message-ID": f"<{name}@medspil>"}
    try:
        EmailMessage(subject=subject, body=body, to=[to], headers=headers).send()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(str(error)) from error
