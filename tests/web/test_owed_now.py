"""C4: where an answer was late and promised anew, every page says the day that holds now, never the one that passed."""

import uuid
from datetime import date, time

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.contact import actions as contact
from medspil.contact import duties, grants, handover
from medspil.contact import messages as sending
from medspil.people.models import Unit
from medspil.project.demo.cast import opened

LATE = date(2026, 12, 14)
ANEW = date(2026, 12, 21)


def asked(cast):
    return contact.ask_for(words="Hvem ringer?", key=uuid.uuid4(), by=opened(cast.ida, cast.ida))


def written(cast):
    ida = opened(cast.ida, cast.ida)
    return sending.send(words="Får jeg fleksjob?", thread=ida.main_thread, key=uuid.uuid4(), by=ida)


def wished(cast):
    return handover.wish_for_contact(wants=None, key=uuid.uuid4(), by=opened(cast.ida, cast.ida))


def money(cast):
    by = opened(cast.ida, cast.ida)
    return grants.ask(what="en cykel", why="Ud.", ore=180_000, key=uuid.uuid4(), by=by)


def whose(cast):
    karen, unit = opened(cast.karen, cast.ida), Unit.objects.get(pk=cast.lars.posts[0].unit_id)
    return duties.ask_whose(
        about="transporten",
        because="Jeres",
        unit=unit,
        thread=karen.thread(),
        key=uuid.uuid4(),
        by=karen,
    )


def main(answer) -> str:
    """The words of the page itself, with plain spaces."""
    return " ".join(answer.content.decode().split("<main", 1)[1].split("</main>")[0].split())


@pytest.mark.parametrize(
    ("made", "pages"),
    [
        (wished, [("ida", "case-contact"), ("karen", "work-contact")]),
        (money, [("ida", "case-grants"), ("karen", "work-grants")]),
        (whose, [("karen", "work-duty"), ("lars", "duty")]),
    ],
)
def test_the_day_that_holds_now_stands_on_both_sides(client, cast, at, made, pages):
    found = made(cast)
    passed = found.promise.due
    case = found.case_id
    at(clock.at(LATE, time(9)))
    if made is wished:
        handover.explain_wish_as_leader(wish=found, words="Vi glemte det.", new_due=ANEW, by=cast.lena)
    else:
        by = opened(cast.karen, cast.ida)
        cases.explain(promise=found.promise, words="Vi glemte det.", new_due=ANEW, by=by)
    for who, name in pages:
        client.force_login(getattr(cast, who))
        keys = {"duty": [found.pk], "work-duty": [case, found.pk]}.get(name, [case])
        page = main(client.get(reverse(name, args=keys)))
        assert "21. december" in page, name
        assert f"{passed.day}. december" not in page, name
        assert "har ikke svaret i tide" not in page, name


@pytest.mark.parametrize("made", [asked, written])
def test_a_colleague_asked_to_take_it_hears_the_day_that_holds_now(client, cast, at, made):
    found = made(cast)
    at(clock.at(LATE, time(9)))
    karen = opened(cast.karen, cast.ida)
    cases.explain(promise=found.promise, words="Vi glemte det.", new_due=ANEW, by=karen)
    if made is asked:
        handed = contact.hand_on(request=found, to=cast.lotte, words="Din?", by=karen.visitor)
    else:
        handed = contact.hand_on_message(message=found, to=cast.lotte, words="Din?", by=karen)
    client.force_login(cast.lotte)
    assert "svar senest mandag 21. december" in main(client.get(reverse("requests")))
    url = reverse("take", args=[handed.pk])
    assert "Svar senest mandag 21. december" in main(client.get(url))
    if made is asked:
        taken = client.post(url, {"do": "take"}, follow=True)
        assert "hører fra dig senest mandag 21. december" in " ".join(taken.content.decode().split())
