import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.boilerplate import without_boilerplate
from bot.feeds.markup import plain_line, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>Gras</b> &eacute;", "Gras é"),
        ("&lt;b&gt;Gras&lt;/b&gt;", "Gras"),
        ("&amp;lt;i&amp;gt;Penché", "Penché"),
        ("Un<br/>deux", "Un\ndeux"),
        ("<p>Un.</p><p>Deux.</p>", "Un.\n\nDeux."),
        ("<ul><li>Un</li><li>Deux</li></ul>", "Un\n\nDeux"),
        ('Texte<img src="https://t.example/p.gif" width="1" height="1" alt="">', "Texte"),
        ("a<script>alert('<p>')</script>b<style>p {}</style>c<!-- <p>non</p> -->d", "abcd"),
        ("<a title=\"x > y\" href='z'>Lien</a>", "Lien"),
        ("<a title=l'ami href=\"z\">Lien</a>", "Lien"),
        ('Coupé dans un lien <a href="https://a.exa', "Coupé dans un lien"),
        ("a < b et c > d", "a < b et c > d"),
        ("<OTAN> et <Mot>", "<OTAN> et <Mot>"),
        ("R&D, AT&T, ?a=1&section=2&copy=3", "R&D, AT&T, ?a=1&section=2&copy=3"),
        ("«\xa0si nécessaire\xa0»", "«\xa0si nécessaire\xa0»"),
        ("&nbsp;<p>&nbsp;</p>Un \n\t deux&nbsp;", "Un deux"),
        ("zé\u00adro\u200b \ufefflargeur", "zéro largeur"),
        ("L&#8217;&#233;t&#xE9;", "L’été"),
        ("CafÃ© Ã\xa0 lâ€™Å“uvre", "Café à l’œuvre"),
        ("SÃO PAULO, Ã toi", "SÃO PAULO, Ã toi"),
        ("<![CDATA[Un]]>", "Un"),
        ("", ""),
    ],
)  # fmt: skip
def test_markup_becomes_the_text_that_a_reader_would_see(markup, text):
    assert plain_text(markup) == text


def test_a_title_is_one_line():
    assert plain_line("<p>Un</p>\n<p>deux<br>trois</p>") == "Un deux trois"


@given(st.text("<>/!-&;#ab p\"'\n[]éscript", max_size=80))
def test_no_markup_makes_it_fail_or_leaves_loose_ends(markup):
    text = plain_text(markup)

    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "\t" not in text


@given(st.text("abcdé ’«»,.", max_size=60))
def test_plain_text_stays_word_for_word(text):
    assert plain_text(text) == " ".join(text.split(" ")).strip() or plain_text(text).split() == text.split()


@pytest.mark.parametrize(
    "line",
    [
        "Lire aussi : Le chantier en images",
        "À LIRE AUSSI Le chantier en images",
        "A lire également : le pont",
        "À lire :",
        "Article réservé à nos abonnés",
        "Inscrivez-vous à notre newsletter pour suivre le chantier",
        "Recevez chaque matin l’essentiel dans votre boîte mail",
        "L’article Le pont rouvre est apparu en premier sur Le Courrier.",
        "(avec AFP)",
        "AFP et Reuters",
        "Crédit photo : Jeanne Roy",
        "La suite après cette publicité",
        "Il vous reste 72.5% de cet article à lire. La suite est réservée aux abonnés.",
    ],
)
def test_a_line_around_the_article_is_taken_away(line):
    assert without_boilerplate(f"Un.\n\n{line}\n\nDeux.") == "Un.\n\nDeux."


@pytest.mark.parametrize(
    "line",
    [
        "À lire les chiffres, Odile Ferrand s’inquiète.",
        "Lire est un plaisir, a dit Marc Delvaux.",
        "L’AFP a interrogé la maire.",
        "Selon l’AFP, le pont rouvrira.",
        "Photo : " + "une longue phrase " * 30,
        "Recevez mes salutations, a écrit la maire.",
    ],
)
def test_a_line_of_the_article_stays(line):
    assert without_boilerplate(line) == line.strip()


def test_the_agency_in_brackets_goes_from_the_end_of_a_sentence():
    assert without_boilerplate("Le pont rouvre. (avec l’AFP et Reuters)") == "Le pont rouvre."
    assert without_boilerplate("L’été (avec son pont)") == "L’été (avec son pont)"
