"""Texts given on the command line; what cannot be read is one line on stderr, and the rest goes on."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cli.options import read_bytes, say
from bot.domain.model import Article


@dataclass(frozen=True, slots=True)
class Text:
    """A text to work on, and what it is called in the answer: {"file": …} or {"id": …}."""

    label: dict[str, object]
    article: Article

    @property
    def name(self) -> str:
        """For messages."""
        return str(next(iter(self.label.values())))


class Reading:
    """Texts one after the other; `failed` once any could not be read."""

    def __init__(self, files: Sequence[str], *, jsonl: bool) -> None:
        self.failed = False
        self._files, self._jsonl = files, jsonl

    def __iter__(self) -> Iterator[Text]:
        for name in self._files:
            content = read_bytes(name)
            if isinstance(content, str):
                self._complain(content)
            elif self._jsonl:
                yield from self._lines(name, content)
            else:
                yield from self._whole(name, content)

    def _whole(self, name: str, content: bytes) -> Iterator[Text]:
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self._complain(f"{name}: not UTF-8 at byte {error.start} (line {line}); save it as UTF-8")
            return
        yield Text({"file": name}, text_article(text))

    def _lines(self, name: str, content: bytes) -> Iterator[Text]:
        for number, line in enumerate(content.splitlines(), start=1):
            if not line.strip():
                continue
            record = json_record(line)
            if isinstance(record, str):
                self._complain(f'{name}, line {number}: {record}; wanted: {{"id": …, "title": …, "text": …}}')
                continue
            yield Text(
                {"id": record["id"]}, Article(str(record.get("title") or ""), text=str(record.get("text") or ""))
            )

    def _complain(self, line: str) -> None:
        self.failed = True
        say(f"verbatim: {line}")


def json_record(line: bytes) -> dict[str, object] | str:
    """The JSON object of a line, or what is wrong with it."""
    try:
        record = json.loads(line)
    except UnicodeDecodeError:
        return "not UTF-8"
    except (json.JSONDecodeError, RecursionError):
        return "not JSON"
    if not isinstance(record, dict) or "id" not in record:
        return 'no "id"'
    return record


def text_article(text: str) -> Article:
    """A text as an article. A first line `# …` is its title, and blank in the text: offsets stay those of the file."""
    text = text.replace("\ufeff", " ", 1) if text.startswith("\ufeff") else text
    first, _, _ = text.partition("\n")
    if not first.lstrip().startswith("# "):
        return Article("", text=text)
    return Article(first.lstrip()[2:].strip(), text=" " * len(first) + text[len(first) :])
