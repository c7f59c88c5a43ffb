"""What a language file says, checked and compiled once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.errors import ConfigError
from bot.domain.statements.lexicon import Form, Verb, conjugate, read_verb
from bot.domain.statements.tables import curve_of, list_of, share_of, text_of, texts_of

Gender = Literal["m", "f", ""]
_CAPITALS = str.maketrans("éèêëàâîïôûüç", "eeeeaaiiouuc")


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """A language, compiled: `forms` maps every inflected cue to its readings, `words` each named list to a set."""

    code: str
    forms: Mapping[str, tuple[Form, ...]]
    auxiliaries: Mapping[str, str]  # form → tense
    etre: frozenset[str]
    semi: Mapping[str, frozenset[str]]  # form of a semi-auxiliary → the links that it takes: à, de, par, or nothing
    people: Mapping[str, Gender]
    plural_people: frozenset[str]
    bodies: Mapping[str, Gender]
    first_names: Mapping[str, Gender]
    words: Mapping[str, frozenset[str]]
    cues: Mapping[str, tuple[tuple[str, ...], ...]]  # according-to cues as words, by their first word, longest first
    cue_words: tuple[tuple[str, frozenset[str]], ...]  # first word of a cue, and all that must stand in its sentence
    cue_keys: frozenset[str]  # words one of which stands in every sentence that holds a cue …
    cue_marks: tuple[str, ...]  # … or its very characters
    initials: tuple[str, ...]  # cues at the head of a sentence only, as a unit may begin with them
    quotes: Mapping[str, str]  # opening mark → the marks that may close it
    noise: tuple[str, ...]
    curve: tuple[tuple[float, float], ...]  # what the features say → how often that was right
    shown_from: float

    def has(self, group: str, word: str) -> bool:
        """Whether the lower-case word stands in the named list."""
        return word in self.words[group]


_LISTS = {
    "according": ("initial", "never", "not_sources", "sources"),
    "speech_nouns": ("with_que", "with_colon", "documents", "transparent", "resuming", "settings"),
    "roles": ("with_a", "posted", "civilities", "feminine_civilities", "before", "describing", "demonym_endings",
              "demonyms"),
    "bodies": ("media", "anaphoric", "collective", "places", "outlets"),
    "names": ("particles", "not_people"),
    "speakers": (
        "subject_pronouns", "strong_pronouns", "nobody", "latter", "determiners", "feminine_determiners",
        "plural_determiners", "indefinite_determiners", "human_endings", "not_human",
    ),
    "words": (
        "prepositions", "linkers", "subordinators", "not_before_que", "adverbs", "not_adverbs", "fillers", "times",
        "clitics", "insertions", "time_nouns", "nouns_in_ait", "published", "continuing",
        "questioned", "asking", "negations", "modals", "not_infinitives", "openers", "finite",
    ),
    "headlines": ("not_signatures",),
    "segmentation": ("abbreviations", "ending_abbreviations"),
}  # fmt: skip
_PARTS = [2, 1, 2, 1, 1, 1]  # words in each part of an irregular verb
_TENSES = ("present", "imperfect", "past", "future", "conditional", "subjunctive", "gerund", "infinitive")


def compile_language(data: Mapping[str, object]) -> LanguageRules:
    """The rules of a parsed language file; a wrong value raises ConfigError with the path of its key."""
    verbs = _verbs(data)
    irregular = _irregular(data)
    words = {name: _words(data, section, name) for section, names in _LISTS.items() for name in names}
    words["settings"] |= words["with_colon"] | words["media"]
    words["according_cues"] = frozenset(cue.split()[0] for cue in list_of(data, "according", "cues")) | words["initial"]
    # what no noun phrase ends with
    words["loose"] = (
        words["linkers"]
        | words["prepositions"]
        | words["published"]
        | {"la", "le", "les", "l'", "et", "ce", "cette", "ces"}
    )
    cues = _cues(data)
    people = _people(data)
    forms = _forms(verbs, irregular)
    return LanguageRules(
        code=text_of(data, "code"),
        forms=forms,
        auxiliaries=_auxiliaries(data),
        etre=frozenset(list_of(data, "auxiliaries", "etre")),
        semi=_semi(data, irregular),
        people=people,
        plural_people=frozenset(_plural(word) for word in people),
        bodies=_bodies(data),
        first_names=_gendered(data, "names"),
        words=words,
        cues=cues,
        cue_words=tuple(_cue_words(cues)),
        cue_keys=_giveaways(forms, cues, words["prepositions"] | words["adverbs"]) | words["sources"] | {"dixit"},
        cue_marks=(
            *("".join(cue) for group in cues.values() for cue in group if "'" in cue[0]),
            *(f"{word} qui" for word in words["initial"]),
        ),
        initials=tuple(
            f"{lead}{word} " for word in words["initial"] for lead in ("", "- ", "– ", "— ", "et ", "mais ", "or ")
        ),
        quotes=_quotes(data),
        noise=tuple(list_of(data, "segmentation", "noise")),
        curve=curve_of(data, "confidence", "curve"),
        shown_from=share_of(data, "confidence", "shown_from"),
    )


def _irregular(data: Mapping[str, object]) -> dict[str, str]:
    irregular = texts_of(data, "conjugation")
    for ending, pattern in irregular.items():
        if [len(part.split()) for part in pattern.split("|")] != _PARTS:
            source = f'conjugation."{ending}"'
            raise ConfigError(source, "does not hold the six parts", "see the comment above the table")
    return irregular


def _cues(data: Mapping[str, object]) -> dict[str, tuple[tuple[str, ...], ...]]:
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for cue in list_of(data, "according", "cues"):
        words = tuple(cue.replace("'", "' ").split())
        grouped.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in grouped.items()}


def _cue_words(cues: Mapping[str, tuple[tuple[str, ...], ...]]) -> Iterator[tuple[str, frozenset[str]]]:
    for first, group in cues.items():
        for cue in group:
            rest = frozenset(cue[1:]) - {"de"}  # or d'
            yield first, rest | {first}
            if first == "à":
                yield "a", rest | {"a"}  # « A en croire »


def _giveaways(
    forms: Mapping[str, tuple[Form, ...]], cues: Mapping[str, tuple[tuple[str, ...], ...]], common: frozenset[str]
) -> frozenset[str]:
    """The forms of verbs of one word, a word of the tail of the others, one of each preposition."""
    single = {form for form, readings in forms.items() if any(not reading.verb.tail for reading in readings)}
    tails = {reading.verb.tail for readings in forms.values() for reading in readings if reading.verb.tail}
    leads = {cue for group in cues.values() for cue in group if "'" not in cue[0]}
    rarest = {max(words, key=lambda word: (word not in common, len(word))) for words in tails | leads}
    return frozenset(single | rarest)


def _quotes(data: Mapping[str, object]) -> dict[str, str]:
    quotes = {pair[0]: pair[1:] for pair in list_of(data, "segmentation", "quotes")}
    if not all(quotes.values()):
        raise ConfigError("segmentation.quotes", "holds a mark without its partner", 'write pairs like ["«»", "“”"]')
    return quotes


def _verbs(data: Mapping[str, object]) -> list[Verb]:
    verbs = []
    for lemma, value in texts_of(data, "verbs").items():
        try:
            verbs.append(read_verb(lemma, value))
        except ValueError as error:
            raise ConfigError(f'verbs."{lemma}"', str(error), 'write it like "préciser" = "A qio"') from error
    return verbs


def _forms(verbs: list[Verb], irregular: Mapping[str, str]) -> dict[str, tuple[Form, ...]]:
    forms: dict[str, list[Form]] = {}
    for verb in verbs:
        for form, tense, plural, feminine in conjugate(verb.word, irregular):
            forms.setdefault(form, []).append(Form(verb, tense, plural, feminine))
    # A longer verb is tried first: « a fait savoir » before « a fait ».
    return {form: tuple(sorted(made, key=lambda f: -len(f.verb.tail))) for form, made in forms.items()}


def _auxiliaries(data: Mapping[str, object]) -> dict[str, str]:
    return {form: tense for tense in _TENSES for form in list_of(data, "auxiliaries", tense)}


def _semi(data: Mapping[str, object], irregular: Mapping[str, str]) -> dict[str, frozenset[str]]:
    links: dict[str, set[str]] = {}
    for key, link in (("after_a", "à"), ("after_de", "de"), ("after_par", "par"), ("bare", "")):
        for verb in list_of(data, "semi_auxiliaries", key):
            word = verb.removeprefix("se ").removeprefix("s'")
            for form, tense, *_ in conjugate(word, irregular):
                if tense in {"present", "imperfect", "past", "participle"} and (
                    link or tense in {"past", "participle"}
                ):
                    links.setdefault(form, set()).add(link)
    return {form: frozenset(kinds) for form, kinds in links.items()}


def _people(data: Mapping[str, object]) -> dict[str, Gender]:
    people: dict[str, Gender] = {}
    for entry in list_of(data, "roles", "people"):
        masculine, _, feminine = entry.partition("|")
        for word, gender in ((masculine, "m"), (feminine, "f")):
            if word:
                kind: Gender = "" if not feminine else "m" if gender == "m" else "f"
                people[word.split()[0] if word.split()[0] in {"homme", "femme"} else word] = kind
    return people | {_bare(word): gender for word, gender in people.items()}


def _bodies(data: Mapping[str, object]) -> dict[str, Gender]:
    bodies = _gendered(data, "bodies")
    return bodies | {_bare(word): gender for word, gender in bodies.items()}


def _gendered(data: Mapping[str, object], section: str) -> dict[str, Gender]:
    found: dict[str, Gender] = {}
    for key, gender in (("masculine", "m"), ("feminine", "f")):
        for word in list_of(data, section, key):
            kind: Gender = "m" if gender == "m" else "f"
            found[word] = "" if found.get(word, kind) != kind else kind
    return found


def _plural(word: str) -> str:
    if word.endswith("al"):
        return word[:-2] + "aux"
    return word if word[-1] in "sx" else word + "s"


def _bare(word: str) -> str:
    """The word as written by somebody whose capitals carry no accent: Etat, Elysée."""
    return word[0].translate(_CAPITALS) + word[1:]


def _words(data: Mapping[str, object], section: str, name: str) -> frozenset[str]:
    found = list_of(data, section, name)
    return frozenset(found) | frozenset(_bare(word) for word in found if name in {"places", "outlets"})
