"""The search: a citizen by name, part of the address or case number, in Danish, and every hit through the door."""

import unicodedata

import pytest
from django.urls import reverse

from medspil.cases import actions as cases
from medspil.cases import citizen as known
from medspil.cases.models import Case
from medspil.people import actions as people
from medspil.project.demo.cast import opened

NAMES = {
    "Åse Bjørn-Sørensen": "Ærøvej 3",
    "Søren Aagaard": "Østergårdsvej 12",
    "Jørgen Ågård": "Kirkebakken 2",
    "Anne-Marie von Østen": "Lærkevej 4",
    "René Møller": "Møllestræde 1",
}


@pytest.fixture
def citizens(cast):
    found = {}
    for name, address in NAMES.items():
        person = people.add_person(name=name, address=address)
        cases.open_case_for(citizen=person, unit=cast.adult, coordinator=cast.karen)
        found[name] = person
    return found


def hits(client, words):
    page = client.get(reverse("find"), {"q": words}, follow=True).content.decode()
    return {name for name in [*NAMES, "Bo Kristiansen", "Ida Holm", "Otto Thorup"] if name in page}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("åse", {"Åse Bjørn-Sørensen"}),
        ("AASE", {"Åse Bjørn-Sørensen"}),
        ("bjørn sørensen", {"Åse Bjørn-Sørensen"}),
        ("Bjørn-Sørensen", {"Åse Bjørn-Sørensen"}),
        ("bjoern", {"Åse Bjørn-Sørensen"}),
        ("ærø", {"Åse Bjørn-Sørensen"}),
        ("aagaard", {"Søren Aagaard", "Jørgen Ågård"}),
        ("ågård", {"Jørgen Ågård", "Søren Aagaard"}),
        ("östergård", {"Søren Aagaard"}),
        ("anne marie", {"Anne-Marie von Østen"}),
        ("von østen", {"Anne-Marie von Østen"}),
        ("møller", {"René Møller"}),
        ("rene", {"René Møller"}),
        ("ærøvej 3", {"Åse Bjørn-Sørensen"}),
        ("søren aagaard", {"Søren Aagaard"}),
        ("aagaard jørgen", {"Jørgen Ågård"}),
        ("findes ikke", set()),
    ],
)
def test_a_citizen_is_found_in_danish(cast, citizens, client, words, found):
    client.force_login(cast.karen)
    assert hits(client, words) == found
    # As some machines type it: a letter, and its ring after it.
    assert hits(client, unicodedata.normalize("NFD", words)) == found


def test_a_citizen_is_found_by_the_number_of_the_case(cast, citizens, client):
    client.force_login(cast.karen)
    pk = Case.objects.get(citizen=citizens["René Møller"]).pk
    assert hits(client, str(pk)) == {"René Møller"}
    assert hits(client, f"sag {pk}") == {"René Møller"}


def test_every_hit_obeys_the_door(cast, citizens, client):
    """Lars works in Ida's case alone: he finds her and nobody else, whatever he writes."""
    client.force_login(cast.lars)
    for words in ("a", "e", "vej", "Kristiansen", "Aagaard", str(Case.objects.get(citizen=cast.bo).pk)):
        assert hits(client, words) <= {"Ida Holm"}, words
    assert hits(client, "lærkevej") == {"Ida Holm"}
    known.protect_address(protected=True, by=opened(cast.karen, cast.ida))
    assert hits(client, "lærkevej") == set()
    client.force_login(cast.sune)
    assert hits(client, "Ida") == set()
