"""D6: every need against every channel, worked out by hand: what is right, what must be thought of, what is refused."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from medspil.people.models import Need
from medspil.people.needs import Channel, Way, against, at_odds, check

CPH = ZoneInfo("Europe/Copenhagen")
TEN, NOON, THREE, FOUR = (datetime(2026, 11, 26, hour, tzinfo=CPH) for hour in (10, 12, 15, 16))

# What follows when nothing was thought of, at three in the afternoon. "." is right, "!" a warning, "no" a refusal.
BARE = """
                message letter  call    meeting video
interpreter     !       !       no      no      no
sign_language   .       .       no      no      no
on_paper        no      .       .       .       !
large_print     .       no      .       .       .
easy_language   no      no      .       .       .
read_aloud      .       no      .       .       .
phone_only      no      no      .       !       !
in_writing      .       .       no      .       .
not_morning     .       .       .       .       .
not_late        .       .       .       .       .
pauses          .       .       .       !       !
relative        .       .       !       no      no
other           .       .       .       .       .
"""
# The same when all was thought of that can be: an interpreter, large print, easy words, pauses, the relative.
THOUGHT_OF = """
                message letter  call    meeting video
interpreter     !       !       .       .       .
sign_language   .       .       no      .       .
on_paper        no      .       .       .       !
large_print     .       .       .       .       .
easy_language   .       .       .       .       .
read_aloud      .       no      .       .       .
phone_only      no      no      .       !       !
in_writing      .       .       no      .       .
not_morning     .       .       .       .       .
not_late        .       .       .       .       .
pauses          .       .       .       .       .
relative        .       .       .       .       .
other           .       .       .       .       .
"""
SIGN = {".": "ok", "!": "warning", "no": "refusal"}
# One sentence of four words, three of them long: LIX 4 + 75 = 79. The other: 4 words, none long: LIX 4.
HARD, EASY = "Sagsbehandlingstiden er desværre forlænget.", "Vi ses på torsdag."


def cells(table):
    head, *rows = table.strip("\n").splitlines()
    for row in rows:
        kind, *signs = row.split()
        for channel, sign in zip(head.split(), signs, strict=True):
            yield kind, channel, SIGN[sign]


def test_the_table_holds_every_need_and_every_channel():
    for table in (BARE, THOUGHT_OF):
        assert {(kind, channel) for kind, channel, _answer in cells(table)} == {
            (kind, channel.value) for kind in Need.Kind.values for channel in Channel
        }


@pytest.mark.parametrize(("kind", "channel", "answer"), list(cells(BARE)))
def test_what_was_not_thought_of(kind, channel, answer):
    found = check(kind, Way(Channel(channel), at=THREE, words=HARD))
    assert found.answer.value == answer
    assert bool(found.sentence) == (answer != "ok"), "what is wrong is said"


@pytest.mark.parametrize(("kind", "channel", "answer"), list(cells(THOUGHT_OF)))
def test_what_was_thought_of(kind, channel, answer):
    way = Way(
        Channel(channel),
        at=THREE,
        words=EASY,
        interpreter=True,
        large_print=True,
        pauses=True,
        relative=True,
    )
    assert check(kind, way).answer.value == answer


@pytest.mark.parametrize("channel", ["call", "meeting", "video"])
@pytest.mark.parametrize(
    ("kind", "at", "answer"),
    [
        ("not_morning", TEN, "refusal"),
        ("not_morning", NOON, "ok"),
        ("not_late", THREE, "ok"),
        ("not_late", FOUR, "refusal"),
    ],
)
def test_the_hours_of_the_day_are_those_in_copenhagen(channel, kind, at, answer):
    assert check(kind, Way(Channel(channel), at=at)).answer.value == answer


@pytest.mark.parametrize("channel", ["message", "letter"])
def test_what_is_written_may_come_at_any_hour(channel):
    assert check("not_morning", Way(Channel(channel), at=TEN, words=EASY)).answer.value == "ok"


def test_refusals_come_before_warnings():
    needs = [
        Need(kind="pauses"),
        Need(kind="interpreter", words="arabisk"),
        Need(kind="other", words="Kaffe"),
    ]
    found = against(needs, Way(Channel.MEETING, at=THREE))
    assert [(str(need.kind), verdict.answer.value) for need, verdict in found] == [
        ("interpreter", "refusal"),
        ("pauses", "warning"),
    ]


def test_two_needs_that_leave_no_way_between_meetings_are_at_odds_and_no_others():
    """By hand, from the table above: »Ring. Skriv ikke« shuts both kinds of writing; two others shut the call."""
    kinds = [kind for kind in Need.Kind if kind != Need.Kind.OTHER]
    found = {frozenset((one, other)) for one in kinds for other in kinds if at_odds(one, [Need(kind=other)])}
    assert found == {
        frozenset(("phone_only", "in_writing")),
        frozenset(("phone_only", "sign_language")),
    }
