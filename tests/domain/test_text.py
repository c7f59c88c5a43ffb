from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inflection import inflected, singular
from bot.domain.text import fold, fold_word, typographic, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("l’Otan", "l otan"),
        ("États-Unis", "etats unis"),
        ("Etats\u00a0Unis", "etats unis"),
        ("F‑35", "f 35"),
        ("49.3", "49 3"),
        ("O.T.A.N.", "otan"),
        ("l'U.E.-Canada", "l ue canada"),
        ("à l’U.E. demain", "a l ue demain"),
        ("cœur, Ægir", "coeur aegir"),
        ("minis\u00adtre", "ministre"),
        ("Kyi\u0308v", "kyiv"),
        ("« Erdoğan »", "erdogan"),
        ("Wałęsa, Šefčovič", "walesa sefcovic"),
        ("Минск", "минск"),
        ("CO₂", "co2"),
        ("…", ""),
    ],
)
def test_a_folded_text_has_no_accents_case_or_punctuation(text, folded):
    assert fold_word(text) == folded


def test_every_word_knows_its_place_in_the_original():
    text = "Le cœur de l’O.T.A.N. bat à Kyi\u0308v, minis\u00adtre."

    assert [(token.folded, text[token.start : token.end]) for token in words(text)] == [
        ("le", "Le"),
        ("coeur", "cœur"),
        ("de", "de"),
        ("l", "l"),
        ("otan", "O.T.A.N"),
        ("bat", "bat"),
        ("a", "à"),
        ("kyiv", "Kyi\u0308v"),
        ("ministre", "minis\u00adtre"),
    ]


@given(st.text())
def test_no_text_breaks_the_way_back(text):
    folded = fold(text)

    for token in words(text):
        assert 0 <= token.start < token.end <= len(text)
    assert folded.text == folded.text.lower()
    assert all(character.isalnum() or character == " " for character in folded.text)


@given(st.text(alphabet=st.sampled_from("aéÉœŒ.AU-’ \u00ad\u0301ł№"), max_size=40))
def test_places_follow_the_order_of_the_text(text):
    places = [(token.start, token.end) for token in words(text)]

    assert places == sorted(places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))


def test_the_typographic_form_keeps_every_offset():
    text = "l’Otan\u202f: «\u00a0oui\u00a0», rendez\u2011vous minis\u00adtre"

    assert len(typographic(text)) == len(text)
    assert typographic(text).startswith("l'Otan : « oui », rendez-vous")


@pytest.mark.parametrize(
    "forms",
    [
        "soldat soldats soldate soldates",
        "ukrainien ukrainiens ukrainienne ukrainiennes",
        "americain americains americaine americaines",
        "francais francaise francaises",
        "national nationale nationaux nationales",
        "journal journaux",
        "niveau niveaux",
        "travail travaux",
        "directeur directrice directeurs directrices",
        "dangereux dangereuse dangereuses",
        "premier premiere premiers premieres",
        "offensif offensive offensives",
        "turc turcs turque turques",
        "nouveau nouveaux nouvelle nouvelles",
        "libanais libanaise libanaises",
        "loi lois",
    ],
)
def test_number_and_gender_of_a_common_word_share_a_key(forms):
    assert len({inflected(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("arme", "armee"),
        ("mer", "mere"),
        ("vent", "vente"),
        ("marche", "march"),
        ("cri", "crise"),
        ("parti", "partie"),
        ("droit", "droite"),
        ("poutine", "poutin"),
        ("peur", "peu"),
        ("cour", "cours"),
        ("fil", "fils"),
        ("general", "generation"),
        ("centre", "central"),
    ],
)
def test_words_that_only_look_alike_keep_their_own_key(one, other):
    assert inflected(one) != inflected(other)


def test_the_singular_leaves_the_gender_alone():
    assert singular("directrices") == "directrice"
    assert singular("pays") == "pays"
