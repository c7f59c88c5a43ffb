"""Fifty chats of all kinds, how their people subscribe them, and what each must read on the simulated day."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import product
from zoneinfo import ZoneInfo

from tests.e2e.program import button
from tests.telegram.double import Chat, Person

PARIS, GENEVA, BRUSSELS = "Europe/Paris", "Europe/Zurich", "Europe/Brussels"
MONTREAL, ST_JOHNS = "America/Toronto", "America/St_Johns"
CITY = {PARIS: "Paris", GENEVA: "Genève", BRUSSELS: "Bruxelles", MONTREAL: "Montréal", ST_JOHNS: "Saint-Jean"}
PLACES = [a + b for a, b in product(("Bré", "Mor", "Sar", "Tour", "Val", "Cler"), ("lange", "villy", "cour", "mont"))]
NAMES = {"otan": "OTAN", "ukraine": "Ukraine", "cyber": "Cyber"}
ENGLISH = {
    "Continuer": "Continue",
    "Ailleurs": "Elsewhere",
    "Annuler": "Cancel",
    "8 h": "8:00",
    "Enregistrer": "Save",
    "C’est fait": "Done",
}
OUTLETS = ("Le Courrier", "Radio Nord", "L’Observateur", "La Gazette du Port")

# What happens: topic → sentences about different things, one for each batch, so that no two are one event.
HAPPENINGS = {
    "otan": (
        "L’Otan inspecte un dépôt de munitions à {place}",
        "Des pilotes de l’Otan s’entraînent au-dessus de {place}",
        "L’Otan choisit {place} pour sa réserve médicale",
        "Un général de l’Otan quitte son poste à {place}",
        "L’Otan commande des ponts flottants à {place}",
        "L’Otan ferme le bureau de traduction de {place}",
    ),
    "ukraine": (
        "Ukraine : une école rouvre à {place} après les frappes",
        "L’Ukraine réclame des générateurs stockés à {place}",
        "En Ukraine, un convoi de blé atteint {place}",
        "L’Ukraine échange des prisonniers près de {place}",
        "Ukraine : le théâtre de {place} transformé en abri",
        "L’Ukraine nomme une procureure à {place}",
    ),
    "cyber": (
        "Une cyberattaque paralyse la mairie de {place}",
        "Un rançongiciel bloque les trains de {place}",
        "Hameçonnage : les retraités de {place} visés",
        "Fuite de données personnelles volées au musée de {place}",
        "Un botnet démantelé depuis {place}",
        "Cybersécurité : le lycée de {place} forme ses élèves",
    ),
    "port": (
        "Le port de {place} accueille un voilier-cargo",
        "Grève des grutiers au port de {place}",
        "Le port de {place} drague son chenal",
        "Le port de {place} vend ses vieux hangars",
        "Un phare neuf pour le port de {place}",
        "Le port de {place} reçoit des pommes sans camions",
    ),
}


@dataclass(frozen=True, slots=True)
class Article:
    """One piece of news; its place is named in no other."""

    topic: str
    title: str
    place: str
    at: datetime


def batch(number: int, topics: tuple[str, ...], at: datetime) -> list[Article]:
    """The news of one moment: one article for each of these topics."""
    kinds = list(HAPPENINGS)
    found = []
    for topic in topics:
        place = PLACES[number * len(kinds) + kinds.index(topic)]
        found.append(Article(topic, HAPPENINGS[topic][number].format(place=place), place, at))
    return found


def publish(press, articles):
    """Put all articles so far into the feeds, spread over the outlets; which feeds are new."""
    before = dict(press.documents)
    for number, outlet in enumerate(OUTLETS):
        mine = [a for at, a in enumerate(articles) if at % len(OUTLETS) == number]
        items = [(a.place, a.title, f"C’est ce que rapporte le correspondant à {a.place}.", _date(a.at)) for a in mine]
        press.feed(f"/{number}", outlet, items[::-1])
    return [path for path in press.documents if press.documents[path] != before.get(path)]


def _date(at):
    return format_datetime(at)


@dataclass(slots=True)
class Reader:
    """One chat (or a thread of one), who sets it up, and what it wants."""

    chat: Chat
    person: Person
    topics: tuple[str, ...]
    zone: str
    times: tuple[str, ...] = ("8h",)
    days: str = ""  # « en semaine », « lundi »…: before the times
    settings: tuple[str, ...] = ()
    thread: int | None = None
    began: int = field(default=0, init=False)  # messages before its day begins

    @property
    def desk(self) -> Chat:
        """Where it is set up: a channel in the private chat of its administrator."""
        return self.person.private if self.chat.type == "channel" else self.chat

    @property
    def _thread(self) -> int | None:
        return self.thread if self.desk is self.chat else None

    @property
    def most(self) -> int:
        """How many stories one digest shows (PRODUCT.md, section 7)."""
        if "détaillé" in self.settings:
            return 5
        return 15 if self.chat.type != "private" or "titres" in self.settings else 8

    def slots(self, day: datetime, end: datetime) -> list[datetime]:
        """When it is due on the simulated day (a Tuesday)."""
        if self.days in {"lundi", "week-end"}:
            return []
        zone, found = ZoneInfo(self.zone), []
        for offset in (-1, 0, 1):
            date = (day + timedelta(days=offset)).date()
            if self.days == "mardi" and date.weekday() != 1:
                continue
            for time in self.times:
                hour, _, minute = time.partition("h")
                found.append(datetime(date.year, date.month, date.day, int(hour), int(minute or 0), tzinfo=zone))
        return sorted(slot for slot in found if day < slot < end)

    def editions(self, articles: list[Article], day: datetime, end: datetime) -> list[tuple[datetime, set[str]]]:
        """Each digest it must get: the slot, and the places of the articles in it."""
        since, found = day - timedelta(hours=24), []
        for slot in self.slots(day, end):
            new = {a.place for a in articles if a.topic in self.topics and since < a.at <= slot}
            if new or "empty" in self.settings:
                found.append((slot, new))
            since = slot
        return found

    # --- by commands and taps ----------------------------------------------------------------------------------------

    async def subscribe(self, double):
        """From /start to the last setting, as people do it."""
        shipped = [topic for topic in self.topics if topic != "port"]
        if self.chat.type == "channel":
            await self.person.forwards(await self.person.posts(self.chat, "Bonjour"), self.person.private)
            await double.until(lambda: button(self.seen(double), "Continuer"))
            for topic, name in NAMES.items():
                _, label = button(self.seen(double), name)
                if label.startswith("✅") is not (topic in shipped):
                    await self._tap(double, name)
        else:
            await self._say(f"/start t_{'_'.join(shipped)}" if shipped else "/start")
        await self._tap(double, "Continuer")
        if self.zone == ST_JOHNS:
            await self._tap(double, "Ailleurs")
            await double.until(lambda: button(self.seen(double), self._words("Annuler")))
            # In a group only commands and answers reach a bot.
            question = None if self.desk.type == "private" else self.seen(double)[-1]
            await self.person.says(self.desk, "Saint-Jean de Terre-Neuve", thread=self._thread, reply_to=question)
        else:
            await self._tap(double, CITY[self.zone])
        await self._tap(double, "8 h")
        done = self._words("C’est fait")
        await double.until(lambda: [m for m in self.seen(double) if done in m.text])
        if shipped:  # the first digest, which comes after the menu has changed
            await double.until(lambda: [m for m in self.seen(double) if m.text.startswith("🗞")])
        await self._refine(double)

    async def _refine(self, double):
        if (self.times, self.days) != (("8h",), ""):
            await self._do(double, f"/horaire {self.days} {' et '.join(self.times)}")
        if "port" in self.topics:
            await self._do(double, "/themes ajouter ports : port")
            await self._tap(double, "Enregistrer")
        for setting in self.settings:
            await self._do(double, "/reglages" if setting == "empty" else f"/reglages {setting}")
            if setting == "empty":
                await self._tap(double, "▫️ Dire")

    async def _do(self, double, words):
        before = len(self.seen(double))
        await self._say(words)
        await double.until(lambda: len(self.seen(double)) > before)

    async def _say(self, words):
        await self.person.says(self.desk, words, thread=self._thread)

    def _words(self, french):
        english = self.chat.type == "private" and self.person.account.language == "en"
        return ENGLISH.get(french, french) if english else french

    async def _tap(self, double, words):
        words = self._words(words)
        try:
            menu, label = await double.until(lambda: button(self.seen(double), words))
        except AssertionError as error:
            raise AssertionError(f"no « {words} »: {[(m.text, m.button_texts) for m in self.seen(double)]}") from error
        press = await self.person.presses(menu, label)
        await double.until(lambda: press.answered)

    def seen(self, double):
        """What the bot said where it is set up."""
        return [m for m in double.messages(self.desk) if m.thread == self.thread or self.desk is not self.chat]

    def digests(self, double):
        """The scheduled digests that arrived in the chat, in order."""
        mine = [m for m in double.messages(self.chat) if m.thread == self.thread]
        return [message for message in mine[self.began :] if message.text.startswith("🗞")]
