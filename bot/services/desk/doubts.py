"""What the articles of the last days say about a rule, told to who wrote it: what it finds, what was perhaps meant."""

from bot.domain.phrases import counted
from bot.domain.rules import Rule
from bot.domain.survey import Doubt, Survey, Variant
from bot.domain.talk import Button
from bot.services.desk.visit import Rows, Visit
from bot.services.rules_lookup import survey

_LONGEST = 40  # characters of a term or word that are repeated
_NAMED = 3  # outlets


async def ask(visit: Visit, rule: Rule, *, settled: bool = False) -> Survey:
    """What they say; `settled`: both of two terms are meant, however rare that is."""
    async with visit.office.surveying:
        found = await survey(visit.office.store, rule, visit.place.chat, visit.now)
    if not settled:
        return found
    return Survey(
        found.read,
        found.outlets,
        found.examples,
        found.flooded,
        tuple(doubt for doubt in found.doubts if doubt.kind != "rarely"),
    )


def variants(found: Survey) -> tuple[Variant, ...]:
    """All that was perhaps meant, in the order of their buttons."""
    return tuple(variant for doubt in found.doubts for variant in doubt.variants)


def lines(visit: Visit, found: Survey) -> tuple[str, ...]:
    """How much it finds, and what is odd about it."""
    if not found.read:
        return ()
    told = [_found(visit, found), *(_doubt(visit, doubt) for doubt in found.doubts)]
    if found.flooded:
        told.append(visit.say("rule.flood", outlets=", ".join(found.flooded[:_NAMED])))
    return tuple(told)


def rows(visit: Visit, found: Survey, stamp: str) -> Rows:
    """A button for each thing that was perhaps meant, two in a row."""
    buttons = [_button(visit, variant, stamp, n) for n, variant in enumerate(variants(found))]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _found(visit: Visit, found: Survey) -> str:
    read = counted("articles", found.read, visit.texts)
    if not found.found:
        return visit.say("rule.found_none", read=read)
    articles = counted("articles", found.found, visit.texts)
    outlets = counted("outlets", len(found.outlets), visit.texts)
    return visit.say("rule.found", articles=articles, outlets=outlets, read=read)


def _doubt(visit: Visit, doubt: Doubt) -> str:
    terms = [_cut(term) for term in doubt.terms]
    if doubt.kind == "rarely":
        articles = counted("articles", doubt.articles, visit.texts)
        return visit.say("rule.rarely", left=terms[0], right=terms[1], articles=articles)
    if doubt.kind == "apart":
        return visit.say("rule.apart", term=terms[0])
    line = visit.say("rule.unseen", term=terms[0])
    for variant in doubt.variants[:1]:
        articles = counted("articles", variant.articles, visit.texts)
        line += " " + visit.say("rule.meant", word=variant.word, articles=articles)
    return line


def _button(visit: Visit, variant: Variant, stamp: str, number: int) -> Button:
    label = {"word": "meant", "either": "either", "both": "both", "keep": "both"}[variant.meant]
    text = visit.say(f"button.{label}", word=_cut(variant.word), n=variant.articles)
    return visit.button(text, "t", "v", stamp, number)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
