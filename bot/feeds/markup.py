"""Plain text out of what feeds put into titles and summaries: HTML, HTML escaped again, entities, or plain text.

One pass over the tags, linear whatever the input (feedparser's own sanitiser is quadratic on `<!--` and is off). Only
what is named like an element is a tag: « a < b » and « <OTAN> » are text. Entities need their semicolon: « R&D » and
« ?a=1&section=2 » stay as they are. No-break spaces are French typography and stay; other runs collapse.
"""

import html
import re

TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*)"
    r"(?:\s(?:[^<>\"']++|\"[^\"<]{0,4000}\"|'[^'<]{0,4000}')*+[^<>]{0,4000})?/?>|<!--|<!\[CDATA\[|\]\]>|<[!?][^<>]{0,400}>"
)
CUT_OFF = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9:-]*(?:\s[^<>]*)?|!-{0,2})$")  # a description cut inside a tag
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
SPACES = re.compile(r"[ \t\n\r\f\v]{2,}|[\t\n\r\f\v]")  # single blanks, the most of them, are left as they are
# Unseen and unwanted: controls, soft hyphens, zero-width spaces, halves of characters.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
BLOCK, BREAK = "\ue000", "\ue001"  # stand for line ends while other white space collapses
MOJIBAKE = re.compile("[ÃÂ][\x80-\xbf\u0152-\u02dc\u2013-\u2122]|â€")

HIDDEN = frozenset({"script", "style", "iframe", "noscript", "template", "svg", "math", "object", "form", "button"})
BLOCKS = re.compile(
    "address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|h[1-6]|header|hr|li|"
    "main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
ELEMENTS = re.compile(
    "a|abbr|acronym|area|audio|b|base|bdi|bdo|big|body|br|button|canvas|caption|cite|code|col|colgroup|data|datalist|del|"
    "dfn|em|embed|font|form|frame|frameset|head|html|i|iframe|img|input|ins|kbd|label|legend|link|map|mark|math|meta|"
    "meter|nobr|noscript|object|optgroup|option|output|param|picture|progress|q|rp|rt|ruby|s|samp|script|select|slot|"
    "small|source|span|strike|strong|style|sub|sup|svg|template|textarea|time|title|track|tt|u|var|video|wbr|.*[:-].*"
)
NESTED = 2  # escapes within escapes that are undone


def plain_line(value: str) -> str:
    """The text in one line: for titles."""
    return " ".join(plain_text(value).split("\n")).replace("  ", " ").strip()


def plain_text(value: str) -> str:
    """The text, paragraphs apart by an empty line."""
    text = repaired(value.replace(BLOCK, "").replace(BREAK, ""))
    for _ in range(NESTED):
        before = text
        if "<" in text:
            text = _without_tags(text)
        if "&" in text:
            text = ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        if text == before or ("<" not in text and "&" not in text):
            break
    if "<" in text:
        text = _without_tags(text)
    return _tidy(text)


def _without_tags(text: str) -> str:
    """Tags gone, hidden content and comments too; blocks and line breaks leave their sign behind."""
    out: list[str] = []
    position = 0
    ends_known_missing: set[str] = set()
    while (tag := TAG.search(text, position)) is not None:
        out.append(text[position : tag.start()])
        name = (tag["name"] or "").lower()
        if name and not _is_element(name):
            out.append(tag[0])
        elif BLOCKS.fullmatch(name):
            out.append(BLOCK)
        elif name == "br":
            out.append(BREAK)
        position = _after(text, tag, name, ends_known_missing)
    out.append(CUT_OFF.sub("", text[position:]))
    return "".join(out)


def _is_element(name: str) -> bool:
    return bool(BLOCKS.fullmatch(name) or ELEMENTS.fullmatch(name))


def _after(text: str, tag: re.Match[str], name: str, missing: set[str]) -> int:
    """Where text goes on: behind a comment or a hidden element as a whole, unless it never ends."""
    if tag[0] == "<!--":
        end = "-->"
    elif name in HIDDEN and not tag["close"] and not tag[0].endswith("/>"):
        end = f"</{name}"
    else:
        return tag.end()
    found = -1 if end in missing else _find(text, end, tag.end())
    if found < 0:
        missing.add(end)
        return tag.end()
    return found + len(end) if end == "-->" else found


def _find(text: str, end: str, start: int) -> int:
    found = text.find(end, start)
    return found if found >= 0 or end == "-->" else text.find(end.upper(), start)


def _tidy(text: str) -> str:
    text = SPACES.sub(" ", CONTROLS.sub("", text))
    text = text.replace(BLOCK, "\n\n").replace(BREAK, "\n")
    lines = [line.strip(" \xa0\u202f") for line in text.split("\n")]
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def repaired(text: str) -> str:
    """Undo UTF-8 that was once read as cp1252 (« Ã© »), where all of the text agrees that it was."""
    if not MOJIBAKE.search(text):
        return text
    try:
        return "".join(map(_cp1252_or_latin1, text)).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _cp1252_or_latin1(character: str) -> str:
    """The one byte that it was read from, as the latin-1 character of that number."""
    if character <= "\xff":
        return character
    return character.encode("cp1252").decode("latin-1")
