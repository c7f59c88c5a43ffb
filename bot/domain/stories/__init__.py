"""Which articles tell the same story, and what kind of text each is.

Requirements
    Articles of different outlets about one event are one story; the same topic, place or war alone is not. A wrong
    merge is worse than a missed one: it puts the words of one event under the headline of another. Opinion, live
    tickers, sponsored text, games, horoscopes and sport are told apart, and never join a story (`kinds`). The same
    articles in another order give the same stories. Cost grows with the number of articles, not with its square.

Theory of operation
    Of each article the title and the first words of its lead count (`words`): what the title tells, apart from what it
    recalls (« après la frappe… »), names by their capitals, figures with what they count, days, words in quotation
    marks. Words that every second headline holds are listed in the kinds file and weigh little; so do words that are
    frequent in the batch at hand.
    Two articles are linked (`likeness`) when their titles are nearly the same, when one carries the other's lead, or
    when evidence of different sorts adds up: a rare name or a figure or quoted words *and* at least two words of what
    happened, most of each title being told by the other article. A veto comes first: more than 36 hours apart, other
    days of the week, other ages, other figures of the same thing (not of the dead and injured: those grow by the
    hour), each title with a name unknown to the other article, opposite words.
    Articles of one outlet are linked only by their titles: an update replaces, a second angle is another article.
    Groups (`grouping`) grow by the surest links first; two become one only if no veto stands between members and most
    pairs are linked themselves, so that A~B~C is no chain. Articles are put in a fixed order first.

Known exceptions
    Missed on purpose: reports of one event that name it by different names, or on different days of the week; titles
    without a lead that replace one word; second angles of one outlet. A tour of several subjects (« Ce qu'il faut
    retenir… ») stays alone: it would tie strangers together.
    Still possible: two events of one day that share names, figures and verbs (two strikes on one town told alike).
    A word at the beginning of a sentence may be a name or not; it counts as one only if the other article shows it.

Tried and dropped
    TF-IDF with a threshold over title and lead: joins follow-ups and reactions, and means nothing in a batch of ten.
"""

from bot.domain.stories.choice import representative_order, same_speaker, same_words
from bot.domain.stories.grouping import group_stories
from bot.domain.stories.kinds import kind_of
from bot.domain.stories.rules import KindRules, compile_kinds

__all__ = [
    "KindRules",
    "compile_kinds",
    "group_stories",
    "kind_of",
    "representative_order",
    "same_speaker",
    "same_words",
]
