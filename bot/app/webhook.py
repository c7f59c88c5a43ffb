"""Telegram by webhook, as the settings say: the path that our web server answers to, and the secret said there."""

import hashlib
import hmac
from urllib.parse import urlsplit

from bot.app import App
from bot.settings import Settings
from bot.web.webhook import Webhook


def webhook_of(app: App) -> Webhook | None:
    """Where Telegram's updates come in; None where it is polled, or not there at all."""
    url, platform = app.settings.telegram_webhook_url, app.platforms.get("telegram")
    if not url or platform is None:
        return None
    from bot.platforms.telegram import TelegramPlatform

    if not isinstance(platform, TelegramPlatform):
        return None
    return Webhook(urlsplit(url).path, webhook_secret(app.settings), platform.take)


def webhook_secret(settings: Settings) -> str:
    """The configured secret, or one that every worker with this token makes alike, and that a restart does not change.

    So it needs no place to be kept, and what Telegram brings while one of several workers starts is taken by another.
    """
    if settings.telegram_webhook_secret:
        return settings.telegram_webhook_secret.get_secret_value()
    token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
    return hmac.new(token.encode(), b"verbatim: secret of the webhook", hashlib.sha256).hexdigest()
