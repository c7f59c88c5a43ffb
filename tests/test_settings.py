from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.domain.errors import ConfigError
from bot.settings import SECRETS, VARIABLES, Settings, load_settings

ROOT = Path(__file__).parent.parent
# Variables of PRODUCT.md section 3; the webhook's secret is implied there by its making.
PROMISED = """
    TELEGRAM_BOT_TOKEN TELEGRAM_API_URL TELEGRAM_WEBHOOK_URL TELEGRAM_WEBHOOK_SECRET TELEGRAM_RATE ON_AMBIGUOUS
    DISCORD_BOT_TOKEN DISCORD_API_URL DATABASE_URL DATA_DIR CONFIG_DIR OWNER_IDS ACCESS TIMEZONE POLL_INTERVAL
    ALLOW_CHAT_FEEDS ALLOW_PRIVATE_FEEDS FEED_PORTS MAX_TOPICS_PER_CHAT MAX_FEEDS_PER_CHAT RETENTION_ARTICLES
    RETENTION_STATEMENTS WEB_HOST WEB_PORT WEB_TOKEN WEB_CHAT METRICS LOG_LEVEL LOG_FORMAT USER_AGENT_CONTACT FEED_PROXY
"""


def refusal(environ: dict[str, str], env_file: Path | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_settings(environ, env_file)
    assert "\n" not in str(caught.value)
    return caught.value


def dotenv(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / ".env"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_promised_variable_is_a_setting_and_no_other():
    assert set(VARIABLES) == set(PROMISED.split())


def test_the_defaults_are_those_of_the_contract():
    settings = load_settings({})

    assert settings == Settings()
    assert settings.telegram_bot_token is None
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.telegram_rate == 25
    assert settings.on_ambiguous == "retry"
    assert settings.database_url.get_secret_value() == "sqlite:///data/verbatim.db"
    assert (settings.access, settings.timezone, settings.owner_ids) == ("invite", "Europe/Paris", ())
    assert settings.poll_interval == timedelta(minutes=30)
    assert (settings.allow_chat_feeds, settings.allow_private_feeds, settings.feed_ports) == (True, False, (80, 443))
    assert (settings.max_topics_per_chat, settings.max_feeds_per_chat) == (30, 20)
    assert (settings.retention_articles.days, settings.retention_statements.days) == (30, 365)
    assert (settings.web_host, settings.web_port, settings.metrics) == ("127.0.0.1", 8080, False)
    assert (settings.log_level, settings.log_format) == ("INFO", "text")


def test_a_bot_api_server_of_ones_own_calls_any_address():
    url = "http://127.0.0.1:9000/telegram"
    given = {"TELEGRAM_API_URL": "http://127.0.0.1:8081", "TELEGRAM_WEBHOOK_URL": url}

    assert load_settings(given).telegram_webhook_url == url


def test_building_settings_by_hand_reads_no_environment(monkeypatch):
    monkeypatch.setenv("ACCESS", "open")

    assert Settings().access == "invite"


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Settings().access = "open"


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("POLL_INTERVAL", "10m", "poll_interval", timedelta(minutes=10)),
        ("POLL_INTERVAL", " 2H ", "poll_interval", timedelta(hours=2)),
        ("RETENTION_ARTICLES", "7d", "retention_articles", timedelta(days=7)),
        ("RETENTION_STATEMENTS", "24h", "retention_statements", timedelta(days=1)),
        ("ACCESS", "Open", "access", "open"),
        ("ON_AMBIGUOUS", "drop", "on_ambiguous", "drop"),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("LOG_FORMAT", "JSON", "log_format", "json"),
        ("METRICS", "yes", "metrics", True),
        ("ALLOW_CHAT_FEEDS", "0", "allow_chat_feeds", False),
        ("WEB_CHAT", "true", "web_chat", True),
        ("FEED_PORTS", "443, 8443,443", "feed_ports", (443, 8443)),
        ("OWNER_IDS", "telegram:123, Discord:456,", "owner_ids", ("telegram:123", "discord:456")),
        ("TIMEZONE", "America/Toronto", "timezone", "America/Toronto"),
        ("TELEGRAM_RATE", "0.5", "telegram_rate", 0.5),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "telegram_api_url", "http://127.0.0.1:8081"),
        ("TELEGRAM_WEBHOOK_URL", "https://b.example:8443/t/", "telegram_webhook_url", "https://b.example:8443/t"),
        ("WEB_HOST", "[::1]", "web_host", "::1"),
        ("WEB_PORT", "0", "web_port", 0),
        ("USER_AGENT_CONTACT", "mailto:desk@example.org", "user_agent_contact", "mailto:desk@example.org"),
        ("DATA_DIR", "~/news", "data_dir", Path.home() / "news"),
        ("DATA_DIR", "", "data_dir", Path("data")),
        ("POLL_INTERVAL", "  ", "poll_interval", timedelta(minutes=30)),
    ],
)
def test_a_right_value_is_read(name, text, field, value):
    assert getattr(load_settings({name: text}), field) == value


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("POLL_INTERVAL", "600", "600m"),
        ("POLL_INTERVAL", "often", "30m"),
        ("POLL_INTERVAL", "9m", "10m at least"),
        ("POLL_INTERVAL", "-30m", "30m"),
        ("POLL_INTERVAL", "999999999d", "36500d at most"),
        ("RETENTION_ARTICLES", "7j", "7d"),
        ("RETENTION_ARTICLES", "0d", "1d at least"),
        ("ACCESS", "invited", "did you mean invite?"),
        ("ACCESS", "everybody", "invite or open"),
        ("ON_AMBIGUOUS", "reply", "did you mean retry?"),
        ("LOG_LEVEL", "loud", "DEBUG or INFO or WARNING"),
        ("LOG_FORMAT", "xml", "text or json"),
        ("METRICS", "maybe", "true or false"),
        ("FEED_PORTS", "80,http", "from 1 to 65535"),
        ("FEED_PORTS", ",", "from 1 to 65535"),
        ("WEB_PORT", "65536", "to 65535"),
        ("MAX_TOPICS_PER_CHAT", "0", "from 1"),
        ("MAX_FEEDS_PER_CHAT", "²", "whole number"),
        ("OWNER_IDS", "123", "telegram:123,discord:456"),
        ("OWNER_IDS", "telegram:@somebody", "telegram:123"),
        ("TIMEZONE", "Paris", "did you mean Europe/Paris?"),
        ("TIMEZONE", "Montréal", "did you mean America/Toronto?"),
        ("TIMEZONE", "Europe", "IANA"),
        ("TIMEZONE", "../etc/passwd", "IANA"),
        ("TELEGRAM_RATE", "nan", "messages per second"),
        ("TELEGRAM_RATE", "0", "messages per second"),
        ("TELEGRAM_API_URL", "api.example.org", "https://host"),
        ("TELEGRAM_WEBHOOK_URL", "https://example.org:port/", "https://host"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org", "https://bot.example.org/telegram"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org/status", "a path of its own"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org/telegram?a=b", "a path of its own"),
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example.org/telegram", "a certificate"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org:8080/telegram", "a certificate"),
        ("WEB_HOST", "127.0.0.1:9000", "WEB_PORT"),
        ("WEB_HOST", "http://localhost", "a name or an address"),
        ("USER_AGENT_CONTACT", "rédaction@example.org", "ASCII"),
        ("USER_AGENT_CONTACT", "a\nX-Other: b", "ASCII"),
        ("CONFIG_DIR", "/nowhere/at/all", "create it"),
        ("DATA_DIR", "x" * 5000, "another folder"),
        ("DATA_DIR", "~nobody-of-this-name/data", "the whole path"),
        ("ACCESS", '"open"', "leave them out"),
    ],
)
def test_a_wrong_value_is_refused_by_name_with_what_would_be_right(name, text, advice):
    error = refusal({name: text})

    assert error.source == name
    assert advice in error.advice


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TELEGRAM_BOT_TOKEN", "hush hush"),
        ("TELEGRAM_BOT_TOKEN", "bot123:hush"),
        ("TELEGRAM_BOT_TOKEN", "'123:hush'"),
        ("TELEGRAM_WEBHOOK_SECRET", "hush!"),
        ("DISCORD_BOT_TOKEN", "Bot hush"),
        ("WEB_TOKEN", "hush hush"),
        ("DATABASE_URL", "mysql://user:hush@localhost/news"),
        ("DATABASE_URL", "postgresql+psycopg://user:hush@localhost/news"),
        ("DATABASE_URL", "sqlite://hush"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://"),
        ("FEED_PROXY", "socks5://user:hush@localhost:1080"),
        ("FEED_PROXY", "localhost:hush"),
        ("TELEGRAM_API_URL", "user:hush@localhost"),
    ],
)
def test_a_wrong_secret_is_refused_by_name_and_never_shown(name, text):
    error = refusal({name: text})

    assert error.source == name
    assert error.advice
    assert "hush" not in str(error)


def test_secrets_do_not_show_when_settings_are_printed():
    given = {
        "TELEGRAM_BOT_TOKEN": "123:hush",
        "TELEGRAM_WEBHOOK_SECRET": "hush",
        "DISCORD_BOT_TOKEN": "hush",
        "DATABASE_URL": "postgresql://user:hush@localhost/news",
        "WEB_TOKEN": "hush",
        "FEED_PROXY": "http://user:hush@localhost:3128",
    }

    settings = load_settings(given)

    assert set(given) == set(SECRETS)
    assert "hush" not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert settings.database_url.get_secret_value() == given["DATABASE_URL"]


@pytest.mark.parametrize(
    "url", ["sqlite:////var/lib/news.db", "postgresql://u:p@db/news", "postgres:///news?host=/run"]
)
def test_the_database_addresses_of_the_contract_are_taken(url):
    assert load_settings({"DATABASE_URL": url}).database_url.get_secret_value() == url


def test_the_database_lies_in_the_data_folder(tmp_path):
    settings = load_settings({"DATA_DIR": str(tmp_path)})

    assert settings.database_url.get_secret_value() == f"sqlite:///{tmp_path}/verbatim.db"


def test_a_data_folder_that_is_a_file_is_refused(tmp_path):
    path = tmp_path / "data"
    path.write_text("")

    assert refusal({"DATA_DIR": str(path)}).source == "DATA_DIR"


@pytest.mark.parametrize(
    ("environ", "served"),
    [
        ({}, True),
        ({"WEB_CHAT": "false"}, False),
        ({"TELEGRAM_BOT_TOKEN": "1:a"}, False),
        ({"DISCORD_BOT_TOKEN": "a"}, False),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "WEB_CHAT": "true"}, True),
    ],
)
def test_the_page_holds_the_chat_without_a_platform_token_or_when_wanted(environ, served):
    assert load_settings(environ).serves_chat is served


# --- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("WEB_HOSTS", "WEB_HOST"),
        ("TELEGRAM_BOT_TOKN", "TELEGRAM_BOT_TOKEN"),
        ("TELEGRAM_BTO_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("OWNER_ID", "OWNER_IDS"),
        ("POLLINTERVAL", "POLL_INTERVAL"),
        ("POLL_INTERVALLE", "POLL_INTERVAL"),
        ("access", "ACCESS"),
        ("TELEGRAM_BOT_TOKEN_FILES", "TELEGRAM_BOT_TOKEN_FILE"),
    ],
)
def test_a_name_within_two_letters_of_ours_is_refused_with_the_suggestion(typed, meant, tmp_path):
    assert refusal({typed: "x"}).source == typed
    assert refusal({typed: "x"}).advice == f"did you mean {meant}?"
    assert refusal({}, dotenv(tmp_path, f"{typed}=x\n")).advice == f"did you mean {meant}?"


@pytest.mark.parametrize(
    "name",
    [
        "TZ", "LOG", "DATA", "PATH", "HOME", "LOGNAME", "HOSTNAME", "WEB", "ACCES", "DB_HOST", "DB_PORT",
        "WEB_ROOT", "PGHOST", "TELEGRAM_TOKEN", "HTTP_PROXY", "http_proxy", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS",
        "POSTGRES_PASSWORD", "PTB_TIMEDELTA", "SSH_CONNECTION", "COMPOSE_PROJECT_NAME", "KUBERNETES_SERVICE_HOST",
        "WEB_HOST_FILE", "LANGUAGE", "SHELL", "MAILTO",
    ],
)  # fmt: skip
def test_the_names_of_others_are_not_our_business(name, tmp_path):
    assert load_settings({name: "whatever"}, dotenv(tmp_path, f"{name}=whatever\n")) == Settings()


def test_a_misspelt_name_without_a_value_is_left_alone():
    assert load_settings({"WEB_HOSTS": ""}) == Settings()


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_is_read_from_its_file(name, tmp_path):
    value = {"DATABASE_URL": "postgres://u:p@db/news", "FEED_PROXY": "http://localhost:3128"}.get(name, "123:abc")
    value = "abc" if name == "TELEGRAM_WEBHOOK_SECRET" else value
    path = tmp_path / "secret"
    path.write_text(f"\ufeff {value}\r\n\n", encoding="utf-8")

    settings = load_settings({f"{name}_FILE": str(path)})

    assert getattr(settings, name.lower()).get_secret_value() == value


def test_a_secret_and_its_file_together_are_refused(tmp_path):
    path = tmp_path / "token"
    path.write_text("1:hush")

    error = refusal({"TELEGRAM_BOT_TOKEN_FILE": str(path)}, dotenv(tmp_path, "TELEGRAM_BOT_TOKEN=2:hush"))

    assert (error.source, error.advice) == ("TELEGRAM_BOT_TOKEN", "set only one of them")
    assert "hush" not in str(error)


def test_an_empty_secret_beside_its_file_is_not_set(tmp_path):
    path = tmp_path / "token"
    path.write_text("1:abc")

    settings = load_settings({"TELEGRAM_BOT_TOKEN_FILE": str(path), "TELEGRAM_BOT_TOKEN": ""})

    assert settings.telegram_bot_token is not None


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\x00"])
def test_a_secret_file_that_cannot_be_used_is_refused_without_its_path(content, tmp_path):
    path = tmp_path / "hush"
    if content is not None:
        path.write_bytes(content)

    error = refusal({"WEB_TOKEN_FILE": str(path)})

    assert error.source == "WEB_TOKEN_FILE"
    assert "hush" not in str(error)  # whoever confuses the two names has put the secret there


def test_the_environment_wins_over_the_env_file_and_an_empty_value_does_not(tmp_path):
    path = dotenv(tmp_path, "ACCESS=open\nLOG_FORMAT=json\n")

    settings = load_settings({"ACCESS": "invite", "LOG_FORMAT": ""}, path)

    assert (settings.access, settings.log_format) == ("invite", "json")


def test_an_env_file_is_read_as_others_read_it(tmp_path):
    text = (
        "\ufeff# shared with compose\r\n"
        "POSTGRES_PASSWORD=pass # not ours\n"
        "export DATABASE_URL='postgresql://u:${POSTGRES_PASSWORD}@${DB:-db}/news'\n"
        'OWNER_IDS = "telegram:1"   # quotes and comments\n'
        "TIMEZONE\n"
        "what is this line\n"
        "ACCESS="
    )

    settings = load_settings({}, dotenv(tmp_path, text))

    assert settings.database_url.get_secret_value() == "postgresql://u:pass@db/news"
    assert settings.owner_ids == ("telegram:1",)
    assert (settings.timezone, settings.access) == ("Europe/Paris", "invite")


def test_no_env_file_is_no_mistake(tmp_path):
    assert load_settings({}, tmp_path / ".env") == Settings()


@pytest.mark.parametrize("line", ["TELEGRAM_BOT_TOKEN: 1:hush", 'export TELEGRAM_BOT_TOKEN="1:hush'])
def test_a_line_of_ours_that_cannot_be_read_is_refused_with_its_number(line, tmp_path):
    error = refusal({}, dotenv(tmp_path, f"# mine\n\nACCESS=open\n{line}\n"))

    assert error.source.endswith(".env, line 4")
    assert error.advice == "write TELEGRAM_BOT_TOKEN=value, both quote marks or none"
    assert "hush" not in str(error)


def test_an_env_file_that_is_not_utf8_is_refused_with_the_line(tmp_path):
    error = refusal({}, dotenv(tmp_path, "ACCESS=open\n# créé\n".encode("latin-1")))

    assert str(error).endswith(".env: line 2 is not UTF-8 text; save the file as UTF-8")


# --- Documentation ---------------------------------------------------------------------------------------------------


def example_lines() -> list[str]:
    return (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()


def test_the_example_documents_every_variable_and_no_other():
    names = [line[1:].partition("=")[0] for line in example_lines() if line[:1] == "#" and line[1:2].isupper()]

    assert sorted(names) == sorted(VARIABLES)


def test_every_variable_of_the_example_has_a_line_of_explanation():
    lines = example_lines()
    bare = [line for before, line in pairwise(lines) if line[1:2].isupper() and before[:2] != "# "]

    assert bare == []


def test_the_example_uncommented_is_the_default(tmp_path):
    text = "\n".join(line[1:] if line[1:2].isupper() else line for line in example_lines())

    assert load_settings({}, dotenv(tmp_path, text)) == Settings()
