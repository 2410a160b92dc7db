"""A person in two municipalities is two rows in two sites, and in one site nothing takes them for another."""

import pytest
from django.apps import apps
from django.test import override_settings

from medspil.base import clock
from medspil.cases import actions, bringing_in
from medspil.cases.delivery_file import RowsAreWrong
from medspil.cases.models import Case, Counterpart, Note
from medspil.letters.actions import send_waiting, tell_something_new
from medspil.letters.models import Notice
from medspil.people.models import Person
from medspil.project.demo.cast import opened

CITIZENS = "id;name;phone;email;address;needs\nB-7;{name};20 00 07 01;;;\n"
CASES = "id;citizen;unit;caseworker;topic;closed\nS-1;B-7;voksen;karen;;\n"


def test_no_row_holds_a_personal_number_of_the_state(db):
    names = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if model.__module__.startswith("medspil")
    }
    assert not [name for name in names if "cpr" in name.lower() or "personal_number" in name.lower()]


def test_the_same_number_in_two_systems_is_two_persons(cast):
    """Whoever moved here comes with the other municipality's numbers, which may be used here for somebody else."""
    for slug, name in (("voksensystem", "Niels Mørk"), ("fra-nabo", "Nete Mørk")):
        system = bringing_in.keep_system(name=slug, slug=slug, link="", by=cast.admin)
        files = [("borgere.csv", CITIZENS.format(name=name).encode()), ("sager.csv", CASES.encode())]
        delivery = bringing_in.receive(system=system, files=files, by=cast.admin)
        bringing_in.bring_in(delivery=delivery, by=cast.admin)
    assert Person.objects.filter(name__in=["Niels Mørk", "Nete Mørk"]).count() == 2
    assert Counterpart.objects.filter(number="B-7").count() == 2


def test_notices_of_two_sites_are_not_taken_for_one_by_a_mailbox(cast, mailoutbox):
    """Both sites tell of »message-1«; a mailbox throws away what carries the same name."""
    for secret in ("a" * 40, "b" * 40):
        with override_settings(SECRET_KEY=secret), clock.held_at(clock.now()):
            tell_something_new(to=cast.ida, key="message-1")
            send_waiting()
            Notice.objects.all().delete()
    one, other = (mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert one != other


def brought(cast, citizens, cases=CASES):
    """From the system that a neighbour's cases come from."""
    system = bringing_in.keep_system(name="Fra nabo", slug="fra-nabo", link="", by=cast.admin)
    files = [("borgere.csv", citizens.encode()), ("sager.csv", cases.encode())]
    delivery = bringing_in.receive(system=system, files=files, by=cast.admin)
    return bringing_in.bring_in(delivery=delivery, by=cast.admin)


@pytest.mark.parametrize(
    "row", ["B-7;ida holm;20 00 01 01;;;{}\n", "B-7;Ida Holm;;ida@example.dk;;{}\n"], ids=["phone", "mail"]
)
def test_somebody_who_is_here_already_has_no_second_case(cast, row):
    """The file is stopped with a sentence that names the case; with its number the two are tied."""
    head, here = "id;name;phone;email;needs;our_case\n", Case.objects.get(citizen=cast.ida)
    with pytest.raises(RowsAreWrong) as refused:
        brought(cast, head + row.format(""))
    (fault,) = refused.value.faults
    assert (fault.row, fault.column) == (2, "our_case")
    assert f"sag {here.pk}." in fault.sentence
    brought(cast, head + row.format(here.pk))
    assert Case.objects.filter(citizen__name__iexact="Ida Holm").get() == here
    assert bringing_in.case_of(system="fra-nabo", number="S-1") == here.pk


def test_a_namesake_is_another_when_somebody_says_so(cast):
    brought(cast, "id;name;phone;our_case\nB-7;Ida Holm;20000101;ny\n")
    assert Case.objects.filter(citizen__name="Ida Holm").count() == 2


def test_who_moved_away_and_is_back_has_the_case_they_had(cast):
    here = Case.objects.get(citizen=cast.ida)
    actions.close_case(by=opened(cast.karen, cast.ida))
    brought(cast, f"id;name;our_case\nB-7;Ida Holm;{here.pk}\n")
    here.refresh_from_db()
    assert here.closed_at is None
    assert Note.objects.filter(case=here, kind="case_reopened").count() == 1
    assert Case.objects.filter(citizen__name="Ida Holm").count() == 1
