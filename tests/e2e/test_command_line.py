"""The command as a person types it: a process of its own, its stdout, stderr and exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = """# L’Alliance se prépare
Le secrétaire général de l’Otan, Olaf Brandt, a déclaré que les alliés étaient prêts à envoyer des troupes en Ukraine. \
Il a indiqué que les détails restaient à fixer. « Nous tiendrons parole », a-t-il ajouté. \
Selon lui, il est nécessaire de renforcer la défense aérienne de Kiev.
"""
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Le Courrier</title>
<item><guid>a1</guid><title>Un pont &amp; une gare</title><link>https://courrier.example/pont?utm_source=rss</link>
<pubDate>Sun, 22 Nov 2026 07:00:00 +0100</pubDate><description>&lt;p&gt;Ils rouvrent.&lt;/p&gt;</description></item>
<item><guid>a2</guid><title>Un musée</title><link>https://courrier.example/musee</link></item></channel></rss>"""


def verbatim(*arguments, cwd, stdin="", **environment):
    """Run `verbatim` in a folder, with no setting but these."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=kept | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"} | environment,
    )


@pytest.fixture
def here(tmp_path):
    (tmp_path / "article.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "feed.xml").write_text(RSS, encoding="utf-8")
    return tmp_path


def records(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_extract_gives_statements_with_offsets_into_the_file(here):
    result = verbatim("extract", "article.txt", "--json", cwd=here)

    (answer,) = records(result)
    assert result.returncode == 0
    assert answer["file"] == "article.txt"
    assert {statement["speaker"] for statement in answer["statements"]} == {"Olaf Brandt"}
    assert len(answer["statements"]) >= 4
    for statement in answer["statements"]:
        assert " […] ".join(TEXT[start:end] for start, end in statement["spans"]) == statement["text"]


def test_match_finds_the_topics_with_evidence_at_its_place(here):
    (answer,) = records(verbatim("match", "article.txt", "--json", cwd=here))

    assert {"otan", "ukraine"} <= {topic["id"] for topic in answer["topics"]}
    for topic in answer["topics"]:
        assert topic["evidence"]
        for piece in topic["evidence"]:
            source = "L’Alliance se prépare" if piece["in"] == "title" else TEXT
            assert 0 <= piece["start"] < piece["end"] <= len(source)


def test_standard_input_and_json_lines_are_read(here):
    lines = "\n".join(json.dumps({"id": n, "title": "", "text": TEXT}) for n in (7, 8))

    answers = records(verbatim("extract", "-", "--jsonl", "--json", cwd=here, stdin=lines))

    assert [answer["id"] for answer in answers] == [7, 8]
    assert answers[0]["statements"] == answers[1]["statements"] != []


def test_parse_gives_every_entry_with_canonical_address_and_utc_date(here):
    result = verbatim("parse", "feed.xml", "--json", cwd=here)

    (answer,) = records(result)
    first, second = answer["entries"]
    assert result.returncode == 0
    assert first["url"] == "https://courrier.example/pont"
    assert first["link"] == "https://courrier.example/pont?utm_source=rss"
    assert first["title"] == "Un pont & une gare"
    assert first["summary"] == "Ils rouvrent."
    assert first["published"] == "2026-11-22T06:00:00+00:00"
    assert second["published"] is None
    assert answer["dropped"] == []


def test_group_answers_every_article_in_the_order_given(here):
    titles = ["Le pont de Sarlange rouvre lundi", "Le pont de Sarlange rouvre lundi", "Horoscope du jour"]
    lines = [{"id": f"n{i}", "outlet": f"o{i}", "title": title, "url": ""} for i, title in enumerate(titles)]
    (here / "articles.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")

    answers = records(verbatim("group", "articles.jsonl", "--json", cwd=here))

    assert [answer["id"] for answer in answers] == ["n0", "n1", "n2"]
    assert [answer["story"] for answer in answers] == ["n0", "n0", "n2"]
    assert answers[2]["kind"] == "horoscope"


def test_one_file_that_cannot_be_read_does_not_stop_the_others(here):
    (here / "latin.txt").write_bytes("Un été déclaré".encode("latin-1"))

    result = verbatim("extract", "missing.txt", "latin.txt", "article.txt", "--json", cwd=here)

    assert result.returncode == 1
    assert [answer["file"] for answer in records(result)] == ["article.txt"]
    assert result.stderr.splitlines() == [
        "verbatim: missing.txt: No such file or directory",
        "verbatim: latin.txt: not UTF-8 at byte 3 (line 1); save it as UTF-8",
    ]


def test_a_broken_line_is_named_and_the_rest_goes_on(here):
    result = verbatim(
        "match", "-", "--jsonl", "--json", cwd=here, stdin='{"id": 1, "text": "x"}\nnot json\n{"text": "x"}\n'
    )

    assert result.returncode == 1
    assert [answer["id"] for answer in records(result)] == [1]
    assert "line 2: not JSON" in result.stderr
    assert 'line 3: no "id"' in result.stderr


def test_a_document_that_is_no_feed_is_said_in_one_line(here):
    (here / "page.html").write_text("<!doctype html><title>Bonjour</title><p>rien</p>", encoding="utf-8")

    result = verbatim("parse", "page.html", "feed.xml", "--json", cwd=here)

    assert result.returncode == 1
    assert [len(answer["entries"]) for answer in records(result)] == [0, 2]
    assert records(result)[0]["dropped"][0]["reason"] == "not-a-feed"
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["digest", "--topic", "otam"], 2, "did you mean otan?"),
        (["digest", "--since", "often"], 2, "write 90m, 24h or 7d"),
        (["match", "--rule", '(otan, "ukraine', "article.txt"], 2, "position"),
        (["extract", "missing.txt"], 1, "missing.txt: No such file"),
        (["feeds", "import", "article.txt"], 1, "OPML"),
        (["nonsense"], 2, "invalid choice"),
        ([], 2, "COMMAND"),
    ],
)
def test_wrong_use_is_answered_in_words(here, arguments, code, words):
    result = verbatim(*arguments, cwd=here)

    assert result.returncode == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"POLL_INTERVAL": "often"}, "POLL_INTERVAL"),
        ({"POLL_INTERVALL": "30m"}, "POLL_INTERVAL"),
        ({"CONFIG_DIR": "nowhere"}, "CONFIG_DIR"),
        ({"DATABASE_URL": "postgresql://owner:s3cretword@127.0.0.1:9/verbatim"}, "127.0.0.1"),
        ({"DATABASE_URL": "sqlite:////proc/verbatim.db"}, "/proc"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(here, environment, words):
    result = verbatim("stats", cwd=here, **environment)

    assert result.returncode == 1
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "s3cretword" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_broken_configuration_file_is_named_with_its_line(here):
    (here / "own").mkdir()
    (here / "own" / "feeds.toml").write_text('[[feed]]\noutlet = "Le Courrier\n', encoding="utf-8")

    result = verbatim("check", cwd=here, CONFIG_DIR="own")

    assert result.returncode == 1
    assert "feeds.toml" in result.stderr
    assert "line 2" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_check_counts_what_is_configured(here):
    result = verbatim("check", cwd=here)

    assert result.returncode == 0
    assert result.stdout.startswith("configuration ok: 66 feeds of 53 outlets, 10 topics")


def test_feeds_go_out_and_come_in_as_opml(here):
    exported = verbatim("feeds", "export", cwd=here)
    opml = '<opml version="2.0"><body><outline type="rss" text="Le Courrier" xmlUrl="https://courrier.example/rss"/></body></opml>'
    (here / "mine.opml").write_text(opml, encoding="utf-8")

    imported = verbatim("feeds", "import", "mine.opml", cwd=here)
    again = verbatim("feeds", "import", "mine.opml", cwd=here)
    listed = verbatim("feeds", "list", cwd=here)

    assert exported.stdout.count("xmlUrl=") == 66
    assert imported.stderr.startswith("1 feeds added")
    assert again.stderr.startswith("0 feeds added")
    assert "Le Courrier" in listed.stdout


def test_a_digest_of_an_empty_database_says_how_to_fill_it(here):
    result = verbatim("digest", cwd=here)

    assert result.returncode == 0
    assert "Rien de nouveau." in result.stdout
    assert "verbatim poll --once" in result.stderr


def test_a_token_of_a_platform_that_is_not_there_yet_is_refused_by_name(here):
    result = verbatim("run", cwd=here, DISCORD_BOT_TOKEN="AAF-abcdefghijklmnopqrstuvwxyz01234")

    assert result.returncode == 1
    assert result.stderr.startswith("verbatim: DISCORD_BOT_TOKEN: ")
    assert "AAF-" not in result.stderr


def test_the_sample_is_never_used_together_with_a_token(here):
    token = "123456:AAF-abcdefghijklmnopqrstuvwxyz01234"
    result = verbatim("run", "--sample", cwd=here, TELEGRAM_BOT_TOKEN=token)

    assert result.returncode == 2
    assert "TELEGRAM_BOT_TOKEN" in result.stderr
    assert token not in result.stderr


LABELLED = """id\totan\tukraine
a\t2\t0
b\t0\t2
c\t0\t0
"""
ITEMS = """{"id": "a", "title": "L’Otan renforce son flanc est", "lead": "", "text": ""}
{"id": "b", "title": "La fanfare répète", "lead": "Un concert pour tous.", "text": ""}
{"id": "c", "title": "Une brocante", "lead": "", "text": ""}
"""


def test_topics_are_scored_on_labelled_texts(tmp_path):
    (tmp_path / "labels.tsv").write_text(LABELLED, encoding="utf-8")
    (tmp_path / "items.jsonl").write_text(ITEMS, encoding="utf-8")

    done = verbatim("topics", "test", "--labelled", ".", cwd=tmp_path)

    assert done.returncode == 0
    assert "otan               P 100.0  R 100.0  F1 100.0  (1 right, 0 wrong, 0 missed)" in done.stdout
    assert "ukraine            P   0.0  R   0.0  F1   0.0  (0 right, 0 wrong, 1 missed)" in done.stdout
    assert "silent on 1 of the 1 texts about none (100.0 %)" in done.stdout


def test_a_wrong_label_is_one_line_that_says_where(tmp_path):
    (tmp_path / "labels.tsv").write_text("id\totan\na\tyes\n", encoding="utf-8")

    done = verbatim("topics", "test", "--labelled", ".", cwd=tmp_path)

    assert done.returncode == 2
    assert "labels.tsv: a: otan is « yes »; wanted: 2 (about), 1 (debatable) or 0 (not)" in done.stderr


def test_a_case_that_is_decided_otherwise_is_printed(tmp_path):
    (tmp_path / "otan.toml").write_text('for = ["La fanfare répète"]\nagainst = []\n', encoding="utf-8")

    done = verbatim("topics", "test", "--cases", ".", cwd=tmp_path)

    assert done.returncode == 1
    assert "otan: should fire: La fanfare répète" in done.stdout
