import pytest

from bot.domain.errors import VerbatimError
from bot.domain.model import Feed
from bot.feeds.opml import read_opml, write_opml

OPML = """<?xml version="1.0" encoding="utf-8"?>
<opml version="1.0"><head><title>Mes flux</title></head><body>
  <outline text="Belgique &amp; Nord">
    <outline text="Le Courrier" type="rss" xmlUrl=" https://courrier.example/rss " htmlUrl="https://courrier.example"/>
    <outline text="Région"><outline title="Radio Nord" xmlurl="https://nord.example/rss?a=1&amp;b=2"/></outline>
  </outline>
  <outline xmlUrl="https://sans-titre.example/rss"/>
  <outline text="Deux fois" xmlUrl="https://courrier.example/rss"/>
  <outline text="Fichier" xmlUrl="file:///etc/passwd"/>
  <outline text="Dossier vide"/>
</body></opml>"""


def test_feeds_come_out_of_folders_in_their_order_and_once():
    assert [(feed.outlet, feed.section, feed.url) for feed in read_opml(OPML.encode())] == [
        ("Le Courrier", "Belgique & Nord", "https://courrier.example/rss"),
        ("Radio Nord", "Région", "https://nord.example/rss?a=1&b=2"),
        ("sans-titre.example", "", "https://sans-titre.example/rss"),
    ]


def test_a_list_from_elsewhere_is_not_the_owners_word():
    assert not any(feed.trusted for feed in read_opml(OPML.encode()))


def test_what_is_written_is_read_back():
    feeds = (
        Feed(outlet="L’Observateur <1>", section="Europe", url='https://o.example/?a=1&b="2"', trusted=False),
        Feed(outlet="Radio", url="https://r.example/rss", trusted=False),
        Feed(outlet="Radio", section="Europe", url="https://r.example/europe", trusted=False),
    )

    assert set(read_opml(write_opml(feeds, "Vos flux").encode())) == set(feeds)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "broken at line 1"),
        (b"<opml><body>", "broken at line 1, column 13"),
        (b"<rss/>", "begins with <rss>"),
        (b"<opml/>", "this is no OPML"),
        (b"<opml><body/></opml>", "no feed"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml><body>&a;</body></opml>', "refused"),
        (b"<opml><body>" + b"x" * 5_000_001, "larger than 5 MB"),
        ("<opml><body>é</body></opml>".encode("cp1252"), "broken at line 1"),
    ],
)
def test_what_is_no_opml_is_refused_in_one_line(body, why):
    with pytest.raises(VerbatimError) as raised:
        read_opml(body)

    assert why in str(raised.value)
    assert "\n" not in str(raised.value)


def test_folders_in_folders_without_end_end():
    deep = "<outline text='d'>" * 5_000 + "<outline xmlUrl='https://a.example/rss'/>" + "</outline>" * 5_000

    with pytest.raises(VerbatimError):
        read_opml(f"<opml><body>{deep}</body></opml>".encode())
