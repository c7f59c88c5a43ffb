"""Commands over texts: parse, extract, match, group. Nothing is stored; one bad file never stops the others."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from bot.cli.marked import LEGEND, marked_lines
from bot.cli.options import Commands, command, load_all, progress, read_bytes, say
from bot.cli.reading import Reading, json_record
from bot.cli.shown import article_of_line, evidence_data, statement_data

if TYPE_CHECKING:
    from bot.domain.model import Article, ParsedFeed

JSON_HELP = "one JSON object a line, in the order given"


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Register the commands of this file."""
    parse = command(
        commands, "parse", "what the parser makes of feed documents", "parse feed.xml", "parse --json *.xml"
    )
    parse.add_argument("files", nargs="+", metavar="FILE", help="a feed document as it was received; - for stdin")
    parse.add_argument("--json", action="store_true", help=JSON_HELP)
    parse.set_defaults(run=_parse)
    extract = command(
        commands,
        "extract",
        "who said what in plain texts",
        "extract article.txt",
        "extract - < article.txt",
        "extract --jsonl --json articles.jsonl",
    )
    _add_text_options(extract)
    extract.set_defaults(run=_extract)
    match = command(
        commands,
        "match",
        "what texts are about, with evidence",
        "match article.txt",
        "match --rule 'otan, \"article 5\" -football' article.txt",
        "match --jsonl --json articles.jsonl",
    )
    _add_text_options(match)
    match.add_argument("--rule", metavar="R", help="a rule in the rule language, instead of the configured topics")
    match.set_defaults(run=_match)
    group = command(commands, "group", "which articles tell the same event", "group articles.jsonl --json")
    group.add_argument(
        "files", nargs=1, metavar="FILE", help="articles as JSON lines {id, outlet, published, title, …}"
    )
    group.add_argument("--json", action="store_true", help=JSON_HELP)
    group.set_defaults(run=_group)


def _add_text_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", default=["-"], metavar="FILE", help="UTF-8 text; - for standard input")
    parser.add_argument("--jsonl", action="store_true", help="the input is JSON lines {id, title, text}")
    parser.add_argument("--json", action="store_true", help=JSON_HELP)


# --- commands --------------------------------------------------------------------------------------------------------


def _extract(options: argparse.Namespace) -> int:
    from bot.domain.statements import extract_statements

    _settings, knowledge = load_all()
    reading = Reading(options.files, jsonl=options.jsonl)
    styled = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    for text in progress(reading, total=len(options.files), what="extract"):
        statements = extract_statements(text.article, knowledge.rules.language)
        if options.json:
            _print_json(text.label | {"statements": [statement_data(s) for s in statements]})
            continue
        print(f"{text.name}: {len(statements)} statement{'s' * (len(statements) != 1)}")
        if statements and not styled:
            print(LEGEND)
        _print_lines(marked_lines(text.article, statements, styled=styled))
    return int(reading.failed)


def _match(options: argparse.Namespace) -> int:
    from bot.domain.matcher import Matcher
    from bot.domain.rulelang import parse_rule, read_aloud
    from bot.domain.topics import match_topics

    if options.rule is not None:
        rule = parse_rule(options.rule)
        say(read_aloud(rule))
        matcher = Matcher({"rule": rule})
    else:
        matcher = load_all()[1].rules.matcher
    reading = Reading(options.files, jsonl=options.jsonl)
    for text in progress(reading, total=len(options.files), what="match"):
        matches = match_topics(text.article, matcher)
        if options.json:
            topics = [{"id": m.topic, "score": round(m.score, 3), "evidence": evidence_data(m)} for m in matches]
            _print_json(text.label | {"topics": topics})
            continue
        print(f"{text.name}: {', '.join(m.topic for m in matches) or 'nothing'}")
        for match in matches:
            terms = ", ".join(dict.fromkeys(e.term for e in match.evidence))
            print(f"  {match.score:.2f}  {match.topic}: {terms}")
    return int(reading.failed)


def _group(options: argparse.Namespace) -> int:
    from bot.domain.stories import group_stories

    _settings, knowledge = load_all()
    content = read_bytes(options.files[0])
    if isinstance(content, str):
        say(f"verbatim: {content}")
        return 1
    ids: list[object] = []
    articles: list[Article] = []
    failed = False
    for number, line in enumerate(content.splitlines(), start=1):
        record = json_record(line) if line.strip() else None
        if isinstance(record, str):
            failed = True
            say(f"verbatim: {options.files[0]}, line {number}: {record}")
        elif record is not None:
            ids.append(record["id"])
            articles.append(replace(article_of_line(record), id=len(ids)))
    grouped = group_stories(articles, knowledge.kinds)
    for name, group in zip(ids, grouped, strict=True):
        answer = {"id": name, "story": ids[group.story], "kind": group.kind, "why": group.why}
        if options.json:
            _print_json(answer)
        else:
            print("  ".join(str(value) for value in answer.values()))
    return int(failed)


def _parse(options: argparse.Namespace) -> int:
    return asyncio.run(_parse_all(options.files, as_json=options.json))


async def _parse_all(files: Sequence[str], *, as_json: bool) -> int:
    from bot.app import open_parser
    from bot.domain.errors import FeedError

    failed = False
    async with open_parser() as parse_body:
        for name in progress(files, total=len(files), what="parse"):
            content = await asyncio.to_thread(read_bytes, name)
            answer: ParsedFeed | FeedError
            try:
                answer = FeedError("empty", content) if isinstance(content, str) else await parse_body(content, name)
            except FeedError as error:
                answer = error
            failed = failed or isinstance(answer, FeedError)
            _show_parsed(name, answer, as_json=as_json)
    return int(failed)


def _show_parsed(name: str, answer: "ParsedFeed | Exception", *, as_json: bool) -> None:
    from bot.cli.shown import parsed_data
    from bot.domain.errors import FeedError

    if isinstance(answer, FeedError):
        say(f"verbatim: {answer}")
    if as_json:
        _print_json({"file": name} | parsed_data(answer))
    elif not isinstance(answer, Exception):
        print(f"{name}: {len(answer.entries)} entries, {len(answer.dropped)} dropped")
        for entry in answer.entries:
            when = entry.published.astimezone(UTC).isoformat() if entry.published else "no date"
            print(f"  {when}  {entry.title}\n      {entry.url}")
        _print_lines(f"  dropped: {d.reason} {d.detail}" for d in answer.dropped)


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(record: dict[str, object]) -> None:
    print(json.dumps(record, ensure_ascii=False))
