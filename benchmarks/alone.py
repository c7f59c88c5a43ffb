"""One benchmark in a process of its own: `python -m benchmarks.alone MODULE`, a line of JSON for each measurement.

So the memory of one is not counted for the next, and one that crashes ends nothing but itself.
"""

import importlib
import json
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

from benchmarks.table import as_values


def main() -> None:
    """Measure; what the measured program prints goes nowhere. The last line is the failure, if there was one."""
    lines = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        try:
            for one in importlib.import_module(sys.argv[1]).measurements():
                lines.write(json.dumps(as_values(one)) + "\n")
        except Exception as error:  # noqa: BLE001 (whatever it failed of becomes one line)
            said = " ".join(str(error).split())[:300]
            lines.write(json.dumps({"failed": f"{type(error).__name__}: {said}" if said else type(error).__name__}))
            sys.exit(1)


if __name__ == "__main__":
    main()
