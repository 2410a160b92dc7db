from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.closeness import Ask, person_wants
from medspil.outside import mail
from medspil.people.models import Person

from .models import Notice

MAX_TRIES = 50


@transaction.atomic
def tell_something_new(*, to: Person, key: str, asks: Ask | None = None) -> None:
    """Put a notice in the outbox, once per `key`; it leaves after the transaction, by `send_waiting`.

    `asks`: it tells of something that waits for an answer, and goes to those alone who want to be asked.
    """
    why_not = "" if to.email else "no address"
    if asks is not None and not person_wants(to, asks):
        why_not = "wants only to be told"
    notice = Notice(
        key=key,
        to=to,
        language=to.language or "da",
        made_at=clock.now(),
        dropped_because=why_not,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def text(language: str) -> tuple[str, str]:
    """Subject and body of every notice: the same for all, so that a mailbox tells nothing."""
    with translation.override(language):
        return (
            gettext("Der er nyt til dig"),
            gettext("Hej. Der er noget nyt til dig hos %(who)s. Se det her: %(address)s")
            % {"who": settings.MUNICIPALITY_NAME, "address": settings.ADDRESS}
            + "\n",
        )


def send_waiting(*, limit: int = 200) -> tuple[int, int]:
    """Send what waits, oldest first; (sent, still waiting after a failure). A failed one is tried again next time."""
    sent = failed = 0
    waiting = Notice.objects.filter(sent_at=None, dropped_because="", tries__lt=MAX_TRIES).order_by("made_at")
    for key in list(waiting.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            notice = Notice.objects.select_for_update(of=("self",)).select_related("to").get(pk=key)
            if notice.sent_at:
                continue
            notice.tries += 1
            subject, body = text(notice.language)
            try:
                mail.send(to=notice.to.email, subject=subject, body=body)
            except mail.NotSent:
                failed += 1
            else:
                notice.sent_at = clock.now()
                sent += 1
            notice.save(update_fields=["tries", "sent_at"])
    return sent, failed
