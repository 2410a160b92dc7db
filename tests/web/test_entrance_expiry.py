"""A sign-in that ended while somebody wrote: nothing is lost, and nobody else gets to see it."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from medspil.people.models import Unit
from medspil.web import typed

from .signing_in import Browser, with_password

pytestmark = pytest.mark.django_db
WORDS = {
    "name": "Hjælpemidler & biler",
    "kind": "authority",
    "phone": "20 00 00 60",
    "hours": "mandag »kl. 9« til 12",
    "hours_en": "",
    "answer_days": "4",
    "application_days": "28",
    "caseload_limit": "30",
}


@pytest.fixture
def admin(cast):
    """The administrator in a browser, on the page where a unit is added."""
    browser = Browser()
    _answer, browser.secret = browser.enter(with_password(cast.admin))
    browser.look(reverse("unit-new"))
    return browser


def envelope(page) -> str:
    found = re.search(r'name="typed" value="([^"]+)"', page.content.decode())
    return found[1] if found else ""


def end_the_session():
    Session.objects.all().delete()


def test_what_was_typed_comes_back_after_both_steps_and_is_sent_with_one_button(admin, cast):
    end_the_session()
    page = admin.send(reverse("unit-new"), WORDS)
    assert page.status_code == 401
    assert "Du blev logget ud. Det, du skrev, er gemt." in page.content.decode()
    assert "Hjælpemidler" not in page.content.decode()
    answer, _secret = admin.enter(cast.admin, secret=admin.secret, step=1, typed=envelope(page))
    assert answer.headers["Location"] == reverse("typed")
    page = admin.look(reverse("typed"))
    assert "Hjælpemidler &amp; biler" in page.content.decode()
    fields = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', page.content.decode()))
    assert {k: fields[k] for k in ("kind", "answer_days")} == {"kind": "authority", "answer_days": "4"}
    assert not Unit.objects.filter(name=WORDS["name"]).exists()
    answer = admin.send(reverse("unit-new"), {**WORDS, "typed": fields["typed"]})
    assert answer.headers["Location"] == reverse("units")
    assert Unit.objects.get(name=WORDS["name"]).hours == "mandag »kl. 9« til 12"
    # Sent is sent: nothing waits to be sent again.
    assert admin.look(reverse("typed")).headers["Location"] == reverse("home")


def test_the_words_wait_when_the_password_is_wrong_at_first(admin, cast):
    end_the_session()
    page = admin.send(reverse("unit-new"), WORDS)
    page = admin.send(reverse("sign-in"), {"login": "admin", "password": "forkert", "typed": envelope(page)})
    answer, _secret = admin.enter(cast.admin, secret=admin.secret, step=1, typed=envelope(page))
    assert answer.headers["Location"] == reverse("typed")


def test_the_words_wait_while_somebody_changes_the_language_of_the_way_in(admin, cast):
    end_the_session()
    page = admin.send(reverse("unit-new"), WORDS)
    back_to = re.search(r'action="/sprog/".*?name="next" value="([^"]+)"', page.content.decode(), re.DOTALL)[
        1
    ]
    answer = admin.send(reverse("language"), {"language": "en", "next": back_to})
    page = admin.look(answer.headers["Location"])
    assert page.status_code == 200
    assert "You were signed out. What you wrote is kept." in page.content.decode()
    answer, _secret = admin.enter(cast.admin, secret=admin.secret, step=1)
    assert answer.headers["Location"] == reverse("typed")


def test_another_who_signs_in_on_the_machine_does_not_get_the_words(admin, cast):
    end_the_session()
    page = admin.send(reverse("unit-new"), WORDS)
    answer, _secret = admin.enter(with_password(cast.bo), typed=envelope(page))
    assert answer.headers["Location"] == reverse("home")
    assert admin.look(reverse("typed")).headers["Location"] == reverse("home")
    assert typed.SESSION_KEY not in admin.session


def test_a_form_left_open_by_one_person_is_not_shown_to_the_next(admin, cast):
    left_open = admin.token()
    admin.send(reverse("sign-out"))
    admin.look(reverse("sign-in"))
    admin.enter(with_password(cast.bo))
    page = admin.send(reverse("unit-new"), WORDS, token=left_open)
    assert page.status_code == 403
    assert "Hjælpemidler" not in page.content.decode()
    assert admin.look(reverse("typed")).headers["Location"] == reverse("home")


def test_a_form_left_open_over_a_sign_in_of_ones_own_is_not_lost_either(admin, cast):
    left_open = admin.token()
    admin.send(reverse("sign-out"))
    admin.look(reverse("sign-in"))
    admin.enter(cast.admin, secret=admin.secret, step=1)
    answer = admin.send(reverse("unit-new"), WORDS, token=left_open)
    assert answer.headers["Location"] == reverse("typed")
    assert "Hjælpemidler &amp; biler" in admin.look(reverse("typed")).content.decode()


def test_words_that_another_site_sends_in_somebodys_name_are_never_carried(admin):
    forged = "a" * 64
    page = admin.send(reverse("unit-new"), WORDS, token=forged)
    assert page.status_code == 403
    end_the_session()
    for token in (forged, "x", ""):
        page = admin.post(reverse("unit-new"), {"csrfmiddlewaretoken": token, **WORDS})
        assert page.status_code == 401
        assert envelope(page) == ""
        assert "Det, du skrev, er gemt" not in page.content.decode()
        assert "Du blev logget ud." in page.content.decode()


def test_an_envelope_is_sealed_old_after_a_day_and_refused_when_changed(admin, monkeypatch):
    end_the_session()
    sealed = envelope(admin.send(reverse("unit-new"), WORDS))
    assert typed.opened(sealed).fields[0] == ("name", WORDS["name"])
    assert typed.opened(sealed[:-4] + "AAA=") is None
    assert typed.opened("nothing") is None
    import time

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + timedelta(hours=23, minutes=59).total_seconds())
    assert typed.opened(sealed) is not None
    monkeypatch.setattr("time.time", lambda: now + timedelta(hours=24, minutes=1).total_seconds())
    assert typed.opened(sealed) is None


def test_what_is_too_much_is_said_to_be_lost_and_not_said_to_be_kept(admin):
    end_the_session()
    page = admin.send(reverse("unit-new"), {**WORDS, "hours": "x" * 300_001})
    assert envelope(page) == ""
    assert "er gemt" not in page.content.decode()


def test_a_password_is_never_put_into_an_envelope(admin):
    end_the_session()
    sealed = envelope(admin.send(reverse("unit-new"), {**WORDS, "password": "hemmelig", "code": "123456"}))
    assert {name for name, _value in typed.opened(sealed).fields} == set(WORDS)


def test_nothing_is_kept_where_nothing_was_written(admin):
    end_the_session()
    assert envelope(admin.send(reverse("forget-typed"))) == ""


def test_words_can_be_let_go_of(admin, cast):
    end_the_session()
    page = admin.send(reverse("unit-new"), WORDS)
    admin.enter(cast.admin, secret=admin.secret, step=1, typed=envelope(page))
    admin.look(reverse("typed"))
    admin.send(reverse("forget-typed"))
    assert admin.look(reverse("typed")).headers["Location"] == reverse("home")


def test_a_part_of_a_page_that_comes_too_late_shows_the_whole_way_in(admin):
    end_the_session()
    answer = admin.post(
        reverse("unit-new"), {"csrfmiddlewaretoken": admin.token(), **WORDS}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == "body"
    assert envelope(answer)


def test_a_page_that_was_only_asked_for_is_where_one_comes_back_to(admin):
    end_the_session()
    assert admin.look(reverse("staff")).headers["Location"] == f"{reverse('sign-in')}?next={reverse('staff')}"
