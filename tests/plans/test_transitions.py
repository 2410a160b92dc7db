"""A7: changes in a life: opened in good time, both sides with them, and never a gap between two helps."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.cases import actions as cases
from medspil.cases import closeness, rules
from medspil.cases.models import Promise
from medspil.law import ages
from medspil.letters.models import Notice
from medspil.people.models import Person
from medspil.plans import checklists, transitions
from medspil.plans.models import Transition, TransitionPoint
from medspil.project.demo.cast import opened
from medspil.rhythm import dying
from medspil.rhythm.run import run

CPH = ZoneInfo("Europe/Copenhagen")
DAY = date(2027, 5, 14)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def set_to(*moment):
        monkeypatch.setattr(clock, "now", lambda: clock._held.get() or datetime(*moment, tzinfo=CPH))

    set_to(2026, 11, 23, 9)  # a Monday
    return set_to


@pytest.fixture
def move(cast):
    return transitions.begin(kind="move", day=DAY, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))


def write(found, by, **days):
    said = {"ends": "Støtte fra Petra", "key": uuid.uuid4(), "found": found, "by": by}
    return transitions.write_help(**said | days)


def test_the_day_follows_from_the_day_of_birth():
    """By hand: 16 and 18 years; the 29th of February."""
    assert ages.prepares_adult_life(date(2010, 11, 23)) == date(2026, 11, 23)
    assert ages.of_age(date(2008, 2, 29)) == (date(2026, 2, 28), ages.ADULT)
    assert (ages.ADULT.is_checked, ages.PENSION.is_checked) == (True, False)


@pytest.mark.parametrize(
    ("born", "day"),
    [
        # By hand, on both sides of every border: 65, 65½, 66, 66½, 67, 68, 69 and 70 years.
        (date(1953, 12, 31), date(2018, 12, 31)),
        (date(1954, 1, 1), date(2019, 7, 1)),
        (date(1954, 6, 30), date(2019, 12, 30)),
        (date(1954, 7, 1), date(2020, 7, 1)),
        (date(1954, 12, 31), date(2020, 12, 31)),
        (date(1955, 1, 1), date(2021, 7, 1)),
        (date(1955, 3, 31), date(2021, 9, 30)),
        (date(1955, 6, 30), date(2021, 12, 30)),
        (date(1955, 7, 1), date(2022, 7, 1)),
        (date(1960, 2, 29), date(2027, 2, 28)),
        (date(1962, 12, 31), date(2029, 12, 31)),
        (date(1963, 1, 1), date(2031, 1, 1)),
        (date(1966, 12, 31), date(2034, 12, 31)),
        (date(1967, 1, 1), date(2036, 1, 1)),
        (date(1970, 12, 31), date(2039, 12, 31)),
        (date(1971, 1, 1), date(2041, 1, 1)),
    ],
)
def test_the_age_of_a_pension_follows_from_the_day_of_birth(db, born, day):
    assert ages.pension(born, rules.pension_ages()) == (day, ages.PENSION)


def test_a_pension_opens_by_itself_a_year_before_and_once(cast, at):
    """Bo is born on 24 November 1960: 67 years on 24 November 2027, and a year before that is tomorrow."""
    bo, karen = cast.bo, cast.karen
    closeness.choose(closeness="tell", by=opened(bo, bo))
    transitions.say_born(day=date(1960, 11, 24), by=opened(karen, bo))
    assert not any("pension" in said for said in run())
    at(2026, 11, 24, 9)
    assert any("1 people come to their pension" in said for said in run(dry=True))
    assert any("1 people come to their pension" in said for said in run())
    assert not any("pension" in said for said in run())
    found = Transition.objects.get()
    assert (found.kind, found.day, found.rule) == ("pension", date(2027, 11, 24), "pension")
    assert {p.from_list for p in found.points.all()} == {"money", "help", "days", "who"}
    # Twenty-six weeks before 24 November 2027.
    assert found.points.get(from_list="money").due == date(2027, 5, 26)
    assert (found.promise.owner, found.promise.due) == (karen, date(2026, 12, 8))
    told = Notice.objects.filter(key__startswith="transition-", dropped_because="")
    assert sorted(told.values_list("to__login", flat=True)) == ["bo", "karen"], (
        "it happens to him: he is told"
    )
    transitions.end(found=found, words="Bo kender det hele.", by=opened(bo, bo))
    at(2027, 11, 23, 9)
    assert not any("pension" in said for said in run()), "what they ended does not come back"


@pytest.mark.parametrize(
    "born",
    [date(1959, 11, 23), date(1955, 6, 30), date(1963, 1, 1), date(1900, 1, 1), None],
)
def test_no_pension_opens_for_those_who_have_it_or_have_long_to_go(cast, born):
    """On 23 November 2026: 67 that very day; long ago; in 2031; a hundred and more; and whose day nobody knows."""
    if born:
        transitions.say_born(day=born, by=opened(cast.karen, cast.bo))
    list(run())
    assert not Transition.objects.exists()


def test_nothing_opens_for_somebody_who_has_died_or_whose_case_is_closed(cast):
    for citizen in (cast.bo, cast.ida):
        transitions.say_born(day=date(1960, 3, 5), by=opened(cast.karen, citizen))
    dying.record(on=date(2026, 11, 22), by=opened(cast.karen, cast.bo))
    cases.close_case(by=opened(cast.karen, cast.ida))
    list(run())
    assert not Transition.objects.exists()


def test_a_municipality_writes_other_ages_and_says_who_checked_them(cast, client, at):
    """Born on 1 May 1960 is 67 on 1 May 2027; by a table that says 66½ it was on 1 November 2026, which has been."""
    karen = opened(cast.karen, cast.ida)
    transitions.say_born(day=date(1960, 5, 1), by=karen)
    found = transitions.begin(kind="pension", day=None, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))
    assert (found.day, transitions.is_checked(found)) == (date(2027, 5, 1), False)
    client.force_login(cast.lena)
    url = reverse("rule-edit", args=[ages.PENSION_KEY])
    page = client.get(url)
    assert "1954-01-01: 65,5" in page.content.decode()
    told = {name: str(page.context["form"][name].value() or "") for name in page.context["form"].fields} | {
        "valid_from": "2026-11-23",
        "checked": "en jurist i Løvholm",
    }
    for wrong in ("67", "1955-01-01: halvfems", "1955-13-01: 67", "1955-01-01: 67\n1955-01-01: 68", ""):
        assert client.post(url, told | {"figures": wrong}).context["form"].errors.keys() == {"figures"}
    assert client.post(url, told | {"figures": "1950-01-01: 66,5 år"}).status_code == 302
    assert rules.pension_ages() == (ages.PensionAge(date(1950, 1, 1), 66, 6),)
    assert transitions.is_checked(found)
    shown = client.get(reverse("rules-at", args=["hjaelpen"])).content.decode()
    assert "Født 1. januar 1950 eller senere: 66½ år" in shown.replace("\u00a0", " ")
    transitions.say_born(day=date(1960, 5, 1), by=opened(cast.karen, cast.bo))
    list(run())
    assert Transition.objects.count() == 1, "Bo has it already"
    rules.end(key=ages.PENSION_KEY, by=Person.objects.get(pk=cast.lena.pk))
    assert rules.pension_ages() == ()
    with pytest.raises(transitions.NeedsADay):
        transitions.begin(kind="pension", day=None, key=uuid.uuid4(), by=opened(cast.bo, cast.bo))


@pytest.mark.parametrize("kind", Transition.Kind.values)
def test_every_kind_has_a_list_with_something_for_the_citizen_or_after(kind):
    lines = checklists.of(kind)
    assert len({line.key for line in lines}) == len(lines) >= 4
    assert all(line.about and line.about_en and not line.does.endswith(".") for line in lines)
    assert all(len(line.about) <= 80 and len(line.does) <= 300 and len(line.key) <= 20 for line in lines)


def test_adult_life_opens_by_itself_at_sixteen_and_once(cast, at):
    bo, karen = cast.bo, cast.karen
    transitions.say_born(day=date(2010, 11, 24), by=opened(karen, bo))
    assert list(run(dry=True))
    list(run())
    assert Transition.objects.count() == 0, "Bo is sixteen tomorrow"
    at(2026, 11, 24, 9)
    assert any("1 young people are sixteen" in said for said in run())
    assert not any("sixteen" in said for said in run())
    found = Transition.objects.get()
    assert (found.kind, found.day, found.rule, found.opened_by) == (
        "adult",
        date(2028, 11, 24),
        "adult",
        None,
    )
    assert {p.about for p in found.points.all()} >= {
        "Et sted at bo",
        "Skole og uddannelse",
        "Arbejde og penge",
    }
    assert (found.promise.owner, found.promise.is_clock) == (karen, True)
    assert found.promise.due == date(2026, 12, 8), "ten working days"
    told = set(Notice.objects.filter(key__startswith="transition-").values_list("to__login", flat=True))
    assert told == {"bo", "karen"}
    with pytest.raises(transitions.IsUnderWay):
        transitions.begin(kind="adult", day=None, key=uuid.uuid4(), by=opened(bo, bo))
    transitions.end(found=found, words="Bo vil selv.", by=opened(bo, bo))
    assert not any("sixteen" in said for said in run()), "what they ended does not come back"


def test_a_day_of_birth_that_is_put_right_moves_what_opened_by_itself(cast, client):
    karen = opened(cast.karen, cast.bo)
    transitions.say_born(day=date(2010, 1, 5), by=karen)
    list(run())
    found = Transition.objects.get()
    home = found.points.order_by("-due").first()
    before = home.due
    transitions.say_born(day=date(2010, 3, 5), by=opened(cast.karen, cast.bo))
    found.refresh_from_db()
    home.refresh_from_db()
    assert (found.day, found.rule) == (date(2028, 3, 5), "adult")
    assert (home.due - before).days == 60, "January 26, February 29, March 5"
    assert Notice.objects.filter(to=cast.bo, key__contains="moved").count() == 1
    client.force_login(cast.bo)
    page = reverse("transition", args=[karen.pk, found.pk])
    assert "Du fylder 18 år 5. marts 2028" in client.get(page).content.decode().replace("\u00a0", " ")
    transitions.say_born(day=date(2004, 5, 2), by=opened(cast.karen, cast.bo))
    assert "Du fyldte 18 år 2. maj 2022." in client.get(page).content.decode().replace("\u00a0", " ")
    transitions.end(found=found, words="Bo er voksen.", by=opened(cast.karen, cast.bo))
    list(run())
    assert Transition.objects.count() == 1


def test_a_slip_in_the_day_of_birth_costs_no_week_of_preparing(cast):
    """2009 was typed for 2010, and put right: every point has the day it had."""
    transitions.say_born(day=date(2010, 1, 10), by=opened(cast.karen, cast.bo))
    list(run())
    before = list(TransitionPoint.objects.order_by("pk").values_list("due", flat=True))
    for year in (2009, 2010):
        transitions.say_born(day=date(year, 1, 10), by=opened(cast.karen, cast.bo))
    assert list(TransitionPoint.objects.order_by("pk").values_list("due", flat=True)) == before
    assert len(set(before)) > 1


def test_what_was_ended_with_a_wrong_day_of_birth_still_opens_with_the_right_one(cast):
    bo = cast.bo
    transitions.say_born(day=date(2010, 1, 5), by=opened(cast.karen, bo))
    list(run())
    transitions.end(found=Transition.objects.get(), words="Den dag er forkert.", by=opened(cast.karen, bo))
    transitions.say_born(day=date(2009, 3, 5), by=opened(cast.karen, bo))
    assert any("1 young people are sixteen" in said for said in run(dry=True))
    list(run())
    found = Transition.objects.get(ended_at=None)
    assert found.day == date(2027, 3, 5)
    transitions.end(found=found, words="Bo vil selv.", by=opened(bo, bo))
    assert not any("sixteen" in said for said in run(dry=True))
    list(run())
    assert not Transition.objects.filter(ended_at=None).exists()


def test_what_was_a_mistake_or_comes_to_nothing_is_no_promise_kept(cast, move):
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    mistaken, closed = (write(move, karen, ends_on=date(2027, 4, 30)) for _ in range(2))
    assert mistaken.is_open
    transitions.remove_help(found=move, pk=mistaken.pk, by=ida)
    transitions.tell_gap(found=move, pk=closed.pk, words="Ida er hos sin søster.", by=ida)
    transitions.end(found=move, words="Ida flytter ikke alligevel.", by=karen)
    ended = Promise.objects.filter(pk__in=[mistaken.promise_id, closed.promise_id, move.promise_id])
    assert dict(ended.values_list("pk", "outcome")) == {
        mistaken.promise_id: "withdrawn",
        closed.promise_id: "kept",
        move.promise_id: "withdrawn",
    }


def test_a_day_that_comes_back_is_told_like_any_other(cast, move, at):
    karen = opened(cast.karen, cast.ida)
    for hour, day in enumerate((20, 24, 20), start=10):
        at(2026, 11, 23, hour)
        move = transitions.move_day(found=move, day=date(2027, 5, day), by=karen)
    assert Notice.objects.filter(to=cast.ida, key__startswith=f"transition-{move.pk}-moved-").count() == 3


@pytest.mark.parametrize("born", [date(2008, 11, 23), date(2011, 1, 1), None])
def test_nothing_opens_for_those_who_are_eighteen_or_not_sixteen_or_whose_day_nobody_knows(cast, born):
    if born:
        transitions.say_born(day=born, by=opened(cast.karen, cast.bo))
    list(run())
    assert Transition.objects.count() == 0


def test_by_hand_the_day_is_said_or_follows_from_the_law(cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    for kind, day, refused in (
        ("pension", None, transitions.NeedsADay),
        ("move", None, transitions.NeedsADay),
        ("move", date(2026, 11, 22), cases.DayHasPassed),
    ):
        with pytest.raises(refused):
            transitions.begin(kind=kind, day=day, key=uuid.uuid4(), by=ida)
    transitions.say_born(day=date(1960, 3, 5), by=karen)
    key = uuid.uuid4()
    found = transitions.begin(kind="pension", day=None, key=key, by=opened(cast.ida, cast.ida))
    again = transitions.begin(kind="pension", day=None, key=key, by=opened(cast.ida, cast.ida))
    assert (found.day, found.rule, again) == (date(2027, 3, 5), "pension", found)
    transitions.move_day(found=found, day=date(2027, 4, 5), by=karen)
    found.refresh_from_db()
    assert (found.day, found.rule) == (date(2027, 4, 5), ""), "a day somebody wrote rests on no rule"
    with pytest.raises(NotYours):
        transitions.begin(kind="move", day=DAY, key=key, by=opened(cast.bo, cast.bo))


def test_days_between_two_helps_run_a_clock_until_they_are_closed_or_explained(cast, move):
    """By hand: last day 30 April, first day 13 May: the 1st to the 12th of May are without, twelve days."""
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    row = write(move, ida, ends_on=date(2027, 4, 30), follows="Den nye kommune", follows_on=date(2027, 5, 13))
    assert (row.is_open, row.days_without, row.first_day_without) == (True, 12, date(2027, 5, 1))
    first = row.promise
    assert (first.owner, first.due, first.is_clock) == (cast.karen, date(2026, 11, 30), True)
    with pytest.raises(transitions.GapIsOpen):
        transitions.end(found=move, words="Flyttet.", by=karen)
    row = transitions.tell_gap(found=move, pk=row.pk, words="Mona er hos mig.", by=ida)
    first.refresh_from_db()
    assert (row.is_open, row.told_by, first.outcome) == (False, cast.ida, Promise.Outcome.KEPT)
    row = write(
        move, karen, pk=row.pk, ends_on=date(2027, 4, 30), follows="Den nye", follows_on=date(2027, 5, 20)
    )
    assert (row.is_open, row.told) == (True, ""), "an explanation of other days is none of these"
    assert row.promise != first
    row = write(
        move, karen, pk=row.pk, ends_on=date(2027, 4, 30), follows="Den nye", follows_on=date(2027, 5, 1)
    )
    assert (row.is_open, row.days_without) == (False, 0)
    with pytest.raises(transitions.NoGap):
        transitions.tell_gap(found=move, pk=row.pk, words="Intet.", by=ida)
    transitions.end(found=move, words="Flyttet.", by=karen)
    with pytest.raises(transitions.IsOver):
        write(move, ida, ends_on=DAY)


def test_two_who_change_the_same_help_never_wipe_what_the_other_wrote(cast, move, client):
    """Karen finds what takes over while Ida's page, where nothing did, lies open."""
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    row = write(move, karen, ends_on=date(2027, 5, 10))
    client.force_login(cast.ida)
    url = reverse("transition", args=[ida.pk, move.pk])
    typed = {
        "do": "change",
        "number": row.pk,
        **{f"change{row.pk}-{name}": value for name, value in fields(client.get(url), row).items()},
        f"change{row.pk}-ends": "Støtten hjemme",
    }
    found = {"follows": "Ny støtte", "follows_on": date(2027, 5, 11)}
    write(move, karen, ends_on=date(2027, 5, 10), pk=row.pk, base=row.as_written, **found)
    page = client.post(url, typed)
    assert "En anden har ændret det imens." in page.content.decode()
    row.refresh_from_db()
    assert (row.ends, row.follows, row.is_open) == ("Støtte fra Petra", "Ny støtte", False)
    again = fields(page, row)
    assert again["ends"] == "Støtten hjemme", "what she typed is there still"
    with pytest.raises(cases.ChangedMeanwhile):
        write(move, ida, ends_on=date(2027, 5, 9), pk=row.pk, base=typed[f"change{row.pk}-base"])
    # The same sent twice is no change of another's.
    write(move, karen, ends_on=date(2027, 5, 10), pk=row.pk, base="what stood before", **found)
    now = {"follows": "Ny støtte", "follows_on": "2027-05-11"}
    client.post(url, typed | {f"change{row.pk}-{name}": value for name, value in (again | now).items()})
    row.refresh_from_db()
    assert (row.ends, row.follows, row.is_open) == ("Støtten hjemme", "Ny støtte", False)


@pytest.mark.parametrize(
    ("doing", "typed", "theirs", "stands"),
    [
        ("day", {"day": "2027-06-01"}, {"day": date(2027, 5, 20)}, {"day": date(2027, 6, 1)}),
        ("sides", {"to_name": "Botilbuddet"}, {"to_name": "Aarup Kommune"}, {"to_name": "Botilbuddet"}),
        ("tell", {"words": "Mor kommer."}, {"words": "Mona kommer."}, {"told": "Mor kommer."}),
    ],
)
def test_what_another_wrote_meanwhile_is_seen_before_it_is_written_over(
    cast, move, client, doing, typed, theirs, stands
):
    """Karen's page lies open while Ida, or Karen on another screen, writes the same."""
    karen, ida = opened(cast.karen, cast.ida), opened(cast.ida, cast.ida)
    row = write(move, karen, ends_on=date(2027, 4, 30))
    client.force_login(cast.karen)
    url = reverse("work-transition", args=[karen.pk, move.pk])

    def form(page):
        found = page.context["helps"][0]["tell"] if doing == "tell" else page.context["forms"][doing]
        return {one.html_name: one.value() or "" for one in found}

    prefix = f"tell{row.pk}" if doing == "tell" else doing
    sent = {"do": doing, "number": row.pk, **form(client.get(url))}
    sent |= {f"{prefix}-{name}": value for name, value in typed.items()}
    if doing == "day":
        transitions.move_day(found=move, by=karen, **theirs)
    elif doing == "sides":
        transitions.say_sides(
            found=move, by=karen, **{"from_thread": None, "from_name": "", "to_thread": None} | theirs
        )
    else:
        transitions.tell_gap(found=move, pk=row.pk, by=ida, **theirs)

    def now():
        one = transitions.helps_of(move)[0] if doing == "tell" else transitions.transition(karen, move.pk)
        return {name: getattr(one, name) for name in stands}

    theirs_stand = now()
    page = client.post(url, sent)
    assert "En anden har ændret det imens." in page.content.decode()
    assert now() == theirs_stand != stands
    again = form(page)
    assert {name: again[f"{prefix}-{name}"] for name in typed} == typed, "what she typed is there still"
    assert client.post(url, sent | again).status_code == 302
    assert now() == stands


def fields(page, row):
    return {one.name: one.value() or "" for one in page.context["helps"][0]["change"]}


def test_a_help_that_ended_without_anything_after_it_is_a_gap_whose_clock_is_today(cast, move):
    karen = opened(cast.karen, cast.ida)
    row = write(move, karen, ends_on=date(2026, 11, 20))
    assert (row.is_open, row.days_without, row.promise.due) == (True, None, date(2026, 11, 23))
    key = uuid.uuid4()
    assert write(move, karen, ends_on=DAY, key=key) == write(move, karen, ends_on=DAY, key=key)
    with pytest.raises(transitions.FollowsNeedsBoth):
        write(move, karen, ends_on=DAY, follows="Noget")


def test_who_does_what_is_a_promise_of_its_owner_and_the_citizens_is_her_own(cast, move):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    ours, hers = move.points.get(from_list="who"), move.points.get(from_list="told")
    for by, owner in ((ida, cast.karen), (karen, cast.ida)):
        with pytest.raises(Refusal):
            transitions.take_on(found=move, point=ours.pk, owner=owner, what="ringer", due=DAY, by=by)
    with pytest.raises(Refusal):
        transitions.take_on(found=move, point=ours.pk, owner=cast.sune, what="ringer", due=DAY, by=karen)
    own = transitions.take_on(found=move, point=ours.pk, owner=cast.karen, what="ringer.", due=DAY, by=karen)
    assert (own.promise.what, own.promise.bound_by, own.promise.due) == ("ringer", cast.karen, DAY)
    asked = transitions.add_point(found=move, about="Kasserne", due=DAY, key=uuid.uuid4(), by=ida)
    asked = transitions.take_on(
        found=move, point=asked.pk, owner=cast.petra, what="pakker", due=DAY, by=karen
    )
    assert (asked.promise.owner, asked.promise.bound_at) == (cast.petra, None), "Petra has not said yes"
    said = transitions.take_on(found=move, point=hers.pk, owner=cast.ida, what="siger det", due=DAY, by=ida)
    assert said.promise.side == Promise.Side.CITIZEN
    with pytest.raises(Refusal):
        transitions.drop(found=move, point=said.pk, by=ida)
    with pytest.raises(cases.DayHasPassed):
        transitions.add_point(found=move, about="Nøgler", due=date(2026, 1, 1), key=uuid.uuid4(), by=ida)


def test_what_somebody_lets_go_of_is_there_for_another_to_take_on_or_to_drop(cast, move, client):
    karen = opened(cast.karen, cast.ida)
    first, second = move.points.filter(is_citizens=False).order_by("pk")[:2]
    for point in (first, second):
        taken = transitions.take_on(
            found=move, point=point.pk, owner=cast.karen, what="ringer", due=DAY, by=karen
        )
        cases.withdraw(promise=taken.promise, because="Jeg når det ikke.", by=karen)
    client.force_login(cast.karen)
    page = client.get(reverse("work-transition", args=[karen.pk, move.pk]))
    assert {first.pk, second.pk} <= {one["pk"] for one in page.context["free"]}
    second.refresh_from_db()
    transitions.move_day(found=move, day=move.day + timedelta(days=30), by=karen)
    assert TransitionPoint.objects.get(pk=second.pk).due == second.due + timedelta(days=30), "it moves along"
    taken = transitions.take_on(
        found=move, point=first.pk, owner=cast.petra, what="ringer", due=DAY, by=karen
    )
    assert (taken.promise.owner, taken.promise.outcome) == (cast.petra, "")
    asked = Notice.objects.filter(key=f"transition-point-{taken.promise.pk}")
    assert asked.get().to == cast.petra
    with pytest.raises(Refusal):
        transitions.drop(found=move, point=first.pk, by=karen)
    transitions.drop(found=move, point=second.pk, by=karen)
    assert second.pk not in {one.pk for one in transitions.points_of(move)}
    assert Promise.objects.filter(case=move.case_id, what="ringer").count() == 3, "what was let go of is kept"


def test_whoever_helps_before_or_after_sees_it_and_nobody_else_of_the_team(cast, move):
    karen, lars = opened(cast.karen, cast.ida), opened(cast.lars, cast.ida)
    assert not transitions.transitions(lars).exists()
    assert not transitions.transitions(opened(cast.mona, cast.ida)).exists()
    work = next(t for t in karen.threads if t.unit == cast.job)
    with pytest.raises(transitions.BothGiven):
        transitions.say_sides(
            found=move, from_thread=work.pk, from_name="Petra", to_thread=None, to_name="", by=karen
        )
    transitions.say_sides(
        found=move, from_thread=work.pk, from_name="", to_thread=None, to_name="Aarup Kommune", by=karen
    )
    found = transitions.transitions(opened(cast.lars, cast.ida)).get()
    assert (found.from_thread, found.to_name) == (work, "Aarup Kommune")
    with pytest.raises(NotYours):
        transitions.end(found=found, words="Slut.", by=lars)


@pytest.mark.django_db
def test_nobody_says_it_is_done_while_days_are_without_help(cast, move, client):
    """The help ends on 14 May and the next begins on the 20th: the clock is kept by closing or explaining, not by a
    click."""
    karen = opened(cast.karen, cast.ida)
    row = write(move, karen, ends_on=DAY, follows="Ny støtte", follows_on=date(2027, 5, 20))
    client.force_login(cast.karen)
    url = reverse("work-promise", args=[karen.pk, row.promise_id])
    page = client.get(url).content.decode()
    assert "Se dagene uden hjælp" in page
    assert "Ja, det er gjort" not in page
    for doing in ("keep", "withdraw"):
        sent = client.post(url, {"do": doing, f"{doing}-words": "", f"{doing}-because": "Nok."})
        assert "Det er gjort, når der ikke er dage uden hjælp" in sent.content.decode()
    row.promise.refresh_from_db()
    assert row.promise.outcome == ""
    # It is the same of the one that took its place when the day had passed.
    with clock.held_at(datetime(2026, 12, 1, 9, tzinfo=CPH)):
        later = cases.explain(
            promise=row.promise,
            words="Vi fandt ingen.",
            new_due=date(2026, 12, 8),
            by=opened(cast.karen, cast.ida),
        )
        assert transitions.open_gap_of(Promise.objects.get(pk=later.pk)) == row
        transitions.tell_gap(found=move, pk=row.pk, words="Mona er der.", by=opened(cast.karen, cast.ida))
        assert transitions.open_gap_of(Promise.objects.get(pk=later.pk)) is None
