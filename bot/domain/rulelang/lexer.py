"""From what a person typed to tokens: words, quotes, brackets, separators, « et », « sauf », `~8`, `titre:`."""

import re
import unicodedata
from difflib import get_close_matches

from bot.domain.rulelang.mistakes import mistake
from bot.domain.rulelang.operators import NOT, settled
from bot.domain.rulelang.tokens import Kind, Token
from bot.domain.text import fold_word

_FIELDS = {
    "titre": "titre",
    "title": "titre",
    "debut": "debut",
    "chapo": "debut",
    "lead": "debut",
    "source": "source",
    "media": "source",
    "outlet": "source",
    "pays": "pays",
    "country": "pays",
}
_OPEN, _CLOSE, DASHES = "([{", ")]}", "-–—−"
_DOUBLE = '"“”„‟″＂«»‹›'
_SINGLE = "'‘’‚‛`´"
_SHORTEST_PREFIX, _FARTHEST = 3, 100
_SIGNS: dict[str, Kind] = {"\n": "line", "&": "et", "+": "et"}
_SIGNS.update((sign, "(") for sign in _OPEN)
_SIGNS.update((sign, ")") for sign in _CLOSE)
_SIGNS.update((sign, ",") for sign in ",;|/،、")
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0f\ufeff"
_ALNUM = r"[^\W_\u00aa\u00ba]"
_FIRMS = r"[A-Z]{1,2}&[A-Z]{1,2}(?![^\W_])"  # R&D, H&M
_WORD = re.compile(
    rf"{_FIRMS}|{_ALNUM}(?:{_ALNUM}|[\u0300-\u036f{_INVISIBLE}]"
    rf"|[{_SINGLE}ʼ.\-‐‑_](?={_ALNUM})"  # l'Otan, U.E, États-Unis
    rf"|(?<=\d)[,/:](?=\d)"  # 2,5 · 24/7 · 14:30 are one word
    rf"|(?<=[lLdDnNsScCjJmMtTqQuU])['’ʼ](?=[ \u00a0\u202f]))*"  # « l' or », as keyboards space it
    r"\+*"
)
_SPACE = re.compile(rf"[^\S\n]+|[{_INVISIBLE}]+")
_COLON = re.compile(r"[ \u00a0\u202f]?:")
_NEAR = re.compile(r"~[ \u00a0\u202f]*(\d{0,4})")
_CAMEL = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])")
_MARK = r"[-–—•*·▪▫‣◦●○■□➤➔→✔✅#]|\d{1,2}[.)](?=\s)|\d\ufe0f?\u20e3|\d{1,2} [-–](?=\s)"
_BULLET = re.compile(rf"[^\S\n]*(?:{_MARK})[^\S\n]*")


def read(text: str) -> list[Token]:
    """The tokens of a rule, with an « end » behind them. Raises RuleError."""
    plain = _without_bullets(text.replace("\r\n", "\n ").replace("\r", "\n"))
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        at = _next(plain, at, tokens)
    tokens.append(Token("end", "", len(text)))
    return list(settled(tokens))


def clean(text: str) -> str:
    """The words of a term as they are kept: composed, one kind of apostrophe and hyphen, single spaces."""
    text = unicodedata.normalize("NFC", re.sub(f"[{_INVISIBLE}]", "", text))
    text = re.sub(f"[{_SINGLE}ʼ]", "'", text)
    text = re.sub("[‐‑]", "-", text)
    return " ".join(re.sub(f"[{_DOUBLE}]", " ", text).split())


def _without_bullets(text: str) -> str:
    """A list with a mark before every line is a list: the marks become spaces, so that positions hold."""
    lines = text.split("\n")
    filled = [line for line in lines if line.strip()]
    marked = [match for line in filled if (match := _BULLET.match(line))]
    # A single « - x » is an exclusion; a single « • x » can only be a list.
    if not filled or len(marked) < len(filled) or (len(filled) == 1 and not marked[0][0].strip().startswith("•")):
        return text
    return "\n".join(_BULLET.sub(lambda mark: " " * len(mark[0]), line, count=1) for line in lines)


def _next(text: str, at: int, tokens: list[Token]) -> int:
    """Read one token (or nothing) at a position; where the next begins."""
    character = text[at]
    if space := _SPACE.match(text, at):
        return space.end()
    if character in _DOUBLE or _opens_single(text, at):
        return _quoted(text, at, tokens)
    if character == "#" and _WORD.match(text, at + 1):
        return _tag(text, at, tokens)
    if character == "~":
        return _near(text, at, tokens)
    if word := _WORD.match(text, at):
        return _word(text, word, tokens)
    kind = _sign(text, at)
    if kind:
        _add(tokens, kind, character, at)
    return at + 1  # what is left (emoji, full stops…) says nothing


def _sign(text: str, at: int) -> Kind | None:
    character = text[at]
    if character in _SIGNS:
        return _SIGNS[character]
    starts = at == 0 or text[at - 1].isspace() or text[at - 1] in _OPEN + ",;|/:&+" + DASHES
    if character in DASHES and starts and text[at + 1 :].strip():
        return "sauf"
    if character == "*":
        raise mistake("star", at, word="ukrain")
    return None


def _add(tokens: list[Token], kind: Kind, text: str, at: int, number: int = 0) -> None:
    first = not tokens or tokens[-1].kind == "line"
    if kind in {"sauf", "et"} and tokens and tokens[-1].kind == kind:
        return  # « -- », « && »
    tokens.append(Token(kind, text, at, number, first))


def _opens_single(text: str, at: int) -> bool:
    if text[at] not in _SINGLE or (at and not (text[at - 1].isspace() or text[at - 1] in "(,;:-+|/")):
        return False
    return _closing(text, at) > at + 1


def _closing(text: str, at: int) -> int:
    """Where the quote opened at `at` ends, -1 if it does not on its line."""
    closers = _DOUBLE if text[at] in _DOUBLE else _SINGLE
    for end in range(at + 1, min(len(text), at + 400)):
        if text[end] == "\n":
            return -1
        # An apostrophe inside a word is no closing quote.
        if text[end] in closers and (closers is _DOUBLE or not text[end + 1 : end + 2].isalnum()):
            return end
    return -1


def _quoted(text: str, at: int, tokens: list[Token]) -> int:
    end = _closing(text, at)
    if end < 0:
        rest = text[at + 1 :].partition("\n")[0].strip()
        raise mistake("quote", at, rest=rest or "article 5")
    if inside := clean(text[at + 1 : end]):
        _add(tokens, "quoted", inside, at)
    return end + 1


def _tag(text: str, at: int, tokens: list[Token]) -> int:
    match = _WORD.match(text, at + 1)
    assert match is not None  # noqa: S101 - the caller looked
    if tokens and tokens[-1].kind in {"word", "tag", "quoted", ")"}:
        _add(tokens, ",", "", at)
    _add(tokens, "tag", clean(_CAMEL.sub(" ", match[0]).replace("_", " ")), at)
    return match.end()


def _near(text: str, at: int, tokens: list[Token]) -> int:
    match = _NEAR.match(text, at)
    assert match is not None  # noqa: S101 - the caller saw the tilde
    number = int(match[1] or 8)
    if not 1 <= number <= _FARTHEST:
        raise mistake("distance", at, n=_FARTHEST)
    _add(tokens, "~", match[0], at, number)
    return match.end()


def _word(text: str, word: re.Match[str], tokens: list[Token]) -> int:
    end = word.end()
    if text[end - 1] == "+" and end < len(text) and re.match(_ALNUM, text[end]):
        end -= 1  # ukraine+troupes; but « Canal+ » keeps its sign
    if text[end : end + 2] == "-*":
        end += 1  # « ukraino-* »
    if text[end : end + 1] == "*":
        _add(tokens, "word", _prefix(text, word.start(), end), word.start())
        return end + 1
    colon = _COLON.match(text, end)
    if colon and fold_word(word[0]) in NOT:  # « sauf : football »
        _add(tokens, "word", word[0], word.start())
        return colon.end()
    if colon:
        _add(tokens, "field", _field(text, word.start(), end), word.start())
        return colon.end()
    _add(tokens, "word", clean(text[word.start() : end]).rstrip("+"), word.start())
    return end


def _prefix(text: str, start: int, end: int) -> str:
    word = clean(text[start:end]).rstrip("-")
    if re.match(_ALNUM, text[end + 1 : end + 2] or " "):
        raise mistake("star", end, word=word)
    if len(fold_word(word).rpartition(" ")[2]) < _SHORTEST_PREFIX:
        raise mistake("short_star", start)
    return f"{word}*"


def _field(text: str, start: int, end: int) -> str:
    name = fold_word(text[start:end])
    if name in _FIELDS:
        return _FIELDS[name]
    near = get_close_matches(name, _FIELDS, 1, 0.7)
    if near:
        raise mistake("field_near", start, typed=text[start:end], near=near[0])
    raise mistake("field", start, typed=text[start:end])
