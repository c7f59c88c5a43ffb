import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog import load_texts
from bot.domain.commands import COMMANDS, Command, fold, menu, parse_command, parse_word


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
def test_a_command_has_its_english_and_french_names_and_its_aliases(spec):
    for typed in (spec.name, spec.french, *spec.aliases):
        assert parse_command(f"/{typed}") == Command(spec.name, "", typed)
        assert parse_command(f"  /{typed.upper()}@VerbatimBot  8h ", "verbatimbot").argument == "8h"


def test_no_name_means_two_things():
    names = [name for spec in COMMANDS for name in {spec.name, spec.french, *spec.aliases}]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
def test_menu_names_are_what_platforms_take(spec):
    for name in (spec.name, spec.french):
        assert name.isascii()
        assert name.islower()
        assert len(name) <= 32


@pytest.mark.parametrize(
    ("typed", "name"),
    [("/thèmes", "topics"), ("/Réglages", "settings"), ("/médias", "sources"), ("/confidentialité", "privacy"),
     ("/désabonner", "unsubscribe"), ("/état", "status"), ("/RÉSUMÉ", "resume"), ("/re\u0301glages", "settings")],
)  # fmt: skip
def test_accents_and_case_do_not_matter(typed, name):
    assert parse_command(typed).name == name


def test_the_argument_is_kept_as_typed():
    assert parse_command("/topics  add Drones: «É»\n-loisir ").argument == "add Drones: «É»\n-loisir"


@pytest.mark.parametrize("text", ["", "topics", "hello /topics", "/", "/ topics", "//topics", "/" + "x" * 65, "1/2"])
def test_what_is_no_command_is_none(text):
    assert parse_command(text) is None


def test_a_command_for_another_bot_is_none():
    assert parse_command("/topics@OtherBot", "VerbatimBot") is None
    assert parse_command("/topics@OtherBot").name == "topics"


@pytest.mark.parametrize(
    ("typed", "suggestion"), [("topcis", "topics"), ("horraire", "horaire"), ("thème", "themes"), ("xyzzy", "")]
)
def test_an_unknown_command_carries_what_was_probably_meant(typed, suggestion):
    assert parse_command(f"/{typed} x") == Command("unknown", "x", typed, suggestion)
    assert parse_command(f"/{typed}").spec is None


def test_a_bare_word_is_a_command_only_as_a_whole():
    assert parse_word(" Aide ").name == "help"
    assert parse_word("aide moi") is None
    assert parse_word("x" * 5000) is None


def test_menus_name_commands_in_their_language_and_only_what_is_served():
    texts = load_texts()
    french, english = (dict(menu(texts[language], {"everybody", "admins"})) for language in ("fr", "en"))

    assert french["themes"] == "les thèmes suivis, et les vôtres"
    assert english["topics"] == "topics followed, and your own"
    assert "etat" not in french
    assert "themes" not in dict(menu(texts["fr"], {"everybody"}))


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text):
    parse_command(text)
    parse_command(f"/{text}", "b")
    parse_word(text)
    assert fold(f" {text}\u00a0") == fold(text)
