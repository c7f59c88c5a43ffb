"""Why a rule cannot be read: what is wrong and what would be right, in French and in English."""

from bot.domain.errors import RuleError, Said

# What is wrong, and a suggestion; French first.
_SAYINGS: dict[str, tuple[str, str, str, str]] = {
    "empty": (
        "il faut au moins un mot à chercher",
        "par exemple otan, ukraine",
        "there must be at least one word to look for",
        "for example otan, ukraine",
    ),
    "only_out": (
        "il faut au moins un mot à chercher, pas seulement à exclure",
        "par exemple otan, ukraine",
        "there must be at least one word to look for, not only words to leave out",
        "for example otan, ukraine",
    ),
    "closed": (
        "une parenthèse se ferme sans avoir été ouverte",
        "retirez « ) »",
        "a bracket is closed that was not opened",
        "take “)” away",
    ),
    "open": ("il manque la parenthèse fermante", "ajoutez « ) »", "the closing bracket is missing", "add “)”"),
    "deep": (
        "{n} parenthèses l’une dans l’autre au plus",
        "retirez celles qui ne changent rien",
        "at most {n} brackets one inside the other",
        "take away those that change nothing",
    ),
    "hollow": (
        "il n’y a rien à chercher entre ces parenthèses",
        "retirez-les",
        "there is nothing to look for between these brackets",
        "take them away",
    ),
    "hollow_out": (
        "il n’y a rien à chercher entre ces parenthèses",
        "écrivez l’exclusion hors des parenthèses",
        "there is nothing to look for between these brackets",
        "write the exclusion outside them",
    ),
    "and_after": (
        "il manque un mot après « {sign} »",
        "par exemple ukraine et troupes",
        "a word is missing after “{sign}”",
        "for example ukraine and troupes",
    ),
    "and_before": (
        "il manque un mot avant « {sign} »",
        "par exemple ukraine et troupes",
        "a word is missing before “{sign}”",
        "for example ukraine and troupes",
    ),
    "after": (
        "il manque un mot après « {sign} »",
        "retirez-le ou ajoutez un mot",
        "a word is missing after “{sign}”",
        "take it away or add a word",
    ),
    "near_before": (
        "il manque un mot avant « {sign} »",
        "par exemple troupes ~8 ukraine",
        "a word is missing before “{sign}”",
        "for example troupes ~8 ukraine",
    ),
    "near_words": (
        "« ~ » relie des mots, ou une liste de mots entre parenthèses",
        "par exemple (troupes, soldats) ~8 ukraine",
        "“~” joins words, or a list of words in brackets",
        "for example (troupes, soldats) ~8 ukraine",
    ),
    "distance": (
        "la distance après ~ va de 1 à {n} mots",
        "par exemple troupes ~8 ukraine",
        "the distance after ~ is between 1 and {n} words",
        "for example troupes ~8 ukraine",
    ),
    "field_word": (
        "il manque un mot après « {field}: »",
        "par exemple {field}:{example}",
        "a word is missing after “{field}:”",
        "for example {field}:{example}",
    ),
    "field_names": (
        "« {field}: » veut un nom, ou une liste de noms entre parenthèses",
        "par exemple {field}:{example}",
        "“{field}:” takes a name, or a list of names in brackets",
        "for example {field}:{example}",
    ),
    "field_near": (
        "« {typed}: » n’est pas un filtre connu",
        "vouliez-vous dire {near}: ?",
        "“{typed}:” is no filter that I know",
        "did you mean {near}:?",
    ),
    "field": (
        "« {typed}: » n’est pas un filtre connu",
        "les filtres sont titre:, debut:, source: et pays:",
        "“{typed}:” is no filter that I know",
        "the filters are title:, lead:, source: and country:",
    ),
    "country_near": (
        "pays inconnu : « {name} »",
        "vouliez-vous dire pays:{near} ?",
        "unknown country: “{name}”",
        "did you mean country:{near}?",
    ),
    "country": (
        "pays inconnu : « {name} »",
        "par exemple pays:BE ou pays:Belgique",
        "unknown country: “{name}”",
        "for example country:BE or country:Belgium",
    ),
    "common": (
        "« {text} » est trop courant pour être cherché",
        "ajoutez un mot qui compte, ou des guillemets",
        "“{text}” is too common to be looked for",
        "add a word that counts, or quotes",
    ),
    "no_word": (
        "« {text} » n’est pas un mot",
        "écrivez un mot ou un nombre",
        "“{text}” is not a word",
        "write a word or a number",
    ),
    "quote": (
        "il manque le guillemet fermant",
        'par exemple "{rest}"',
        "the closing quote is missing",
        'for example "{rest}"',
    ),
    "star": (
        "l’étoile se met à la fin d’un mot",
        "par exemple {word}*",
        "the star goes at the end of a word",
        "for example {word}*",
    ),
    "short_star": (
        "il faut au moins trois lettres avant l’étoile",
        "par exemple ukrain*",
        "at least three letters must stand before the star",
        "for example ukrain*",
    ),
    "long": (
        "une règle a {n} caractères au plus, celle-ci {given}",
        "faites-en deux thèmes",
        "a rule has at most {n} characters, this one {given}",
        "make two topics of it",
    ),
    "many": (
        "une règle a {n} termes au plus, celle-ci {given}",
        "faites-en deux thèmes",
        "a rule has at most {n} terms, this one {given}",
        "make two topics of it",
    ),
}  # fmt: skip
_ENGLISH = {"titre": "title", "debut": "lead", "source": "source", "pays": "country"}
_LONGEST = 60  # characters of what was typed that are repeated


def mistake(code: str, position: int, **values: object) -> RuleError:
    """The error of that code at a position of the rule as typed."""
    shown = {name: _cut(value) for name, value in values.items()}
    french = [_unbroken(text.format(**shown)) for text in _SAYINGS[code][:2]]
    shown["field"] = _ENGLISH.get(shown.get("field", ""), "")
    english = [text.format(**shown) for text in _SAYINGS[code][2:]]
    return RuleError(position, Said(*french), Said(*english))


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _unbroken(french: str) -> str:
    """With the spaces of French typography that no line may break at."""
    return french.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" : ", "\u00a0: ").replace(" ?", "\u202f?")
