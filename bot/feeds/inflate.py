"""Undoing gzip under a limit: a bomb is noticed while it unfolds, not after."""

import zlib

from bot.domain.errors import FeedError

STEP = 65_536
AUTOMATIC = 47  # zlib: gzip or zlib, by what the first bytes say
GZIP_START = b"\x1f\x8b"


def codings(header: str) -> tuple[str, ...]:
    """The content codings that were applied, `identity` apart."""
    names = (name.strip().lower() for name in header.split(","))
    return tuple(name for name in names if name not in ("", "identity"))


def refuse_codings(applied: tuple[str, ...], where: str) -> None:
    """Raise FeedError for a coding we did not ask for, or one inside another, whose only use is a bomb."""
    if len(applied) > 1:
        raise FeedError("encoding", f"{where}: compressed more than once ({', '.join(applied)}), which is refused")
    if applied and applied[0] not in ("gzip", "x-gzip", "deflate"):
        raise FeedError("encoding", f"{where}: compressed as {applied[0]!r}, though only gzip was asked for")


class Body:
    """Bytes as they come from the wire, inflated if need be; raises FeedError once a limit is passed."""

    def __init__(self, applied: tuple[str, ...], where: str, *, max_wire: int, max_body: int) -> None:
        self._compressed: bool | None = True if applied else None  # None: the first bytes tell
        self._where, self._max_wire, self._max_body = where, max_wire, max_body
        self._inflater = zlib.decompressobj(AUTOMATIC)
        self._ended = False  # the compressed stream is complete: what follows is padding
        self._wire = 0
        self._out = bytearray()

    def add(self, raw: bytes) -> None:
        """Take the next piece from the wire."""
        if not raw:
            return
        self._wire += len(raw)
        if self._wire > self._max_wire:
            raise self._too_large(self._max_wire, "")
        if self._compressed is None:  # a `.xml.gz` served as a file
            self._compressed = raw.startswith(GZIP_START)
        if not self._compressed:
            self._keep(raw)
        elif not self._ended:
            self._inflate(raw)

    def read(self) -> bytes:
        """All of it; a compressed body that was cut short gives what there was."""
        return bytes(self._out)

    def _inflate(self, raw: bytes) -> None:
        unframed = self._wire == len(raw) and not raw.startswith(GZIP_START)
        try:
            while raw:
                self._keep(self._inflater.decompress(raw, STEP))
                raw = self._inflater.unconsumed_tail
                if self._inflater.eof:
                    raw = self._next_member()
        except zlib.error:
            if not unframed or self._out:
                raise FeedError("encoding", f"{self._where}: its compression is broken") from None
            self._inflate_raw_deflate(raw)

    def _next_member(self) -> bytes:
        """Where one gzip member ends, another may begin."""
        rest = self._inflater.unused_data
        self._ended = not rest.startswith(GZIP_START)
        self._inflater = zlib.decompressobj(AUTOMATIC)
        return b"" if self._ended else rest

    def _inflate_raw_deflate(self, raw: bytes) -> None:
        """Some servers mean by `deflate` the stream without its frame, others send plain text under that name."""
        if b"<" in raw[:64]:
            self._compressed = False
            self._keep(raw)
            return
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            self._keep(self._inflater.decompress(raw, STEP))
            while self._inflater.unconsumed_tail:
                self._keep(self._inflater.decompress(self._inflater.unconsumed_tail, STEP))
        except zlib.error:
            raise FeedError("encoding", f"{self._where}: its compression is broken") from None

    def _keep(self, piece: bytes) -> None:
        self._out += piece
        if len(self._out) > self._max_body:
            raise self._too_large(self._max_body, " once unpacked")

    def _too_large(self, limit: int, when: str) -> FeedError:
        return FeedError("too-large", f"{self._where}: larger than {limit / 1e6:g} MB{when}")
