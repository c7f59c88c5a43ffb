"""Which characters the bytes of a document mean: byte order mark, then the document's word, then the header's.

Theory: bytes that are valid UTF-8 are UTF-8, whatever the document or the server says (text in another encoding is
valid UTF-8 by accident only once in a great while, and mislabelled UTF-8 is common). Otherwise the declared encoding
holds, but single broken bytes in UTF-8 do not turn the rest of the document into « Ã© ». Latin-1 is read as cp1252, as
browsers do: where they differ, one has control characters and the other « œ € ’ ».
"""

import codecs
import contextlib
import html
import re

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins the same
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
UNMARKED = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
PROLOG = re.compile(r"^\s*<\?xml\b[^>]{0,200}?\?>", re.IGNORECASE)
DECLARED = re.compile(rb"^\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
AS_CP1252 = frozenset({"ascii", "iso8859-1", "cp1252"})
SEVEN_BITS = ("iso2022", "utf-7", "hz")  # all ASCII bytes: valid UTF-8 by construction
# What XML forbids: one of them would make the strict parser give up on the whole document.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]+|[0-9]+);?")
PAIR = re.compile(r"&#(x[dD][89abAB]..|5[56]\d{3});&#(x[dD][c-fC-F]..|5[67]\d{3});")
LONGEST_REFERENCE = 12
STRAY = re.compile("[\udc80-\udcff]+")
# Whole characters for a broken byte above which it is UTF-8: where the document says so or nothing, or says otherwise.
SAID, UNSAID = 0.5, 4.0


def as_utf8(body: bytes, content_type: str) -> bytes:
    """The document in UTF-8, its declaration saying so, without what XML forbids."""
    text = FORBIDDEN.sub("", decoded(body, content_type)).lstrip("\ufeff \t\r\n")
    text = PROLOG.sub("", text, count=1).lstrip()
    if "&#" in text:  # feedparser dies of references to characters that do not exist
        text = REFERENCE.sub(_character, PAIR.sub(_joined_halves, text))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + text.encode("utf-8", "replace")


def _character(reference: re.Match[str]) -> str:
    """What a numeric reference means, U+FFFD for nothing; what would become markup stays as it is."""
    if len(reference[0]) > LONGEST_REFERENCE:
        return "\ufffd"
    character = html.unescape(reference[0])
    return reference[0] if character in "<>&\"'" else character


def _joined_halves(pair: re.Match[str]) -> str:
    """An emoji that was written as the two halves of its UTF-16 form."""
    halves = "".join(chr(int(half[1:], 16) if half[0] == "x" else int(half)) for half in pair.groups())
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def decoded(body: bytes, content_type: str) -> str:
    """The text that the bytes mean; bytes without meaning become U+FFFD, never an error."""
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for start, encoding in UNMARKED:
        if body.startswith(start):
            return body.decode(encoding, "replace")
    declared = _declared(body, content_type)
    for name in (declared,) if declared.startswith(SEVEN_BITS) else ("utf-8",):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return _not_utf8(body, declared)


def _declared(body: bytes, content_type: str) -> str:
    """The codec named by the document, else by the header; "" where neither names one that exists."""
    prolog, header = DECLARED.match(body[:400]), CHARSET.search(content_type)
    for name in (prolog[1].decode("ascii") if prolog else "", header[1] if header else ""):
        with contextlib.suppress(LookupError, UnicodeError):
            codec = codecs.lookup(name)
            if codec._is_text_encoding and name:  # noqa: SLF001 - the only way to leave out `hex` and its like
                return codec.name
    return ""


def _not_utf8(body: bytes, declared: str) -> str:
    """Text that is not UTF-8 throughout: damaged UTF-8, or what was declared, or cp1252."""
    text = body.decode("utf-8", "surrogateescape")
    broken = len(STRAY.findall(text))
    whole = sum(1 for character in text if character > "\x7f" and not "\udc80" <= character <= "\udcff")
    if whole > broken * (SAID if declared in ("", "utf-8") else UNSAID):
        return STRAY.sub(lambda stray: _bytes(stray[0]).decode("cp1252", "replace"), text)
    name = "cp1252" if declared in AS_CP1252 or declared in ("", "utf-8") else declared
    return body.decode(name, "replace")


def _bytes(stray: str) -> bytes:
    return stray.encode("utf-8", "surrogateescape")
