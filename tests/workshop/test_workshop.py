"""The workshop does what it says, from dev.py to the lock files."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import psycopg
import pytest

from dev import checks, commands, console, database, demo, environment, frontend, locks, pictures, suite

ROOT = Path(__file__).resolve().parents[2]
DEV = [sys.executable, str(ROOT / "dev.py")]


def dev(*arguments, **more):
    return subprocess.run([*DEV, *arguments], capture_output=True, text=True, check=False, cwd=ROOT, **more)


def test_without_arguments_it_lists_every_command():
    told = dev()
    assert told.returncode == 0
    for command in ("demo", "test", "check", "bench", "pictures", "lock", "translations", "build"):
        assert re.search(rf"^ {{4}}{command}\b", told.stdout, re.MULTILINE), command


def test_dev_py_runs_on_the_standard_library_alone():
    # -S leaves out every installed package: the modules behind both commands must still load.
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dev import commands, demo, suite, checks, locks"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo", "--port", "99999"], "A port is a number from 1 to 65535, not 99999."),
        (["demo", "--cases", "0"], "--cases wants a number from 1 up."),
        (["bench", "nothing-like-it"], "There is no bench/nothing-like-it.py."),
        (["check", "spelling"], "There is no check spelling."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments, sentence, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "STATE", tmp_path)
    monkeypatch.setattr(demo, "_prepare_code", lambda: None)
    assert commands.main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_and_a_free_one_found():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(console.Stop, match=f"Port {port} is taken"):
            demo._port(port)
    assert not demo._busy(demo._port(None))


def test_two_demos_do_not_share_a_folder(tmp_path):
    with (
        demo._alone(tmp_path),
        pytest.raises(console.Stop, match="runs from this folder already"),
        demo._alone(tmp_path),
    ):
        pass
    with demo._alone(tmp_path):
        pass


def test_fresh_throws_away_everything_but_the_lock(tmp_path):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "one.log").write_text("x")
    (tmp_path / "medspil.sqlite3").write_text("x")
    (tmp_path / "lock").touch()
    demo._clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


@pytest.mark.parametrize("name", ["demo", "test", "node"])
def test_a_lock_has_a_hash_for_every_package_and_no_address(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    packages = re.findall(r"^([A-Za-z0-9._-]+)==\S+", text, re.MULTILINE)
    assert packages
    # Each package's lines reach to the next package.
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block.splitlines()[0]
    assert "://" not in text
    assert "find-links" not in text
    assert "index-url" not in text


def test_the_tests_lock_holds_the_demos_versions():
    versions = {
        name: set(
            re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE)
        )
        for name in ("demo", "test")
    }
    assert versions["demo"]
    assert versions["demo"] <= versions["test"]


def test_every_declared_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "requirements" / "demo.txt").read_text()
    for line in project["dependencies"] + project["optional-dependencies"]["web"]:
        name = re.match(r"[A-Za-z0-9._-]+", line).group(0).lower()
        if name in locks.NOT_IN_THE_SITE:
            assert re.search(rf"^{re.escape(name)}==", (ROOT / "requirements" / "test.txt").read_text(), re.M)
            continue
        assert re.search(rf"^{re.escape(name)}(\[[a-z,]+\])?==", text, re.MULTILINE), name


def test_a_lock_that_is_old_or_names_an_address_or_lacks_a_hash_is_found():
    good = (ROOT / "requirements" / "node.txt").read_text()
    assert locks.faults("node", good) == []
    old = good.replace(locks.wanted_digest("node"), "0" * 64)
    assert "older than what it is made from" in " ".join(locks.faults("node", old))
    addressed = good + "--find-links file:///somewhere\n"
    assert "names an address" in " ".join(locks.faults("node", addressed))
    bare = good + "six==1.17.0\n"
    assert "no hash for six==1.17.0" in " ".join(locks.faults("node", bare))


def test_the_browsers_lock_holds_hashes_and_no_address():
    text = (ROOT / "frontend" / "package-lock.json").read_text()
    assert locks.npm_faults(text) == []
    lock = json.loads(text)
    lock["packages"]["node_modules/yjs"]["resolved"] = "x"
    del lock["packages"]["node_modules/lib0"]["integrity"]
    found = " ".join(locks.npm_faults(json.dumps(lock)))
    assert "names an address for node_modules/yjs" in found
    assert "no hash for node_modules/lib0" in found


def test_what_the_browser_gets_is_built_and_whole():
    css = (frontend.VENDOR / "dkfds" / "css" / "dkfds.css").read_text()
    assert "@font-face" not in css
    assert "sourceMappingURL" not in css
    for name in re.findall(r"url\(\"?(\.\./[^)\"]+)\"?\)", css):
        assert (frontend.VENDOR / "dkfds" / "css" / name).resolve().is_file(), name
    fonts = (frontend.VENDOR / "fonts" / "fonts.css").read_text()
    files = re.findall(r'url\("([^"]+)"\)', fonts)
    assert len(files) == 5
    for name in files:
        # Every WOFF2 file begins with these four letters.
        assert (frontend.VENDOR / "fonts" / name).read_bytes()[:4] == b"wOF2", name
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (frontend.VENDOR / "icons.svg").read_text()))
    assert drawn == set(json.loads((ROOT / "frontend" / "icons.json").read_text())) - {"_"}
    notices = (frontend.VENDOR / "NOTICES.txt").read_text()
    for name in ("Yjs", "lib0", "IBM Plex Sans", "Literata", "Material Symbols"):
        assert name in notices


def test_an_icon_that_nobody_drew_is_said():
    with pytest.raises(console.Stop, match="has no 'no-such-thing' for our 'dragon'"):
        frontend.sprite({"dragon": "no-such-thing"})


def test_a_server_of_our_own_answers_on_loopback_and_is_gone_afterwards():
    with database.postgresql() as address:
        assert address.startswith("postgresql://medspil:")
        assert "@127.0.0.1:" in address
        with psycopg.connect(f"{address}/postgres") as connection:
            assert connection.execute("select 6 * 7").fetchone() == (42,)
            where = connection.execute("show data_directory").fetchone()[0]
        wrong = re.sub(r":[^:@]+@", ":guess@", address)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"{wrong}/postgres")
    assert not Path(where).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"{address}/postgres", connect_timeout=2)


def close(**counts):
    return suite._close({"SQLite": counts.pop("code", 0)}, {"SQLite": counts}, [("SQLite", "= 1 passed =")])


def test_the_last_line_is_plain_and_a_skip_is_a_failure(capsys):
    assert close(passed=["a", "b"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 0 failed"
    assert close(passed=["a"], skipped=["b"], code=1) == 1
    told = capsys.readouterr().out
    assert "SQLite: b" in told
    assert told.splitlines()[-1] == "1 passed, 1 failed"
    assert close(passed=["a"], failed=["b"], error=["c"], code=1) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 2 failed"


def test_a_run_without_tests_and_a_run_that_broke_are_failures(capsys):
    assert close(passed=[], code=5) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"
    # Killed before pytest could count.
    assert suite._close({"SQLite": -9}, {"SQLite": {}}, [("SQLite", "")]) == 1
    assert "ended with code -9" in capsys.readouterr().out


def test_a_skipped_test_fails_its_run(tmp_path):
    (tmp_path / "test_idle.py").write_text("import pytest\n\ndef test_idle():\n    pytest.skip('later')\n")
    tally = tmp_path / "tally.json"
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    command += [
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "--no-skips",
        "--tally",
        str(tally),
        str(tmp_path),
    ]
    env = environment.environ(MEDSPIL_TESTING="1")
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert len(json.loads(tally.read_text())["skipped"]) == 1


def test_a_word_of_one_machine_is_found(tmp_path):
    for command in (["init", "-q"], ["add", "."]):
        (tmp_path / "notes.md").write_text("Fine.\nIt lies in " + "/home/" + "somebody/medspil.\n")
        (tmp_path / "fine.md").write_text("A homely page.\n")
        subprocess.run(["git", *command], cwd=tmp_path, check=True, capture_output=True)
    assert checks.foreign_words(tmp_path) == ["notes.md:2 holds /home/" + "somebody/"]


def test_the_console_script_stands_in_the_environment():
    done = subprocess.run(
        [environment.BIN / "medspil", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "gap" in done.stdout


def test_the_links_of_the_demo_are_read_by_first_name():
    printed = (
        "http://127.0.0.1:8000/demo/ida-x/  Ida Holm, citizen\nKaren http://127.0.0.1:8000/demo/k/\n\nSlut\n"
    )
    assert pictures.links(printed) == {
        "Ida": "http://127.0.0.1:8000/demo/ida-x/",
        "Karen": "http://127.0.0.1:8000/demo/k/",
    }
