"""Pure: the page of the local chat. What was said stands in it already; the script brings what comes later."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.domain.commands import COMMANDS
from bot.domain.texts import Texts
from bot.platforms.local.bubble import Look, bubble
from bot.platforms.local.talk import News

LONGEST = 4096  # characters of what is typed
_MARK = (  # two quotation marks, the word for word
    '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9"/>'
    '<path d="M15 10l-6 6 6 6M23 10l-6 6 6 6"/></svg>'
)
_CLIP = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M20 11.5l-7.8 7.8a5 5 0 0 1-7.1-7.1l8.2-8.2a3.4 3.4 0 0 1 '
    '4.8 4.8l-8.1 8.1a1.7 1.7 0 0 1-2.4-2.4l7.2-7.2"/></svg>'
)
_ARROW = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19V6M6 11.5L12 5.5l6 6"/></svg>'


@dataclass(frozen=True, slots=True)
class Link:
    """Another page of ours."""

    address: str
    name: str


def chat_page(news: News, look: Look, links: Sequence[Link] = ()) -> str:
    """The whole page in one language; scripts and styles are files of their own."""
    texts = look.texts
    said = "".join(bubble(message, look) for message in news.messages)
    return (
        f'<!doctype html>\n<html lang="{texts.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">\n'
        '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1d1f22">\n'
        f"<title>{escape(texts('chat.title'))}</title>\n"
        '<link rel="icon" href="/chat/icon.svg" type="image/svg+xml">\n<link rel="stylesheet" href="/chat/base.css">\n'
        '<link rel="stylesheet" href="/chat/chat.css">\n<script src="/chat/chat.js" defer></script>\n</head>\n'
        f'<body data-version="{news.version}" data-first="{news.first}"{_said_by_script(texts)}>\n'
        f'<a class="skip" href="#words">{escape(texts("chat.skip"))}</a>\n{_header(texts, links)}'
        f'<main>\n<section id="log" role="log" aria-live="polite" aria-label="{escape(texts("chat.log"))}" '
        f'tabindex="0">\n{_welcome(texts)}<div id="messages">{said}</div>\n'
        f'<p id="writing" aria-hidden="true" hidden><i></i><i></i><i></i></p>\n</section>\n'
        f'<button type="button" id="latest" hidden>{escape(texts("chat.latest"))} ↓</button>\n</main>\n'
        f"{_composer(texts)}</body>\n</html>\n"
    )


def _said_by_script(texts: Texts) -> str:
    keys = ("offline", "closed", "not_sent", "too_long", "file_too_large")
    words = "".join(f' data-{key.replace("_", "-")}="{escape(texts(f"chat.{key}"))}"' for key in keys)
    return f'{words} data-longest="{LONGEST}"'


def _header(texts: Texts, links: Sequence[Link]) -> str:
    pages = "".join(f'<a href="{escape(link.address)}">{escape(link.name)}</a>' for link in links)
    nav = f'<nav aria-label="{escape(texts("chat.pages"))}">{pages}</nav>' if links else ""
    return (
        f"<header>{_MARK}<div><h1>{escape(texts('chat.title'))}</h1>"
        f'<p id="state" role="status" data-well="{escape(texts("chat.motto"))}">{escape(texts("chat.motto"))}</p>'
        f"</div>{nav}</header>\n"
    )


def _welcome(texts: Texts) -> str:
    return (
        f'<div id="welcome"><p>{escape(texts("chat.welcome"))}</p>'
        f'<button type="button" class="main" data-say="/start">{escape(texts("chat.begin"))}</button>'
        f"<noscript><p>{escape(texts('chat.script'))}</p></noscript></div>\n"
    )


def _composer(texts: Texts) -> str:
    keys = ("menu", "label", "placeholder", "attach", "send")
    commands, words, hint, attach, send = (escape(texts(f"chat.{key}")) for key in keys)
    return (
        f'<footer>\n<p id="toast" role="status" aria-live="polite"></p>\n'
        f'<ul id="menu" role="listbox" aria-label="{commands}" hidden>\n{_commands(texts)}</ul>\n'
        f'<form id="composer" autocomplete="off">\n'
        f'<button type="button" id="slash" aria-label="{commands}" title="{commands}" aria-expanded="false" '
        f'aria-controls="menu">/</button>\n<label class="hidden" for="words">{words}</label>\n'
        f'<textarea id="words" rows="1" dir="auto" enterkeyhint="send" placeholder="{hint}" '
        f'role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="menu"></textarea>\n'
        f'<input type="file" id="file" accept=".json,application/json" aria-label="{attach}" hidden>\n'
        f'<button type="button" id="clip" aria-label="{attach}" title="{attach}">{_CLIP}</button>\n'
        f'<button type="submit" id="send" class="main" aria-label="{send}" title="{send}">{_ARROW}</button>\n'
        "</form>\n</footer>\n"
    )


def _commands(texts: Texts) -> str:
    """Every command that is served, as a line of the menu; one that needs words waits for them."""
    lines = []
    for number, spec in enumerate(spec for spec in COMMANDS if spec.served):
        name = spec.shown(texts.language)
        waits = ' data-waits=""' if spec.argument.startswith("<") else ""
        also = " ".join(sorted({spec.name, spec.french, *spec.aliases} - {name}))
        lines.append(
            f'<li role="option" id="c{number}" data-name="{name}" data-also="{also}"{waits} aria-selected="false">'
            f"<b>/{name}</b> <span>{escape(texts(f'command.{spec.name}'))}</span></li>\n"
        )
    return "".join(lines)
