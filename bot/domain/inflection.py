"""French plural and feminine on folded words: one key for « ukrainien, ukrainiens, ukrainienne, ukrainiennes ».

Light rules on the last letters, no dictionary. A stemmer (Snowball, measured) also puts « arme » and « armée »,
« centre » and « central », « général » and « génération » together; these rules do not: a feminine in -ée is left alone
here and decided by accents where terms are compiled. They only join words that differ by number and gender, at the
price of missing irregular pairs that are not listed.
"""

from functools import lru_cache

# Words that a phrase may hold or lack: articles, « de », « à », « en » and what they merge with.
_SMALL_WORDS = (
    "a au aux avec ce ces cet cette d dans de des du en et l la le les leur leurs ou par pour qu que qui s sa ses son "
    "sur un une"
)
SMALL = frozenset(_SMALL_WORDS.split())
_PLURALS = {
    "travaux": "travail",
    "feux": "feu",
    "jeux": "jeu",
    "lieux": "lieu",
    "voeux": "voeu",
    "yeux": "oeil",
    "cieux": "ciel",
    "baux": "bail",
    "vitraux": "vitrail",
    "coraux": "corail",
    "emaux": "email",
}
# The singular already ends so: nothing to take off.
_SAME_IN_PLURAL = (
    "fils pays temps corps cours bras dos bus gaz prix voix choix paix croix tiers fois mois pois puis plus moins "
    "sous vers tres apres depuis sans alors dans avis proces acces succes exces progres congres deces poids fonds mars "
    "sens relais palais marais virus corpus campus bonus versus paris londres bruxelles"
)
_NO_PLURAL = frozenset(_SAME_IN_PLURAL.split())
_SHORTEST_PLURAL, _SHORTEST_FEMININE = 4, 5
_MOST_REMEMBERED = 100_000
_IRREGULAR = {
    "grecque": "grec",
    "turque": "turc",
    "publique": "public",
    "blanche": "blanc",
    "franche": "franc",
    "seche": "sec",
    "fraiche": "frais",
    "longue": "long",
    "belle": "beau",
    "bel": "beau",
    "nouvelle": "nouveau",
    "nouvel": "nouveau",
    "vieille": "vieux",
    "vieil": "vieux",
    "douce": "doux",
    "rousse": "roux",
    "jalouse": "jaloux",
    "favorite": "favori",
    "veuve": "veuf",
    "neuve": "neuf",
    "breve": "bref",
    "juive": "juif",
    "captive": "captif",
    "copine": "copain",
}
# (ending, what stands in the masculine, shortest word it holds for): below that length too many unrelated words meet
# (« vente » and « vent », « morale » and « moral » may; « mère » and « mer » may not).
_FEMININES = (
    ("trice", "teu", 7),
    ("euse", "eu", 6),
    ("enne", "en", 6),
    ("onne", "on", 6),
    ("elle", "el", 7),
    ("iere", "ier", 6),
    ("gere", "ger", 6),
    ("ive", "if", 6),
    ("aise", "ai", 6),
    ("oise", "oi", 6),
    ("aine", "ain", 6),
    ("ande", "and", 7),
    ("ante", "ant", 7),
    ("ente", "ent", 8),
    ("ale", "al", 6),
    ("ane", "an", 6),
    ("ate", "at", 7),
    ("ite", "it", 7),
    ("ete", "et", 7),
    ("ine", "in", 8),
    ("gnole", "gnol", 6),
    ("eure", "eu", 7),
)
_MASCULINES = (("eur", "eu", 5), ("eux", "eu", 5), ("ais", "ai", 5), ("ois", "oi", 5))


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """The folded word without its plural mark."""
    if len(word) < _SHORTEST_PLURAL or word[-1] not in "sx" or word in _NO_PLURAL or not word.isalpha():
        return word
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("aux") and not word.endswith("eaux") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "al"
    if word[-1] == "x":
        return word[:-1] if word.endswith(("eaux", "eux", "oux")) and len(word) > _SHORTEST_PLURAL else word
    return word if word.endswith("ss") else word[:-1]


@lru_cache(maxsize=8192)
def inflected(word: str) -> str:
    """The key that a folded word shares with its plural and feminine forms; never shown."""
    one = singular(word)
    if one in _IRREGULAR:
        return _IRREGULAR[one]
    if len(one) < _SHORTEST_FEMININE:
        return one
    for ending, masculine, shortest in _FEMININES if one[-1] == "e" else _MASCULINES:
        if one.endswith(ending) and len(one) >= shortest:
            return one[: -len(ending)] + masculine
    return one


def key(word: str) -> str:
    """What stands for a token in the stream that is searched: its inflection key, "" for a small word."""
    return "" if word in SMALL else inflected(word)


class _Keys(dict[str, str]):
    """Keys remembered, for `map`: a third of the time of a cached function, and as pure."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[word] = found = key(word)
        return found


KEYS = _Keys()
