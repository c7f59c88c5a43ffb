"""`python -m bot` and the command `verbatim`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from bot.cli import main as command_line

    sys.exit(command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
