"""How a statement is told in one line: its own words, its own cue, the speaker's name.

Requirements. A colon and guillemets only for words that stand between quotation marks in the source. Everything else
keeps its own cue. A pronoun is told as the name. What cannot be told with its cue though it is denied, hearsay or a
question is not told at all: a denial must never read as an affirmation.

How. The source ties cue and content together in one of five frames (Statement.frame), and each frame has one form:

    clause         Mark Rutte (secrétaire général) a indiqué que …        cue and connector stand as in the source
    infinitive     L'armée affirme avoir repris le village
    incise         …, a souligné Mark Rutte                               an inverted pronoun makes place for the name
    quote          Mark Rutte : « … »                                     if not affirmed: « … », a démenti Mark Rutte
    according-to   Selon Mark Rutte, …
"""

import re

from bot.domain.model import Statement
from bot.domain.text import typographic

LONGEST = 280  # characters of a statement's own words in a digest
ELLIPSIS = "[…]"
NBSP = "\u00a0"

_LINE_BREAKS = re.compile(r"[ \t]*[\r\n]\s*")
_INVERTED = re.compile(r"-(?:t-)?(?:il|elle|ils|elles|on)\b", re.IGNORECASE)
_PARTICIPLE = re.compile(r"^(?:tout en |en )?\w+ant\b", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouyhàâäéèêëîïôöûüœæ]", re.IGNORECASE)
_PRONOUN_CUE = re.compile(r"\b(?:ses yeux|lui|elle|eux)\b", re.IGNORECASE)
_POSSESSIVE = re.compile(
    r"\b(?:son|sa|ses|leurs?|notre|nos|votre|vos)\b"
)  # « porte-parole de son gouvernement »: whose, is not said
_ARTICLE = re.compile(r"^(?:le |la |les |l'|un |une |des |du )", re.IGNORECASE)
_ARTICLES_KEPT = ("Le", "La", "Les", "L'", "Un", "Une", "Des")
_FIRST_WORD = re.compile(r"([^\W\d_]+)(?:['’]|[ \u00a0\u202f])")
# Words that have a capital only because a sentence begins with them.
_SMALL = (
    "le la les l un une des du de d ce cet cette ces son sa ses leur leurs notre nos votre vos mon ma mes plusieurs "
    "quelques certains certaines chaque aucun aucune tout toute tous toutes il elle ils elles on nous vous je j c ça "
    "cela ceci qui que qu quand lorsque si comme mais et or car donc à au aux dans en sur sous par pour avec sans chez "
    "entre vers contre après avant depuis dès pendant durant parmi malgré lors selon outre jusqu plus moins deux trois "
    "quatre cinq six sept huit neuf dix alors ainsi aussi également désormais actuellement parce puisque"
)
_SMALL_WORDS = frozenset(_SMALL.split())
# Where a statement may end early: after a sentence, before a semicolon, or before a clause that stands by itself.
# Not at any comma: « le pays, qui … » cut there would say something else.
_CUTS = (
    re.compile(r"[.!?…]»?(?=\s)"),
    re.compile(r"(?=\s*;)"),
    re.compile(r"(?=,\s+(?:mais|car|alors que|tandis que|et que|ainsi que|y compris|afin|pour que)\b)"),
)
_SHORTEST_CUT = 80  # a cut that leaves less says too little


def tell(statement: Statement, text: str) -> str | None:
    """The statement as one line of a digest, `text` standing for its words; None where it cannot be told honestly."""
    if not text or not statement.speaker:
        return None
    form = _FORMS[statement.frame]
    line = form(statement, _LINE_BREAKS.sub(" ", text))
    return None if line is None else line[0].upper() + line[1:] if line[0].islower() else line


def shorten(text: str, longest: int = LONGEST) -> str | None:
    """The text, cut at a sentence or clause end inside it and marked « […] »; None where it cannot be."""
    if len(text) <= longest:
        return text
    for cut in _CUTS:
        ends = [m.end() for m in cut.finditer(text, 0, longest - len(ELLIPSIS) - 1)]
        for end in reversed(ends):
            kept = text[:end].rstrip()
            if len(kept) >= _SHORTEST_CUT and _balanced(kept):
                return f"{kept} {ELLIPSIS}"
    return None


def speaker_name(statement: Statement) -> str:
    """The speaker as shown: the name; a body or office keeps the article that it has in the source."""
    name, mention = statement.speaker, typographic(statement.mention)
    if _ARTICLE.match(typographic(name)) or not mention.lower().endswith(typographic(name).lower()):
        return name
    article = mention[: len(mention) - len(name)]
    if article.strip().capitalize() in _ARTICLES_KEPT:
        return statement.mention
    return name


def _who(statement: Statement) -> str:
    name = speaker_name(statement)
    role = statement.role.strip()
    if not role or role.lower() in name.lower() or _POSSESSIVE.search(role):
        return name
    return f"{name} ({role})"


def _cue(statement: Statement) -> str:
    """The cue inside a line: no inverted pronoun, and no capital of the sentence that it began."""
    cue = _INVERTED.sub("", statement.cue)
    return cue[:1].lower() + cue[1:]


def _clause(statement: Statement, text: str) -> str | None:
    who, cue = _who(statement), _cue(statement)
    if not cue:
        return None
    comma = "," if _PARTICIPLE.match(cue) or (", " in who and not who.endswith(")")) else ""
    return f"{who}{comma} {cue}{_joined(statement.connector)}{text}"


def _incise(statement: Statement, text: str) -> str | None:
    cue = _cue(statement)
    if not cue:
        return None
    if cue == "(":  # a title that its speaker signs: « Les frappes « sont un choix » (Zelensky) »
        return f"{text.rstrip(' ,.')} ({speaker_name(statement)})"
    return f"{text.rstrip(' ,.')}, {cue} {_lowered(_who(statement))}"


def _quote(statement: Statement, text: str) -> str | None:
    quoted = f"«{NBSP}{text}{NBSP}»"
    if statement.polarity == "affirmed":
        return f"{_who(statement)}{NBSP}: {quoted}"
    cue = _cue(statement)
    return f"{quoted}, {cue} {_lowered(_who(statement))}" if cue else None


def _according_to(statement: Statement, text: str) -> str | None:
    cue, who = statement.cue, _lowered(_who(statement))
    if not cue or _PRONOUN_CUE.search(cue):
        return None
    if cue.lower().endswith((" de", " du", " des", "d'", "d’")):
        stem = re.sub(r"(?:\bd[eu]s?|\bd['’])$", "", cue)
        cue, who = stem.rstrip(), _of(who)
    small = _inside(text)
    if small is None:  # whether the capital is a name's, nobody can tell: the source's own order keeps it
        return f"{text.rstrip(' ,.')}, {cue[0].lower()}{cue[1:]} {who}"
    return f"{cue} {who}, {small}"


def _inside(text: str) -> str | None:
    """The text as it stands after a comma; None where its capital may be a name's or may not."""
    if not text[0].isupper() or text[1:2].isupper():
        return text
    first = _FIRST_WORD.match(text)
    if first is None or first.group(1).lower() not in _SMALL_WORDS or text[first.end() : first.end() + 1].isupper():
        return None
    return text[0].lower() + text[1:]


_FORMS = {
    "clause": _clause,
    "infinitive": _clause,
    "incise": _incise,
    "quote": _quote,
    "according-to": _according_to,
}


def _joined(connector: str) -> str:
    """The connector with the spaces around it: « que  », « qu' »."""
    if not connector:
        return " "
    return f" {connector}" if connector.endswith(("'", "’")) else f" {connector} "


def _lowered(who: str) -> str:
    """Inside a line an article is small: « Selon le Kremlin »."""
    return who[0].lower() + who[1:] if _ARTICLE.match(typographic(who)) else who


def _of(who: str) -> str:
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if who.startswith(article):
            return contracted + who[len(article) :]
    return f"d’{who}" if _VOWEL.match(who) else f"de {who}"


def _balanced(text: str) -> bool:
    """No quotation mark or bracket is left open by a cut."""
    pairs = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"))
    return all(text.count(left) == text.count(right) for left, right in pairs) and text.count('"') % 2 == 0
