"""What README and .env.example say is what the code does."""

import argparse
import re
from pathlib import Path

from bot.cli import _parser
from bot.domain.commands import COMMANDS
from bot.settings import VARIABLES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands():
    """Every command and, behind a blank, every action of one, as argparse knows them."""
    return {" ".join(path) for path in _paths(_parser())}


def _paths(parser, path=()):
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield path
    for group in groups:
        for name, inner in group.choices.items():
            yield from _paths(inner, (*path, name))


def documented_commands():
    for first, rest in re.findall(r"^\| `verbatim (\w+)([^`]*)`", README, re.MULTILINE):
        actions = re.findall(r"[a-z]+", rest.split("[")[0].split("FILE…")[0].replace("FILE", ""))
        yield from ([f"{first} {action}" for action in actions] if first in {"feeds", "db", "topics"} else [first])


def test_the_readme_names_every_command_and_no_other():
    assert set(documented_commands()) == commands()


def test_the_readme_names_every_chat_command_that_is_served_with_its_french_names():
    rows = re.findall(r"^\| `/(\w+)[^`]*` \| (.*?) \|", README, re.MULTILINE)
    served = [spec for spec in COMMANDS if spec.served]

    assert [(name, re.findall(r"/(\w+)", french)) for name, french in rows] == [
        (spec.name, [spec.french, *spec.aliases]) for spec in served
    ]
    for spec in COMMANDS:
        assert f"`/{spec.name}" in README


def test_the_readme_names_every_setting_and_no_other():
    assert re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE) == list(dict.fromkeys(_documented_order()))
    assert set(_documented_order()) == set(VARIABLES)


def _documented_order():
    return re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_readme_gives_the_defaults_of_the_example_file():
    defaults = dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", README, re.MULTILINE)

    assert {name: shown.strip("` ") for name, shown in rows} == defaults


def test_every_option_of_every_command_has_a_help_text():
    def options(parser):
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    yield from options(inner)
            else:
                yield parser.prog, action

    assert [f"{prog} {action.dest}" for prog, action in options(_parser()) if not action.help] == []


def test_every_link_of_the_readme_to_a_file_leads_somewhere():
    targets = re.findall(r"\]\(([^)#:]+)\)", README)

    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
