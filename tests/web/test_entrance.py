"""The way in: both steps or nothing, attempts limited, links that work once."""

import itertools
import logging
import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.db import OperationalError
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from medspil.base import clock
from medspil.base.logs import WithoutSecrets
from medspil.people import actions as people
from medspil.people import invitation
from medspil.people.models import Person

from .signing_in import PASSWORD, Browser, code, password_step, secret_on, sign_in, with_password, wrong_code

pytestmark = pytest.mark.django_db


def test_the_codes_of_the_tests_are_those_of_the_standard(monkeypatch):
    # RFC 6238, appendix B: the secret "12345678901234567890" at 59 seconds shows 94287082, of which we use six digits.
    monkeypatch.setattr("time.time", lambda: 59)
    assert code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == "287082"


def every_address():
    """An address for each page there is, with a 1 wherever a key stands."""

    def walk(patterns, before=""):
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield here
            else:
                yield from walk(pattern.url_patterns, here)

    samples = {
        "int": "1",
        "str": "x",
        "slug": "x",
        "uuid": "5f0c7c0e-6c53-4bb4-9a35-111111111111",
        "path": "x",
    }
    for route in walk(get_resolver().url_patterns):
        parts = route.replace("^", "").replace("$", "").split("<")
        yield "/" + parts[0] + "".join(samples[p.split(":")[0]] + p.split(">", 1)[1] for p in parts[1:])


def test_a_password_alone_opens_nothing_that_nobody_signed_in_can_open(cast):
    person, stranger = Client(), Client()
    password_step(person, with_password(cast.ida))
    assert SESSION_KEY not in person.session
    # The second step, and the way out: the only two pages that answer somebody halfway in otherwise than a stranger.
    addresses = [a for a in every_address() if a not in (reverse("second-factor"), reverse("sign-out"))]
    assert len(addresses) > 60
    for address, method in itertools.product(addresses, ("get", "post")):
        theirs, nobodys = (getattr(c, method)(address) for c in (person, stranger))
        assert (address, theirs.status_code) == (address, nobodys.status_code)
        assert theirs.headers.get("Location") == nobodys.headers.get("Location")
        shown = [b"Ida Holm" in getattr(page, "content", b"") for page in (theirs, nobodys)]
        assert (address, shown[0]) == (address, shown[1])
    assert SESSION_KEY not in person.session
    assert person.get(reverse("second-factor")).status_code == 200


def test_the_right_password_and_the_right_code_open_the_first_page(client, cast):
    answer, _secret = sign_in(client, with_password(cast.admin))
    assert answer.headers["Location"] == reverse("home")
    assert client.get(reverse("home")).headers["Location"] == reverse("units")
    assert client.get(reverse("units")).status_code == 200


def test_the_session_is_another_after_each_step(client, cast):
    client.get(reverse("sign-in"))
    keys = [client.session.session_key]
    password_step(client, with_password(cast.admin))
    keys.append(client.session.session_key)
    secret = secret_on(client.get(reverse("second-factor")))
    client.post(reverse("second-factor"), {"code": code(secret)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_whoever_has_no_app_yet_sets_it_up_before_anything_else_opens(client, cast):
    password_step(client, with_password(cast.admin))
    page = client.get(reverse("second-factor"))
    assert "data:image/svg+xml" in page.content.decode()
    assert client.get(reverse("units")).status_code == 302
    secret = secret_on(page)
    # Looking again shows the same key, so that a reload spoils nothing.
    assert secret_on(client.get(reverse("second-factor"))) == secret
    refused = client.post(reverse("second-factor"), {"code": wrong_code(secret)})
    assert "Koden passer ikke." in refused.content.decode()
    assert client.get(reverse("units")).status_code == 302


def test_the_key_is_not_shown_again_once_the_app_is_set_up(cast):
    _answer, secret = sign_in(Client(), with_password(cast.admin))
    later = Client()
    password_step(later, cast.admin)
    page = later.get(reverse("second-factor")).content.decode()
    assert "entrance-secret" not in page
    assert secret not in page
    assert "image/svg+xml;" not in page
    assert later.post(reverse("second-factor"), {"code": code(secret, 1)}).headers["Location"] == reverse(
        "home"
    )


def test_a_code_works_once(cast):
    _answer, secret = sign_in(Client(), with_password(cast.admin))
    thief = Client()
    password_step(thief, cast.admin)
    assert SESSION_KEY not in thief.session
    answer = thief.post(reverse("second-factor"), {"code": code(secret)})
    assert answer.status_code == 200
    assert SESSION_KEY not in thief.session


def test_wrong_codes_make_one_wait_and_say_how_long(client, cast, settings):
    settings.OTP_TOTP_THROTTLE_FACTOR = 60
    password_step(client, with_password(cast.admin))
    secret = secret_on(client.get(reverse("second-factor")))
    wrong = wrong_code(secret)
    client.post(reverse("second-factor"), {"code": wrong})
    page = client.post(reverse("second-factor"), {"code": code(secret)}).content.decode()
    assert re.search(
        r"Der har været for mange forkerte koder. Vent (60|59|58|57) sekunder, og prøv igen.", page
    )
    assert SESSION_KEY not in client.session


def test_the_second_step_waits_a_quarter_of_an_hour_and_no_longer(client, cast, monkeypatch):
    password_step(client, with_password(cast.admin))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=16))
    assert client.get(reverse("second-factor")).headers["Location"] == reverse("sign-in")


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, cast):
    with_password(cast.ida)
    pages = [
        client.post(reverse("sign-in"), {"login": name, "password": "ikke det rigtige"}).content.decode()
        for name in ("ida", "nobody-here")
    ]
    for page in pages:
        assert "Navnet og adgangskoden passer ikke sammen. Prøv igen." in page
        assert "ikke det rigtige" not in page


def test_small_and_capital_letters_in_the_name_are_the_same(client, cast):
    answer = password_step(client, with_password(cast.ida), login="  IDA ")
    assert answer.headers["Location"] == reverse("second-factor")


def test_after_eight_wrong_passwords_a_sentence_says_when_to_try_again(client, cast, monkeypatch):
    with_password(cast.ida)
    with_password(cast.bo)
    noon = clock.at(clock.today(), clock.now().time().replace(hour=12, minute=0, second=0, microsecond=0))
    for n in range(8):
        # Another spelling of the name is no way round.
        answer = password_step(client, cast.ida, password="forkert", login="Ida" if n % 2 else "ida")
    assert answer.status_code == 429
    monkeypatch.setattr(clock, "now", lambda: noon)
    answer = password_step(client, cast.ida)
    assert answer.status_code == 429
    assert "Prøv igen i dag kl. 12.15" in answer.content.decode().replace("\xa0", " ")
    assert SESSION_KEY not in client.session
    assert password_step(client, cast.bo).headers["Location"] == reverse("second-factor")


def test_the_lock_opens_again_after_a_quarter_of_an_hour(client, cast):
    with_password(cast.ida)
    for _ in range(8):
        password_step(client, cast.ida, password="forkert")
    assert password_step(client, cast.ida).status_code == 429
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=attempt.attempt_time - timedelta(minutes=16)
        )
    assert password_step(client, cast.ida).headers["Location"] == reverse("second-factor")


def test_it_leads_on_to_where_the_person_was_going_but_never_away_from_us(cast):
    with_password(cast.admin)
    going = Client().get(reverse("staff")).headers["Location"]
    assert going == f"{reverse('sign-in')}?next={reverse('staff')}"
    answer, secret = sign_in(Client(), cast.admin, next=reverse("staff"))
    assert answer.headers["Location"] == reverse("staff")
    for address in ("https://example.com/", "//example.com/x", "javascript:alert(1)"):
        client = Client()
        password_step(client, cast.admin, next=address)
        # The same code again: the device is made to forget that it has seen it.
        TOTPDevice.objects.filter(user=cast.admin).update(last_t=-1)
        assert client.post(reverse("second-factor"), {"code": code(secret)}).headers["Location"] == reverse(
            "home"
        )


def test_in_production_a_session_without_the_second_step_is_nobodys(client, cast, settings):
    client.force_login(cast.admin)
    assert client.get(reverse("units")).status_code == 200
    settings.PRODUCTION = True
    assert client.get(reverse("units")).headers["Location"].startswith(reverse("sign-in"))
    assert SESSION_KEY not in client.session


def test_in_production_both_steps_open_the_page(client, cast, settings):
    settings.PRODUCTION = True
    sign_in(client, with_password(cast.admin))
    assert client.get(reverse("units")).status_code == 200


def test_the_links_of_the_demo_are_not_there_outside_it(client, cast, settings):
    from medspil.web.entrance import demo_token

    address = reverse("demo-enter", args=[demo_token(cast.admin)])
    settings.DEMO = False
    assert client.get(address).status_code == 404
    settings.DEMO = True
    assert client.get(address).headers["Location"] == reverse("home")
    assert client.get(reverse("units")).status_code == 200
    assert Client().get(reverse("demo-enter", args=["x"])).status_code == 404


def test_forgetting_the_app_ends_every_session_and_asks_for_a_new_one(client, cast):
    with_password(cast.karen)
    _answer, secret = sign_in(client, cast.karen)
    assert SESSION_KEY in client.session
    people.reset_second_factor(person=cast.karen, by=cast.admin)
    assert client.get(reverse("settings")).headers["Location"].startswith(reverse("sign-in"))
    again = Client()
    password_step(again, cast.karen)
    assert secret_on(again.get(reverse("second-factor"))) != secret


def test_the_app_cannot_be_forgotten_by_somebody_who_is_no_administrator(cast):
    from medspil.base.refusals import NotYours

    for person in (cast.karen, cast.lena, cast.ida):
        with pytest.raises(NotYours):
            people.reset_second_factor(person=cast.petra, by=person)
        with pytest.raises(NotYours):
            people.forget_password(person=cast.petra, by=person)


# The one-time link


def choose(client, token, password=PASSWORD, again=None):
    return client.post(
        reverse("choose-password", args=[token]), {"password": password, "password_again": again or password}
    )


def test_a_link_lets_one_choose_a_password_once(client, cast):
    token = invitation.make(people.forget_password(person=cast.karen, by=cast.admin))
    assert "karen" in client.get(reverse("choose-password", args=[token])).content.decode()
    assert "Adgangskoden er gemt." in choose(client, token).content.decode()
    assert choose(client, token).status_code == 410
    assert Person.objects.get(pk=cast.karen.pk).check_password(PASSWORD)
    assert password_step(client, cast.karen).headers["Location"] == reverse("second-factor")


def test_a_link_is_good_for_two_days(client, cast, monkeypatch):
    token = invitation.make(cast.karen)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=47, minutes=59))
    assert client.get(reverse("choose-password", args=[token])).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=48, minutes=1))
    page = client.get(reverse("choose-password", args=[token]))
    assert page.status_code == 410
    assert "Ring, så får du et nyt." in page.content.decode()


def test_a_newer_link_makes_the_older_one_worthless_and_so_does_a_changed_one(client, cast):
    older = invitation.make(people.forget_password(person=cast.karen, by=cast.admin))
    newer = invitation.make(people.forget_password(person=cast.karen, by=cast.admin))
    assert choose(client, older).status_code == 410
    assert choose(client, newer[:-2]).status_code == 410
    assert choose(client, newer).status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("kort", "kort", "Den er for kort."),
        ("karen damsgaard", "karen damsgaard", "Den ligner dit navn"),
        ("qwerty123456", "qwerty123456", "Den bruger mange andre."),
        ("tre blå stole i haven", "tre blå stole i have", "De to er ikke ens."),
    ],
)
def test_a_bad_password_is_refused_with_a_sentence_and_the_link_still_works(
    client, cast, password, again, sentence
):
    token = invitation.make(cast.karen)
    page = choose(client, token, password, again).content.decode()
    assert sentence in page
    assert choose(client, token).status_code == 200


# Out


def test_signing_out_ends_the_session_and_clears_what_the_machine_kept(client, cast):
    client.force_login(cast.admin)
    answer = client.post(reverse("sign-out"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert SESSION_KEY not in client.session
    page = client.get(answer.headers["Location"])
    assert "Du er logget ud." in page.content.decode()
    assert client.get(reverse("units")).status_code == 302


def test_a_link_to_sign_out_asks_first(client, cast):
    client.force_login(cast.admin)
    assert "Vil du logge ud?" in client.get(reverse("sign-out")).content.decode()
    assert SESSION_KEY in client.session


def test_the_forms_of_the_way_in_hold_a_secret_that_changes_with_each_step(cast):
    with_password(cast.admin)
    browser = Browser()
    browser.look(reverse("sign-in"))
    before = browser.cookies["csrftoken"].value
    browser.enter(cast.admin)
    assert browser.cookies["csrftoken"].value != before
    assert Browser().post(reverse("sign-in"), {"login": "admin", "password": PASSWORD}).status_code in (
        401,
        403,
    )


def test_a_refused_link_does_not_stand_in_the_log(monkeypatch):
    """What lets somebody in is not written where the log is read, however the page was refused."""
    (console,) = [
        h for h in logging.getLogger().handlers if any(isinstance(f, WithoutSecrets) for f in h.filters)
    ]
    written = []
    monkeypatch.setattr(console, "emit", lambda record: written.append(console.format(record)))
    Client(enforce_csrf_checks=True).post(reverse("choose-password", args=["MTc:" + "s3cr3t-" * 6]))
    Client().get("/ind/vaelg/" + "s3cr3t-" * 6 + "/mere/")
    assert len(written) == 2
    assert "s3cr3t" not in "".join(written)
    assert "/ind/vaelg/…/" in written[0]


@pytest.mark.parametrize(
    ("language", "said"), [("da", "Noget gik i stykker hos os."), ("en", "Something broke on our side.")]
)
def test_what_breaks_is_said_in_a_sentence_without_asking_the_database(
    monkeypatch, django_assert_num_queries, language, said
):
    def no_database(*args, **kwargs):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("medspil.people.directory.contact_units", no_database)
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    with django_assert_num_queries(0):
        page = client.get(reverse("contact"))
    assert page.status_code == 500
    assert said in page.content.decode()
    assert 'href="tel:' in page.content.decode()


@pytest.mark.parametrize(
    ("login", "page", "kept"), [("ida", "my-case", False), ("karen", "desk", False), ("", "welcome", True)]
)
def test_no_browser_keeps_a_page_of_somebody_signed_in_for_the_next_at_the_machine(
    client, cast, login, page, kept
):
    if login:
        client.force_login(getattr(cast, login))
    answer = client.get(reverse(page))
    assert answer.status_code == 200
    assert ("no-store" not in answer.headers.get("Cache-Control", "")) is kept
