"""The two endpoints that carry the words, in front of Django's own handler.

They answer as `views.stream` and `views.push` do, at a tenth of the cost: under ASGI each middleware costs two thread
hops a request. So none of them runs here, and origin, host, session and door are asked by hand.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from medspil.base.refusals import NotYours
from medspil.plans import live, minutes
from medspil.plans.hub import TROUBLE, Hub, hub, run
from medspil.web.middleware import visitor_of

from . import words
from .access import Seat, seat

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

PATH = re.compile(r"^/sag/(\d{1,18})/moede/(\d{1,18})/rum/(strom|skriv)/$", re.ASCII)
# Writes come several a second from one hand. A yes of the door holds for these seconds of them, and no longer than the
# guard, which asks again every few seconds for every open stream, finds the same.
A_YES_HOLDS = 20.0
# Seconds that a stream waits for more before it tells what came: several who write at once make one event.
TOGETHER = 0.03


class SignedOut(Exception):
    """Nobody is signed in with this session."""


def _seat(key: str, case: int, meeting: int, *, acts: bool) -> Seat:
    """The seat of whoever the session `key` belongs to. Raises SignedOut, NotYours, TextIsClosed.

    Only an act keeps the sitting awake: a page that merely lies open does not.
    """
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    request.user = get_user(request)  # type: ignore[assignment]
    if not request.user.is_authenticated:
        raise SignedOut
    found = seat(visitor_of(request, acts=acts), case, meeting, key)
    if request.session.modified:
        try:
            request.session.save()
        except UpdateError as error:  # signed out meanwhile
            raise SignedOut from error
    return found


def _lost(one: Seat) -> bool:
    """Whether the door does not know it any more."""
    try:
        _seat(one.session, one.case, one.meeting, acts=False)
    except (SignedOut, NotYours):
        return True
    except minutes.TextIsClosed:
        # Who was there hears the end on their stream, after the last words; more never comes on it.
        return False
    return False


def _key(headers: dict[bytes, bytes]) -> str:
    """Read as Django reads it: what another site of the same domain left there stops nothing."""
    return parse_cookie(headers.get(b"cookie", b"").decode("latin1")).get(settings.SESSION_COOKIE_NAME, "")


def _is_foreign(scope: Message, headers: dict[bytes, bytes]) -> bool:
    """A write is ours only if it says that it comes from a page of this very origin.

    Behind a proxy that ends TLS the scheme seen here may be http, so the site's own address counts too.
    """
    own = f"{scope['scheme']}://{headers.get(b'host', b'').decode('latin1')}"
    return (
        headers.get(b"origin", b"").decode("latin1") not in {own, *settings.CSRF_TRUSTED_ORIGINS}
        or headers.get(b"content-type") != b"application/octet-stream"
        or headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin"
    )


def _knows_host(headers: dict[bytes, bytes]) -> bool:
    domain, _port = split_domain_port(headers.get(b"host", b"").decode("latin1"))
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


async def _writer(here: Hub, key: str, case: int, meeting: int) -> Seat:
    now = asyncio.get_running_loop().time()
    known = here.allowed.get((key, case, meeting))
    if known and now - known[1] < A_YES_HOLDS:
        return known[0]
    here.forget(before=now - A_YES_HOLDS)
    found = await run(lambda: _seat(key, case, meeting, acts=True))
    here.allowed[key, case, meeting] = found, now
    return found


async def _body(receive: Receive) -> bytes | None:
    """What was sent; None when the sender went away. One byte too many is enough to refuse it."""
    body, more = b"", True
    while more and len(body) <= live.MAX_UPDATE:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


async def _push(here: Hub, found: Seat, body: bytes) -> tuple[int, int]:
    """(status, number). 200 only once it is committed."""
    if len(body) > live.MAX_UPDATE:
        return 413, 0
    try:
        status = words.at_sight(found, body)
        if status is None:
            status = await run(words.judge, found, body)
        if status != 200:
            return status, 0
        seq = await here.append(found.meeting, found.person, body)
    except TROUBLE:
        return 503, 0
    return (409, 0) if seq is None else (200, seq)


async def _events(here: Hub, found: Seat, after: int) -> AsyncIterator[str]:
    stream = await here.join(found)
    try:
        kind, seq, changes = await run(live.read_since, found.meeting, after)
        yield words.RETRY + words.event(kind, seq, changes)
        after = seq
        while True:
            kind, number, changes = await stream.queue.get()
            changes = list(changes)
            while kind == "u" and not stream.queue.empty():  # one event for all that is there
                next_kind, next_number, more = stream.queue.get_nowait()
                if next_kind == "u":
                    number, changes = next_number, changes + more
                elif next_kind != "beat":
                    kind = next_kind
            if kind != "u":
                yield words.event(kind)
                if kind != "beat":
                    return
            elif number is not None and number > after:
                after = number
                yield words.event("u", number, changes)
                await asyncio.sleep(TOGETHER)
    finally:
        here.leave(stream)


def with_wire(django: App) -> App:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        match = PATH.match(scope["path"]) if scope["type"] == "http" else None
        if match is None or (match[3], scope["method"]) not in (("strom", "GET"), ("skriv", "POST")):
            await django(scope, receive, send)
            return
        headers = dict(scope["headers"])

        async def start(status: int, *more: tuple[bytes, bytes]) -> None:
            fixed = [
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
                (b"content-security-policy", b"default-src 'none'"),
                *more,
            ]
            await send({"type": "http.response.start", "status": status, "headers": fixed})

        async def answer(status: int, body: bytes = b"") -> None:
            await start(
                status, (b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())
            )
            await send({"type": "http.response.body", "body": body})

        writes = match[3] == "skriv"
        if not _knows_host(headers) or (writes and _is_foreign(scope, headers)):
            await answer(403)
            return
        here, key, case, meeting = hub(_lost), _key(headers), int(match[1]), int(match[2])
        try:
            if writes:
                found = await _writer(here, key, case, meeting)
            else:
                found = await run(lambda: _seat(key, case, meeting, acts=False))
        except SignedOut:
            await answer(401)
        except NotYours:
            await answer(404)
        except minutes.TextIsClosed:
            await answer(409)
        except TROUBLE:
            await answer(503)
        else:
            if writes:
                body = await _body(receive)
                if body is not None:
                    status, seq = await _push(here, found, body)
                    await answer(status, str(seq).encode())
            else:
                await _stream(here, found, scope, headers, start, receive, send)

    return app


async def _stream(
    here: Hub,
    found: Seat,
    scope: Message,
    headers: dict[bytes, bytes],
    start: Callable[..., Awaitable[None]],
    receive: Receive,
    send: Send,
) -> None:
    asked = parse_qs(scope["query_string"].decode("latin1")).get("after", [""])[0]
    after = words.number(headers.get(b"last-event-id", b"").decode("latin1") or asked)
    await start(200, (b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no"))

    async def down() -> None:
        async for part in _events(here, found, after):
            await send({"type": "http.response.body", "body": part.encode(), "more_body": True})
        await send({"type": "http.response.body"})

    async def until_gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = {asyncio.create_task(down()), asyncio.create_task(until_gone())}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
