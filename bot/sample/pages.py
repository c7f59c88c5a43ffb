"""What an outlet of the sample puts on the wire as a page: the article, and around it all that real pages carry."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from bot.sample.articles import NOTICE, Printed, SampleOutlet

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_READ_TOO_AFTER = 2  # paragraphs: real pages put the box into the middle of the text


def article_page(outlet: SampleOutlet, article: Printed, others: Sequence[Printed]) -> str:
    """The page of one article; `others` fill the boxes beside it."""
    text = [f"<p>{escape(paragraph)}</p>\n" for paragraph in _shown(outlet, article)]
    if others and len(text) > _READ_TOO_AFTER:
        text.insert(_READ_TOO_AFTER, _read_too(others[:2]))
    date = _long_date(article.published_at)
    body = f"""<article>
<h1>{escape(article.title)}</h1>
<div class="meta"><span>{escape(article.section)}</span> · <span class="byline">{escape(article.author)}</span> ·
<time datetime="{article.published_at.isoformat()}">publié le {date}</time></div>
<p class="standfirst">{escape(article.summary)}</p>
<div class="body">
{"".join(text)}</div>
{_subscribe() if outlet.paywall else ""}
</article>
<aside class="most-read"><h2>Les plus lus</h2>{_links(others[:4])}</aside>"""
    return _frame(outlet, article.title, article.summary, body)


def front_page(outlet: SampleOutlet, articles: Sequence[Printed]) -> str:
    """The outlet's front page: what it has published, newest first."""
    return _frame(outlet, outlet.name, outlet.motto, f"<h1>À la une</h1>{_links(articles)}")


def kiosk_page(outlets: Sequence[SampleOutlet]) -> str:
    """The list of all outlets, for whoever opens the newsroom's bare address."""
    items = "".join(
        f'<li><a href="/{outlet.slug}/">{escape(outlet.name)}</a> ({escape(outlet.country)}), '
        f'<a href="/{outlet.slug}/rss.xml">flux</a></li>'
        for outlet in outlets
    )
    return _document(NOTICE, NOTICE, f"<h1>{NOTICE}</h1><ul>{items}</ul>", "utf-8")


def _shown(outlet: SampleOutlet, article: Printed) -> tuple[str, ...]:
    """Subscribers' papers show the beginning to everybody; a brief is its summary, which stands above already."""
    return article.paragraphs[:1] if outlet.paywall else article.paragraphs


def _read_too(others: Sequence[Printed]) -> str:
    return f'<aside class="related"><p>À lire aussi</p>{_links(others)}</aside>'


def _subscribe() -> str:
    return '<div class="paywall"><p>La suite est réservée aux abonnés. <a href="#">Je m’abonne</a></p></div>'


def _links(articles: Sequence[Printed]) -> str:
    return "<ul>" + "".join(f'<li><a href="{a.path}">{escape(a.title)}</a></li>' for a in articles) + "</ul>"


def _frame(outlet: SampleOutlet, title: str, description: str, body: str) -> str:
    name = escape(outlet.name)
    sections = dict.fromkeys(article.section for article in outlet.articles)
    nav = "".join(f'<li><a href="/{outlet.slug}/">{escape(section)}</a></li>' for section in sections)
    return _document(
        f"{title} | {outlet.name}" if title != outlet.name else title,
        description,
        f"""<div class="notice" role="note">{NOTICE}</div>
<header><a href="/{outlet.slug}/">{name}</a> <small>{escape(outlet.motto)}</small>
<nav><ul>{nav}<li><a href="#">Lettres d’information</a></li><li><a href="#">Se connecter</a></li></ul></nav></header>
<main>
{body}
</main>
<div class="cookies">Nous n’utilisons pas de traceurs. <button type="button">Tout accepter</button></div>
<footer><ul><li><a href="/{outlet.slug}/rss.xml">Flux RSS</a></li><li><a href="#">Mentions légales</a></li>
<li><a href="#">Nous contacter</a></li></ul><p>© {name}. {NOTICE}.</p></footer>""",
        outlet.encoding,
    )


def _document(title: str, description: str, body: str, encoding: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="{encoding}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{escape(description)}">
<title>{escape(title)}</title>
<style>body{{font:1.1rem/1.5 serif;max-width:42rem;margin:auto;padding:1rem}}.notice{{background:#fe9}}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _long_date(moment: datetime) -> str:
    day = "1er" if moment.day == 1 else str(moment.day)
    return f"{day} {_MONTHS[moment.month - 1]} {moment.year} à {moment.hour} h {moment.minute:02}"
