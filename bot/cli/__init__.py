"""The command line: parse arguments, call app or a service, print; no decision of its own.

Results go to stdout, messages and progress to stderr. Exit codes: 0 done, 1 failed, 2 wrong use.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from bot import __version__
from bot.domain.errors import RuleError, UsageError, VerbatimError

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

_EXAMPLES = """examples:
  verbatim run                         poll the feeds, print a digest, go on by schedule
  verbatim run --sample                the same with the bundled sample newsroom
  verbatim digest --topic otan --since 24h
  verbatim extract article.txt         who said what in a text
  verbatim match --rule 'otan, "article 5" -football' article.txt
  verbatim check --online              check the configuration and fetch every feed
"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; what goes wrong is one line on stderr and an exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (RuleError, UsageError) as error:
        return _fail(error, WRONG_USE)
    except VerbatimError as error:
        return _fail(error, FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain about it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _fail(error: VerbatimError, code: int) -> int:
    sys.stderr.write(f"verbatim: {error}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    from bot.cli import database, news, service, texts, topics, upkeep

    parser = argparse.ArgumentParser(
        prog="verbatim",
        description="Digests of French-language news: who said what, in the outlets' own words, with links.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"verbatim {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for room in (news, texts, topics, upkeep, database, service):
        room.add_commands(commands)
    return parser
