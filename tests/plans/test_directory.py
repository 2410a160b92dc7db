"""D9: what there is, found in plain words by both; and lists that come in from a file. Expected by docs/import.md."""

import uuid
from datetime import time, timedelta

import pytest

from medspil.base import clock
from medspil.base.refusals import NotYours, Refusal
from medspil.base.rows import CannotRead, RowsAreWrong
from medspil.people.models import Person
from medspil.plain.finding import Index, groups, likeness, slips, words
from medspil.plans import offer_file, offers
from medspil.plans.models import Offer, OfferFile, PointedAt
from medspil.project.demo.cast import opened
from medspil.rhythm.run import run

SAME = groups("kørsel, bus, flextur\nsvømning, svømmehal, swimming")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("kørsel", "kørsel"),
        ("koersel", "Kørsel"),
        ("korsel", "kørsel"),
        ("kørslen", "kørsel"),
        ("aa", "Å"),
        ("svøm", "svømning"),
        ("bad", "svømmebad"),
        ("kor", "sangkor"),
        ("lektiehjælp", "lektie"),
        ("svømnnig", "svømning"),
        ("svommning", "svømning"),
        ("kurserne", "kurser"),
    ],
)
def test_words_that_go_together(typed, word):
    assert likeness(words(typed)[0], words(word)[0]) >= 0.5


@pytest.mark.parametrize(("typed", "word"), [("kat", "hat"), ("bus", "bog"), ("sang", "gang"), ("", "a")])
def test_words_that_do_not(typed, word):
    folded = (words(typed) or [""])[0]
    assert likeness(folded, words(word)[0]) < 0.5


def test_slips_are_letters_wrong_missing_too_many_or_exchanged():
    assert [slips("motion", other, 2) for other in ("motion", "mation", "moton", "mootion", "motoin")] == [
        0,
        1,
        1,
        1,
        1,
    ]
    assert slips("motion", "maskine", 2) == 3


def test_what_has_every_word_comes_first_and_else_what_has_some():
    index = Index({1: [("Kørsel til svømning", 3)], 2: [("Svømning for begyndere", 3)], 3: [("Kor", 3)]})
    assert index.find("bus til svømmehallen", SAME) == ([1], True)
    assert index.find("svømning kaffe", SAME) == ([1, 2], False)
    assert index.find("jeg vil gerne synge", SAME) == ([], True)
    assert index.find("swimming", SAME) == ([1, 2], True)


@pytest.fixture
def keep(cast):
    karen = Person.objects.get(pk=cast.karen.pk)

    def one(name, **more):
        told = {
            "name": name,
            "kind": "association",
            "helps_with": "Kaffe",
            "where": "Torvet",
            "contact": "Kaj",
        }
        return offers.keep_offer(key=uuid.uuid4(), told=told | more, by=karen)

    return one


def found(**wanted):
    return [one.name for one in offers.offers(offers.Wanted(**wanted))[0]]


def test_place_age_life_and_whose_it_is_narrow_it_down(keep):
    keep("Alle steder", areas=["home"], inside=True)
    keep("I nord", place="Nord", age_from=18, age_to=30)
    keep("I syd", place="Syd", age_from=18, for_whom="citizen")
    assert found() == ["Alle steder", "I nord", "I syd"]
    assert found(place="Nord") == ["Alle steder", "I nord"]
    assert (found(age=17), found(age=18), found(age=30), found(age=31)) == (
        ["Alle steder"],
        ["Alle steder", "I nord", "I syd"],
        ["Alle steder", "I nord", "I syd"],
        ["Alle steder", "I syd"],
    )
    assert found(area="health") == ["I nord", "I syd"]  # those that name no area help with all
    assert found(whose="in") == ["Alle steder"]
    assert found(relatives=True) == ["Alle steder", "I nord"]
    assert offers.places() == ["Nord", "Syd"]


def test_the_words_that_mean_the_same_are_the_municipalitys_own(keep, cast):
    keep("Kørsel til kirke")
    assert found(words="bus") == ["Kørsel til kirke"]
    offers.keep_same_words(groups="kirke, gudstjeneste", by=cast.admin)
    assert (found(words="bus"), found(words="gudstjeneste")) == ([], ["Kørsel til kirke"])
    with pytest.raises(NotYours):
        offers.keep_same_words(groups="", by=cast.lena)


def test_what_one_points_at_the_other_sees_until_it_is_in_the_plan(keep, cast):
    ida, karen = opened(cast.ida, cast.ida), opened(cast.karen, cast.ida)
    kor = keep("Kor")
    for by in (ida, ida, karen):
        offers.point_at(offer=kor, by=by)
    assert [(row.side, row.by) for row in offers.pointed_at(karen)] == [
        ("professional", cast.karen),
        ("citizen", cast.ida),
    ]
    offers.point_no_more(offer=kor, by=karen)
    assert [row.side for row in offers.pointed_at(ida)] == ["citizen"]
    offers.take_up(offer=kor, key=uuid.uuid4(), by=karen)
    assert offers.pointed_at(ida) == []
    for stranger in (opened(cast.mona, cast.ida), opened(cast.petra, cast.ida)):
        with pytest.raises(NotYours):
            offers.point_at(offer=kor, by=stranger)
    assert PointedAt.objects.count() == 2


LIST = """id;name;kind;helps_with;where;contact;areas;age_from;age_to;place;inside;for_whom;ended
7;Sangkor;Kultur;At synge;Torvet;Inge;together | Helbred;18;;Nord;nej;borger;
8;Køreven;frivillige;En tur;Hele byen;Kaj;;;;;ja;;
"""


def bring(cast, text=LIST, encoding="utf-8", source="Frivilligcentret"):
    by = Person.objects.get(pk=cast.karen.pk)
    given = offer_file.receive(source=source, name="tilbud.csv", data=text.encode(encoding), by=by)
    return offer_file.bring_in(found=given, by=by)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_comes_in(cast, encoding):
    outcome = bring(cast, encoding=encoding)
    assert (outcome.new, outcome.changed, outcome.same) == (2, 0, 0)
    kor, ven = Offer.objects.order_by("number")
    assert (kor.kind, kor.areas, kor.age_from, kor.age_to, kor.place) == (
        "culture",
        ["together", "health"],
        18,
        None,
        "Nord",
    )
    assert (kor.for_whom, kor.inside, ven.for_whom, ven.inside) == ("citizen", False, "both", True)
    assert OfferFile.objects.get().rows == {}


def test_the_same_list_again_changes_nothing_and_what_was_mended_here_stays(cast):
    bring(cast)
    Offer.objects.filter(number="7").update(contact="Asta")
    assert (bring(cast).same, Offer.objects.count()) == (2, 2)
    outcome = bring(cast, LIST.replace("At synge", "At synge sammen"))
    assert (outcome.new, outcome.changed, outcome.same) == (0, 1, 1)
    kor = Offer.objects.get(number="7")
    assert (kor.helps_with, kor.contact) == ("At synge sammen", "Asta")
    # The same number from another list is another offer.
    assert bring(cast, source="Biblioteket").new == 2


def test_what_has_ended_or_is_gone_from_the_list(cast):
    bring(cast)
    ended = LIST.replace("nej;borger;", f"nej;borger;{clock.today():%Y-%m-%d}").split("8;Kør")[0]
    outcome = bring(cast, ended)
    assert outcome.changed == 1
    assert [fault.sentence for fault in outcome.remarks] == ["»Køreven« er ikke i filen mere."]
    assert (found(), Offer.objects.get(number="8").ended_at) == (["Køreven"], None)
    bring(cast)
    assert found() == ["Køreven", "Sangkor"]


def test_a_day_to_come_ends_it_by_itself_and_the_same_list_later_takes_it_back_no_more(cast):
    day = clock.today() + timedelta(days=5)
    ends = LIST.replace("nej;borger;", f"nej;borger;{day:%Y-%m-%d}")
    bring(cast, ends)
    kor = Offer.objects.get(number="7")
    ida = opened(cast.ida, cast.ida)
    offers.point_at(offer=kor, by=ida)
    assert (found(), len(offers.pointed_at(ida))) == (["Køreven", "Sangkor"], 1)
    with clock.held_at(clock.at(day, time(0, 1))):
        assert (found(), offers.places(), offers.pointed_at(ida)) == (["Køreven"], [], [])
        with pytest.raises(Refusal):
            offers.take_up(offer=kor, key=uuid.uuid4(), by=ida)
        assert (bring(cast, ends).same, found()) == (2, ["Køreven"])
        bring(cast)
        assert found() == ["Køreven", "Sangkor"], "the list says that it goes on"


def test_what_somebody_took_off_the_list_here_stays_off_whatever_the_file_says_of_its_end(cast):
    bring(cast)
    karen = Person.objects.get(pk=cast.karen.pk)
    offers.end_offer(pk=Offer.objects.get(number="7").pk, by=karen)
    bring(cast, LIST.replace("nej;borger;", f"nej;borger;{clock.today() + timedelta(days=5):%Y-%m-%d}"))
    assert found() == ["Køreven"]


def test_a_wrong_row_is_named_with_its_column_and_nothing_is_kept(cast):
    wrong = LIST + "7;Igen;ridning;;Torvet;Kaj;månen;gammel;;;måske;;i går\n9;A;kultur;B;C;D;;30;20;;;;\n"
    with pytest.raises(RowsAreWrong) as refused:
        bring(cast, wrong)
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [
        (4, "helps_with"),
        (4, "id"),
        (4, "kind"),
        (4, "inside"),
        (4, "areas"),
        (4, "age_from"),
        (4, "ended"),
        (5, "age_to"),
    ]
    with pytest.raises(CannotRead):
        bring(cast, "id;name\n1;Kor\n")
    assert not Offer.objects.exists()
    assert not OfferFile.objects.exists()


def test_a_dry_look_says_what_would_come_and_keeps_nothing_longer_than_a_day(cast):
    karen = Person.objects.get(pk=cast.karen.pk)
    with clock.held_at(clock.now() - timedelta(days=1, minutes=1)):
        given = offer_file.receive(source="X", name="x.csv", data=LIST.encode(), by=karen)
        assert offer_file.look_at(found=given, by=karen).new == 2
    assert not Offer.objects.exists()
    list(run())
    assert not OfferFile.objects.exists()
    for other in (cast.ida, cast.lena):
        with pytest.raises(NotYours):
            offer_file.receive(source="X", name="x.csv", data=LIST.encode(), by=other)
