"""The municipality's administrator: units, staff, and what happens when somebody leaves. Reads no case."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.models import Case, Member, Note, Promise
from medspil.contact import actions as contact
from medspil.contact.models import HandingOn
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Opening, Person, Staff, Unit
from medspil.people.roles import Role
from medspil.project.demo.cast import opened

from .signing_in import password_step, with_password

pytestmark = pytest.mark.django_db
UNIT = {
    "name": "Hjælpemidler",
    "kind": "authority",
    "phone": "20 00 00 60",
    "hours": "hverdage kl. 10 til 14",
    "hours_en": "weekdays 10 to 2",
    "answer_days": "5",
    "caseload_limit": "40",
    "application_days": "42",
}


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


def hire(admin, cast, **more):
    words = {
        "name": "Sofie Bach",
        "login": "SoBa",
        "email": "soba@example.dk",
        "phone": "",
        "unit": cast.adult.pk,
        "role": "caseworker",
        "title": "Sagsbehandler",
        "title_en": "Caseworker",
        "since": "2026-01-05",
        "takes_requests": "on",
    }
    return admin.post(reverse("staff-new"), {**words, **more})


# Units


def test_a_unit_is_added_and_stands_in_the_list_and_among_the_numbers_to_ring(admin):
    assert admin.post(reverse("unit-new"), UNIT).headers["Location"] == reverse("units")
    unit = Unit.objects.get(name="Hjælpemidler")
    assert (unit.slug, unit.phone, unit.answer_days, unit.caseload_limit) == (
        "hjaelpemidler",
        "20000060",
        5,
        40,
    )
    assert unit.application_days == 42
    assert "Hjælpemidler" in admin.get(reverse("units")).content.decode()
    page = admin.get(reverse("contact")).content.decode().replace("\xa0", " ")
    assert "20 00 00 60" in page
    assert "Hverdage kl. 10 til 14" in page


def test_every_setting_of_a_unit_has_its_field():
    from medspil.web.administration import UnitForm

    # The name of its address is made from its own name, and how things stand is its leader's to say.
    given = {field.name for field in Unit._meta.fields} - {"id", "slug", "notice"}
    assert given == set(UnitForm.base_fields)


def test_a_unit_is_changed_and_keeps_its_place(admin, cast):
    admin.post(reverse("unit", args=[cast.job.pk]), {**UNIT, "name": "Job og fleksjob"})
    unit = Unit.objects.get(pk=cast.job.pk)
    assert (unit.name, unit.slug, unit.hours) == ("Job og fleksjob", "job", "hverdage kl. 10 til 14")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": "2000"}, "Et telefonnummer har otte tal"),
        ({"phone": "20 00 00 60 70"}, "Et telefonnummer har otte tal"),
        ({"name": "BESKÆFTIGELSE"}, "Der er allerede en afdeling, der hedder det."),
        ({"answer_days": "0"}, "1"),
        ({"answer_days": "to"}, "heltal"),
        ({"kind": "magic"}, "Vælg et af svarene."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_the_rest_stays_in_the_form(admin, wrong, sentence):
    page = admin.post(reverse("unit-new"), {**UNIT, **wrong}).content.decode()
    assert sentence in page
    assert "hverdage kl. 10 til 14" in page
    assert Unit.objects.count() == 5


def test_there_is_one_front_door_and_it_moves_but_is_never_lost(admin, cast):
    page = admin.post(
        reverse("unit", args=[cast.adult.pk]), {**UNIT, "name": "Voksen og handicap"}
    ).content.decode()
    assert "En afdeling skal tage imod det nye." in page
    admin.post(reverse("unit", args=[cast.job.pk]), {**UNIT, "name": "Beskæftigelse", "is_front_door": "on"})
    assert list(Unit.objects.filter(is_front_door=True)) == [cast.job]


# Staff


def test_a_new_member_of_staff_gets_a_link_that_is_shown_once_and_works(admin, cast, client):
    page = admin.get(hire(admin, cast).headers["Location"]).content.decode()
    link = re.search(r"http://testserver(/ind/vaelg/[^<]+)<", page)[1]
    post = Staff.objects.get(person__login="soba")
    assert (post.unit, post.role, post.since, post.takes_requests) == (
        cast.adult,
        "caseworker",
        date(2026, 1, 5),
        True,
    )
    assert link not in admin.get(reverse("staff-member", args=[post.person_id])).content.decode()
    client.post(link, {"password": "fire røde tage i byen", "password_again": "fire røde tage i byen"})
    client.logout()
    assert password_step(client, post.person, "fire røde tage i byen").headers["Location"] == reverse(
        "second-factor"
    )


def test_a_link_is_shown_on_the_page_of_its_own_person_only(admin, cast):
    hire(admin, cast)
    assert "/ind/vaelg/" not in admin.get(reverse("staff-member", args=[cast.karen.pk])).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"login": "KAREN"}, "Det brugernavn bruger en anden."),
        ({"login": "so ba"}, "ingen mellemrum"),
        ({"email": "ikke en mail"}, "mail"),
        ({"since": "i morgen"}, "dato"),
        ({"unit": "999"}, "Vælg et af svarene."),
        ({"role": "citizen"}, "Vælg et af svarene."),
    ],
)
def test_what_cannot_be_about_a_person_is_said_and_nobody_is_made(admin, cast, wrong, sentence):
    people_before = Person.objects.count()
    page = hire(admin, cast, **wrong).content.decode()
    assert sentence in page
    assert "Sofie Bach" in page
    assert Person.objects.count() == people_before


def test_a_post_is_changed_and_a_second_one_added(admin, cast):
    post = Staff.objects.get(person=cast.karen)
    words = {"title": "Rådgiver", "title_en": "Adviser", "email": "kd@example.dk", "phone": "20 00 00 99"}
    admin.post(reverse("post", args=[post.pk]), words)
    post.refresh_from_db()
    karen = Person.objects.get(pk=cast.karen.pk)
    assert (post.title, post.takes_requests) == ("Rådgiver", False)
    assert (karen.email, karen.phone) == ("kd@example.dk", "20000099")
    admin.post(
        reverse("post-new", args=[karen.pk]),
        {"unit": cast.job.pk, "role": "leader", "title": "", "title_en": "", "since": "2026-01-05"},
    )
    assert {Role.CASEWORKER, Role.LEADER} <= Person.objects.get(pk=karen.pk).roles


# Leaving


@pytest.fixture
def busy(cast):
    """Karen with an open promise to Ida, a request of hers, and the cases of Ida, Bo and Otto."""
    later = clock.today() + timedelta(days=20)
    promise = cases.make_promise(what="ringer om ansøgningen", due=later, by=opened(cast.karen, cast.ida))
    request = contact.ask(
        words="Må min søster være med?", key=uuid.uuid4(), by=Visitor(cast.ida, uuid.uuid4())
    )
    assert request.owner == cast.karen
    return promise, request


def test_who_still_owes_cannot_leave_without_somebody_who_takes_over(admin, cast, busy):
    post = Staff.objects.get(person=cast.karen)
    page = admin.get(reverse("post-end", args=[post.pk])).content.decode()
    # Her promise and the clock of the request; the request; and the cases of Ida, Bo and Otto.
    for words in ("2 åbne løfter", "1 henvendelse uden svar", "3 borgere"):
        assert words in page
    for secret in ("ringer om ansøgningen", "Må min søster", "Ida Holm"):
        assert secret not in page
    refused = admin.post(reverse("post-end", args=[post.pk]), {"until": clock.today().isoformat()})
    assert "Vælg, hvem der tager over." in refused.content.decode()
    post.refresh_from_db()
    assert post.until is None


def test_what_is_open_goes_to_the_colleague_and_each_case_says_so(admin, cast, busy):
    promise, request = busy
    kept = cases.make_promise(what="sender papirer", due=clock.today(), by=opened(cast.karen, cast.bo))
    cases.keep(promise=kept, by=opened(cast.karen, cast.bo))
    post = Staff.objects.get(person=cast.karen)
    last = clock.today() + timedelta(days=10)
    openings = Opening.objects.count()
    answer = admin.post(reverse("post-end", args=[post.pk]), {"until": last.isoformat(), "to": cast.lotte.pk})
    assert answer.headers["Location"] == reverse("staff-member", args=[cast.karen.pk])
    for row in (promise, request, kept, post):
        row.refresh_from_db()
    assert (promise.owner, request.owner, request.promise.owner) == (cast.lotte, cast.lotte, cast.lotte)
    # What was kept stays in the name of the one who kept it.
    assert kept.owner == cast.karen
    assert post.until == last
    assert set(Member.objects.filter(person=cast.karen).values_list("until", flat=True)) == {last}
    for citizen in (cast.ida, cast.bo, cast.otto):
        line = Note.objects.get(case__citizen=citizen, kind="taken_over")
        assert (line.words, line.by) == ("Lotte Friis", cast.karen)
        # Both see the case until Karen's last day.
        assert opened(cast.lotte, citizen).works_here
        assert opened(cast.karen, citizen).works_here
    assert Promise.objects.filter(owner=cast.karen, outcome="").count() == 0
    # The administrator opened no case for it: only the four lookings of this test have come since.
    assert Opening.objects.filter(actor=cast.admin).count() == 0
    assert Opening.objects.count() == openings + 6
    # The providers' and the employment threads are not Karen's and stay as they are.
    assert Case.objects.get(citizen=cast.ida).threads.count() == 3


def test_nothing_is_half_done_when_the_last_step_refuses(admin, cast, busy):
    promise, _request = busy
    post = Staff.objects.get(person=cast.karen)
    page = admin.post(reverse("post-end", args=[post.pk]), {"until": "2020-01-01", "to": cast.lotte.pk})
    assert "Den dag er før den første dag." in page.content.decode()
    promise.refresh_from_db()
    assert promise.owner == cast.karen
    assert not Note.objects.filter(kind="taken_over").exists()


def test_somebody_of_another_unit_cannot_take_over(admin, cast, busy):
    post = Staff.objects.get(person=cast.karen)
    page = admin.post(
        reverse("post-end", args=[post.pk]), {"until": clock.today().isoformat(), "to": cast.sune.pk}
    )
    assert page.status_code == 200
    post.refresh_from_db()
    assert post.until is None


def test_the_only_one_of_a_unit_is_not_let_go_before_another_is_there(admin, cast):
    post = Staff.objects.get(person=cast.petra)
    page = admin.get(reverse("post-end", args=[post.pk])).content.decode()
    assert "Der er ingen anden med samme post i afdelingen" in page
    assert f"{reverse('staff-new')}?unit={cast.home.pk}" in page


def test_who_owes_nothing_just_leaves_and_has_no_role_the_day_after(admin, cast, monkeypatch):
    post = Staff.objects.get(person=cast.sune)
    today = clock.today()
    admin.post(reverse("post-end", args=[post.pk]), {"until": today.isoformat()})
    assert Role.CASEWORKER in Person.objects.get(pk=cast.sune.pk).roles
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    assert Person.objects.get(pk=cast.sune.pk).roles == {Role.CITIZEN}


def test_the_administrator_does_not_shut_themselves_out(admin, cast):
    post = Staff.objects.get(person=cast.admin)
    page = admin.post(
        reverse("post-end", args=[post.pk]), {"until": clock.today().isoformat()}
    ).content.decode()
    assert "Du kan ikke afslutte din egen post." in page


# Whose pages these are


def test_the_administration_is_there_for_the_administrator_alone(client, cast):
    post = Staff.objects.get(person=cast.karen)
    gets = [
        reverse("units"),
        reverse("unit-new"),
        reverse("unit", args=[cast.job.pk]),
        reverse("staff"),
        reverse("staff-new"),
        reverse("staff-member", args=[cast.karen.pk]),
        reverse("post-new", args=[cast.karen.pk]),
        reverse("post", args=[post.pk]),
        reverse("post-end", args=[post.pk]),
    ]
    posts = [
        reverse("staff-link", args=[cast.karen.pk]),
        reverse("staff-second-factor", args=[cast.karen.pk]),
    ]
    for person in (cast.ida, cast.karen, cast.lena, cast.hans, cast.yasmin):
        client.force_login(person)
        assert {client.get(a).status_code for a in gets} == {404}
        assert {client.post(a).status_code for a in gets + posts} == {404}
    client.force_login(cast.admin)
    assert {client.get(a).status_code for a in gets} == {200}


def test_the_administrator_reads_no_case_and_finds_no_citizen_among_the_staff(admin, cast):
    case = Case.objects.get(citizen=cast.ida)
    assert admin.get(reverse("case", args=[case.pk])).status_code == 404
    assert admin.get(reverse("work-case", args=[case.pk])).status_code == 404
    assert admin.get(reverse("staff-member", args=[cast.ida.pk])).status_code == 404
    assert admin.post(reverse("staff-link", args=[cast.ida.pk])).status_code == 404


def test_the_actions_themselves_ask_who_is_acting(cast):
    from medspil.base.refusals import NotYours

    post = Staff.objects.get(person=cast.petra)
    with pytest.raises(NotYours):
        people.end_post(post=post, until=clock.today(), by=cast.lena)
    with pytest.raises(NotYours):
        cases.take_over(after=cast.karen, to=cast.lotte, unit=cast.adult, until=clock.today(), by=cast.lena)
    with pytest.raises(NotYours):
        contact.take_over(after=cast.karen, to=cast.lotte, unit=cast.adult, by=cast.karen)


def test_a_new_link_and_a_forgotten_app_are_one_press_each(admin, cast):
    with_password(cast.karen)
    answer = admin.post(reverse("staff-link", args=[cast.karen.pk]))
    assert "/ind/vaelg/" in admin.get(answer.headers["Location"]).content.decode()
    assert not Person.objects.get(pk=cast.karen.pk).has_usable_password()
    before = Person.objects.get(pk=cast.karen.pk).credentials
    admin.post(reverse("staff-second-factor", args=[cast.karen.pk]))
    assert Person.objects.get(pk=cast.karen.pk).credentials == before + 1


def test_who_left_is_given_no_way_in_by_the_administrator(admin, cast, monkeypatch):
    """They may be a citizen here now."""
    post = Staff.objects.get(person=cast.sune)
    today = clock.today()
    admin.post(reverse("post-end", args=[post.pk]), {"until": today.isoformat()})
    assert admin.post(reverse("staff-link", args=[cast.sune.pk])).status_code == 302
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    for name in ("staff-link", "staff-second-factor"):
        assert admin.post(reverse(name, args=[cast.sune.pk])).status_code == 404
    page = admin.get(reverse("staff-member", args=[cast.sune.pk])).content.decode()
    assert "Sune Aagaard" in page
    assert reverse("staff-link", args=[cast.sune.pk]) not in page


def test_the_lists_ask_the_database_a_few_times_however_many_work_here(
    admin, cast, django_assert_max_num_queries
):
    for n in range(30):
        people.employ(person=people.add_person(name=f"Ny {n}"), unit=cast.home, role=Role.PROVIDER)
    for name in ("units", "staff"):
        with django_assert_max_num_queries(12):
            admin.get(reverse(name))


def test_what_was_taken_over_from_another_department_is_not_left_behind(admin, cast, busy):
    """Lars is on his own in no department: what he took from Karen's goes to his colleague with the rest."""
    _promise, request = busy
    karen, lars = (Visitor(Person.objects.get(pk=p.pk), uuid.uuid4()) for p in (cast.karen, cast.lars))
    contact.take(handing=contact.hand_on(request=request, to=cast.lars, by=karen), by=lars)
    post = Staff.objects.get(person=cast.lars)
    page = admin.get(reverse("post-end", args=[post.pk])).content.decode()
    assert "1 henvendelse uden svar" in page
    admin.post(reverse("post-end", args=[post.pk]), {"until": clock.today().isoformat(), "to": cast.sune.pk})
    for row in (request, request.promise):
        row.refresh_from_db()
        assert row.owner == cast.sune
    main = request.thread
    assert {m.person for m in Member.objects.filter(thread=main, until=None)} == {cast.karen, cast.sune}


def test_a_request_that_was_handed_on_when_somebody_left_can_be_taken_back(admin, cast, busy):
    _promise, request = busy
    karen = Visitor(Person.objects.get(pk=cast.karen.pk), uuid.uuid4())
    handing = contact.hand_on(request=request, to=cast.sune, by=karen)
    post = Staff.objects.get(person=cast.karen)
    admin.post(reverse("post-end", args=[post.pk]), {"until": clock.today().isoformat(), "to": cast.lotte.pk})
    lotte = Visitor(Person.objects.get(pk=cast.lotte.pk), uuid.uuid4())
    assert contact.call_back(handing=handing, by=lotte).answer == "called_back"
    contact.hand_on(request=request, to=cast.lars, by=lotte)
    # And asked of somebody who then leaves, it is with its owner again.
    contact.take_over(after=cast.lars, to=cast.sune, unit=cast.job, by=cast.admin)
    assert not HandingOn.objects.filter(request=request, answer="").exists()
    request.refresh_from_db()
    assert request.owner == cast.lotte
