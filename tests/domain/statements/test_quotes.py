import pytest

from bot.domain.statements.quotes import pair_quotes
from bot.domain.statements.segment import split_paragraphs


def inside(text: str, rules) -> list[str]:
    quotes = pair_quotes(text, split_paragraphs(text), rules.quotes)
    return [" / ".join(text[start:end] for start, end in quote.pieces) for quote in quotes]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Il dit « oui » et « non ».", ["oui", "non"]),
        ("Il dit «oui».", ["oui"]),
        ("Il dit “oui”.", ["oui"]),
        ("Il dit „oui“ puis.", ["oui"]),
        ('Il dit "oui" et "non".', ["oui", "non"]),
        ('Il dit "oui” puis part.', ["oui"]),
        ("« Il m'a dit “reviens” hier »", ["Il m'a dit “reviens” hier"]),
        ("« Un « deux » trois »", ["Un « deux » trois"]),
        ("» Une puce, rien d'autre.", []),
        ("« Sans fin ici.", ["Sans fin ici."]),
        ("« Un.\n\n« Deux. »", ["Un. / Deux."]),
        ("« Un.\n\nDeux. » Fin.", ["Un. / Deux."]),
        ("« Un.\n\nDeux sans marque.", ["Un."]),
        ('Un " seul signe.\n\n« Deux »', ["seul signe.", "Deux"]),
        ("«»", []),
        ("Rien.", []),
    ],
)
def test_marks_are_paired_as_a_reader_pairs_them(text, wanted, rules):
    assert wanted == inside(text, rules)


def test_a_quote_that_never_closes_is_told(rules):
    text = "« Sans fin"

    (quote,) = pair_quotes(text, split_paragraphs(text), rules.quotes)

    assert not quote.closed
