"""Long runs: progress on a terminal, none in a log, and an interruption that leaves what was there."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from medspil import gap

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path("src").resolve()), "LC_ALL": "C.UTF-8"}
COMMAND = [sys.executable, "-m", "medspil.cli", "gap"]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """The constructed answers sixty times over: as CSV, and as Parquet of many small parts."""
    folder = tmp_path_factory.mktemp("many")
    head, *rows = gap.constructed_answers().read_text(encoding="utf-8").splitlines()
    (folder / "answers.csv").write_text("\n".join([head, *rows * 60]) + "\n", encoding="utf-8")
    table = pa.csv.read_csv(folder / "answers.csv")
    pq.write_table(table, folder / "answers.parquet", row_group_size=1000)
    return folder


class OnATerminal:
    """A command whose messages go to a terminal of its own."""

    def __init__(self, *arguments):
        self.terminal, other = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=other, env=ENVIRONMENT
        )
        os.close(other)
        self.said = ""

    def until(self, pattern):
        """Reads on until the words come; "" reads to the end."""
        until = time.monotonic() + 60
        while time.monotonic() < until and not (pattern and re.search(pattern, self.said)):
            try:
                more = os.read(self.terminal, 4096)
            except OSError:
                break
            if not more:
                break
            self.said += more.decode()
        return self.said

    def end(self):
        self.until("")
        os.close(self.terminal)
        return self.process.wait(30)


@pytest.mark.parametrize("name", ["answers.csv", "answers.parquet"])
def test_a_terminal_sees_how_far_it_is_and_is_left_clean(many, tmp_path, name):
    run = OnATerminal("count", many / name, "--out", tmp_path / "counts.json")
    assert run.end() == 0
    shares = [int(share) for share in re.findall(r"(\d+) %", run.said)]
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] >= 90
    # The last thing said clears the line.
    assert run.said.endswith("\r\x1b[K")


def test_a_log_is_spared(many, tmp_path):
    command = [*COMMAND, "count", str(many / "answers.parquet"), "--out", str(tmp_path / "counts.json")]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("name", "command", "out"),
    [
        ("answers.csv", "run", "report"),
        ("answers.parquet", "run", "report"),
        ("answers.csv", "ingest", "ready.arrow"),
    ],
)
def test_interrupted_it_says_so_and_leaves_what_was_there(many, tmp_path, name, command, out):
    run = OnATerminal(command, many / name, "--out", tmp_path / out, "--lang", "da")
    run.until(r"\d+ %")
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 130
    assert run.said.endswith("Afbrudt. Intet er skrevet.\r\n")
    assert "Traceback" not in run.said
    assert list(tmp_path.iterdir()) == []


def test_interrupted_while_the_ingested_file_is_written_nothing_is_left(many, tmp_path):
    ready = tmp_path / "ready.arrow"
    ready.write_bytes(b"what was there")
    run = OnATerminal("ingest", many / "answers.csv", "--out", ready, "--lang", "en")
    run.until(r"(?:5[5-9]|[6-9]\d) %")
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 130
    assert ready.read_bytes() == b"what was there"
    assert [path.name for path in tmp_path.iterdir()] == ["ready.arrow"]
