"""C7, F5: tokens, sealed boxes and what may be shown of them."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from medspil.base import clock
from medspil.surveys import actions, questions, reading
from medspil.surveys.models import Box, Token
from medspil.surveys.months import closes_on, month_before, months_apart
from medspil.surveys.refusals import NothingToAnswer, PoolIsEmpty, TooFewToAsk
from medspil.surveys.sealing import digest, seal, unseal

OCTOBER = date(2026, 10, 1)
POOL = {"audience": "citizen", "unit": "voksen", "month": OCTOBER}
SOME = {"talked_about_what_matters": 2, "had_a_say": 0, "do_what_we_say": None}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(day):
        monkeypatch.setattr(clock, "now", lambda: datetime(*day, 12, tzinfo=ZoneInfo("Europe/Copenhagen")))

    set_to((2026, 11, 23))
    return set_to


def give(answers, many=1, **pool):
    """`many` people of a new pool answer alike."""
    pool = {**POOL, **pool}
    actions.mint_pool(**pool, n=max(many, 5))
    for _ in range(many):
        actions.answer(raw=actions.take_token(**pool), answers=answers)


def opened(**pool):
    actions.open_boxes(today=date(2026, 12, 1))
    return Box.objects.get(**{**POOL, **pool})


def test_months_and_the_day_their_answers_are_read():
    assert month_before(date(2026, 1, 31)) == date(2025, 12, 1)
    assert closes_on(OCTOBER) == date(2026, 12, 1)
    assert closes_on(date(2026, 12, 1)) == date(2027, 2, 1)
    assert months_apart(date(2025, 11, 1), date(2026, 2, 1)) == 3


def test_a_pool_is_minted_once_and_never_for_fewer_than_five():
    with pytest.raises(TooFewToAsk):
        actions.mint_pool(**POOL, n=4)
    actions.mint_pool(**POOL, n=6)
    actions.mint_pool(**POOL, n=6)
    assert Token.objects.count() == 6


def test_every_token_is_taken_once_and_only_its_digest_is_kept():
    actions.mint_pool(**POOL, n=5)
    raw = [actions.take_token(**POOL) for _ in range(5)]
    assert len(set(raw)) == 5
    assert {digest(each) for each in raw} == set(Token.objects.values_list("digest", flat=True))
    rows = json.dumps([list(map(str, row)) for row in Token.objects.values_list()])
    assert not any(each in rows for each in raw)
    with pytest.raises(PoolIsEmpty):
        actions.take_token(**POOL)


def test_an_answer_is_counted_once_and_its_token_is_gone():
    actions.mint_pool(**POOL, n=5)
    raw = actions.take_token(**POOL)
    actions.answer(raw=raw, answers=SOME)
    assert Token.objects.count() == 4
    with pytest.raises(NothingToAnswer):
        actions.answer(raw=raw, answers=SOME)
    assert unseal(Box.objects.get().sealed)["had_a_say"] == [1, 0, 0, 0, 0]


def test_a_token_that_nobody_took_opens_nothing():
    actions.mint_pool(**POOL, n=5)
    from medspil.surveys.sealing import ticket

    raw = ticket(Token.objects.first().pk.hex)
    assert reading.audience_of(raw, today=clock.today()) is None
    with pytest.raises(NothingToAnswer):
        actions.answer(raw=raw, answers=SOME)
    with pytest.raises(NothingToAnswer):
        actions.answer(raw="guessed", answers=SOME)


def test_a_score_off_the_scale_is_not_counted():
    actions.mint_pool(**POOL, n=5)
    raw = actions.take_token(**POOL)
    with pytest.raises(ValueError, match="not on the scale"):
        actions.answer(raw=raw, answers={**SOME, "had_a_say": 4})
    assert unseal(Box.objects.get().sealed)["had_a_say"] == [0, 0, 0, 0, 0]


def test_when_the_month_is_over_nothing_more_is_taken(at):
    actions.mint_pool(**POOL, n=5)
    raw = actions.take_token(**POOL)
    at((2026, 11, 30))
    assert reading.audience_of(raw, today=clock.today()) == "citizen"
    at((2026, 12, 1))
    assert reading.audience_of(raw, today=clock.today()) is None
    with pytest.raises(NothingToAnswer):
        actions.answer(raw=raw, answers=SOME)


def test_a_seal_tells_nothing_by_its_length_or_its_time():
    empty, full = seal({"had_a_say": [0, 0, 0, 0, 0]}), seal({"had_a_say": [999, 12, 12345, 7, 1]})
    assert len(empty) == len(full)
    assert seal({"had_a_say": [0] * 5}) != empty
    from cryptography.fernet import Fernet

    assert Fernet(Fernet.generate_key()).extract_timestamp  # the time is the token's first nine bytes
    import base64

    assert base64.urlsafe_b64decode(full)[1:9] == bytes(8)


def test_a_box_keeps_its_key_when_the_sites_key_is_changed(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the old one", []
    give(SOME, 5)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", ["the old one"]
    assert opened().counts["had_a_say"] == [5, 0, 0, 0, 0]


def test_a_token_minted_before_the_sites_key_was_changed_opens_its_answer(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the old one", []
    actions.mint_pool(**POOL, n=5)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new one", ["the old one"]
    raw = actions.take_token(**POOL)
    assert reading.audience_of(raw, today=date(2026, 11, 23)) == "citizen"


def test_before_the_month_is_over_nothing_is_opened_or_shown():
    give(SOME, 7)
    assert actions.open_boxes(today=date(2026, 11, 30)) == (0, 0)
    assert reading.months(since=date(2026, 1, 1)) == []


def test_four_answers_are_emptied_unread_and_five_are_kept():
    give(SOME, 4, unit="job")
    give(SOME, 5)
    assert actions.open_boxes(today=date(2026, 12, 1)) == (1, 1)
    assert (opened(unit="job").counts, opened(unit="job").sealed) == (None, "")
    # Everybody left the last question out, so nothing of it is kept either.
    assert opened().counts == {
        "talked_about_what_matters": [0, 0, 5, 0, 0],
        "had_a_say": [5, 0, 0, 0, 0],
        "do_what_we_say": None,
    }
    assert Token.objects.count() == 0
    assert actions.open_boxes(today=date(2026, 12, 1)) == (0, 0)


def test_both_sides_are_shown_from_five_answers_each():
    give(SOME, 6)
    give({**SOME, "had_a_say": 3}, 4, audience="caseworker")
    opened()
    [month] = reading.months(since=date(2026, 1, 1))
    assert (month.unit, month.month, month.has_both) == ("voksen", OCTOBER, False)
    assert set(month.missing) == {"caseworker", "leader"}
    assert month.results.gap("had_a_say", "caseworker", "citizen") is None


def test_the_means_and_the_gap_of_a_month_and_no_spread_below_twenty():
    # By hand: citizens 0, 0, 0, 0, 1, 1 have the mean 2/6; caseworkers 3, 3, 3, 2, 2 have 13/5.
    actions.mint_pool(**POOL, n=6)
    actions.mint_pool(**{**POOL, "audience": "caseworker"}, n=5)
    for audience, scores in (("citizen", [0, 0, 0, 0, 1, 1]), ("caseworker", [3, 3, 3, 2, 2])):
        for score in scores:
            raw = actions.take_token(**{**POOL, "audience": audience})
            actions.answer(raw=raw, answers={"had_a_say": score})
    opened()
    [month] = reading.months(since=date(2026, 1, 1))
    assert month.has_both
    citizens, gap = (
        month.results.group("had_a_say", "citizen"),
        month.results.gap("had_a_say", "caseworker", "citizen"),
    )
    assert citizens.mean == pytest.approx(2 / 6)
    assert citizens.n == 6
    assert gap.difference.gap == pytest.approx(13 / 5 - 2 / 6)
    assert (citizens.sd, citizens.ci95, gap.difference.ci95, gap.difference.p) == (None, None, None, None)


def test_where_all_of_a_few_answer_the_same_the_mean_is_not_shown():
    # Five who all say 0, or all but one: the mean would tell what each of them said.
    give(SOME, 5)
    give({**SOME, "had_a_say": 2}, 3, audience="caseworker")
    give({**SOME, "had_a_say": 1}, 2, audience="caseworker")
    opened()
    [month] = reading.months(since=date(2026, 1, 1))
    assert month.results.group("had_a_say", "citizen").mean is None
    assert month.results.group("had_a_say", "caseworker").mean == pytest.approx(1.6)
    assert month.results.gap("had_a_say", "caseworker", "citizen").difference.gap is None


def test_leaders_of_all_units_stand_beside_each_units_two_sides():
    give(SOME, 5)
    give(SOME, 5, audience="caseworker")
    give({**SOME, "had_a_say": 3}, 3, audience="leader", unit="samlet")
    give({**SOME, "had_a_say": 2}, 2, audience="leader", unit="samlet")
    opened()
    shown = {month.unit: month for month in reading.months(since=date(2026, 1, 1))}
    assert shown["voksen"].leaders_of_all
    assert shown["voksen"].results.group("had_a_say", "leader").mean == pytest.approx(2.6)
    assert not shown["samlet"].has_both


def test_each_audience_has_three_questions_of_its_own_in_both_languages():
    seen = set()
    for lang in ("da", "en"):
        for audience in ("citizen", "caseworker", "leader"):
            asked = questions.asked_of(audience, lang)
            assert [q.name for q in asked] == ["talked_about_what_matters", "had_a_say", "do_what_we_say"]
            assert all(q.words.endswith("?") and q.why.endswith(".") for q in asked)
            seen |= {q.words for q in asked}
    assert len(seen) == 18
    assert questions.answers_in_words("da")[0] == (3, "I høj grad")
    assert questions.answers_in_words("en")[-1] == (0, "Not at all")


def test_a_campaign_comes_back_as_the_table_it_was_kept_as():
    from medspil import gap
    from medspil.surveys import campaigns

    people = [
        {"group": "leader", "influence": 3, "department": "health"},
        {"group": "leader", "influence": 2},
        {"group": "citizen", "influence": 0, "education": "primary"},
        {"group": "citizen", "help_needed": 1, "education": "primary"},
    ]
    table = gap.count(people, gap.vive2021())
    kept = actions.keep_campaign(
        name="Prøve", name_en="Trial", held_in=OCTOBER, table=table, is_constructed=True
    )
    kept.refresh_from_db()
    back = campaigns.table_of(kept)
    assert sorted(back.cells()) == sorted(table.cells())
    assert {key: back.respondents_in([key]) for key in ("leader", "citizen")} == {"leader": 2, "citizen": 2}
    assert back.source.constructed
