from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.closeness import Ask, person_wants
from medspil.outside import mail
from medspil.people.models import Person

from .models import Notice

GIVE_UP = timedelta(days=14)
SERVER_IS_AWAY = 5
"""So many failures in a row."""


@transaction.atomic
def tell_something_new(*, to: Person, key: str, asks: Ask | None = None) -> None:
    """Put a notice in the outbox, once per `key`; it leaves after the transaction, by `send_waiting`.

    `asks`: it tells of something that waits for an answer, and goes to those alone who want to be asked.
    """
    why_not = ""
    if asks is not None and not person_wants(to, asks):
        why_not = "wants only to be told"
    Notice.objects.bulk_create([_notice(to, key, why_not)], ignore_conflicts=True)


def _notice(to: Person, key: str, why_not: str = "") -> Notice:
    return Notice(
        key=key,
        to=to,
        language=to.language or "da",
        made_at=clock.now(),
        dropped_because="died" if to.died_on else why_not or ("" if to.email else "no address"),
    )


@transaction.atomic
def tell_many(notices: Sequence[tuple[Person, str]]) -> int:
    """The same for many at once, each with its key; answers how many are new."""
    keys = {key for _to, key in notices}
    known = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    new = {key: _notice(to, key) for to, key in notices if key not in known}
    Notice.objects.bulk_create(new.values(), ignore_conflicts=True)
    return len(new)


def text(language: str) -> tuple[str, str]:
    """Subject and body of every notice: the same for all, so that a mailbox tells nothing."""
    with translation.override(language):
        return (
            gettext("Der er nyt til dig"),
            gettext("Hej. Der er noget nyt til dig hos %(who)s. Se det her: %(address)s")
            % {"who": settings.MUNICIPALITY_NAME, "address": settings.ADDRESS}
            + "\n",
        )


def send_waiting(*, limit: int = 500) -> tuple[int, int]:
    """Send what waits; (sent, could not be sent and waits). What failed most goes last, so that it holds up nobody.

    Some failures in a row mean that the mail server is away: the rest waits for the next round. What no server has
    taken for two weeks is given up. Killed between the server's yes and ours, a notice goes out again, and carries the
    same name, by which a mailbox knows it for the same.
    """
    Notice.objects.filter(sent_at=None, dropped_because="", made_at__lt=clock.now() - GIVE_UP).update(
        dropped_because="no mail server took it"
    )
    sent = failed = in_a_row = 0
    waiting = Notice.objects.filter(sent_at=None, dropped_because="").order_by("tries", "made_at", "pk")
    for key in list(waiting.values_list("pk", flat=True)[:limit]):
        if in_a_row == SERVER_IS_AWAY:
            break
        with transaction.atomic():
            notice = Notice.objects.select_for_update(of=("self",)).select_related("to").get(pk=key)
            if notice.sent_at:
                continue
            if notice.to.died_on:
                notice.dropped_because = "died"
                notice.save(update_fields=["dropped_because"])
                continue
            notice.tries += 1
            subject, body = text(notice.language)
            name = salted_hmac("medspil.letters.notice", notice.key, algorithm="sha256").hexdigest()[:40]
            try:
                mail.send(to=notice.to.email, subject=subject, body=body, name=name)
            except mail.NotSent:
                failed, in_a_row = failed + 1, in_a_row + 1
            else:
                notice.sent_at = clock.now()
                sent, in_a_row = sent + 1, 0
            notice.save(update_fields=["tries", "sent_at"])
    return sent, failed
