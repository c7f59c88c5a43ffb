"""`verbatim topics test`: every topic against its own cases, and against labelled real texts."""

import argparse
import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import Commands, command, load_all, read_bytes, say
from bot.cli.reading import json_record
from bot.domain.errors import UsageError
from bot.domain.model import Article

if TYPE_CHECKING:
    from bot.domain.matcher import Matcher
    from bot.domain.score import Labels, Score

CASES = Path("tests/cases/topics")
_ITEMS, _LABELS = "items.jsonl", "labels.tsv"


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Register the commands of this file."""
    topics = command(
        commands, "topics", "try the topics out", "topics test", "topics test --labelled folder-with-real-texts"
    )
    actions = topics.add_subparsers(dest="action", required=True, metavar="ACTION")
    test = actions.add_parser("test", help="every topic against its cases, or against labelled real texts")
    test.add_argument(
        "--cases",
        metavar="DIR",
        type=Path,
        default=CASES,
        help=f"<topic>.toml with lists for and against of « title » or « title | summary » ({CASES})",
    )
    test.add_argument(
        "--labelled",
        metavar="DIR",
        type=Path,
        help=f"{_ITEMS} ({{id, title, lead, text}} a line) and {_LABELS} (id, a column a topic: 2 about, 1, 0 not)",
    )
    test.set_defaults(run=_test)


def _test(options: argparse.Namespace) -> int:
    matcher = load_all()[1].rules.matcher
    return _labelled(matcher, options.labelled) if options.labelled else _cases(matcher, options.cases)


# --- cases -----------------------------------------------------------------------------------------------------------


def _cases(matcher: "Matcher", folder: Path) -> int:
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise UsageError(
            f"{folder}: no cases there; name the folder with --cases DIR, or real texts with --labelled DIR"
        )
    failed = decided = 0
    for file in files:
        for text, wanted in _headlines(file):
            decided += 1
            title, _, summary = text.partition(" | ")
            if (file.stem in _fired(matcher, Article(title, summary))) is not wanted:
                failed += 1
                print(f"{file.stem}: should {'' if wanted else 'not '}fire: {text}")
    without = sorted(set(matcher.nodes) - {file.stem for file in files})
    print(f"{decided - failed} of {decided} cases of {len(files)} topics are decided as they say")
    if without:
        say(f"verbatim: no cases for {', '.join(without)}")
    return int(failed > 0)


def _headlines(file: Path) -> Iterator[tuple[str, bool]]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}") from None
    for name, wanted in (("for", True), ("against", False)):
        texts = table.get(name, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise UsageError(f'{file}: {name}: wanted: a list of texts, as in {name} = ["…", "…"]')
        yield from ((text, wanted) for text in texts)


# --- labelled texts --------------------------------------------------------------------------------------------------


def _labelled(matcher: "Matcher", folder: Path) -> int:
    from bot.domain.score import score

    labels, topics = _labels(folder / _LABELS)
    known = [topic for topic in topics if topic in matcher.nodes]
    for topic in sorted(set(topics) - set(known)):
        say(f"verbatim: {folder / _LABELS}: {topic}: no such topic; not counted")
    texts = dict(_texts(folder / _ITEMS))
    missing = [id_ for id_ in labels if id_ not in texts]
    if missing:
        raise UsageError(f"{folder / _ITEMS}: {len(missing)} labelled texts are missing, such as {missing[0]}")
    scores = score(((labels[id_], _fired(matcher, texts[id_])) for id_ in labels), known)
    for topic in known:
        print(_line(topic, scores.topics[topic]))
    print(_line("micro", scores.micro))
    print(f"{'macro':18} F1 {100 * scores.macro_f1:5.1f}")
    if scores.none:
        share = 100 * scores.silent / scores.none
        print(f"silent on {scores.silent} of the {scores.none} texts about none ({share:.1f} %)")
    return 0


def _line(name: str, score: "Score") -> str:
    return (
        f"{name:18} P {100 * score.precision:5.1f}  R {100 * score.recall:5.1f}  F1 {100 * score.f1:5.1f}"
        f"  ({score.right} right, {score.wrong} wrong, {score.missed} missed)"
    )


def _labels(file: Path) -> tuple[dict[str, "Labels"], list[str]]:
    content = read_bytes(str(file))
    if isinstance(content, str):
        raise UsageError(content)
    rows = list(csv.DictReader(content.decode("utf-8", "replace").splitlines(), delimiter="\t"))
    if not rows or "id" not in rows[0]:
        raise UsageError(f"{file}: wanted: a first line « id », then the topics, separated by tabs")
    topics = [name for name in rows[0] if name and name != "id"]
    return {row["id"]: {topic: _label(file, row, topic) for topic in topics} for row in rows}, topics


def _label(file: Path, row: Mapping[str, str], topic: str) -> int:
    if row[topic] not in {"0", "1", "2"}:
        raise UsageError(
            f"{file}: {row['id']}: {topic} is « {row[topic]} »; wanted: 2 (about), 1 (debatable) or 0 (not)"
        )
    return int(row[topic])


def _texts(file: Path) -> Iterator[tuple[str, Article]]:
    content = read_bytes(str(file))
    if isinstance(content, str):
        raise UsageError(content)
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        record = json_record(line)
        if isinstance(record, str):
            raise UsageError(f"{file}, line {number}: {record}; wanted: {json.dumps({'id': '…', 'title': '…'})}")
        parts = (str(record.get(name) or "") for name in ("title", "lead", "text"))
        title, lead, text = parts
        yield str(record["id"]), Article(title, lead, text)


def _fired(matcher: "Matcher", article: Article) -> set[str]:
    from bot.domain.topics import match_topics

    return {match.topic for match in match_topics(article, matcher)}
