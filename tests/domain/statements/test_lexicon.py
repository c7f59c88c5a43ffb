import pytest

from bot.domain.statements.lexicon import read_verb


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("déclarent", "déclarer"),
        ("déclarée", "déclarer"),
        ("répète", "répéter"),
        ("réitérera", "réitérer"),
        ("annonçait", "annoncer"),
        ("jugeait", "juger"),
        ("appelle", "appeler"),
        ("rappellent", "rappeler"),
        ("relève", "relever"),
        ("martèle", "marteler"),
        ("disent", "dire"),
        ("prédit", "prédire"),
        ("écrivit", "écrire"),
        ("reconnaissent", "reconnaître"),
        ("reconnait", "reconnaître"),
        ("soutient", "soutenir"),
        ("soutiendra", "soutenir"),
        ("craignent", "craindre"),
        ("répondu", "répondre"),
        ("conclut", "conclure"),
        ("promis", "promettre"),
        ("avertissent", "avertir"),
        ("garantissant", "garantir"),
        ("dément", "démentir"),
        ("prévoyait", "prévoir"),
        ("poursuivent", "poursuivre"),
        ("admettant", "admettre"),
        ("appuie", "appuyer"),
    ],
)
def test_every_form_of_the_press_leads_to_its_verb(form, lemma, rules):
    assert lemma in {reading.verb.lemma for reading in rules.forms[form]}


def test_a_new_verb_is_one_line():
    verb = read_verb("se gargariser", "C o")

    assert (verb.word, verb.reflexive, verb.strength, verb.frames) == ("gargariser", True, "C", {"o"})


def test_a_verb_of_two_words_keeps_what_follows_it():
    assert read_verb("faire savoir", "A qo").tail == ("savoir",)


@pytest.mark.parametrize("value", ["", "D qo", "A xyz", "A", "A qo nonsense"])
def test_a_line_that_cannot_be_read_is_refused(value):
    with pytest.raises(ValueError, match=r"strength|frames|flag"):
        read_verb("dire", value)
