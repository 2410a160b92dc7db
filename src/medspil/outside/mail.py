"""Mail out of the house. It carries no content of a case, only that there is something new."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMessage


class NotSent(Exception):
    """The mail server did not take it; the outbox tries again."""


def send(*, to: str, subject: str, body: str) -> None:
    """Raises NotSent when the server cannot be reached or refuses."""
    try:
        EmailMessage(subject=subject, body=body, to=[to]).send()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(str(error)) from error
