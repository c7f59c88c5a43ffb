import pytest

from bot.domain.errors import ConfigError
from bot.domain.statements import compile_language, extract_text


@pytest.mark.parametrize(
    ("table", "key", "value", "source"),
    [
        ("verbs", "dire", "Z q", 'verbs."dire"'),
        ("verbs", "dire", 3, 'verbs."dire"'),
        ("roles", "people", "maire", "roles.people"),
        ("roles", "people", ["maire", ""], "roles.people"),
        ("confidence", "shown_from", 7, "confidence.shown_from"),
        ("confidence", "shown_from", True, "confidence.shown_from"),
        ("conjugation", "dire", "-dit | -dis", 'conjugation."dire"'),
        ("words", "adverbs", None, "words.adverbs"),
    ],
)
def test_a_wrong_value_names_its_key(table, key, value, source, french):
    data = {**french, table: {**french[table], key: value}}

    with pytest.raises(ConfigError) as caught:
        compile_language(data)

    assert (caught.value.source, bool(caught.value.problem), bool(caught.value.advice)) == (source, True, True)


@pytest.mark.parametrize("missing", ["code", "verbs", "conjugation", "names"])
def test_a_missing_part_is_named(missing, french):
    data = {key: value for key, value in french.items() if key != missing}

    with pytest.raises(ConfigError, match=missing):
        compile_language(data)


def test_a_verb_added_to_the_file_is_a_cue(french):
    text = "Le maire Paul Roche trompette que la digue tient."
    more = {**french, "verbs": {**french["verbs"], "trompetter": "A qo"}}

    assert extract_text(text, compile_language(french)) == ()
    assert [one.cue for one in extract_text(text, compile_language(more))] == ["trompette"]
