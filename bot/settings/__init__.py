"""Settings: the only reader of the environment; each field is the variable of the same name in capitals.

Nothing is read when a Settings is built by hand: `Settings()` holds the defaults, `load_settings` reads what it is
given. A wrong value, and an unknown name within two letters of one of ours, is a ConfigError; other people's variables
are left alone.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings import addresses, values
from bot.settings.environment import gather

Access = Literal["invite", "open"]
OnAmbiguous = Literal["retry", "drop"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LogFormat = Literal["text", "json"]

Switch = Annotated[bool, BeforeValidator(values.switch)]
WebUrl = Annotated[str, BeforeValidator(addresses.web_url)]
Limit = Annotated[int, BeforeValidator(values.whole(range(1, 1001)))]
Retention = Annotated[timedelta, BeforeValidator(values.duration("1d"))]

TELEGRAM_TOKEN = values.secret(r"[0-9]+:[A-Za-z0-9_-]+", "copy it from @BotFather, it looks like 123456:ABC-def")
WEBHOOK_SECRET = values.secret(r"[A-Za-z0-9_-]{1,256}", "write 1 to 256 letters, digits, _ or -")
PLAIN_SECRET = values.secret(r"[!-~]+", "write it without spaces and accents")


def _sqlite_file(fields: Mapping[str, object]) -> SecretStr:
    return SecretStr(f"sqlite:///{fields['data_dir']}/verbatim.db")


class Settings(BaseSettings):
    """All that an owner can set, checked. Secrets show as stars."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    telegram_bot_token: Annotated[SecretStr | None, BeforeValidator(TELEGRAM_TOKEN)] = None
    telegram_api_url: WebUrl = addresses.OFFICIAL_API
    telegram_webhook_url: Annotated[str | None, BeforeValidator(addresses.webhook)] = None
    telegram_webhook_secret: Annotated[SecretStr | None, BeforeValidator(WEBHOOK_SECRET)] = None
    telegram_rate: Annotated[float, BeforeValidator(values.rate)] = 25.0
    on_ambiguous: Annotated[OnAmbiguous, BeforeValidator(values.choice(*get_args(OnAmbiguous)))] = "retry"
    discord_bot_token: Annotated[SecretStr | None, BeforeValidator(PLAIN_SECRET)] = None
    discord_api_url: WebUrl = "https://discord.com/api/v10"

    data_dir: Annotated[Path, BeforeValidator(values.folder)] = Path("data")
    config_dir: Annotated[Path | None, BeforeValidator(values.existing_folder)] = None
    database_url: Annotated[SecretStr, BeforeValidator(addresses.database)] = Field(default_factory=_sqlite_file)

    owner_ids: Annotated[tuple[str, ...], BeforeValidator(values.owners)] = ()
    access: Annotated[Access, BeforeValidator(values.choice(*get_args(Access)))] = "invite"
    timezone: Annotated[str, BeforeValidator(values.zone)] = "Europe/Paris"
    max_topics_per_chat: Limit = 30
    max_feeds_per_chat: Limit = 20

    poll_interval: Annotated[timedelta, BeforeValidator(values.duration("10m"))] = timedelta(minutes=30)
    allow_chat_feeds: Switch = True
    allow_private_feeds: Switch = False
    feed_ports: Annotated[tuple[int, ...], BeforeValidator(values.ports)] = (80, 443)
    feed_proxy: Annotated[SecretStr | None, BeforeValidator(addresses.proxy)] = None
    user_agent_contact: Annotated[str, BeforeValidator(addresses.header_text)] = ""
    retention_articles: Retention = timedelta(days=30)
    retention_statements: Retention = timedelta(days=365)

    web_host: Annotated[str, BeforeValidator(addresses.host)] = "127.0.0.1"
    web_port: Annotated[int, BeforeValidator(values.whole(range(65_536)))] = 8080  # 0: any free port
    web_token: Annotated[SecretStr | None, BeforeValidator(PLAIN_SECRET)] = None
    web_chat: Switch | None = None  # None: on exactly where no platform token is set
    metrics: Switch = False
    log_level: Annotated[LogLevel, BeforeValidator(values.choice(*get_args(LogLevel)))] = "INFO"
    log_format: Annotated[LogFormat, BeforeValidator(values.choice(*get_args(LogFormat)))] = "text"

    @property
    def serves_chat(self) -> bool:
        """Whether the web page holds the chat: without a platform token, or because the owner wants it."""
        if self.web_chat is not None:
            return self.web_chat
        return self.telegram_bot_token is None and self.discord_bot_token is None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: `load_settings` says where from."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


VARIABLES = tuple(name.upper() for name in Settings.model_fields)
SECRETS = tuple(
    name.upper()
    for name, field in Settings.model_fields.items()
    if SecretStr in (field.annotation, *get_args(field.annotation))
)


def load_settings(environ: Mapping[str, str], env_file: Path | None = None) -> Settings:
    """The settings of this environment and `.env` file; ConfigError for the first thing that is wrong."""
    given = gather(environ, env_file, VARIABLES, SECRETS)
    return Settings.model_validate({name.lower(): text for name, text in given.items()})
