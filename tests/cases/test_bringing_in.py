"""I6: citizens and cases from another system come in once, whole or not at all. Expected by docs/import.md."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from zeal import zeal_ignore

from medspil.base import clock
from medspil.base.refusals import NotYours
from medspil.cases import bringing_in
from medspil.cases.delivery_file import CannotRead, RowsAreWrong, read
from medspil.cases.door import Standing
from medspil.cases.models import Case, Counterpart, Delivery, Member, Thread
from medspil.people import actions as people
from medspil.people.models import Need, Person
from medspil.people.needs import Answer, Channel, Way, against
from medspil.project.demo.cast import opened
from medspil.rhythm.run import run

pytestmark = pytest.mark.django_db

CITIZENS = """id;name;phone;email;address;needs
B-7;Åse Bjørn-Sørensen;20 00 07 01;aase@example.dk;Ærøvej 3;Ring ikke før kl. 10 | Skriv kort
B-8;Niels Mørk;;;;
"""
CASES = """id;citizen;unit;caseworker;topic;closed
S-70;B-7;voksen;karen;;
S-71;B-7;Beskæftigelse;lars;Job og hverdag;
S-80;B-8;voksen;;;
"""


@pytest.fixture
def system(cast):
    return bringing_in.keep_system(
        name="Voksensystemet", slug="voksensystem", link="https://voksen.example/sag/{id}", by=cast.admin
    )


def bring(system, cast, citizens=CITIZENS, cases=CASES, encoding="utf-8"):
    files = [("borgere.csv", citizens.encode(encoding)), ("sager.csv", cases.encode(encoding))]
    delivery = bringing_in.receive(system=system, files=files, by=cast.admin)
    return bringing_in.bring_in(delivery=delivery, by=cast.admin)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_citizens_and_cases_come_in_with_their_team(system, cast, encoding):
    outcome = bring(system, cast, encoding=encoding)
    assert (outcome.new, outcome.changed, outcome.same) == (5, 0, 0)
    aase = Person.objects.get(name="Åse Bjørn-Sørensen")
    assert (aase.phone, aase.address) == ("20000701", "Ærøvej 3")
    assert sorted(Need.objects.filter(person=aase).values_list("words", flat=True)) == [
        "Ring ikke før kl. 10",
        "Skriv kort",
    ]
    main, job = Thread.objects.filter(case__citizen=aase).order_by("pk")
    assert (main.is_main, main.unit, job.unit, job.topic) == (True, cast.adult, cast.job, "Job og hverdag")
    assert Member.objects.get(thread=main).person == cast.karen
    assert Member.objects.get(thread=job).person == cast.lars
    assert not Member.objects.filter(thread__case__citizen__name="Niels Mørk").exists()


def test_the_same_file_again_changes_nothing_and_what_was_mended_here_stays(system, cast):
    bring(system, cast)
    aase = Person.objects.get(name="Åse Bjørn-Sørensen")
    Person.objects.filter(pk=aase.pk).update(phone="20000799")
    outcome = bring(system, cast)
    assert (outcome.new, outcome.changed, outcome.same) == (0, 0, 5)
    # The address moves over there; the phone, which did not, stays as it was mended here.
    outcome = bring(system, cast, citizens=CITIZENS.replace("Ærøvej 3", "Ærøvej 5"))
    assert (outcome.new, outcome.changed, outcome.same) == (0, 1, 4)
    aase.refresh_from_db()
    assert (aase.phone, aase.address) == ("20000799", "Ærøvej 5")
    assert (
        Person.objects.filter(name=aase.name).count(),
        Thread.objects.filter(case__citizen=aase).count(),
    ) == (1, 2)


def test_a_case_that_is_here_already_is_tied_to_its_number(system, cast):
    ida = Case.objects.get(citizen=cast.ida)
    bring(
        system,
        cast,
        citizens=f"id;name;our_case\nB-1;Ida Holm;{ida.pk}\n",
        cases="id;citizen;unit\nS-1;B-1;voksen\n",
    )
    assert Person.objects.filter(name="Ida Holm").count() == 1
    assert bringing_in.case_of(system="voksensystem", number="S-1") == ida.pk


def test_a_number_that_is_somebody_elses_ties_nobody_to_them(system, cast):
    """A slip of one digit; but Ida under another name, with her own mail, is Ida."""
    ida = Case.objects.get(citizen=cast.ida)
    with pytest.raises(RowsAreWrong) as refused:
        bring(
            system, cast, citizens=f"id;name;our_case\nB-8;Niels Mørk;{ida.pk}\n", cases="id;citizen;unit\n"
        )
    assert [(f.row, f.column) for f in refused.value.faults] == [(2, "our_case")]
    assert not Counterpart.objects.exists()
    married = f"id;name;email;our_case\nB-1;Ida Holm Berg;{cast.ida.email.upper()};{ida.pk}\n"
    bring(system, cast, citizens=married, cases="id;citizen;unit\n")
    assert Counterpart.objects.get().citizen == cast.ida


def test_a_relative_who_comes_in_with_a_case_is_the_one_who_is_here_already(system, cast):
    outcome = bring(
        system,
        cast,
        citizens=f"id;name;email\nB-5;{cast.mona.name};{cast.mona.email}\n",
        cases="id;citizen;unit\nS-5;B-5;voksen\n",
    )
    assert Person.objects.filter(name=cast.mona.name).count() == 1
    assert Case.objects.get(citizen=cast.mona).pk == bringing_in.case_of(system="voksensystem", number="S-5")
    assert [(r.row, r.column) for r in outcome.remarks] == [(2, "name")]
    assert opened(cast.mona, cast.ida).standing == Standing.BESIDE


def test_what_is_known_of_a_need_is_not_written_over_by_a_word_in_a_file(system, cast):
    ida = Case.objects.get(citizen=cast.ida)
    kind = Need.Kind.INTERPRETER
    Need.objects.create(person=cast.ida, kind=kind, words="somali, kun kvinde", recorded_at=clock.now())
    outcome = bring(
        system,
        cast,
        citizens=f"id;name;our_case;needs\nB-1;Ida Holm;{ida.pk};{kind.label}\n",
        cases="id;citizen;unit\n",
    )
    assert Need.objects.get(person=cast.ida, kind=kind).words == "somali, kun kvinde"
    assert [(r.row, r.column) for r in outcome.remarks] == [(2, "needs")]


def test_of_somebody_who_has_died_nothing_is_brought_in(system, cast):
    bring(system, cast)
    aase = Person.objects.get(name="Åse Bjørn-Sørensen")
    Person.objects.filter(pk=aase.pk).update(died_on=clock.today())
    moved = CITIZENS.replace("Ærøvej 3", "Ærøvej 5")
    outcome = bring(system, cast, citizens=moved, cases=CASES + "S-72;B-7;Støtte hjemme;petra;;\n")
    assert [(r.kind, r.row, r.column) for r in outcome.remarks] == [("citizens", 2, "id")]
    aase.refresh_from_db()
    assert aase.address == "Ærøvej 3"
    assert not Member.objects.filter(person=cast.petra, thread__case__citizen=aase).exists()


def test_another_caseworker_or_an_end_over_there_is_said_and_settled_here(system, cast):
    bring(system, cast)
    moved = CASES.replace("S-70;B-7;voksen;karen;;", "S-70;B-7;voksen;lotte;;2026-11-20")
    outcome = bring(system, cast, cases=moved)
    assert [(r.row, r.column) for r in outcome.remarks] == [(2, "caseworker"), (2, "closed")]
    thread = Counterpart.objects.get(number="S-70").thread
    assert (thread.closed_at, Member.objects.get(thread=thread).person) == (None, cast.karen)


def test_a_need_named_as_it_is_here_is_held_to_and_other_words_are_remarked_on(system, cast):
    needs = "ring. skriv ikke | Tolk: arabisk | Kun telefon"
    outcome = bring(system, cast, citizens=CITIZENS.replace("Ring ikke før kl. 10 | Skriv kort", needs))
    aase = Person.objects.get(name="Åse Bjørn-Sørensen")
    assert set(Need.objects.filter(person=aase).values_list("kind", "words")) == {
        ("phone_only", ""),
        ("interpreter", "arabisk"),
        ("other", "Kun telefon"),
    }
    assert [(r.kind, r.row, r.column) for r in outcome.remarks] == [("citizens", 2, "needs")]
    assert "»Kun telefon«" in outcome.remarks[0].sentence
    letter = Way(Channel.LETTER, words="Vi ses.")
    refused = [need.kind for need, said in against(aase.needs.all(), letter) if said.answer == Answer.REFUSAL]
    assert refused == ["phone_only"]
    # What is mended here stays, while something else changes over there.
    people.record_need(person=aase, kind="interpreter", words="somali")
    bring(
        system, cast, citizens=CITIZENS.replace("Ring ikke før kl. 10 | Skriv kort", f"{needs} | Skriv kort")
    )
    assert set(aase.needs.filter(kind__in=["interpreter", "other"]).values_list("words", flat=True)) == {
        "somali",
        "Kun telefon",
        "Skriv kort",
    }


def test_a_need_against_one_that_stands_here_is_a_remark_and_stops_nothing(system, cast):
    outcome = bring(
        system,
        cast,
        citizens=CITIZENS.replace("Ring ikke før kl. 10 | Skriv kort", "Ring. Skriv ikke | Skriv. Ring ikke"),
    )
    aase = Person.objects.get(name="Åse Bjørn-Sørensen")
    assert list(aase.needs.values_list("kind", flat=True)) == ["phone_only"]
    assert [(r.row, r.column, r.sentence) for r in outcome.remarks] == [
        (2, "needs", "Der står allerede »Ring. Skriv ikke«. Tag det væk først.")
    ]


def test_who_works_for_a_provider_comes_in_as_one_and_holds_no_case_together(system, cast):
    bring(system, cast, cases=f"id;citizen;unit;caseworker\nS-70;B-7;{cast.home.name};petra\n")
    member = Member.objects.get(thread__case__citizen__name="Åse Bjørn-Sørensen")
    assert (member.person, member.role) == (cast.petra, "provider")


@pytest.mark.parametrize(
    ("citizens", "cases", "row", "column"),
    [
        (CITIZENS + ";Uden nummer;;;;\n", CASES, 4, "id"),
        (CITIZENS + "B-7;Åse igen;;;;\n", CASES, 4, "id"),
        (CITIZENS + "B-9;Ny;12;;;\n", CASES, 4, "phone"),
        (CITIZENS + "B-9;Ny;;ikke-mail;;\n", CASES, 4, "email"),
        (CITIZENS + f"B-9;{'x' * 121};;;;\n", CASES, 4, "name"),
        (CITIZENS, CASES + "S-9;B-404;voksen;;;\n", 5, "citizen"),
        (CITIZENS, CASES + "S-9;B-8;Månen;;;\n", 5, "unit"),
        (CITIZENS, CASES + "S-9;B-8;voksen;lars;;\n", 5, "caseworker"),
        (CITIZENS, CASES + "S-9;B-8;voksen;;;i går\n", 5, "closed"),
        (CITIZENS, CASES + "S-9;B-8;Støtte hjemme;;;\n", 5, "caseworker"),
    ],
)
def test_one_wrong_row_stops_everything_and_is_named(system, cast, citizens, cases, row, column):
    before = Person.objects.count(), Thread.objects.count()
    with pytest.raises(RowsAreWrong) as refused:
        bring(system, cast, citizens, cases)
    # The first line holds the columns, so that a row's number is that of its line.
    assert [(f.row, f.column) for f in refused.value.faults] == [(row, column)]
    assert (Person.objects.count(), Thread.objects.count()) == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xd8\xff",
        b'{"citizens": [',
        b'{"people": []}',
        b'{"citizens": 7}',
        b"id;telefon\n1;2\n",
        b'id;name\n1;"\n',
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_with_a_sentence(content):
    with pytest.raises(CannotRead) as refused:
        read([("fil.csv", content)])
    assert str(refused.value.sentence)


def test_only_the_administrator_brings_in_and_what_is_not_brought_in_is_forgotten(system, cast, monkeypatch):
    files = [("borgere.csv", CITIZENS.encode())]
    with pytest.raises(NotYours):
        bringing_in.receive(system=system, files=files, by=cast.karen)
    old = bringing_in.receive(system=system, files=files, by=cast.admin)
    with pytest.raises(NotYours):
        bringing_in.look_at(delivery=old, by=cast.karen)
    tomorrow = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    new = bringing_in.receive(system=system, files=files, by=cast.admin)
    assert "1 files of cases that nobody brought in would be forgotten." in list(run(dry=True, now=tomorrow))
    assert "1 files of cases that nobody brought in were forgotten." in list(run(now=tomorrow))
    assert list(Delivery.objects.all()) == [new]


def test_what_was_brought_in_leaves_no_copy_of_the_file(system, cast):
    bring(system, cast)
    assert Delivery.objects.get().rows == {}


def test_the_administrator_sees_what_comes_before_it_is_brought_in(client, system, cast):
    client.force_login(cast.admin)
    files = [
        SimpleUploadedFile("borgere.csv", CITIZENS.encode()),
        SimpleUploadedFile("sager.csv", CASES.encode()),
    ]
    with zeal_ignore():  # rows come in one by one, by the same actions as any other
        page = client.post(reverse("deliveries"), {"system": system.pk, "file": files}, follow=True)
    assert "5 nye rækker" in page.content.decode()
    assert not Person.objects.filter(name="Niels Mørk").exists()
    with zeal_ignore():
        page = client.post(page.request["PATH_INFO"], follow=True)
    assert "Hentet: 5 nye, 0 ændrede." in page.content.decode()
    wrong = SimpleUploadedFile("borgere.csv", b"id;name\nB-1;\n")
    page = client.post(reverse("deliveries"), {"system": system.pk, "file": wrong})
    assert "Intet er hentet" in page.content.decode()
    assert "<code>name</code>" in page.content.decode()


def test_karen_goes_from_one_system_to_the_other(client, system, cast):
    bring(system, cast)
    case = Case.objects.get(citizen__name="Åse Bjørn-Sørensen")
    client.force_login(cast.karen)
    page = client.get(reverse("from-elsewhere", args=["voksensystem", "S-70"]), follow=True)
    assert page.request["PATH_INFO"] == reverse("work-case", args=[case.pk])
    assert "https://voksen.example/sag/S-70" in page.content.decode()
    # Lars' part has a number of its own, which is his to see.
    assert "S-71" not in page.content.decode()
    client.force_login(cast.petra)
    assert client.get(reverse("from-elsewhere", args=["voksensystem", "S-70"])).status_code == 404


def test_the_command_says_what_it_would_do_and_does_it_once(system, cast, tmp_path, capsys):
    file = tmp_path / "alt.json"
    file.write_text(json.dumps({"citizens": [{"id": 7, "name": "Åse Bjørn"}]}), encoding="utf-8")
    arguments = ["import_cases", str(file), "--system", "voksensystem", "--by", "admin"]
    call_command(*arguments, "--dry-run")
    assert capsys.readouterr().out == "1 would be new, 0 would be changed, 0 as before\n"
    call_command(*arguments)
    call_command(*arguments)
    assert capsys.readouterr().out == "1 new, 0 changed, 0 as before\n0 new, 0 changed, 1 as before\n"
    file.write_text('{"citizens": [{"id": 7}]}', encoding="utf-8")
    with pytest.raises(CommandError, match="citizens, row 1, name: "):
        call_command(*arguments)
