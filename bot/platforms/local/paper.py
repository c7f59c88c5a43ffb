"""What all parts of the page share: what is shown, and how plain text and links become HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from bot.domain.model import Article, Digest
from bot.domain.phrases import NBSP, outlet_label
from bot.domain.texts import Texts
from bot.domain.timeline import Axis

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # HTML has no place for them
_SPACED = re.compile(r"(?<=«) | (?=[»:;!?])")


@dataclass(frozen=True, slots=True)
class Paper:
    """What all stories of a page share. `explain` adds why each is shown."""

    digest: Digest
    texts: Texts
    names: Mapping[str, str]
    axis: Axis
    explain: bool = False


def text(raw: str) -> str:
    """Plain text as it stands between tags."""
    return escape(_CONTROL.sub("", raw), quote=False)


def link(url: str, label: str) -> str:
    """The label, already HTML, leading to a web address; to any other it leads nowhere."""
    if not url.startswith(("http://", "https://")):
        return label
    return f'<a href="{escape(_CONTROL.sub("", url))}" rel="noreferrer">{label}</a>'


def outlet_html(article: Article, url: str, paper: Paper) -> str:
    """The outlet's name as a link, with its lock or the word for whom it speaks."""
    marks = outlet_label(article, paper.texts).removeprefix(article.outlet)
    return link(url, f"<bdi>{text(article.outlet)}</bdi>{text(marks)}")


def before_colon(label: str, texts: Texts) -> str:
    """The label with its colon as the language sets it: « 3 médias : », “3 outlets:”."""
    return texts("digest.outlets", outlets=label, names="").rstrip()


def language_of(article: Article, paper: Paper) -> str:
    """The attribute that says in which language its words are, where that is not the page's own."""
    language = article.feed.language
    return "" if language == paper.digest.language else f' lang="{escape(language)}"'


def unbroken(words: str) -> str:
    """No line begins or ends with a sign that French sets apart by a space."""
    return _SPACED.sub(NBSP, words)
