"""The site of a running app: its token, its routes (here is where they are plugged in), and whether things move."""

import logging
from collections.abc import Callable
from datetime import timedelta

from bot.app import App
from bot.app.local import LocalConversation
from bot.app.owner import Owner
from bot.app.token import web_token
from bot.app.webhook import webhook_of
from bot.domain.digest import Brief
from bot.platforms.local.page import render_page
from bot.web import PortTaken, Serving, Site, serve_site
from bot.web.chat import chat_routes
from bot.web.digest import digest_routes
from bot.web.health import health_routes
from bot.web.metrics import metrics_routes
from bot.web.status import View, status_routes

log = logging.getLogger(__name__)


async def open_site(app: App, say: Callable[[str], None], chat: LocalConversation | None = None) -> Serving | None:
    """Serve the site of this app, with its chat, and print its link; None, with a warning, where the port is taken.

    Raises PortTaken where Telegram is to call us there.
    """
    settings = app.settings
    token = web_token(settings)
    hosts = () if settings.web_host in {"0.0.0.0", "::"} else (settings.web_host,)  # noqa: S104 (asked for)
    owner, hook = Owner(app, app.clock.now()), webhook_of(app)
    metrics = metrics_routes(owner.figures, app.poller.outcomes)
    pages = (("/chat", "chat.name"), ("/digest", "owner.digest")) if chat else (("/digest", "owner.digest"),)
    view = View(app.knowledge.texts, app.knowledge.names, settings.timezone, pages, app.sample)
    site = Site(
        token,
        # A feature's routes go here: those that need no token …
        public=(*health_routes(owner.health), *(metrics if settings.metrics else ())),
        # … and those that do.
        guarded=(
            *(chat_routes(chat.door) if chat else ()),
            *digest_routes(lambda: latest(app)),
            *status_routes(owner.figures, owner.health, view),
        ),
        home="/chat" if chat else "/digest",
        anywhere=tuple(hook.routes()) if hook else (),
        hosts=hosts,
    )
    try:
        serving = await serve_site(site, settings.web_host, settings.web_port)
    except PortTaken as error:
        if hook:
            raise PortTaken(f"Telegram could not call TELEGRAM_WEBHOOK_URL: {error}") from error
        log.warning("%s", error)
        return None
    what = "The chat, and the latest digest as a page" if chat else "The latest digest as a page"
    say(f"{what}: {serving.address}/?token={token}")
    return serving


async def latest(app: App) -> str:
    """The last day's digest of the local topics, as a page."""
    now = app.clock.now()
    brief = Brief(app.knowledge.local_topics, now - timedelta(hours=24), now, app.settings.timezone, density="détaillé")
    digest = await app.newsdesk.widest(brief)
    return render_page(digest, app.knowledge.texts[digest.language], app.knowledge.names[digest.language])
