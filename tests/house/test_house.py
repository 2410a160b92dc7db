"""What import-linter cannot see: keys, reverse relations, unguarded pages, writes in web, words out of place."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

import medspil

from .floors import FLOORS, may_point

HOUSE = Path(medspil.__file__).parent
OURS = [m for m in apps.get_models() if m.__module__.startswith("medspil.")]
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
WEB = sorted((HOUSE / "web").rglob("*.py"))


def room_of(model) -> str:
    return model.__module__.split(".")[1]


def short(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_there_is_a_house_to_look_at():
    assert len(OURS) > 25
    assert len(TEMPLATES) > 40
    assert len(WEB) > 15


def test_every_folder_is_a_room_on_a_floor():
    rooms = {p.name for p in HOUSE.iterdir() if p.is_dir() and not p.name.startswith("_")} - {"locale"}
    assert rooms == set().union(*FLOORS)


def test_a_key_only_points_down_and_never_through_the_wall():
    wrong = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in OURS
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model.__module__.startswith("medspil.")
        and not may_point(room_of(model), room_of(field.related_model))
    ]
    assert wrong == []


def test_a_relation_that_leaves_its_room_has_no_reverse_name():
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model.__module__.startswith("medspil.")
        and room_of(model) != room_of(field.related_model)
        and not field.remote_field.hidden
    ]
    assert wrong == []


def test_every_model_says_in_one_sentence_what_it_is():
    for model in OURS:
        first = (model.__doc__ or "").strip().split("\n\n")[0]
        assert first, f"{model.__name__} has no sentence"
        assert not first.startswith(f"{model.__name__}("), f"{model.__name__} has no sentence"
        assert first.endswith("."), f"{model.__name__}: a whole sentence first, please"


def test_every_field_is_known_as_personal_or_plain():
    known = tomllib.loads((HOUSE / "project" / "personal.toml").read_text(encoding="utf-8"))
    wrong = []
    for model in OURS:
        row = known.get(room_of(model), {}).get(model.__name__, {})
        personal, plain = set(row.get("personal", [])), set(row.get("plain", []))
        fields = {f.name for f in model._meta.concrete_fields}
        for name in sorted(fields ^ (personal | plain)):
            wrong.append(f"{model.__name__}.{name} is {'not classified' if name in fields else 'not there'}")
        for name in sorted(personal & plain):
            wrong.append(f"{model.__name__}.{name} is both")
    assert wrong == []


def patterns(resolver=None, before=""):
    for found in (resolver or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found, before + str(found.pattern))
        elif isinstance(found, URLPattern):
            yield before + str(found.pattern), found


def test_every_page_has_its_guard():
    unguarded = [path for path, found in patterns() if not hasattr(found.callback, "open_to")]
    assert unguarded == []


def test_every_page_has_a_name():
    assert [path for path, found in patterns() if not found.name] == []


def managers():
    """(name, room) of every way from a row to the rows that point at it, or that it is many to many with."""
    for model in OURS:
        for field in model._meta.get_fields():
            if field.is_relation and (field.one_to_many or field.many_to_many):
                named = field.get_accessor_name() if field.auto_created else field.name
                if named and not named.endswith("+"):
                    yield named, room_of(field.related_model)


MANAGERS = dict(managers())
WRITES = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "create"}
# What dicts and sets have too: a write where it is asked of a manager or of the answer of a call.
SHARED_WRITES = {"update", "add", "set", "remove", "clear"}


def _round_the_door(source: str) -> list[tuple[int, str]]:
    """(line, what) of every query and write that a page makes by itself."""
    tree = ast.parse(source)
    # `preparing.save(...)` is a room's function, `request.session` the visitor's cookie.
    rooms = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in node.names
        if not (name.asname or name.name)[0].isupper()
    }
    wrong = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            wrong.append((node.lineno, f".{node.attr}"))
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        asked, of = node.func.attr, node.func.value
        whole = ast.unparse(of)
        manager = of.attr if isinstance(of, ast.Attribute) and of.attr in MANAGERS else ""
        if asked == "get" and node.args:
            continue  # of a dict; a query's are named
        # The rows of a case come with it; a person's are asked for by a function of their room.
        if manager and (asked != "all" or MANAGERS[manager] == "people"):
            wrong.append((node.lineno, f".{manager}.{asked}()"))
        elif asked in WRITES and whole not in rooms and not whole.endswith("session"):
            wrong.append((node.lineno, f".{asked}()"))
        elif asked in SHARED_WRITES and isinstance(of, ast.Call):
            wrong.append((node.lineno, f"().{asked}()"))
    return wrong


def test_web_neither_reads_tables_nor_writes():
    """Pages call the rooms' functions; a query set of their own would be a way round the door."""
    wrong = [
        f"{short(path)}:{line} {what}"
        for path in WEB
        for line, what in _round_the_door(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "written",
    [
        "Promise.objects.filter(pk=1)",
        "Promise._default_manager.first()",
        "row.save()",
        "row.save(update_fields=['due'])",
        "row.delete()",
        "opened.promises().update(outcome='kept')",
        "found.agreements.create(what='ringer')",
        "found.agreements.get_or_create(what='ringer')",
        "rows.update_or_create(pk=1, defaults={})",
        "rows.bulk_create([made])",
        "opened.citizen.needs.order_by('pk')",
        "opened.citizen.needs.all()",
        "found.agenda.filter(closing='')",
        "thread.members.add(person)",
    ],
)
def test_a_way_round_the_door_is_seen(written):
    assert _round_the_door(written), written


@pytest.mark.parametrize(
    "written",
    [
        "from medspil.plans import preparing\npreparing.save(meeting=found, by=opened)",
        "request.session.save()",
        "found.agenda.all()",
        "shown.update(more=True)\nseen.add(1)",
        "reading.meetings(opened).filter(state='planned')",
    ],
)
def test_a_page_that_asks_a_room_is_left_alone(written):
    assert _round_the_door(written) == []


def test_no_broad_except():
    wrong = []
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                name = ast.unparse(node.type) if node.type else "everything"
                if name in ("Exception", "BaseException", "everything"):
                    wrong.append(f"{short(path)}:{node.lineno}")
    assert wrong == []


# What components call the values of a voice; agenda points, questions and trials have words of their own.
VOICE = re.compile(
    r"\{\{[^}]*\b(?:v|voice|version|text|said|citizen|professional|objection|o|e|earlier)\.words\b[^}]*\}\}"
)


def test_words_of_a_voice_are_shown_by_its_component_alone():
    """So that an objection follows the text wherever it is shown."""
    wrong = [
        f"{short(path)}: {found}"
        for path in TEMPLATES
        if "components" not in path.parts
        for found in VOICE.findall(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


ROLE_TEST = re.compile(
    r"\{%-?\s*(?:el)?if[^%]*(?:\b(?:standing|works_here|speaks_for_citizen|is_beside|is_staff_member|roles)\b"
    r"|\b(?:user|me|person|request)\.posts\b)"
)


def test_no_template_asks_who_is_looking():
    """What differs between the sides is decided before the template."""
    assert [short(p) for p in TEMPLATES if ROLE_TEST.search(p.read_text(encoding="utf-8"))] == []


ROLES = {
    "standing",
    "works_here",
    "speaks_for_citizen",
    "has_citizens_voice",
    "is_beside",
    "is_parent",
    "is_staff_member",
    "roles",
}
STILL_ASKED = {
    ("acting.py", "own"),
    ("acting.py", "has_paper"),
    ("board.py", "own"),
    ("beside_me.py", "own"),
    ("life.py", "own"),
    ("sharing.py", "own"),
    ("talk.py", "may_write"),
    ("differ.py", "works"),
    ("experts.py", "works"),
    ("goal_page.py", "works"),
    ("goal_page.py", "mine"),
    ("goal_page.py", "own"),
    ("goal_page.py", "seen_by"),
    ("offers.py", "own"),
    ("parties.py", "works"),
    ("plan.py", "is_parent"),
    ("relatives.py", "beside"),
    ("relatives.py", "works"),
    ("shown.py", "says_for"),
    ("together.py", "works"),
    ("transitions.py", "works"),
    ("transitions.py", "mine"),
}
"""Where a page is still told who is looking under another name, and its template chooses words. It only shrinks."""


def is_a_role(value):
    """Whether an expression says who is looking and nothing else: `opened.works_here`, `opened.standing == SELF`."""
    match value:
        case ast.Attribute():
            return value.attr in ROLES
        case ast.UnaryOp(op=ast.Not()):
            return is_a_role(value.operand)
        case ast.Compare():
            return any(map(is_a_role, (value.left, *value.comparators)))
        case ast.Call(func=ast.Name(id="bool")):
            return any(map(is_a_role, value.args))
    return False


def told_to_a_page(tree):
    """The names and values of what a view gives its template, by a dictionary or by `around(...)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield key.value, value
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("around"):
            yield from ((word.arg, word.value) for word in node.keywords)


def test_no_page_is_told_who_is_looking_under_another_name():
    found = {
        (path.name, name)
        for path in (HOUSE / "web").rglob("*.py")
        for name, value in told_to_a_page(ast.parse(path.read_text(encoding="utf-8")))
        if is_a_role(value)
    }
    assert found - STILL_ASKED == set(), "decide the words in the view, and give the page those"
    assert STILL_ASKED - found == set(), "no longer so: take it out of STILL_ASKED"


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        ("opened.works_here", True),
        ("not opened.is_beside", True),
        ("opened.standing == Standing.SELF", True),
        ("opened.works_here and found.is_open", False),
        ("gettext('Ja')", False),
    ],
)
def test_a_role_is_known_under_any_name(said, is_one):
    tree = ast.parse(f"render(request, 'a.html', {{'whatever': {said}}})")
    assert [is_a_role(value) for _name, value in told_to_a_page(tree)] == [is_one]


INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=\"", re.IGNORECASE)


def test_no_style_or_script_stands_in_a_template():
    wrong = []
    for path in TEMPLATES:
        for found in INLINE.finditer(path.read_text(encoding="utf-8")):
            tail = path.read_text(encoding="utf-8")[found.start() : found.start() + 80]
            if 'type="application/json"' not in tail:
                wrong.append(f"{short(path)}: {tail!r}")
    assert wrong == []


@pytest.mark.parametrize("name", ["signals", "get_model", "currentThread", "threading.local"])
def test_the_house_has_no_hidden_wires(name):
    wrong = [
        short(p)
        for p in HOUSE.rglob("*.py")
        if re.search(rf"\b{re.escape(name)}\b", p.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_models_are_only_where_models_belong():
    assert [short(p) for p in WEB if "models.Model" in p.read_text(encoding="utf-8")] == []
    assert all(issubclass(m, models.Model) for m in OURS)
