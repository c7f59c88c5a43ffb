"""What people type after a slash: one table of commands, and text → Command.

The table feeds everything that lists commands: what is understood, /help, the menus of the platforms and the README.
Names are compared folded (no case, no accents), so « /Thèmes » and `/themes` are one.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.domain.spelling import nearest
from bot.domain.texts import Texts

Name = Literal[
    "start", "digest", "topics", "try", "schedule", "sources", "who", "follow", "search", "why", "settings",
    "pause", "resume", "subscribe", "unsubscribe", "export", "import", "privacy", "forget", "help", "cancel",
    "invite", "status", "unknown",
]  # fmt: skip
# Who may: everybody, in groups the administrators (settings), the people who host the bot.
Audience = Literal["everybody", "admins", "owners"]


@dataclass(frozen=True, slots=True)
class Spec:
    """A command as people know it: its English and French menu names, and what else is understood."""

    name: Name
    french: str
    aliases: tuple[str, ...] = ()
    audience: Audience = "everybody"
    argument: str = ""  # as shown in /help and the README; the same in both languages
    served: bool = True  # False: understood, but this version cannot do it yet, and says so

    def shown(self, language: str) -> str:
        """The name in menus of that language."""
        return self.french if language == "fr" else self.name


COMMANDS: tuple[Spec, ...] = (
    Spec("start", "start"),
    Spec("digest", "digest", ("revue",), argument="[topic] [24h, 7j]"),
    Spec("topics", "themes", ("sujets",), "admins", "[add drones: drone*, shahed -loisir]"),
    Spec("try", "essai", ("essayer",), argument="<rule>"),
    Spec("schedule", "horaire", ("horaires",), "admins", "[8h et 19h, Paris]"),
    Spec("sources", "sources", ("medias",), "admins", "[add <url>, off Suisse]"),
    Spec("who", "citations", ("qui",), argument="<name>", served=False),
    Spec("follow", "suivre", (), "admins", "<name>", served=False),
    Spec("search", "chercher", argument="<words>", served=False),
    Spec("why", "pourquoi", argument="[n, link]"),
    Spec("settings", "reglages", (), "admins"),
    Spec("pause", "pause", (), "admins", "[3j]"),
    Spec("resume", "reprendre", (), "admins"),
    Spec("subscribe", "abonnement", ("abonner",), "admins", "[topic]"),
    Spec("unsubscribe", "stop", ("desabonner",), "admins"),
    Spec("export", "exporter", (), "admins"),
    Spec("import", "importer", (), "admins"),
    Spec("privacy", "confidentialite"),
    Spec("forget", "effacer", (), "admins"),
    Spec("help", "aide"),
    Spec("cancel", "annuler"),
    Spec("invite", "inviter", (), "owners"),
    Spec("status", "etat", (), "owners"),
)
BY_NAME: dict[str, Spec] = {spec.name: spec for spec in COMMANDS}
_KNOWN = {word: spec for spec in COMMANDS for word in (spec.name, spec.french, *spec.aliases)}
_COMMAND = re.compile(r"\s*/([^\s@/]{1,64})(?:@(\w*))?(?:\s+(.*))?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A command as typed. `unknown` carries the known one that was probably meant, or ""."""

    name: Name
    argument: str = ""
    typed: str = ""
    suggestion: str = ""

    @property
    def spec(self) -> Spec | None:
        """Its line of the table; None for one that is unknown."""
        return BY_NAME.get(self.name)


def parse_command(text: str, bot_name: str = "") -> Command | None:
    """The command that a text is; None where it is none, or one for another bot (`/digest@other_bot`)."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    typed, addressed, argument = found[1], found[2] or "", (found[3] or "").strip()
    if addressed and bot_name and addressed.lower() != bot_name.lower():
        return None
    spec = _KNOWN.get(fold(typed))
    if spec is None:
        return Command("unknown", argument, typed, nearest(fold(typed), _KNOWN))
    return Command(spec.name, argument, typed)


def parse_word(text: str) -> Command | None:
    """The command that a text of one bare word names, as people type to a bot alone: « aide », « stop »."""
    spec = _KNOWN.get(fold(text.strip())) if len(text) <= _LONGEST else None
    return Command(spec.name, "", text.strip()) if spec else None


def menu(texts: Texts, audiences: Collection[Audience]) -> tuple[tuple[str, str], ...]:
    """Name and description of every command that this version serves to these audiences, for a menu or /help."""
    served = (spec for spec in COMMANDS if spec.served and spec.audience in audiences)
    return tuple((spec.shown(texts.language), texts(f"command.{spec.name}")) for spec in served)


def fold(text: str) -> str:
    """Without case, accents and what tells one apostrophe or space from another."""
    letters = unicodedata.normalize("NFKD", text).casefold().replace("’", "'").replace("œ", "oe")
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


_LONGEST = max(map(len, _KNOWN)) + 4
