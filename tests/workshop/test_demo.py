"""The demo as a visitor starts it: filled, served, stopped and started again."""

import http.cookiejar
import json
import re
import urllib.error
import urllib.request

import pytest

from dev import database, demo, environment, frontend, pictures, suite

# Everybody of the cast who signs in; nobody else has to have a link.
CAST = {"Ida", "Mona", "Karen", "Petra", "Lars", "Sune", "Bo", "Gerda", "Lena", "Hans", "Yasmin"}


@pytest.fixture(scope="module")
def loevholm(tmp_path_factory):
    """A demo that is filled, after an earlier filling was interrupted."""
    state = tmp_path_factory.mktemp("demo")
    (state / "medspil.sqlite3").write_bytes(b"half of a database")
    frontend.build()
    suite.translate()
    made = demo.Demo(state, database.free_port())
    made.prepare(None)
    return made


@pytest.fixture
def visitor():
    """Opens pages as one browser does, with cookies of its own."""
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )


def visit(visitor, address):
    with visitor.open(address, timeout=20) as answer:
        return answer.status, answer.headers, answer.read().decode(errors="replace")


def test_everybody_of_the_cast_has_a_link_that_signs_in(loevholm):
    with loevholm.serving():
        links = pictures.links(loevholm.links())
        assert set(links) >= CAST
        for name in sorted(CAST):
            cookies = http.cookiejar.CookieJar()
            each = urllib.request.build_opener(
                urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies)
            )
            status, _, page = visit(each, links[name])
            assert status == 200, name
            assert name in page
            assert "medspil" in {cookie.name for cookie in cookies}, name


def test_a_second_start_keeps_what_was_done(loevholm, visitor):
    with loevholm.serving():
        visit(visitor, pictures.links(loevholm.links())["Ida"])
        first = visit(visitor, loevholm.address)[2]
    before = loevholm.filled.stat().st_mtime_ns
    with pytest.raises(urllib.error.URLError):
        visit(visitor, loevholm.address)
    again = demo.Demo(loevholm.state, loevholm.port)
    again.prepare(None)
    with again.serving():
        second = visit(visitor, again.address)[2]
    title = re.compile(r"<title>(.*?)</title>", re.DOTALL)
    assert title.search(second).group(1) == title.search(first).group(1)
    assert "Ida" in second
    assert loevholm.filled.stat().st_mtime_ns == before


def test_the_pages_are_served_with_their_files_and_a_strict_policy(loevholm, visitor):
    with loevholm.serving():
        _, headers, page = visit(visitor, loevholm.address)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        files = set(re.findall(r'(?:href|src)="(/static/[^"#?]+)', page))
        assert any(name.endswith(".css") for name in files)
        for name in sorted(files):
            status, of_file, _ = visit(visitor, loevholm.address + name)
            assert status == 200, name
            # A name that holds the file's digest may be kept for good.
            assert "immutable" in of_file["Cache-Control"], name


def test_the_demo_keeps_no_default_secret_and_says_how_it_was_filled(loevholm):
    from medspil.project.settings import DEFAULT_SECRET

    secret = (loevholm.state / "secret-key").read_text()
    assert len(secret) >= 50
    assert secret != DEFAULT_SECRET
    assert loevholm.env["MEDSPIL_SECRET_KEY"] == secret
    assert json.loads(loevholm.filled.read_text()) == {"cases": None}


def test_two_demos_have_keys_of_their_own(tmp_path):
    one, other = (demo.Demo(tmp_path / name, 8000).env["MEDSPIL_SECRET_KEY"] for name in ("one", "other"))
    assert one != other


def test_settings_of_this_terminal_do_not_leak_into_the_demo(monkeypatch, tmp_path):
    monkeypatch.setenv("MEDSPIL_DATABASE", "postgresql://elsewhere/real")
    monkeypatch.setenv("MEDSPIL_DEBUG", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    env = demo.Demo(tmp_path, 8000).env
    assert env["MEDSPIL_DATABASE"] == f"sqlite:///{tmp_path / 'medspil.sqlite3'}"
    assert "MEDSPIL_DEBUG" not in env
    assert env["DJANGO_SETTINGS_MODULE"] == "medspil.project.settings"
    assert "MEDSPIL_TESTING" not in environment.environ()
