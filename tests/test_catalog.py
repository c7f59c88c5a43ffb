import re
import tomllib
from dataclasses import replace
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import Catalog, load_catalog, load_texts, render_feeds_toml, shipped_config
from bot.catalog.countries import COUNTRIES
from bot.catalog.feeds import merge_feeds
from bot.catalog.files import Layers
from bot.catalog.topics import read_topics
from bot.domain.errors import ConfigError
from bot.domain.hosts import is_blocked
from bot.domain.model import Feed

BAREST = '[[feed]]\noutlet = "Radio Nord"\nurl = "https://nord.example/rss"\n'
TOPIC = (
    'id = "phares"\nemoji = "🗼"\n[name]\nfr = "Phares"\nen = "Lighthouses"\n[rules]\nfr = "phare, balise -voiture"\n'
)


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "topics").mkdir(parents=True)
    (folder / "languages").mkdir()
    return folder


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(folder: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_catalog(folder)
    assert "\n" not in str(caught.value)
    return caught.value


# --- What is shipped -------------------------------------------------------------------------------------------------


def test_the_shipped_files_are_right_to_the_last_key(shipped):
    assert shipped.warnings == ()


def test_sixty_feeds_of_forty_outlets_are_shipped(shipped):
    assert len(shipped.feeds) >= 60
    assert len({feed.outlet for feed in shipped.feeds}) >= 40


def test_every_shipped_feed_says_all_that_readers_see(shipped):
    assert all(feed.section and feed.country and feed.language == "fr" and feed.trusted for feed in shipped.feeds)
    assert {"FR", "BE", "CH", "CA", "EU", "INT"} <= {feed.country for feed in shipped.feeds}
    assert {"public", "private", "institution", "specialist"} <= {feed.kind for feed in shipped.feeds}


def test_an_outlet_is_the_same_in_all_its_feeds(shipped):
    traits = {(feed.outlet, feed.country, feed.kind, feed.timezone, feed.paywall) for feed in shipped.feeds}

    assert len(traits) == len({feed.outlet for feed in shipped.feeds})


def test_calling_an_outlet_a_voice_of_a_state_has_its_source_in_a_comment(shipped):
    sections = (shipped_config() / "feeds.toml").read_text(encoding="utf-8").split("\n# --- ")
    judged = [section for section in sections if 'kind     = "state"' in section]

    assert judged
    for section in judged:
        for outlet in {feed.outlet for feed in shipped.feeds if feed.kind == "state" and f'"{feed.outlet}"' in section}:
            assert re.search(rf"^# {outlet}.*(\n#.*)*https://", section, re.MULTILINE)


def test_outlets_under_a_ban_are_blocked_with_all_their_subdomains(shipped):
    for host in ("rt.com", "www.rt.com", "francais.rt.com.", "FR.SPUTNIKNEWS.AFRICA", "ria.ru", "voiceofeurope.com"):
        assert is_blocked(host, shipped.blocked_hosts)


@pytest.mark.parametrize("host", ["", "com", "smart.com", "rt.com.example.org", "lemonde.fr", "xrt.com", "127.0.0.1"])
def test_other_hosts_are_not_blocked(host, shipped):
    assert not is_blocked(host, shipped.blocked_hosts)


def test_each_blocked_host_stands_under_the_act_that_names_its_outlet():
    lines = (shipped_config() / "blocked_hosts.toml").read_text(encoding="utf-8").partition("hosts = [")[2].splitlines()
    act = ""
    for line in lines:
        act = line if "Council Regulation (EU)" in line else act
        if line.startswith('  "'):
            assert act
            assert re.search(r'",\s+# \w', line)


# --- Feeds -----------------------------------------------------------------------------------------------------------


def test_only_outlet_and_url_are_required(own):
    put(own, "feeds.toml", BAREST)

    assert load_catalog(own).feeds == (Feed(outlet="Radio Nord", url="https://nord.example/rss"),)


def test_every_key_of_a_feed_is_read(own):
    block = (
        'section = "Monde"\ncountry = "CA"\nkind = "public"\nlanguage = "en"\ntimezone = "America/Toronto"\n'
        'paywall = true\nfull_text = "never"\n'
    )
    put(own, "feeds.toml", BAREST + block)

    feed = Feed(
        outlet="Radio Nord",
        url="https://nord.example/rss",
        section="Monde",
        country="CA",
        kind="public",
        language="en",
        timezone="America/Toronto",
        paywall=True,
        full_text="never",
    )
    assert load_catalog(own).feeds == (feed,)


@pytest.mark.parametrize(
    ("line", "key", "advice"),
    [
        ('url = "ftp://nord.example/rss"', "url", "https://host/path"),
        ('url = "nord.example/rss"', "url", "https://host/path"),
        ('url = "https://"', "url", "https://host/path"),
        ('url = "https://nord.example:port/rss"', "url", "https://host/path"),
        ('url = "https://[nord/rss"', "url", "https://host/path"),
        ('url = "https://nord.example/a b"', "url", "https://host/path"),
        ("url = 12", "url", 'url = "…"'),
        ('country = "France"', "country", "FR"),
        ('country = "fr"', "country", "did you mean FR?"),
        ('country = "UK"', "country", "did you mean GB?"),
        ('kind = "publik"', "kind", "did you mean public?"),
        ('kind = "blog"', "kind", "one of: public, private, agency"),
        ('language = "français"', "language", "fr"),
        ('timezone = "Paris"', "timezone", "did you mean Europe/Paris?"),
        ('timezone = "Mars/Olympus"', "timezone", "Europe/Paris"),
        ('paywall = "true"', "paywall", "without quote marks"),
        ("paywall = 1", "paywall", "true or false"),
        ('full_text = "allways"', "full_text", "did you mean always?"),
        ("section = true", "section", 'section = "…"'),
        ('section = ""', "section", "leave section out"),
        ('section = "Monde\\nFrance"', "section", "one line"),
    ],
)
def test_a_wrong_value_of_a_feed_names_file_block_outlet_and_key(own, line, key, advice):
    good = [] if key == "url" else ['url = "https://nord.example/rss"']
    path = put(
        own, "feeds.toml", "\n".join([BAREST, "[[feed]]", 'outlet = "Le Sud"', *good, line]).replace("nord", "n", 1)
    )

    error = refusal(own)

    assert error.source == f"{path}, feed 2 (Le Sud), {key}"
    assert advice in error.advice


@pytest.mark.parametrize(
    ("content", "place", "problem"),
    [
        ('[[feed]]\nurl = "https://nord.example/rss"', ", feed 1, outlet", "is missing"),
        ('[[feed]]\noutlet = "Radio Nord"', ", feed 1 (Radio Nord), url", "is missing"),
        ('[[feed]]\noutlet = ["Radio Nord"]\nurl = "x"', ", feed 1, outlet", "must be a text"),
        ('[feed]\noutlet = "Radio Nord"', ", feed", "must be blocks"),
        ('feed = ["https://nord.example/rss"]', ", feed", "must be blocks"),
        (BAREST + BAREST, ", feed 2 (Radio Nord), url", "is the same as that of feed 1 (Radio Nord)"),
        (BAREST + BAREST.replace("https://nord", "HTTPS://NORD"), ", feed 2 (Radio Nord), url", "is the same"),
        (BAREST + "outlet = \n", "", "at line 4, column"),
        (BAREST + 'outlet = "a"\n', "", "at line 4, column"),
        (BAREST.encode() + b'# d\xe9j\xe0 "', "", "line 4 is not UTF-8 text"),
    ],
)
def test_a_feed_file_that_cannot_be_used_says_where_and_what(own, content, place, problem):
    path = put(own, "feeds.toml", content)

    error = refusal(own)

    assert error.source == f"{path}{place}"
    assert problem in error.problem
    assert error.advice


def test_the_quote_marks_of_a_phone_are_pointed_out(own):
    put(own, "feeds.toml", "[[feed]]\noutlet = “Radio Nord”\n")

    assert "straight quote marks" in refusal(own).advice


def test_a_file_saved_with_a_byte_order_mark_is_read(own):
    put(own, "feeds.toml", "\ufeff" + BAREST)

    assert len(load_catalog(own).feeds) == 1


def test_a_folder_in_the_place_of_a_file_is_one_clear_line(own):
    (own / "feeds.toml").mkdir()

    error = refusal(own)

    assert error.source == str(own / "feeds.toml")
    assert error.problem.startswith("cannot be read")


def test_a_file_in_the_place_of_a_folder_is_one_clear_line(own):
    (own / "kinds").write_text("")

    assert refusal(own).source == str(own / "kinds")


def test_an_unknown_key_of_an_overlay_is_a_warning_with_a_suggestion(own):
    path = put(own, "feeds.toml", BAREST + 'ulr = "x"\nmood = "good"\n[[feeds]]\n')

    assert load_catalog(own).warnings == (
        f"{path}: unknown key feeds; did you mean feed?",
        f"{path}, feed 1 (Radio Nord): unknown key ulr; did you mean url?",
        f"{path}, feed 1 (Radio Nord): unknown key mood",
    )


def test_a_feed_of_a_blocked_host_is_refused(own):
    put(own, "feeds.toml", BAREST.replace("nord.example", "www.nord.example"))
    put(own, "blocked_hosts.toml", 'hosts = ["Nord.example"]')

    error = refusal(own)

    assert error.source.endswith("feeds.toml, feed 1 (Radio Nord), url")
    assert "www.nord.example" in error.problem


# --- Overlays --------------------------------------------------------------------------------------------------------


def test_local_feeds_add_to_the_shipped_ones_and_one_with_the_same_url_replaces_it(own, shipped):
    first = shipped.feeds[0]
    put(own, "feeds.local.toml", BAREST + render_feeds_toml([replace(first, outlet="Mon journal")]))

    feeds = load_catalog(own).feeds

    assert len(feeds) == len(shipped.feeds) + 1
    assert feeds[0] == replace(first, outlet="Mon journal")
    assert feeds[-1].outlet == "Radio Nord"


def test_local_feeds_in_the_data_folder_are_read_and_the_owners_folder_wins(own, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    put(own, "feeds.toml", "")
    put(data, "feeds.local.toml", BAREST + BAREST.replace("nord", "sud"))
    put(own, "feeds.local.toml", BAREST.replace("Radio Nord", "Radio du Nord"))

    assert [feed.outlet for feed in load_catalog(own, data).feeds] == ["Radio du Nord", "Radio Nord"]


def test_files_that_an_overlay_does_not_hold_are_the_shipped_ones(own, shipped):
    put(own, "blocked_hosts.toml", 'hosts = ["nord.example"]')

    catalog = load_catalog(own)

    assert catalog.blocked_hosts == {"nord.example"}
    assert catalog.feeds == shipped.feeds
    assert catalog.topics == shipped.topics


def test_an_owner_may_empty_the_list_of_blocked_hosts(own):
    put(own, "blocked_hosts.toml", "")

    assert load_catalog(own).blocked_hosts == frozenset()


@pytest.mark.parametrize(
    "host", ["https://nord.example", "*.nord.example", ".nord.example", "nord", "nord.example/rss", "nörd.example"]
)
def test_what_is_no_host_name_is_refused(own, host):
    path = put(own, "blocked_hosts.toml", f'hosts = ["{host}"]')

    error = refusal(own)

    assert error.source == f"{path}, hosts"
    assert "subdomains" in error.advice


def test_hosts_must_be_a_list_of_texts(own):
    put(own, "blocked_hosts.toml", 'hosts = "nord.example"')

    assert "list of texts" in refusal(own).problem


def test_a_configuration_folder_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "nowhere").source == "CONFIG_DIR"


def test_a_file_that_nothing_reads_is_a_warning_with_a_suggestion(own):
    put(own, "feed.toml", BAREST)
    put(own, "notes.toml", "")
    put(own, "README.md", "")
    (own / "topic").mkdir()

    assert load_catalog(own).warnings == (
        f"{own / 'feed.toml'}: nothing reads this name; did you mean feeds.toml?",
        f"{own / 'notes.toml'}: nothing reads this name",
        f"{own / 'topic'}: nothing reads this name; did you mean topics?",
    )


def test_the_shipped_folder_may_be_named_as_ones_own(shipped):
    assert load_catalog(shipped_config()).feeds == shipped.feeds


# --- Topics, languages, kinds ----------------------------------------------------------------------------------------


def test_a_topic_of_an_overlay_is_read_and_joins_the_shipped_ones(own, shipped):
    put(own, "topics/phares.toml", TOPIC + "[other]\n")

    catalog = load_catalog(own)
    topic = next(topic for topic in catalog.topics if topic.id == "phares")

    assert len(catalog.topics) == len(shipped.topics) + 1
    assert (topic.emoji, topic.name("fr"), topic.name("en")) == ("🗼", "Phares", "Lighthouses")
    assert topic.source == "phare, balise -voiture"
    assert catalog.warnings == (f"{own / 'topics/phares.toml'}: unknown key other",)


def test_a_topic_file_of_the_same_name_replaces_the_lower_one(own, tmp_path):
    lower = tmp_path / "lower"
    (lower / "topics").mkdir(parents=True)
    put(lower, "topics/phares.toml", TOPIC)
    put(lower, "topics/canaux.toml", TOPIC.replace("phares", "canaux"))
    put(own, "topics/phares.toml", TOPIC.replace("balise", "bouée"))

    topics, warnings = read_topics(Layers(lower, own).files("topics"))

    assert [topic.id for topic in topics] == ["canaux", "phares"]
    assert topics[1].source == "phare, bouée -voiture"
    assert warnings == []


@pytest.mark.parametrize(
    ("old", "new", "key", "advice"),
    [
        ('"phares"', '"phare"', "id", 'id = "phares"'),
        ('"phares"', '"les phares"', "id", "hyphens"),
        ("[name]", "[names]", "name", "[name]"),
        ('fr = "Phares"', "", "name, fr", 'fr = "…"'),
        ("🗼", "tour", "emoji", "one sign"),
        ('emoji = "🗼"', "", "emoji", 'emoji = "…"'),
        ('fr = "phare, balise -voiture"', "fr = 5", "rules, fr", 'fr = "…"'),
        ('"phare, balise -voiture"', '""', "rules, fr", "write a text"),
    ],
)
def test_a_wrong_value_of_a_topic_names_file_and_key(own, old, new, key, advice):
    path = put(own, "topics/phares.toml", TOPIC.replace(old, new))

    error = refusal(own)

    assert error.source == f"{path}, {key}"
    assert advice in error.advice


def test_a_rule_that_cannot_be_read_is_refused_with_line_and_position(own):
    path = put(own, "topics/phares.toml", TOPIC.replace('"phare, balise -voiture"', '"""\nphare\n(balise, bouée\n"""'))

    error = refusal(own)

    assert error.source == f"{path}, rules, fr"
    assert re.match(r"line 2, position \d+: ", error.problem)


def test_two_topics_whose_ids_differ_only_in_capitals_are_refused(own):
    put(own, "topics/phares.toml", TOPIC)
    put(own, "topics/Phares.toml", TOPIC.replace('id = "phares"', 'id = "Phares"'))

    assert refusal(own).source.endswith(", id")


def test_files_that_an_editor_leaves_beside_topics_are_not_read(own, shipped):
    for name in ("._phares.toml", "phares.toml~", "phares.txt"):
        put(own, f"topics/{name}", "not TOML at all")

    assert load_catalog(own).topics == shipped.topics


def test_a_wrong_value_of_a_language_names_file_and_key(own):
    path = put(own, "languages/fr.toml", 'code = "fr"\n[verbs]\ndire = 5\n')

    assert refusal(own).source == f'{path}, verbs."dire"'


def test_french_is_shipped(shipped):
    assert shipped.languages["fr"].code == "fr"
    assert {sign.kind for sign in shipped.kinds.signs} >= {"opinion", "live", "sponsored", "game", "horoscope", "sport"}


def test_a_wrong_value_of_the_kinds_file_names_file_and_key(own):
    (own / "kinds").mkdir()
    path = put(own, "kinds/fr.toml", "sign = 5\n")

    assert refusal(own).source == f"{path}, sign"


def test_the_fingerprint_changes_with_what_decides_about_articles_and_with_nothing_else(own, shipped):
    put(own, "feeds.toml", BAREST)
    put(own, "topics/phares.toml", TOPIC)
    first = load_catalog(own).fingerprint
    put(own, "topics/phares.toml", TOPIC.replace("Lighthouses", "Beacons") + "# more\n")
    renamed = load_catalog(own).fingerprint
    put(own, "topics/phares.toml", TOPIC.replace("balise", "bouée"))
    rewritten = load_catalog(own).fingerprint

    assert first == renamed
    assert len({shipped.fingerprint, first, rewritten}) == 3


# --- Writing feeds ---------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
FEEDS = st.builds(
    Feed,
    outlet=WORDS,
    url=st.from_regex(r"https?://[a-z]{1,9}\.example/[a-z0-9/?&=%-]{0,20}", fullmatch=True),
    section=WORDS | st.just(""),
    country=st.sampled_from(sorted(COUNTRIES)) | st.just(""),
    kind=st.sampled_from(["public", "private", "agency", "institution", "state", "specialist"]),
    language=st.sampled_from(["fr", "en"]),
    timezone=st.sampled_from(["Europe/Paris", "America/Toronto"]),
    paywall=st.booleans(),
    full_text=st.sampled_from(["auto", "always", "never"]),
)


@settings(max_examples=40, deadline=None)
@given(feeds=st.lists(FEEDS, max_size=4, unique_by=lambda feed: feed.url))
def test_feeds_written_as_toml_are_read_as_the_same_feeds(feeds, tmp_path_factory):
    path = put(tmp_path_factory.mktemp("own"), "feeds.toml", render_feeds_toml(feeds))

    assert merge_feeds([path], frozenset()) == (tuple(feeds), [])


def test_any_sign_of_an_outlets_name_survives_writing():
    name = 'L’« Écho » \\ "1" 🗞 \x7f\t'

    text = render_feeds_toml([Feed(outlet=name, url="https://nord.example/")])

    assert tomllib.loads(text)["feed"][0]["outlet"] == name


# --- Texts -----------------------------------------------------------------------------------------------------------


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_text_exists_in_both_languages_with_the_same_placeholders():
    texts = load_texts()

    assert set(texts) == {"fr", "en"}
    french, english = texts["fr"].formats, texts["en"].formats
    assert sorted(french) == sorted(english)
    assert {key: placeholders(french[key]) for key in french} == {key: placeholders(english[key]) for key in english}


def test_a_text_is_filled_in_and_a_missing_key_or_value_is_an_error():
    texts = replace(load_texts()["fr"], formats=MappingProxyType({"a.b": "{n} flux à {key}"}))

    assert texts("a.b", n=2, key="lire") == "2 flux à lire"
    with pytest.raises(KeyError):
        texts("a.c")
    with pytest.raises(KeyError):
        texts("a.b", n=2)


def test_no_shipped_feed_is_blocked(shipped):
    assert not [
        feed.url for feed in shipped.feeds if is_blocked(urlsplit(feed.url).hostname or "", shipped.blocked_hosts)
    ]
