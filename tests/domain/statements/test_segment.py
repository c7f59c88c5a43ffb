import pytest

from bot.domain.statements import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Le préfet a reçu M. Aubrac, Mme Tellier et MM. Roche et Vidal. Il pleut.", 2),
        ("Me Lacaze et le Dr. Humeau ont témoigné. La salle est pleine.", 2),
        ("J.-P. Morvan et B. Keller, du C.N.E., ont signé.", 1),
        ("L'art. 12, al. 3, ne dit rien.", 1),
        ("On vend du pain, du lait, etc. La foire est ouverte.", 2),
        ("On vend du pain, du lait, etc. au marché.", 1),
        ("Le déficit atteint 3.200 euros, 4,5 %, à 20h30, le 1er mars, au no. 7.", 1),
        ("« Nous verrons… mais pas avant juin », a-t-elle glissé.", 1),
        ("« Qui paiera ? », a demandé Luc Ferrand.", 1),
        ("L'O.N.U. et les U.S.A. s'abstiennent.", 1),
        ("Le site gouv.example et la version 2.0 sont en ligne.", 1),
        ("Il a tout vu : la pluie, le vent.", 1),
        ("La place était vide. à midi, elle se remplit.", 2),
        ("Un titre sans point\n\nUn paragraphe entier suit ici.", 2),
        ("Rien. Vraiment rien ! Pourquoi ? Parce que.", 4),
        ("« C'est non. Définitivement. », a tranché la maire. Fin.", 3),
        # blanks that were lost on the way
        ("La flotte quitte le Barn.Le président se tait.", 2),
        ('Le port est "sûr".De son côté, la maire se tait.', 2),
        ("On a parlé de lui là-bas.M. Roche se tait.", 2),
        ("La route est coupée ?Selon la maire, non.", 2),
        ("Il a neigé.A Lise, rien ne bouge.", 2),
        ("Le pont a rouvert.« Enfin ! », a dit la maire.", 2),
        ("Rien ne va.- La trêve tient -Le maire est parti.", 3),
        ("Une sage décisionLe maire a signé.", 2),
        ("Le site Sarlange.Info et www.lise.Net sont en ligne.", 1),
        ("La version 2.0 de Node.Js, la U.E. et M.Roche, J.P.Vidal.", 1),
        ("ComCyber, YouTube et McAllan recrutent.", 1),
        ("Le vol Paris -Lise est plein.", 1),
        ("", 0),
        (" \n\n ", 0),
    ],
)
def test_sentences_end_where_a_reader_stops(text, sentences, rules):
    assert sentences == len(split_sentences(text, rules))


def test_sentences_keep_the_offsets_of_the_text_as_given(rules):
    text = "Pre\u00admier cafe\u0301. Second point."

    spans = split_sentences(text, rules)

    assert [text[start:end] for start, end in spans] == ["Pre\u00admier cafe\u0301.", "Second point."]


def test_a_text_broken_at_a_margin_is_joined_again(rules):
    text = "La route qui mène au village de Tolna est restée fermée toute\nla nuit à cause de la neige. Elle rouvre."

    assert len(split_sentences(text, rules)) == 2


def test_a_short_line_before_a_capital_is_a_heading(rules):
    text = "Une nuit difficile\nLa route est fermée."

    assert len(split_sentences(text, rules)) == 2
