import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import __main__ as runner
from benchmarks.results import Machine, results
from benchmarks.table import Measurement, as_values, at_least, at_most, from_values, heading, rows_of

ROOT = Path(__file__).parents[1]
MACHINE = Machine("moulin", "Linux 6.1", "Invented CPU", 2, "CPython 3.11.7", "abc1234")
GOOD = Measurement("poll", "a refresh", 1.234, "s", "bare GETs | of them", 1.02, at_most(1.3), "never shown")
SLOW = Measurement("parse", "a document", 7.3, "ms", "feedparser", 2.5, at_most(1.15), "SQL takes the rest.")
PLAIN = Measurement("size", "a file", 137, "MB")
WORKING = """
from benchmarks.table import Measurement
def measurements():
    print("words of the program that is measured")
    yield Measurement("works", "says", 2, "s")
"""
FAILING = """
from benchmarks.table import Measurement
def measurements():
    yield Measurement("half", "says", 1, "s")
    raise ValueError("the server\\ndid not come up")
"""


@pytest.mark.parametrize(
    ("one", "met"),
    [
        (GOOD, True),
        (SLOW, False),
        (PLAIN, None),
        (Measurement("speed", "", 1, "s", "peer", 2.9, at_least(3)), False),
        (Measurement("block", "", 51, "ms", target=at_most(50)), False),
    ],
)
def test_a_target_is_one_of_the_ratio_or_else_of_the_figure(one, met):
    assert one.met is met


def test_a_line_stands_under_its_heading():
    line = GOOD.line

    assert line.startswith("poll ")
    assert line.index("1.23 s") + len("1.23 s") == heading().index("figure") + len("figure")
    assert line.index("a refresh") == heading().index("what")


def test_the_results_hold_the_machine_and_a_table_that_can_be_read_back():
    now = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)

    document = results(MACHINE, now, [GOOD, SLOW, PLAIN], {"memory": "its process ended with -9"}, ("1.0", "2.0"))

    assert rows_of(document) == [GOOD.cells, SLOW.cells, PLAIN.cells]
    assert "moulin, Invented CPU, 2 cores" in document
    assert "`parse`: 2.5 where ≤ 1.15 is wanted. SQL takes the rest." in document
    assert "never shown" not in document
    assert "`memory`: its process ended with -9" in document


def test_the_results_that_are_here_can_be_read():
    rows = rows_of(runner.RESULTS.read_text(encoding="utf-8"))

    expected = {"match_100k", "poll_304", "poll_200", "send_30", "loop_block", "start", "memory_day"}
    assert expected <= {row[0] for row in rows}


def test_a_measurement_comes_over_a_pipe_as_it_is():
    assert [from_values(json.loads(json.dumps(as_values(one)))) for one in (GOOD, PLAIN)] == [GOOD, PLAIN]


def test_a_benchmark_that_fails_is_one_line_and_the_others_go_on(tmp_path, monkeypatch):
    modules = {"failing": FAILING, "dying": "import os\nos._exit(3)\n", "working": WORKING}
    for name, source in modules.items():
        (tmp_path / f"invented_{name}.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    said = []

    measured, failed = runner.run(modules, said.append, {name: f"invented_{name}" for name in modules})

    assert [one.name for one in measured] == ["half", "works"]
    assert failed == {"failing": "ValueError: the server did not come up", "dying": "its process ended with 3"}
    assert [line.split()[0] for line in said] == ["half", "failing:", "dying:", "works"]


def test_an_unknown_name_is_refused_with_those_that_there_are():
    command = [sys.executable, "-m", "benchmarks", "mach"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ, check=False)

    assert done.returncode == 2
    assert "no benchmark is called mach: there are match," in done.stderr


def test_every_benchmark_that_is_listed_is_there():
    for module in runner.BENCHMARKS.values():
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module
