"""The sample's pages are real enough: an extractor finds the article in them, and only that."""

from datetime import UTC, datetime

import pytest
import trafilatura

from bot.sample.articles import print_article, read_outlets
from bot.sample.pages import article_page

NOON = datetime(2030, 9, 9, 12, 0, tzinfo=UTC)
AROUND = ("À lire aussi", "Les plus lus", "articles inventés", "traceurs", "Mentions légales", "Se connecter")


@pytest.mark.parametrize(
    "outlet", [outlet for outlet in read_outlets() if outlet.robots], ids=lambda outlet: outlet.slug
)
def test_an_extractor_finds_every_paragraph_and_nothing_of_what_stands_around(outlet):
    printed = [print_article(article, outlet, NOON) for article in outlet.articles]
    for article in printed:
        if not article.paragraphs:
            continue
        page = article_page(outlet, article, [other for other in printed if other is not article])
        text = " ".join((trafilatura.extract(page, favor_precision=True, include_comments=False) or "").split())

        assert [p for p in article.paragraphs if " ".join(p.split()) not in text] == []
        assert [words for words in AROUND if words in text] == []


def test_a_paper_with_subscribers_shows_the_beginning_to_everybody():
    fanal = next(outlet for outlet in read_outlets() if outlet.paywall)
    article = print_article(fanal.articles[0], fanal, NOON)

    page = article_page(fanal, article, [])

    assert len(article.paragraphs) == 2
    assert "sans en-tête" in page
    assert "Nous prendrons notre part" not in page
    assert "réservée aux abonnés" in page
