"""The worker process itself, `python -m bot.feeds.serving`: answers the calls of worker.py until its input ends.

Frames (8 bytes of length, then a pickle) go in and out over its pipes. It ignores Ctrl-C and ends with its input, so it
never outlives its parent; nor one that was killed while it computes, since an alarm bounds every call.
"""

import contextlib
import importlib
import os
import pickle
import signal
import struct
import sys
import types
from collections.abc import Callable, Iterator
from typing import BinaryIO

from bot.domain.errors import FeedError

LENGTH = struct.Struct("!Q")


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer calls until the input ends."""
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        name, args, limit = pickle.loads(source.read(*LENGTH.unpack(head)))  # noqa: S301 - from our own parent
        for frame in _frames(name, args, limit):
            body = pickle.dumps(frame, pickle.HIGHEST_PROTOCOL)
            sink.write(LENGTH.pack(len(body)))
            sink.write(body)
            sink.flush()


def _frames(name: str, args: tuple[object, ...], limit: float) -> Iterator[tuple[str, object]]:
    try:
        function = _function(name)
        yield ("begun", None)
        _alarm(limit + 5)  # a parent that is no more cannot kill us
        result = function(*args)
        if isinstance(result, types.GeneratorType):
            yield from (("piece", piece) for piece in result)
            yield ("pieces-end", None)
        else:
            yield ("value", result)
    except FeedError as error:
        yield ("feed-error", (error.kind, str(error)))
    except (Exception, RecursionError) as error:  # noqa: BLE001 - a parser may fail in any way; the parent is told
        yield ("failed", f"{type(error).__name__}: {error}"[:300])
    finally:
        _alarm(0)


def _function(name: str) -> Callable[..., object]:
    module, _, function = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    return found


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_REAL, seconds)


def main() -> None:
    """Serve the parent; whatever a library prints goes nowhere instead of between the frames."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, sink)
    os._exit(0)  # nothing to flush; a broken pipe must not be reported by the interpreter's own clean-up


if __name__ == "__main__":
    main()
