"""The rules of `config/kinds/<language>.toml`, checked: a wrong value is one line that says where and what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from bot.domain.errors import ConfigError
from bot.domain.model import StoryKind
from bot.domain.stories.words import Vocabulary, fold, key_of
from bot.domain.text import fold_word

SignKind = StoryKind | Literal["roundup"]

KINDS = (*(kind for kind in get_args(StoryKind) if kind != "news"), "roundup")
PLACES = ("label", "part", "start", "phrase", "capitals", "path", "slug", "byline", "score")
ROUNDUP: Literal["roundup"] = "roundup"  # stays news, but tells several events

_SIGN_KEYS = ("kind", "where", "words", "unless", "why")
_LISTS = ("before", "aftermath", "tolls", "boilerplate", "numbers")
_PAIRS = ("stands_for", "opposites")
_WORD_KEYS = ("stop", "weak", "common", "same", *_PAIRS, *_LISTS)
_PAIR = 2


@dataclass(frozen=True)
class Sign:
    """One way in which a kind shows itself."""

    kind: SignKind
    where: str  # of PLACES
    words: Mapping[str, str]  # as they are compared at that place → as they are written
    unless: tuple[str, ...]  # folded
    why: str


@dataclass(frozen=True)
class KindRules:
    """How kinds show themselves, and which words tell one event from another."""

    signs: tuple[Sign, ...]
    vocabulary: Vocabulary


def compile_kinds(data: Mapping[str, object]) -> KindRules:
    """The rules of a parsed kinds file. Raises ConfigError, whose source is the key path of the wrong value."""
    _known(data, ("sign", "words"), "")
    signs = data.get("sign", [])
    if not isinstance(signs, list) or not signs:
        raise ConfigError("sign", "il n’y a aucun signe", "écrire au moins un bloc [[sign]]")
    words = data.get("words")
    if not isinstance(words, Mapping):
        raise ConfigError("words", "la table [words] manque", "la reprendre du fichier livré")
    return KindRules(tuple(_sign(sign, f"sign[{n}]") for n, sign in enumerate(signs, 1)), _vocabulary(words))


def _sign(sign: object, source: str) -> Sign:
    if not isinstance(sign, Mapping):
        raise ConfigError(source, "ce n’est pas une table", "écrire [[sign]] puis kind, where, words, why")
    _known(sign, _SIGN_KEYS, f"{source}.")
    where = _one_of(sign, "where", PLACES, source)
    words = _strings(sign.get("words"), f"{source}.words")
    why = sign.get("why", "")
    if not isinstance(why, str) or "{}" not in why:
        raise ConfigError(f"{source}.why", "la raison ne montre pas ce qui a été trouvé", "y écrire {}")
    return Sign(
        kind=cast("SignKind", _one_of(sign, "kind", KINDS, source)),
        where=where,
        words={_as_compared(word, where): word for word in words},
        unless=tuple(fold_word(word) for word in _strings(sign.get("unless", []), f"{source}.unless", empty=True)),
        why=why,
    )


def _as_compared(word: str, where: str) -> str:
    """Addresses and capitals are compared as they stand, all else folded."""
    if where == "capitals":
        return word
    return word.casefold() if where in {"path", "slug"} else fold_word(word)


def _one_of(table: Mapping[str, object], key: str, choices: Sequence[str], source: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or value not in choices:
        raise ConfigError(f"{source}.{key}", f"« {value} » n’est pas connu", "choisir parmi " + ", ".join(choices))
    return value


def _known(table: Mapping[str, object], keys: Sequence[str], prefix: str) -> None:
    for key in table:
        if key not in keys:
            raise ConfigError(f"{prefix}{key}", "cette clé n’est pas connue", "choisir parmi " + ", ".join(keys))


def _strings(value: object, source: str, *, empty: bool = False) -> tuple[str, ...]:
    """A list of words, or words in one string with spaces between them."""
    if isinstance(value, str):
        value = value.split()
    if not isinstance(value, list) or not (value or empty):
        raise ConfigError(source, "une liste de mots est attendue", 'écrire par exemple ["tribune", "éditorial"]')
    for word in value:
        if not isinstance(word, str) or not word.strip():
            raise ConfigError(source, f"« {word} » n’est pas un mot", "écrire chaque mot entre guillemets droits")
    return tuple(value)


def _vocabulary(words: Mapping[str, object]) -> Vocabulary:
    _known(words, _WORD_KEYS, "words.")
    same = _same(words.get("same", []))
    lists = {
        key: _strings(words.get(key, []), f"words.{key}", empty=True) for key in (*_LISTS, "stop", "weak", "common")
    }
    pairs = {key: _pairs(words.get(key, []), f"words.{key}", same) for key in _PAIRS}
    common = _keys(lists["common"], same)
    return Vocabulary(
        stop=frozenset(map(fold, lists["stop"])),
        before=frozenset(map(fold, lists["before"])),
        weak=_keys(lists["weak"], same) - common,
        common=common,
        same=same,
        stands_for=pairs["stands_for"],
        opposites=pairs["opposites"],
        aftermath=_keys(lists["aftermath"], same),
        tolls=_keys(lists["tolls"], same),
        numbers=dict(_number(entry) for entry in lists["numbers"]),
        boilerplate=tuple(map(fold_word, lists["boilerplate"])),
    )


def _keys(words: Sequence[str], same: dict[str, str]) -> frozenset[str]:
    return frozenset(key_of(fold(word), same) for word in words)


def _same(value: object) -> dict[str, str]:
    """Folded word → key; the first of each group gives the key."""
    same: dict[str, str] = {}
    for number, group in enumerate(_rows(value, "words.same"), 1):
        folded = [fold(word) for word in _strings(group, f"words.same[{number}]")]
        key = key_of(folded[0], {})
        same.update(dict.fromkeys(folded, key))
    return same


def _pairs(value: object, source: str, same: dict[str, str]) -> frozenset[tuple[str, str]]:
    """Pairs of keys, in both orders."""
    pairs: set[tuple[str, str]] = set()
    for number, row in enumerate(_rows(value, source), 1):
        both = _strings(row, f"{source}[{number}]")
        if len(both) != _PAIR:
            raise ConfigError(
                f"{source}[{number}]", "deux mots sont attendus", 'écrire par exemple ["hausse", "baisse"]'
            )
        first, second = (key_of(fold(word), same) for word in both)
        pairs |= {(first, second), (second, first)}
    return frozenset(pairs)


def _rows(value: object, source: str) -> list[object]:
    if not isinstance(value, list):
        raise ConfigError(source, "une liste de listes est attendue", 'écrire par exemple [["kiev", "kyiv"]]')
    return value


def _number(entry: str) -> tuple[str, str]:
    match = re.fullmatch(r"(\w+)=(\d+)", entry)
    if not match:
        raise ConfigError("words.numbers", f"« {entry} » ne se lit pas", "écrire par exemple douze=12")
    return fold(match[1]), match[2]
