"""« Moins de … »: an outlet, the statements of a person, an event are left out from now on. A button says what it does,
so that two presses do it once; afterwards the same button undoes it, and so do /sources and /settings.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b

from bot.domain.editions import Edition
from bot.domain.less import hiding, is_off, people_off, showing, with_person, without_person
from bot.domain.model import Candidate, Subscription
from bot.domain.phrases import day_of
from bot.domain.talk import Button
from bot.domain.text import fold_word
from bot.domain.voices import choose_voices
from bot.services.desk.visit import Rows, Visit

_PEOPLE = 2  # offered under a story
_LONGEST = 36  # of a name on a button

Change = tuple[Callable[[Subscription], Subscription], str]  # and what is said at the press


def person_key(name: str) -> str:
    """A person as a button can name them."""
    return blake2b(fold_word(name).encode("utf-8", "replace"), digest_size=4).hexdigest()


def less_rows(visit: Visit, edition: Edition, number: int, told: Sequence[Candidate]) -> Rows:
    """The switches under a story: the outlet that leads it, who is quoted first, the event itself."""
    settings = visit.settings

    def switch(key: str, off: bool, *data: object, name: str = "") -> tuple[Button]:  # noqa: FBT001 (what holds now)
        label = visit.say(f"button.{'more' if off else 'less'}_{key}", name=_cut(name))
        return (visit.button(label, "l", edition.id, number, int(not off), *data),)

    lead = told[0].article
    people = (
        switch("person", is_off(settings, name, visit.now), "p", person_key(name), name=name)
        for name in _speakers(told)
    )
    outlet = switch("outlet", lead.outlet in settings.without_outlets, "o", lead.id, name=lead.outlet)
    hidden = bool(set(settings.hidden) & set(edition.story(number)))
    return (outlet, *people, switch("story", hidden, "s"))


def _speakers(told: Sequence[Candidate]) -> list[str]:
    """Who is quoted first, each once."""
    voices = choose_voices(told, headline="", density="détaillé")
    return list(dict.fromkeys(voice.statement.speaker for voice in voices))[:_PEOPLE]


def change_of(
    visit: Visit, edition: Edition, number: int, told: Sequence[Candidate], what: Sequence[str]
) -> Change | None:
    """What a press asks for; None where it names nothing of this story. The story has its articles still."""
    match what:
        case ["1" | "0" as off, "s"]:
            return _event(edition, number, off=off == "1")
        case ["1" | "0" as off, "o", article]:
            outlet = next((c.article.outlet for c in told if str(c.article.id) == article), None)
            return _outlet(outlet, off=off == "1") if outlet else None
        case ["1" | "0" as off, "p", key]:
            speakers = (statement.speaker for c in told for statement in c.statements)
            person = next((name for name in speakers if person_key(name) == key), None)
            return _person(visit, person, off=off == "1") if person else None
        case _:
            return None


def _event(edition: Edition, number: int, *, off: bool) -> Change:
    articles = edition.story(number)
    if off:
        return (lambda stored: hiding(stored, articles)), "less.story_off"
    return (lambda stored: showing(stored, articles)), "less.story_on"


def _outlet(outlet: str, *, off: bool) -> Change:
    def changed(stored: Subscription) -> Subscription:
        others = tuple(name for name in stored.without_outlets if name != outlet)
        return replace(stored, without_outlets=(*others, outlet) if off else others)

    return changed, "less.outlet_off" if off else "less.outlet_on"


def _person(visit: Visit, person: str, *, off: bool) -> Change:
    if off:
        return (lambda stored: without_person(stored, person, visit.now)), "less.person_off"
    return (lambda stored: with_person(stored, person, visit.now)), "less.person_on"


# --- in /settings ----------------------------------------------------------------------------------------------------


def restored(visit: Visit, key: str) -> Change | None:
    """« ↩︎ » in /settings: the person of that key is heard again; "" brings all events back."""
    if not key:
        return (lambda stored: replace(stored, hidden=())), "less.story_on"
    name = next((name for name, _ in people_off(visit.settings, visit.now) if person_key(name) == key), None)
    return _person(visit, name, off=False) if name else None


def restoring_rows(visit: Visit) -> Rows:
    """The switches in /settings that bring back what was left out here."""
    rows = []
    for name, until in people_off(visit.settings, visit.now)[-_SHOWN:]:
        end = visit.now.fromtimestamp(until, visit.now.tzinfo)
        day = day_of(end, visit.settings.timezone, visit.texts)
        label = visit.say("button.restore_person", name=_cut(name, _SHORT), day=day)
        rows.append((visit.button(label, "g", "w", person_key(name)),))
    if visit.settings.hidden:
        rows.append((visit.button(visit.say("button.restore_stories"), "g", "v"),))
    return tuple(rows)


_SHOWN, _SHORT = 10, 24


def _cut(name: str, longest: int = _LONGEST) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
