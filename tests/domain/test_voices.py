from bot.domain.voices import ARTICLE_CHARACTERS, choose_voices, deep_link
from tests.builders import RADIO, article, candidate, statement

PAGE = "Un début. Le pont de Sarlange rouvrira lundi matin, a dit la maire. Une fin."


def chosen(*candidates, headline="Un titre", density="standard"):
    return choose_voices(candidates, headline=headline, density=density)


def words(n, seed="mot"):
    return " ".join(f"{seed}{i}" for i in range(n))


def test_the_same_words_in_two_outlets_are_one_voice_with_both():
    said = statement("le pont rouvrira lundi matin après trois ans de travaux")

    voices = chosen(candidate("A", said), candidate("B", said, feed=RADIO, id=2))

    assert [[a.outlet for a in voice.articles] for voice in voices] == [["Le Courrier", "Radio Nord"]]


def test_wordings_that_differ_are_never_merged():
    one = statement("le pont rouvrira lundi matin")
    other = statement("le pont pourrait rouvrir lundi")

    voices = chosen(candidate("A", one), candidate("B", other, feed=RADIO, id=2))

    assert len(voices) == 2


def test_what_is_not_sure_enough_is_not_told():
    assert chosen(candidate("A", statement(shown=False))) == ()


def test_titles_only_tell_nobody():
    assert chosen(candidate("A", statement()), density="titres") == ()


def test_a_second_speaker_comes_before_a_second_statement_of_the_first():
    first, second = statement(words(12, "a")), statement(words(12, "b"))
    other = statement(words(12, "c"), speaker="Paul Amar", confidence=0.9)

    voices = chosen(candidate("A", first, second, other))

    assert [voice.statement.speaker for voice in voices] == ["Anna Lutz", "Paul Amar"]


def test_an_article_gives_two_statements_and_no_more():
    cast = [statement(words(10, seed), speaker=f"Anna {seed}") for seed in ("Abel", "Brun", "Caro", "Dole")]

    assert len(chosen(candidate("A", *cast))) == 2
    assert len(chosen(candidate("A", *cast), density="détaillé")) == 3


def test_an_article_gives_five_hundred_characters_and_no_more():
    cast = [statement(words(22, seed), speaker=f"Anna {seed}") for seed in ("abelbrun", "carodole", "ernefour")]

    voices = chosen(candidate("A", *cast), density="détaillé")

    assert 0 < sum(len(voice.text) for voice in voices) <= ARTICLE_CHARACTERS
    assert len(voices) == 2


def test_what_the_headline_says_is_not_said_again():
    headline = "Anna Lutz : « Le pont rouvrira lundi »"

    assert chosen(candidate(headline, statement("Le pont rouvrira lundi", frame="quote")), headline=headline) == ()


def test_the_link_points_at_the_sentence_where_the_page_holds_it_once():
    said = statement("Le pont de Sarlange rouvrira lundi matin", place="text")

    link = deep_link(article("A", text=PAGE), said)

    assert link.endswith("#:~:text=Le%20pont%20de%20Sarlange%20rouvrira%20lundi%20matin")


def test_a_long_sentence_is_pointed_at_by_its_ends():
    text = f"Un mot-clé ouvre {words(20)} et ferme"
    link = deep_link(article("A", text=f"Début. {text}. Fin."), statement(text))

    assert link.split("#:~:text=")[1] == "Un%20mot%2Dcl%C3%A9%20ouvre%20mot0%20mot1,mot17%20mot18%20mot19%20et%20ferme"


def test_words_that_stand_twice_or_only_in_the_feed_get_the_plain_address():
    said = statement("Le pont de Sarlange rouvrira lundi matin")
    twice = article("A", text=PAGE + PAGE)
    feed_only = article("A")

    assert deep_link(twice, said) == twice.url
    assert deep_link(feed_only, said) == feed_only.url
