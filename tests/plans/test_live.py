"""C4: the log of a shared text, and whose hands were on it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pycrdt import Array, Doc, Map, Text

from medspil.base import clock
from medspil.cases.models import TextVersion
from medspil.plans import actions, live, minutes
from medspil.plans.models import LiveDoc, LiveUpdate
from medspil.project.demo.cast import opened

CPH = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 23, 8, 5, tzinfo=CPH)


@pytest.fixture
def meeting(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return actions.plan_meeting(
        title="Mødet om din hverdag",
        starts_at=NOW + timedelta(minutes=30),
        form="home",
        by=opened(cast.karen, cast.ida),
    )


@pytest.fixture
def begun(meeting, cast):
    actions.begin(meeting=meeting, by=opened(cast.karen, cast.ida))
    return meeting


class Browser:
    """Somebody's copy of the text: reads what is there, and sends what they type."""

    def __init__(self, meeting, person):
        self.meeting, self.person = meeting, person
        self.doc = live.load(meeting.pk)
        self.made = []
        self.doc.observe(lambda event: self.made.append(bytes(event.update)))

    def text(self, voice="citizen"):
        rows = self.doc.get("utterances", type=Map)
        return next(rows[k]["text"] for k in rows if rows[k]["voice"] == voice)

    def send(self, order=None):
        made, self.made = self.made, []
        for n in order or range(len(made)):
            assert live.append([(self.meeting.pk, self.person.pk, made[n])]) != [None]


def words(meeting):
    return [u.words for u in minutes.read(meeting).utterances if u.words]


def end(meeting, cast):
    by = opened(cast.karen, cast.ida)
    return actions.end(meeting=meeting, next_time=None, why_no_next="Vi ringer.", by=by)


def test_numbers_are_gapless_and_a_reader_misses_nothing(begun, cast):
    first = LiveDoc.objects.get(meeting=begun).last_seq
    browser = Browser(begun, cast.ida)
    for letter in "tom.":
        browser.text().insert(len(str(browser.text())), letter)
    browser.send()
    kind, seq, changes = live.read_since(begun.pk, first)
    assert (kind, seq, len(changes)) == ("u", first + 4, 4)
    assert live.read_since(begun.pk, seq) == ("u", seq, [])
    assert live.read_many({begun.pk: first + 3}) == [(begun.pk, first + 4, changes[3])]


def test_a_browser_that_knows_more_than_the_server_is_told_to_give_it_back(begun):
    assert live.read_since(begun.pk, 10**9) == ("reset", 0, [])


def test_one_batch_may_hold_several_texts_and_a_closed_one(begun, cast):
    by = opened(cast.karen, cast.ida)
    other = actions.plan_meeting(title="Et andet", starts_at=NOW + timedelta(days=1), form="home", by=by)
    end(begun, cast)
    change = Doc()
    change["x"] = Text("a")
    data = change.get_update()
    batch = [(begun.pk, cast.ida.pk, data), (other.pk, cast.ida.pk, data), (other.pk, None, data)]
    assert live.append(batch) == [None, 1, 2]


@pytest.mark.parametrize(
    "data", [b"", b"garbage!", bytes.fromhex("d1f5cf7dc3"), b"\x01\x01", b"\xff" * 40, b"\0" * 1_000_001],
    ids=["empty", "garbage", "a count of 264 million", "cut off", "endless number", "too large"],
)  # fmt: skip
def test_what_is_no_change_is_refused(data):
    with pytest.raises(live.BadUpdate):
        live.check_update(data)


def test_changes_in_the_wrong_order_heal_also_after_a_compaction(begun, cast):
    browser = Browser(begun, cast.ida)
    for letter in "abc":
        browser.text().insert(len(str(browser.text())), letter)
    late = browser.made[1]
    browser.send(order=[0, 2])
    minutes.compact(begun.pk)
    assert words(begun) == ["a"]
    live.append([(begun.pk, cast.ida.pk, late)])
    assert words(begun) == ["abc"]


def test_compacting_keeps_the_words_and_lets_deleted_ones_go(begun, cast):
    browser = Browser(begun, cast.ida)
    browser.text().insert(0, "HEMMELIGT")
    del browser.text()[0:9]
    browser.text().insert(0, "Jeg er træt.")
    browser.send()
    raw = b"".join(bytes(row) for row in LiveUpdate.objects.values_list("data", flat=True))
    assert b"HEMMELIGT" in raw
    minutes.compact(begun.pk)
    assert b"HEMMELIGT" not in bytes(LiveDoc.objects.get(meeting=begun).snapshot)
    assert not LiveUpdate.objects.exists()
    assert words(begun) == ["Jeg er træt."]
    assert live.read_since(begun.pk, 0)[0] == "snap"


def test_every_three_hundred_changes_are_compacted_and_fifty_kept(begun, cast):
    browser = Browser(begun, cast.ida)
    first = LiveDoc.objects.get(meeting=begun).last_seq
    for _n in range(live.COMPACT_AT - first):
        browser.text().insert(0, "x")
    for data in browser.made:
        minutes.append(begun.pk, cast.ida.pk, data)
    assert LiveUpdate.objects.count() == live.KEEP_AFTER_COMPACTING
    assert LiveDoc.objects.get(meeting=begun).last_seq == live.COMPACT_AT
    assert live.load(begun.pk, live.COMPACT_AT - 51) is None
    assert words(begun) == ["x" * (live.COMPACT_AT - first)]


def _hostile():
    """Documents that no page of ours makes."""
    key = "a" * 16

    def with_rows(**rows):
        doc = Doc()
        doc.get("utterances", type=Map).update(rows)
        return doc

    yield with_rows(**{key: "a string"})
    yield with_rows(**{key: Map({"text": "no text", "item": 7.5, "voice": Map({}), "writer": "Karen"})})
    yield with_rows(**{key: Map({"text": Text("x"), "writer": float("inf")})})
    yield with_rows(**{"../../etc": Map({"text": Text("x")}), "": Map({"text": Text("y")})})
    yield with_rows(**{key: Map({"text": Text("a\0b\x07c")})})
    doc = with_rows(**{key: Map({"text": Text("x"), "gone": "no"})})
    doc.get("order", type=Array).extend([{"k": 1}, None, 4.5, "nobody", key, key])
    yield doc
    doc = Doc()
    doc["utterances"] = Text("no map at all")
    yield doc
    doc = Doc()
    doc.get("room", type=Map)["pause"] = Map({"x": 1})
    yield doc


@pytest.mark.parametrize("n", range(8))
def test_a_hostile_document_breaks_neither_the_page_nor_the_end(begun, cast, n):
    browser = Browser(begun, cast.ida)
    browser.text().insert(0, "Mine ord.")
    browser.send()
    data = list(_hostile())[n].get_update()
    live.check_update(data)
    live.append([(begun.pk, cast.ida.pk, data)])
    assert "Mine ord." in words(begun)
    assert isinstance(minutes.read(begun).pause, str)
    snapshot = end(begun, cast)
    said = [u["words"] for item in snapshot.content for u in item["utterances"]]
    assert "Mine ord." in said
    assert not any("\0" in w for w in said)


# --- whose hands ------------------------------------------------------------------------------------------------------


def version_of(snapshot, voice):
    pks = [u["version"] for item in snapshot.content for u in item["utterances"] if u["voice"] == voice]
    return TextVersion.objects.get(pk__in=pks)


def test_words_that_only_the_citizen_typed_stand_as_her_own(begun, cast):
    ida = Browser(begun, cast.ida)
    ida.text().insert(0, "Klokken fem er jeg tom.")
    ida.send()
    hers = version_of(end(begun, cast), "citizen")
    assert (hers.said_by, hers.written_by, hers.confirmed_by) == (cast.ida, cast.ida, cast.ida)


@pytest.mark.parametrize("compact_between", [False, True])
def test_words_that_another_had_a_hand_in_wait_for_her_yes_whatever_the_browser_claims(
    begun, cast, compact_between
):
    """F7: a browser may write any name into the text; whose hands it was the log knows."""
    ida = Browser(begun, cast.ida)
    ida.text().insert(0, "Jeg vil gerne.")
    ida.send()
    if compact_between:
        minutes.compact(begun.pk)
    karen = Browser(begun, cast.karen)
    karen.text().insert(8, "ikke ")
    rows = karen.doc.get("utterances", type=Map)
    for key in rows:
        rows[key]["writer"] = cast.ida.pk
    karen.send()
    hers = version_of(end(begun, cast), "citizen")
    assert (hers.words, hers.said_by, hers.written_by) == ("Jeg vil ikke gerne.", cast.ida, cast.karen)
    assert hers.confirmed_at is None


def test_what_cannot_be_told_counts_as_anothers_hand(begun, cast):
    ida = Browser(begun, cast.ida)
    ida.text().insert(0, "Jeg vil gerne.")
    ida.send()
    karen = Browser(begun, cast.karen)
    karen.text().insert(0, "x")
    karen.text().insert(1, "y")
    karen.send(order=[1])
    assert version_of(end(begun, cast), "citizen").confirmed_at is None


def test_the_citizens_browser_cannot_change_a_word_of_the_professionals(begun, cast):
    karen = Browser(begun, cast.karen)
    karen.text("professional").insert(0, "Vi ser på hjælp.")
    karen.send()

    def made_by(act):
        browser = Browser(begun, cast.ida)
        act(browser)
        return browser.made[-1]

    def rows(browser):
        return browser.doc.get("utterances", type=Map)

    def their_key(browser):
        return next(k for k in rows(browser) if rows(browser)[k]["voice"] == "professional")

    def mine(browser):
        return next(k for k in rows(browser) if rows(browser)[k]["voice"] == "citizen")

    fine = [
        lambda b: b.text().insert(0, "Mine ord"),
        lambda b: minutes.add(b.doc, item="x", voice="citizen", writer=cast.ida.pk, words="Flere"),
    ]
    refused = [
        lambda b: b.text("professional").insert(0, "ikke "),
        lambda b: rows(b)[their_key(b)].update({"gone": True}),
        lambda b: rows(b)[their_key(b)].update({"voice": "citizen"}),
        lambda b: rows(b).pop(their_key(b)),
        lambda b: rows(b).update({their_key(b): "x"}),
        lambda b: rows(b)[mine(b)].update({"voice": "professional"}),
        lambda b: minutes.add(b.doc, item="x", voice="professional", writer=cast.karen.pk, words="Vi lover"),
    ]
    pen = minutes.Pen("citizen", cast.ida.pk, acts=False)
    assert [minutes.keeps_to(pen, begun.pk, made_by(act)) for act in fine] == [True] * len(fine)
    assert [minutes.keeps_to(pen, begun.pk, made_by(act)) for act in refused] == [False] * len(refused)
    waiting = Browser(begun, cast.ida)
    waiting.text().insert(0, "a")
    waiting.text().insert(1, "b")
    assert minutes.keeps_to(pen, begun.pk, waiting.made[1]) is None


def test_words_under_a_point_taken_off_are_still_in_the_minutes(begun, cast):
    karen = opened(cast.karen, cast.ida)
    point = actions.add_to_agenda(meeting=begun, words="Papirer", by=karen)
    key = minutes.read(begun).utterances[-1].key
    seq = minutes.read(begun).seq
    minutes.save(meeting=begun, base=seq, words={key: "De mangler stadig."}, by=karen)
    actions.take_off_agenda(item=point, by=karen)
    snapshot = end(begun, cast)
    assert [(i["title"], u["words"]) for i in snapshot.content for u in i["utterances"]] == [
        ("Papirer", "De mangler stadig.")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "æøå"), ("æøå", ""), ("blåbær", "blåbærgrød"), ("😀😀", "😀x😀"), ("aa", "aaa"), ("a\nb", "a\r\nc\r\nb"),
        ("ét", "et"), ("Hej Ida", "Hej, Ida"), ("slut ", "slut"),
    ],
)  # fmt: skip
def test_a_text_is_rewritten_by_its_smallest_change(old, new):
    doc = Doc()
    doc["t"] = text = Text(old)
    minutes.rewrite(text, new)
    assert str(text) == new.replace("\r\n", "\n")
