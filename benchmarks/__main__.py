"""`make bench`: every measurement beside its floor or peer, and benchmarks/RESULTS.md.

Names as arguments run only those, and write nothing. The figures are this machine's; only ratios carry over. The volume
of a month has a command of its own (volume.py).
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.results import Machine, load, results
from benchmarks.table import Measurement, from_values, heading

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
BENCHMARKS = {
    name: f"benchmarks.{name}"
    for name in ("match", "extract", "group", "feeds", "send", "loop", "answers", "start", "memory")
}

Say = Callable[[str], object]


def run(
    names: Collection[str], say: Say, benchmarks: Mapping[str, str] = BENCHMARKS
) -> tuple[list[Measurement], dict[str, str]]:
    """Measure one after the other: what came of it, and what failed with what words. Each is told as it comes."""
    measured: list[Measurement] = []
    failed: dict[str, str] = {}
    for name in names:
        command = [sys.executable, "-m", "benchmarks.alone", benchmarks[name]]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
            assert process.stdout
            for line in process.stdout:
                values = json.loads(line)
                if "failed" in values:
                    failed[name] = values["failed"]
                else:
                    measured.append(from_values(values))
                    say(measured[-1].line)
        if process.returncode and name not in failed:
            failed[name] = f"its process ended with {process.returncode}"
        if name in failed:
            say(f"{name}: failed: {failed[name]}")
    return measured, failed


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 where a benchmark failed. A target that is missed is told, and no failure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all of them if none")
    names = parser.parse_args(arguments).names
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"no benchmark is called {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}")
    machine, before = Machine.this(ROOT), load()
    print(machine.line)
    print(heading(), flush=True)
    measured, failed = run(names or BENCHMARKS, lambda line: print(line, flush=True))
    if not names:
        now = datetime.now(UTC)  # noqa: TID251 (the date of the results)
        RESULTS.write_text(results(machine, now, measured, failed, (before, load())), encoding="utf-8")
        print(f"Written to {RESULTS.relative_to(ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
