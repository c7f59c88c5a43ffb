"""Every case of tests/cases/statements: a text, what it says, and why the case exists."""

import tomllib
from pathlib import Path

import pytest

from bot.domain.statements import extract_text

CASES = [
    pytest.param(case, id=f"{path.stem}-{number}")
    for path in sorted((Path(__file__).parents[2] / "cases" / "statements").glob("*.toml"))
    for number, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["case"], 1)
]


@pytest.mark.parametrize("case", CASES)
def test_a_text_says_what_its_case_tells(case, rules):
    found = extract_text(case["text"], rules, place=case.get("place", "text"))

    wanted = case["says"]
    seen = [{key: getattr(one, key) for key in want} for one, want in zip(found, wanted, strict=False)]
    assert (len(wanted), wanted) == (len(found), seen), case["why"]


def test_every_case_gives_its_reason():
    assert all(case.values[0]["why"] for case in CASES)
