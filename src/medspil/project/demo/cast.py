"""The cast of the demo and of the tests: invented people in invented Løvholm."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from medspil.base import clock
from medspil.cases import actions as cases
from medspil.cases.door import OpenCase, open_case
from medspil.cases.models import Case, Member, Sharing
from medspil.people import actions as people
from medspil.people.log import Visitor
from medspil.people.models import Mandate, Matter, Person, Unit
from medspil.people.roles import Role

SINCE = date(2021, 1, 4)


@dataclass(frozen=True)
class Cast:
    """Everybody by their first name, and the units they work in."""

    ida: Person
    mona: Person
    karen: Person
    petra: Person
    lars: Person
    sune: Person
    bo: Person
    gerda: Person
    otto: Person
    lena: Person
    hans: Person
    yasmin: Person
    lotte: Person
    admin: Person
    adult: Unit
    job: Unit
    home: Unit
    council: Unit
    adviser: Unit

    def people(self) -> dict[str, Person]:
        return {k: v for k, v in vars(self).items() if isinstance(v, Person)}


def units() -> dict[str, Unit]:
    """The units of Løvholm that the cast works in; made when they are not there."""
    rows = [
        (
            "voksen",
            "Voksen og handicap",
            Unit.Kind.AUTHORITY,
            "20000010",
            "hverdage kl. 9 til 12",
            "weekdays 9 to 12",
            3,
            35,
        ),
        (
            "job",
            "Beskæftigelse",
            Unit.Kind.AUTHORITY,
            "20000020",
            "tirsdag kl. 13 til 15",
            "Tuesdays 1 to 3 pm",
            4,
            45,
        ),
        (
            "hjemme",
            "Støtte hjemme",
            Unit.Kind.PROVIDER,
            "20000030",
            "hverdage kl. 8 til 15",
            "weekdays 8 to 3",
            3,
            25,
        ),
        ("raad", "Handicaprådet", Unit.Kind.COUNCIL, "20000050", "", "", 5, 0),
        (
            "raadgiver",
            "Borgerrådgiveren",
            Unit.Kind.ADVISER,
            "20000040",
            "når det passer dig",
            "whenever it suits you",
            3,
            0,
        ),
    ]
    return {
        slug: Unit.objects.get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "kind": kind,
                "phone": phone,
                "hours": hours,
                "hours_en": hours_en,
                "answer_days": days,
                "caseload_limit": limit,
                "is_front_door": slug == "voksen",
                # Work is both what one does and what one lives on.
                "matters": Matter.ALL if slug == "job" else Matter.PERSONAL,
            },
        )[0]
        for slug, name, kind, phone, hours, hours_en, days, limit in rows
    }


def build() -> Cast:
    """The people, their posts, mandates and cases; nothing has happened between them yet."""
    u = units()

    def person(login: str, name: str, phone: str = "", address: str = "") -> Person:
        return people.add_person(
            login=login, name=name, email=f"{login}@example.dk", phone=phone, address=address
        )

    ida = person("ida", "Ida Holm", "20000101", "Lærkevej 4")
    mona = person("mona", "Mona Holm", "20000102")
    karen = person("karen", "Karen Damsgaard", "20000012")
    petra = person("petra", "Petra Lund", "20000031")
    lars = person("lars", "Lars Winther", "20000021")
    sune = person("sune", "Sune Aagaard", "20000022")
    bo = person("bo", "Bo Kristiansen", "20000103", "Mosevej 11")
    gerda = person("gerda", "Gerda Thorup", "20000104")
    otto = person("otto", "Otto Thorup", "20000105", "Kirkebakken 2")
    lena = person("lena", "Lena Brink", "20000011")
    hans = person("hans", "Hans Elkjær", "20000051")
    yasmin = person("yasmin", "Yasmin Aziz", "20000040")
    lotte = person("lotte", "Lotte Friis", "20000013")
    admin = person("admin", "Nanna Ravn", "20000014")

    hire = people.employ
    hire(
        person=karen,
        unit=u["voksen"],
        role=Role.CASEWORKER,
        title="Sagsbehandler",
        title_en="Caseworker",
        since=SINCE,
    )
    hire(
        person=lotte,
        unit=u["voksen"],
        role=Role.CASEWORKER,
        title="Vagten",
        title_en="On duty",
        takes_requests=True,
        since=SINCE,
    )
    hire(person=lena, unit=u["voksen"], role=Role.LEADER, title="Leder", title_en="Leader", since=SINCE)
    hire(
        person=lars,
        unit=u["job"],
        role=Role.CASEWORKER,
        title="Jobrådgiver",
        title_en="Job adviser",
        since=SINCE,
    )
    hire(
        person=sune,
        unit=u["job"],
        role=Role.CASEWORKER,
        title="Jobrådgiver",
        title_en="Job adviser",
        takes_requests=True,
        since=SINCE,
    )
    hire(
        person=petra,
        unit=u["hjemme"],
        role=Role.PROVIDER,
        title="Hjemmevejleder",
        title_en="Home guide",
        since=SINCE,
    )
    hire(
        person=hans,
        unit=u["raad"],
        role=Role.COUNCIL,
        title="Formand for handicaprådet",
        title_en="Chair of the disability council",
        since=SINCE,
    )
    hire(
        person=yasmin,
        unit=u["raadgiver"],
        role=Role.ADVISER,
        title="Borgerrådgiver",
        title_en="Citizens’ adviser",
        since=SINCE,
    )
    hire(
        person=admin,
        unit=u["voksen"],
        role=Role.ADMINISTRATOR,
        title="Administrator",
        title_en="Administrator",
        since=SINCE,
    )

    case = cases.open_case_for(citizen=ida, unit=u["voksen"], coordinator=karen)
    cases.open_thread(
        case=case,
        unit=u["hjemme"],
        topic="Hjælp derhjemme",
        topic_en="Help at home",
        member=petra,
        role=Member.Role.PROVIDER,
    )
    cases.open_thread(
        case=case,
        unit=u["job"],
        topic="Arbejde og fleksjob",
        topic_en="Work and flexible job",
        member=lars,
        role=Member.Role.CASEWORKER,
    )
    cases.open_case_for(citizen=bo, unit=u["voksen"], coordinator=karen)
    cases.open_case_for(citizen=otto, unit=u["voksen"], coordinator=karen)
    people.give_mandate(
        actor=gerda,
        citizen=otto,
        kind=Mandate.Kind.GUARDIAN,
        area=Mandate.Area.ALL,
        rule="guardian-5",
        ground="Værgebeskikkelse fra Familieretshuset",
        paper_on=SINCE - timedelta(days=18),
        since=SINCE,
        until=clock.today() + timedelta(days=3650),
        by=karen,
    )
    mine = opened(ida, ida)
    for part in (Sharing.Part.MEETINGS,):
        cases.share(part=part, to=mona, by=mine)
    people.give_mandate(
        actor=mona, citizen=ida, kind=Mandate.Kind.COMPANION, rule="companion", ground="Idas søster", by=ida
    )
    return Cast(
        ida,
        mona,
        karen,
        petra,
        lars,
        sune,
        bo,
        gerda,
        otto,
        lena,
        hans,
        yasmin,
        lotte,
        admin,
        u["voksen"],
        u["job"],
        u["hjemme"],
        u["raad"],
        u["raadgiver"],
    )


def opened(person: Person, citizen: Person) -> OpenCase:
    """The case of `citizen` as `person` opens it, in a sitting of its own."""
    case = Case.objects.get(citizen=citizen)
    return open_case(visitor(person), case.pk)


def visitor(person: Person) -> Visitor:
    """`person` as they are now, in a sitting of its own."""
    return Visitor(Person.objects.get(pk=person.pk), uuid.uuid4())
