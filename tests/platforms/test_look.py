"""What bot/look promises to every page: words that can be read in both schemes, and sheets that any reader takes."""

import re
from importlib import resources

import pytest

from bot.platforms.local.look import style

SHEETS = sorted(file.name for file in (resources.files("bot") / "look").iterdir() if file.name.endswith(".css"))
WORDS = ("ink", "soft", "accent", "good", "warn", "bad")
SIGNS = ("edge", "focus", "bar")
GROUNDS = ("paper", "surface", "wash")


def sheet(name):
    text = (resources.files("bot") / "look" / name).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def schemes():
    """The colours of each scheme; the later blocks change what the first one says."""
    light, dark, printed = (
        dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))
        for block in re.findall(r":root\s*\{(.*?)\}", sheet("base.css"), re.DOTALL)
    )
    return {"light": light, "dark": light | dark, "print": light | printed}


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_the_guidelines_say():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_words_can_be_read_on_every_ground(scheme):
    colours = schemes()[scheme]

    low = {(w, g): contrast(colours[w], colours[g]) for w in WORDS for g in GROUNDS}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_borders_rings_and_bars_can_be_seen(scheme):
    colours = schemes()[scheme]

    low = {(s, g): contrast(colours[s], colours[g]) for s in SIGNS for g in GROUNDS[:2]}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


def test_dark_is_for_screens_only():
    assert "@media screen and (prefers-color-scheme: dark)" in sheet("base.css")
    assert contrast(schemes()["print"]["ink"], schemes()["print"]["paper"]) == pytest.approx(21)


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_uses_only_variables_that_exist_and_nothing_from_elsewhere(name):
    known = set(re.findall(r"(--[\w-]+):", sheet("base.css") + sheet(name)))

    assert set(re.findall(r"var\((--[\w-]+)", sheet(name))) <= known
    assert not re.search(r"@import|url\(|expression\(|</", sheet(name))
    assert sheet(name).count("{") == sheet(name).count("}")


@pytest.mark.parametrize("name", ["base", "digest"])
def test_a_reader_that_knows_no_variables_gets_the_colours_of_the_light_scheme(name):
    rules = style(name)

    assert "/*" not in rules
    for declared, value in re.findall(r"[{;]([a-z-]+):([^;{}]*var\([^;{}]*)", rules):
        before = rules[: rules.index(f"{declared}:{value}")]
        assert re.search(rf"[{{;]{declared}:[^;{{}}v][^;{{}}]*;$", before), (declared, value)
    assert "background:#fbfaf7;background: var(--paper)" in style("base").replace("background: #", "background:#")


@pytest.mark.parametrize("name", ["base", "digest"])
def test_a_sheet_is_small_enough_for_mail_programs_that_count(name):
    assert len(style(name).encode()) < 8192
