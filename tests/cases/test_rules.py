"""D8: what applies is public, the law apart from what was decided here, and every version stays."""

from datetime import timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import rules
from medspil.people.models import Person


@pytest.fixture
def lena(cast):
    return Person.objects.get(pk=cast.lena.pk)


def told(**more):
    row = {"place": "moeder", "is_law": False, "title": "Kaffe", "words": "Der er kaffe."}
    return row | {"title_en": "", "words_en": "", "source": "", "checked": ""} | more


def titles(place):
    return [one.title for one in rules.in_force(place)]


def test_a_version_applies_from_its_day_and_the_one_before_stays(lena):
    today = clock.today()
    key = rules.write(told=told(), valid_from=today, by=lena).key
    rules.write(key=key, told=told(title="Te"), valid_from=today + timedelta(days=10), by=lena)
    assert titles("moeder") == ["Du må have en med", "Kaffe"]
    assert [one.title for one in rules.coming()] == ["Te"]
    with clock.held_at(clock.now() + timedelta(days=10)):
        assert titles("moeder") == ["Du må have en med", "Te"]
        assert [one.title for one in rules.history([key])[key]] == ["Kaffe"]
        rules.end(key=key, by=lena)
        assert titles("moeder") == ["Du må have en med"]
        with pytest.raises(NotYours):
            rules.rule(key)


def test_a_rule_that_is_ended_does_not_come_back_with_what_was_written_for_later(lena):
    today = clock.today()
    key = rules.write(told=told(), valid_from=today, by=lena).key
    rules.write(key=key, told=told(title="Te"), valid_from=today + timedelta(days=10), by=lena)
    rules.end(key=key, by=lena)
    assert rules.coming() == []
    with clock.held_at(clock.now() + timedelta(days=10)):
        assert titles("moeder") == ["Du må have en med"]


def test_history_is_not_written_anew_and_law_says_where_it_stands(lena, cast):
    with pytest.raises(rules.NotBackInTime):
        rules.write(told=told(), valid_from=clock.today() - timedelta(days=1), by=lena)
    with pytest.raises(rules.SourceMissing):
        rules.write(told=told(is_law=True), valid_from=clock.today(), by=lena)
    for person in (cast.karen, cast.ida, cast.hans):
        with pytest.raises(NotYours):
            rules.write(told=told(), valid_from=clock.today(), by=Person.objects.get(pk=person.pk))


def test_what_nobody_checked_says_so_until_somebody_has(client, lena):
    page = reverse("rules-at", args=["tilbud"])
    warning = "Ikke efterprøvet endnu"
    assert warning in client.get(page).content.decode()
    law = rules.rule("raad")
    row = told(place="tilbud", is_law=True, title=law.title, words=law.words, source=law.source)
    rules.write(key="raad", told=row | {"checked": "KL, 2026"}, valid_from=clock.today(), by=lena)
    shown = client.get(page).content.decode()
    assert warning not in shown
    assert "Efterset hos: KL, 2026." in shown
    assert "Se, hvad der stod før" in shown


def test_each_unit_says_how_long_it_takes_from_the_number_its_clock_is_set_by(client, cast):
    shown = client.get(reverse("rules-at", args=["henvendelser"])).content.decode()
    assert f"{cast.adult.name}: {cast.adult.answer_days} hverdage" in shown
    assert "5.000\u00a0kr." in client.get(reverse("rules-at", args=["smaa-ting"])).content.decode()
    assert client.get(reverse("rules-at", args=["findes-ikke"])).status_code == 404


def test_every_rule_that_comes_with_us_is_told_in_both_languages_with_its_source():
    shipped = rules._shipped().values()
    assert {one.place for one in shipped} == set(rules.Place.values)
    assert all(one.title_en and one.words_en and one.source for one in shipped)
