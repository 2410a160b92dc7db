"""F4: trust is in the relation. Nothing in the building gives a person a mark, a score or a label of how far they are
trusted."""

import re

from django.apps import apps

from tests.web.serving import ROOT

BEHIND_THE_WALL = {"surveys", "strategy"}
JUDGING = re.compile(r"trust|score|rating|risk|reliab|credib|grade|rank|complian|motivat|difficult|label")


def _ours():
    for model in apps.get_models():
        if model.__module__.startswith("medspil.") and model._meta.app_label not in BEHIND_THE_WALL:
            yield model


def test_no_row_about_a_person_holds_a_judgement_of_them():
    judging = [
        f"{model.__name__}.{field.name}"
        for model in _ours()
        for field in model._meta.concrete_fields
        if JUDGING.search(field.name)
    ]
    assert judging == []


def test_the_pages_have_no_word_for_how_far_a_citizen_is_trusted():
    words = re.compile(r"tillidsscore|troværdig|samarbejdsvillig|motivationsniveau|compliance", re.I)
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src" / "medspil").rglob("*")
        if path.suffix in (".html", ".py", ".toml") and words.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
