"""HTML as Telegram reads it: text with tags in, visible text and entities out, refusals in its words.

It is no HTML parser: only a few tags exist, an unknown named reference stays as it is written, and a mistake refuses
the whole message. Positions in refusals are byte offsets of the source; those of entities count UTF-16 units.
"""

import re
from dataclasses import dataclass, field, replace

from tests.telegram.double.entities import Entity, Formatted, in_order, is_link, utf16_length
from tests.telegram.double.refusals import Refusal, bad

_TYPES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_SPACE = " \t\r\n\v\f"


def parse_html(source: str) -> Formatted:
    """What a message with this HTML shows. Raises Refusal (`can't parse entities: …`)."""
    return _Reader(source).read()


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end: where it began in the result, and its argument."""

    tag: str
    argument: str
    offset: int
    piece: int


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    units: int = 0
    pieces: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    found: list[Entity] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def read(self) -> Formatted:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._put(self._character())
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        # A language outside of <pre> is forgotten.
        found = [replace(entity, language="") if entity.type == "code" else entity for entity in self.found]
        return Formatted("".join(self.pieces), in_order(found), tuple(self.dropped))

    def _put(self, character: str) -> None:
        self.pieces.append(character)
        self.units += utf16_length(character)

    def _character(self) -> str:
        """The next character, a reference resolved."""
        reference = _REFERENCE.match(self.source, self.at)
        character = _resolve(reference) if reference else ""
        if reference and character:
            self.at = reference.end()
            return character
        self.at += 1
        return self.source[self.at - 1]

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._until(_SPACE + ">")
        if self.at == len(self.source):
            raise self._wrong_at("Unclosed start tag", begin)
        tag = name.lower()
        if tag not in _TYPES:
            raise self._wrong_at(f'Unsupported start tag "{tag}"', begin)
        argument = _argument(tag, self._attributes(tag, begin))
        if tag == "span" and argument != "spoiler":
            raise self._wrong_at('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, argument, self.units, len(self.pieces)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        """What stands between the tag's name and its `>`, which is consumed."""
        given: dict[str, str] = {}
        while True:
            self._skip_space()
            if self._next() == ">":
                self.at += 1
                return given
            name = self._until(_SPACE + "=>")
            if not name:
                problem = f'Empty attribute name in the tag "{tag}"'
                raise self._wrong_at(problem if self._next() else "Unclosed start tag", begin)
            self._skip_space()
            given[name] = self._value(tag, name, begin)
            if self.at >= len(self.source):
                raise self._wrong_at("Unclosed start tag", begin)

    def _value(self, tag: str, name: str, begin: int) -> str:
        if self._next() != "=":
            if tag == "blockquote" and name == "expandable":
                return name  # the only attribute without a value
            raise self._wrong_at(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        self.at += 1
        self._skip_space()
        quote = self._next()
        if quote not in {'"', "'"}:
            start = self.at
            token = re.compile(r"[A-Za-z0-9.-]*").match(self.source, self.at)
            assert token is not None
            self.at = token.end()
            if self._next() not in {*_SPACE, ">"}:
                raise self._wrong_at("Unexpected end of name token", start)
            return token.group().lower()
        self.at += 1
        value = ""
        while self.at < len(self.source) and self._next() != quote:
            value += self._character()
        self.at += 1
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._wrong_at("Unexpected end tag", begin)
        self.at += 2
        name = self._until(_SPACE + ">").lower()
        self._skip_space()
        if self._next() != ">":
            raise self._wrong_at("Unclosed end tag", begin)
        self.at += 1
        started = self.open.pop()
        if name and name != started.tag:
            expected = f'expected "</{started.tag}>", found "</{name}>"'
            raise _wrong(f"Unmatched end tag at byte offset {self._bytes(begin)}, {expected}")
        if self.units > started.offset:
            self._close(started)

    def _close(self, started: _Open) -> None:
        entity = Entity(_TYPES[started.tag], started.offset, self.units - started.offset)
        if started.tag == "a":
            url = started.argument or "".join(self.pieces[started.piece :])
            if not is_link(url):
                self.dropped.append(url)
                return
            entity = replace(entity, url=url)
        elif started.tag == "tg-emoji":
            if not started.argument.isdigit() or int(started.argument) == 0:
                raise _wrong("Invalid custom emoji identifier specified")
            entity = replace(entity, custom_emoji_id=started.argument)
        elif started.tag == "blockquote" and started.argument:
            entity = replace(entity, type="expandable_blockquote")
        elif started.tag in {"pre", "code"} and self._joins_code(entity, started.argument):
            return
        self.found.append(entity)

    def _joins_code(self, entity: Entity, language: str) -> bool:
        """`<pre><code class="language-x">` is one entity, closed from inside out."""
        if entity.type == "code":
            self.found.append(replace(entity, language=language))
            return True
        inner = self.found[-1] if self.found else None
        if inner and inner.language and (inner.offset, inner.length) == (entity.offset, entity.length):
            self.found[-1] = replace(inner, type="pre")
            return True
        return False

    def _next(self) -> str:
        return self.source[self.at : self.at + 1]

    def _until(self, stops: str) -> str:
        start = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self._next() and self._next() in _SPACE:
            self.at += 1

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _wrong_at(self, problem: str, position: int) -> Refusal:
        return _wrong(f"{problem} at byte offset {self._bytes(position)}")


def _wrong(problem: str) -> Refusal:
    return bad(f"can't parse entities: {problem}")


def _resolve(reference: re.Match[str]) -> str:
    """The character that a reference stands for; "" when it is none."""
    hexadecimal, decimal, name = reference.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if 0xD800 <= code <= 0xDFFF:
        raise _wrong("Text contains invalid Unicode characters after decoding HTML entities")
    return chr(code) if 0 < code < 0x10FFFF else ""


def _argument(tag: str, given: dict[str, str]) -> str:
    """The one attribute that a tag takes: address, language, class, emoji, or that a quotation folds."""
    if tag == "code":
        return given.get("class", "").removeprefix("language-") if "language-" in given.get("class", "") else ""
    if tag == "span":
        return given.get("class", "").removeprefix("tg-") if given.get("class", "").startswith("tg-") else ""
    return given.get({"a": "href", "tg-emoji": "emoji-id", "blockquote": "expandable"}.get(tag, ""), "")
