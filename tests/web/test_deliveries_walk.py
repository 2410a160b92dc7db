"""I6: what stands in the system in use comes in by file, and each side links to the other."""

import json

from django.urls import reverse

from medspil.cases import bringing_in

from .serving import cookie


def test_the_administrator_brings_in_a_case_and_karen_opens_it_from_there(page, live_server, cast, tmp_path):
    bringing_in.keep_system(
        name="Voksensystemet", slug="voksensystem", link="https://voksen.example/sag/{id}", by=cast.admin
    )
    rows = {
        "citizens": [{"id": "B-1", "name": "Åse Bjørn", "phone": "20 00 07 01"}],
        "cases": [{"id": "S-1", "citizen": "B-1", "unit": "voksen", "caseworker": "karen"}],
    }
    wrong, right = tmp_path / "forkert.json", tmp_path / "rigtig.json"
    wrong.write_text(json.dumps(rows | {"citizens": [{"id": "B-1"}]}), encoding="utf-8")
    right.write_text(json.dumps(rows), encoding="utf-8")
    page.context.add_cookies([cookie(cast.admin, live_server.url)])
    page.goto(live_server.url + reverse("deliveries"))
    page.get_by_label("Filen eller filerne").set_input_files(wrong)
    page.get_by_role("button", name="Se, hvad der kommer").click()
    page.get_by_role("row", name="Borgere 1 name Her mangler noget.").wait_for()
    page.get_by_label("Filen eller filerne").set_input_files(right)
    page.get_by_role("button", name="Se, hvad der kommer").click()
    page.get_by_text("2 nye rækker").wait_for()
    page.get_by_role("button", name="Hent det").click()
    page.get_by_text("Hentet: 2 nye, 0 ændrede.").wait_for()
    page.context.clear_cookies()
    page.context.add_cookies([cookie(cast.karen, live_server.url)])
    page.goto(live_server.url + reverse("from-elsewhere", args=["voksensystem", "S-1"]))
    link = page.get_by_role("link", name="Åbn S-1 i Voksensystemet")
    link.wait_for()
    assert link.get_attribute("href") == "https://voksen.example/sag/S-1"
