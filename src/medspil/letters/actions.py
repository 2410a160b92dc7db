from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from medspil.base import clock
from medspil.cases.closeness import Ask, person_wants
from medspil.cases.models import Thread
from medspil.outside import mail, sms
from medspil.people import actions as people
from medspil.people.models import Person

from . import paper
from .models import Notice

GIVE_UP = timedelta(days=14)
ON_PAPER = "a letter goes instead"
SERVER_IS_AWAY = 5
"""So many failures in a row."""
PAGE = 500


@transaction.atomic
def tell_something_new(
    *, to: Person, key: str, asks: Ask | None = None, about: str = paper.NOTICE, thread: Thread | None = None
) -> None:
    """Put a notice in the outbox, once per `key`; it leaves after the transaction, by `send_waiting`.

    `asks`: it tells of something that waits for an answer, and goes to those alone who want to be asked.
    Who reads no screen gets a letter on paper instead: of what it is `about`, or that there is something new; sent by
    the team of `thread`, or else by those who hold the case together.
    """
    why_not = ""
    if asks is not None and not person_wants(to, asks):
        why_not = "wants only to be told"
    threads = paper.on_paper([to])
    if threads and not why_not and not Notice.objects.filter(key=key).exists():
        paper.lay_notices([(to, key, about)], {to.pk: thread} if thread else threads)
        why_not = ON_PAPER
    Notice.objects.bulk_create([_notice(to, key, why_not)], ignore_conflicts=True)


def _notice(to: Person, key: str, why_not: str = "") -> Notice:
    return Notice(
        key=key,
        to=to,
        language=to.language or "da",
        made_at=clock.now(),
        dropped_because="died" if to.died_on else why_not or ("" if way_to(to) else "no address"),
    )


def way_to(person: Person) -> Person.Notices | None:
    """By which of `Person.Notices` a notice reaches somebody now: as they chose, else by mail; None by neither."""
    reachable = sms.is_set_up() and person.phone and not person.phone_wrong_at
    if person.notices_by == Person.Notices.SMS and reachable:
        return Person.Notices.SMS
    return Person.Notices.MAIL if person.email else None


@transaction.atomic
def tell_many(notices: Sequence[tuple[Person, str]]) -> int:
    """The same for many at once, each with its key; answers how many are new."""
    keys = {key for _to, key in notices}
    known = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
    threads = paper.on_paper({to for to, _key in notices})
    new = {
        key: _notice(to, key, ON_PAPER if to.pk in threads else "") for to, key in notices if key not in known
    }
    paper.lay_notices([(to, key, paper.NOTICE) for to, key in notices if key in new], threads)
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
    """Send what waits, with `limit` tries at most; (sent, could not be sent and waits). What failed most goes last, so
    that it holds up nobody.

    Some failures in a row mean that the mail server, or the gateway, is away: what goes that way waits for the next
    round, and takes no try from the rest. What nobody has taken for two weeks is given up. Killed between the server's
    yes and ours, a notice goes out again, and carries the same name, by which a mailbox or a gateway knows it for the
    same.
    """
    Notice.objects.filter(sent_at=None, dropped_because="", made_at__lt=clock.now() - GIVE_UP).update(
        dropped_because="no mail server took it"
    )
    sent = failed = 0
    in_a_row = dict.fromkeys(Person.Notices, 0)
    waiting = Notice.objects.filter(sent_at=None, dropped_because="").order_by("tries", "made_at", "pk")
    for listed in _in_pages(list(waiting.values_list("pk", flat=True))):
        if sent + failed == limit:
            break
        listed_way = way_to(listed.to)
        if listed_way and in_a_row[listed_way] == SERVER_IS_AWAY:
            continue
        with transaction.atomic():
            notice = Notice.objects.select_for_update(of=("self",)).select_related("to").get(pk=listed.pk)
            if notice.sent_at:
                continue
            way = way_to(notice.to)
            if notice.to.died_on or not way:
                notice.dropped_because = "died" if notice.to.died_on else "no address"
                notice.save(update_fields=["dropped_because"])
                continue
            if in_a_row[way] == SERVER_IS_AWAY:
                continue
            notice.tries += 1
            try:
                _send(notice, way)
            except (mail.NotSent, sms.NotSent):
                failed, in_a_row[way] = failed + 1, in_a_row[way] + 1
            except sms.WrongNumber:
                # Everybody who would call sees it, and the notice goes by mail the next time where there is one.
                people.say_phone_is_wrong(person=notice.to)
                failed += 1
            else:
                notice.sent_at = clock.now()
                sent, in_a_row[way] = sent + 1, 0
            notice.save(update_fields=["tries", "sent_at"])
    return sent, failed


def _in_pages(keys: list[int]) -> Iterator[Notice]:
    """The notices of these keys in their order, never more than a page of them in memory."""
    for start in range(0, len(keys), PAGE):
        page = keys[start : start + PAGE]
        found = Notice.objects.select_related("to").in_bulk(page)
        yield from (found[key] for key in page if key in found)


def _send(notice: Notice, way: Person.Notices) -> None:
    subject, body = text(notice.language)
    name = salted_hmac("medspil.letters.notice", notice.key, algorithm="sha256").hexdigest()[:40]
    if way == Person.Notices.SMS:
        sms.send(to=notice.to.phone, text=body.strip(), name=name)
    else:
        mail.send(to=notice.to.email, subject=subject, body=body, name=name)
