import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from url_normalize import url_normalize

from bot.feeds.canonical import NORMAL, absolute, canonical

PONT = "https://www.courrier.example/pont-1.html"


@pytest.mark.parametrize(
    "variant",
    [
        PONT,
        f"{PONT}?utm_source=rss&utm_medium=feed",
        f"{PONT}#xtor=RSS-3208",
        f"{PONT}?xtor=RSS-3208",
        f"{PONT}#xtor=RSS-3-[lestitres]",
        f"{PONT}?at_medium=custom7&at_campaign=x",
        f"{PONT}?fbclid=abc&outputType=amp",
        f"{PONT}?amp=1",
        f"{PONT}?amp",
        f"{PONT}#:~:text=pont",
        "HTTPS://WWW.Courrier.Example:443/a/../pont-1.html",
        "https://www.courrier.example/amp/pont-1.html",
        "https://www.courrier.example/pont-1.amp.html",
        "https://www-courrier-example.cdn.ampproject.org/c/s/www.courrier.example/pont-1.html",
        "https://www.google.com/amp/s/www.courrier.example/pont-1.html",
        f"  {PONT}\n",
    ],
)
def test_variants_of_an_address_are_one_article(variant):
    assert canonical(variant) == PONT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/?id=1", "https://a.example/?id=2"),
        ("https://a.example/article.php?cid=1", "https://a.example/article.php?cid=2"),
        ("https://a.example/live#post-1", "https://a.example/live#post-2"),
        ("https://a.example/tag/amp", "https://a.example/tag"),
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
        ("https://m.inconnu.example/a", "https://www.inconnu.example/a"),
        ("https://a.example/Pont", "https://a.example/pont"),
        ("https://go.example/r/https://b.example/1", "https://go.example/r/https://b.example/2"),
        ("https://a.example/?q=https://b.example/1", "https://a.example/?q=https://b.example/2"),
    ],
)
def test_two_articles_never_get_the_same_address(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("https://amp.rfi.fr/fr/europe/1", "https://www.rfi.fr/fr/europe/1"),
        ("https://mobile.lemonde.fr/a_1.html", "https://www.lemonde.fr/a_1.html"),
        ("https://a.example/pont-1/amp/", "https://a.example/pont-1/"),
        ("https://a.example/pont-1/amp", "https://a.example/pont-1"),
        ("https://a.example/x?b=2&a=1&utm_x=3", "https://a.example/x?a=1&b=2"),
        ("https://müller.example/été", "https://xn--mller-kva.example/%C3%A9t%C3%A9"),
        ("https://a.example", "https://a.example/"),
    ],
)
def test_the_address_of_a_variant_is_the_one_for_readers(variant, expected):
    assert canonical(variant) == expected


@pytest.mark.parametrize(
    "text", ["", "foo:bar", "mailto:a@b.example", "javascript:x", "http://[::1", "http://" + "a" * 300]
)
def test_what_is_no_web_address_has_none(text):
    assert canonical(text) == "" or text.startswith("http://a")


PIECES = ("a", "b1", "fr", "xn--", "-", ".", "/", "//", "?", "=", "&", "A~", "_", ",", "%41", "é", ":", "#")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(lambda parts: "https://a" + "".join(parts)))
@example("https://www.a.example/une-rue_1.html?page=2&a=b")
def test_the_short_cut_gives_what_url_normalize_would(url):
    assert not NORMAL.fullmatch(url) or url_normalize(url) == url


@given(st.text(max_size=50) | st.text("/?&=#.amp:%é[]", max_size=40).map("https://a.example/".__add__))
def test_a_canonical_address_is_its_own(url):
    once = canonical(url)

    assert canonical(once) == once


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/pont", "https://a.example/pont"),
        ("pont", "https://a.example/f/pont"),
        ("//b.example/x", "https://b.example/x"),
        ("\nhttps://b.example/x\n", "https://b.example/x"),
        ("", ""),
        ("javascript:x", ""),
        ("http://[::1", ""),
    ],
)
def test_a_link_is_absolute_or_none(link, expected):
    assert absolute("https://a.example/f/rss", link) == expected
