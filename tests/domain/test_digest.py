from dataclasses import replace
from datetime import timedelta

from bot.catalog import load_catalog
from bot.domain.digest import STORIES, Brief, compose_digest
from bot.domain.model import Candidate
from tests.builders import COURRIER, NOW, OBSERVATEUR, RADIO, article, candidate, match, statement

KINDS = load_catalog().kinds
BRIEF = Brief(("otan",), NOW - timedelta(hours=24), NOW)
NOBODY_TOLD: frozenset[int] = frozenset()


def compose(*candidates, told=NOBODY_TOLD, brief=BRIEF):
    return compose_digest(brief, candidates, told, KINDS)


def headlines(digest):
    return [story.headline for story in digest.stories]


BRIDGE = "Le pont de Sarlange rouvre après trois ans de travaux"
PORT = "Le port de Quélern ferme ses écluses à cause du gel"


def test_an_article_of_the_period_is_a_story_with_its_counts():
    digest = compose(candidate(BRIDGE))

    assert headlines(digest) == [BRIDGE]
    assert (digest.articles, digest.outlets, digest.more) == (1, 1, 0)
    assert digest.article_ids == (1,)


def test_an_older_article_is_not_in_the_digest():
    assert compose(candidate(BRIDGE, hours_ago=30, seen_at=NOW - timedelta(hours=30))).stories == ()


def test_an_article_seen_in_the_period_under_an_earlier_date_is_told():
    late = candidate(BRIDGE, hours_ago=30, seen_at=NOW - timedelta(hours=1))

    assert headlines(compose(late)) == [BRIDGE]


def test_the_first_poll_of_a_feed_counts_by_the_dates_of_its_items():
    old = candidate(BRIDGE, hours_ago=30, seen_at=NOW - timedelta(hours=1), from_first_poll=True)

    assert compose(old).stories == ()


def test_what_was_told_is_not_told_again():
    assert compose(candidate(BRIDGE), told=frozenset({1})).stories == ()


def test_the_reason_of_an_article_stands_at_its_place_in_the_story():
    longer = f"Enfin, {BRIDGE}"
    story = compose(candidate(longer), candidate(BRIDGE, feed=RADIO, id=2)).stories[0]

    assert story.outlets == ("Radio Nord", "Le Courrier")  # the public radio speaks first, and is like the other
    assert ["Enfin" in why for why in story.why] == [True, False]


def test_the_same_event_of_two_outlets_is_one_story():
    digest = compose(candidate(BRIDGE), candidate(BRIDGE, feed=RADIO, id=2))

    assert headlines(digest) == [BRIDGE]
    assert set(digest.stories[0].outlets) == {"Le Courrier", "Radio Nord"}


def test_a_story_of_more_outlets_comes_first():
    digest = compose(candidate(PORT, id=3), candidate(BRIDGE), candidate(BRIDGE, feed=RADIO, id=2))

    assert headlines(digest) == [BRIDGE, PORT]


def test_of_equal_stories_the_one_more_about_the_topic_comes_first():
    weak = replace(candidate(BRIDGE), matches=(match("otan", 0.4),))
    strong = replace(candidate(PORT, id=2, feed=RADIO), matches=(match("otan", 0.9),))

    assert headlines(compose(weak, strong)) == [PORT, BRIDGE]


def test_opinion_is_left_out_and_the_reason_is_kept():
    digest = compose(candidate("Tribune : le pont que nous méritons"))

    assert digest.stories == ()
    assert digest.left_out[0][1].startswith("opinion")
    assert digest.article_ids == (1,)


def test_a_follow_up_with_nothing_new_stays_silent():
    before = candidate(BRIDGE, statement("le pont est sûr"), hours_ago=5)
    again = candidate(BRIDGE, statement("le pont est sûr"), id=2, feed=RADIO)

    digest = compose(before, again, told=frozenset({1}))

    assert digest.stories == ()
    assert "rien de nouveau" in digest.left_out[0][1]


def test_a_follow_up_with_a_new_statement_is_marked():
    before = candidate(BRIDGE, statement("le pont est sûr"), hours_ago=5)
    again = candidate(BRIDGE, statement("le péage sera supprimé dès janvier"), id=2, feed=RADIO)

    digest = compose(before, again, told=frozenset({1}))

    assert digest.stories[0].follow_up
    assert [article.id for article in digest.stories[0].articles] == [2]


def test_a_follow_up_with_a_new_figure_is_marked():
    before = candidate(BRIDGE, summary="Le chantier a coûté 12 millions d’euros.", hours_ago=5)
    again = candidate(BRIDGE, summary="Le chantier a coûté 14 millions d’euros.", id=2, feed=RADIO)

    assert compose(before, again, told=frozenset({1})).stories[0].follow_up


def test_no_outlet_fills_a_digest():
    towns = ["Sarlange", "Quélern", "Morvigny", "Tressac", "Plouvarn", "Gestrelle", "Hérimont", "Valbrun", "Corsange"]
    mine = [candidate(f"La mairie de {town} vote son budget", id=n) for n, town in enumerate(towns, start=1)]
    others = [
        candidate("La neige bloque le col du Varnier", id=11, feed=RADIO, hours_ago=20),
        candidate("Un musée de la mine ouvre ses portes", id=12, feed=OBSERVATEUR, hours_ago=20),
    ]

    digest = compose(*mine, *others)

    leaders = [story.articles[0].outlet for story in digest.stories]
    assert set(leaders[:5]) == {"Le Courrier", "Radio Nord", "L’Observateur"}
    assert (len(digest.stories), digest.more) == (8, 3)


def test_what_is_beyond_the_density_is_counted():
    subjects = ["boulanger", "notaire", "garagiste", "luthier", "potier", "verrier", "tanneur", "facteur", "meunier"]
    verbs = ["danse", "jardine", "chante", "navigue", "sculpte", "patine", "jongle", "cuisine", "médite"]
    many = [candidate(f"Un {s} {v}", id=n) for n, (s, v) in enumerate(zip(subjects, verbs, strict=True), start=1)]

    digest = compose(*many)

    assert len(digest.stories) == STORIES["standard"] == 8
    assert digest.more == 1
    assert len(compose(*many, brief=replace(BRIEF, density="détaillé")).stories) == 5


def test_the_same_candidates_in_another_order_make_the_same_digest():
    cast = [candidate(BRIDGE), candidate(BRIDGE, feed=RADIO, id=2), candidate(PORT, id=3, feed=COURRIER)]

    assert headlines(compose(*cast)) == headlines(compose(*reversed(cast)))


def test_an_article_without_a_date_is_not_guessed_into_a_period():
    undated = Candidate(replace(article(BRIDGE), published_at=None), (match(),))

    assert compose(undated).stories == ()


# --- said once, and less of ------------------------------------------------------------------------------------------

QUOTE = "la frontière restera fermée jusqu’au printemps prochain, quoi qu’il arrive"


def said_under(digest):
    return [[voice.text for voice in story.voices] for story in digest.stories]


def test_the_same_words_stand_under_the_first_story_only():
    other = "les écluses de Quélern ne rouvriront pas avant la fin du mois de février"
    digest = compose(
        candidate(BRIDGE, statement(QUOTE), feed=RADIO),
        candidate(PORT, statement(QUOTE), statement(other, speaker="Jan Marek"), id=2, hours_ago=5),
    )

    assert headlines(digest) == [BRIDGE, PORT]
    assert said_under(digest) == [[QUOTE], [other]]


def test_a_piece_of_what_somebody_said_in_an_earlier_story_is_not_said_again():
    digest = compose(
        candidate(BRIDGE, statement(QUOTE), feed=RADIO),
        candidate(PORT, statement("la frontière restera fermée jusqu’au printemps prochain"), id=2, hours_ago=5),
    )

    assert said_under(digest) == [[QUOTE], []]


def test_the_same_words_of_somebody_else_are_told():
    digest = compose(
        candidate(BRIDGE, statement(QUOTE), feed=RADIO),
        candidate(PORT, statement(QUOTE, speaker="Jan Marek"), id=2, hours_ago=5),
    )

    assert said_under(digest) == [[QUOTE], [QUOTE]]


def test_a_quote_is_one_whether_its_speaker_is_named_or_told_by_the_office():
    named, told = statement(QUOTE, kind="direct"), statement(QUOTE, kind="direct", speaker="la ministre")
    digest = compose(candidate(BRIDGE, named, feed=RADIO), candidate(PORT, told, id=2, hours_ago=5))

    assert said_under(digest) == [[QUOTE], []]


def test_a_fuller_version_of_what_was_said_is_told():
    fuller = f"{QUOTE}, et même au-delà si la neige tient"
    digest = compose(
        candidate(BRIDGE, statement(QUOTE), feed=RADIO), candidate(PORT, statement(fuller), id=2, hours_ago=5)
    )

    assert said_under(digest) == [[QUOTE], [fuller]]


def test_what_had_no_room_is_kept_in_its_order():
    candidates = [
        candidate(f"Le quai {name} de Sarlange ferme {n + 3} jours", id=n + 1, hours_ago=n)
        for n, name in enumerate("ABCDEFGHIJ")
    ]
    digest = compose(*candidates)

    assert (len(digest.stories), digest.more, len(digest.rest)) == (8, 2, 2)
    assert not {story.articles[0].id for story in digest.rest} & {story.articles[0].id for story in digest.stories}


def test_a_person_left_out_is_not_quoted_and_brings_no_follow_up():
    brief = replace(BRIEF, without_people=("Anna Lutz",))
    both = candidate(BRIDGE, statement(QUOTE), statement("le pont tiendra", speaker="Jan Marek"))
    assert said_under(compose(both, brief=brief)) == [["le pont tiendra"]]

    told = candidate(BRIDGE, hours_ago=30, feed=RADIO, id=1)
    later = candidate(f"{BRIDGE} enfin", statement(QUOTE), id=2)
    assert len(compose(told, later, told=frozenset({1})).stories) == 1
    assert compose(told, later, told=frozenset({1}), brief=brief).stories == ()


def test_an_event_left_out_takes_along_what_joins_its_group():
    known, later = candidate(BRIDGE, hours_ago=20, feed=RADIO, id=1), candidate(f"{BRIDGE} enfin", id=2)
    digest = compose(known, later, candidate(PORT, id=3), brief=replace(BRIEF, hidden=frozenset({1})))

    assert headlines(digest) == [PORT]
    assert digest.hidden == (1, 2)
    assert {article.id for article, why in digest.left_out if "n’en veut plus" in why} == {1, 2}
    assert digest.article_ids == (1, 2, 3)
