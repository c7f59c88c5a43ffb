"""/export and /import: a chat as a file, and a file read as if a stranger had written it."""

import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.domain.errors import NotSent
from bot.domain.model import Chat, Feed, Subscription
from bot.domain.modes import with_mode
from bot.domain.talk import Incoming, Place, Upload
from bot.services.archive import MOST_BYTES, Archive, pack, unpack
from bot.services.archive_fields import CARRIED, LEFT
from bot.services.discovery import Scout
from bot.storage import open_store
from tests.builders import NOW
from tests.fakes import PaperFetcher
from tests.services.desk.town import GROUP, Town

ELSEWHERE = Place(Chat("discord", "900"))


@pytest.fixture
async def other(tmp_path):
    """Another bot, with a store of its own."""
    async with await open_store(f"sqlite:///{tmp_path}/other.db", now=NOW) as store:
        yield Town(store)


async def sends(talk, content, name="verbatim.json", *, size=None, text=""):
    """Send a file in this chat."""

    async def read():
        return content

    upload = Upload(name, len(content) if size is None else size, read)
    talk.replies = await talk.town.desk.hear(Incoming(talk.place, talk.sender, talk.now, text, file=upload), talk.now)
    talk._menu = talk.own_buttons
    return talk


async def chosen(anna):
    """A chat that chose something of everything."""
    await anna.say("/topics ukraine")
    await anna.say("/topics add drones: drone*, shahed -loisir")
    await anna.press("Enregistrer")
    await anna.say("/schedule en semaine 7h et 19h30, Montréal")
    await anna.say("/settings détaillé")
    await anna.say("/subscribe")
    drones = (await anna.town.store.own_topics(anna.place.chat))[0].id

    def change(settings):
        settings = replace(settings, without_outlets=("Radio Nord",), previews=True, sound=False, quiet=(1320, 420))
        return with_mode(settings, drones, "alert", anna.now)

    await anna.town.store.edit_subscription(anna.place.chat, change)
    return anna


def file_of(talk):
    (reply,) = talk.replies
    return reply.file


async def exported(talk):
    return file_of(await talk.say("/export")).content


def of_one_place(subscription):
    """Without what is of one place and moment."""
    return {name: getattr(subscription, name) for name in CARRIED - {"alerts", "topics"}}


# --- out -------------------------------------------------------------------------------------------------------------


async def test_everything_that_a_chat_chose_is_in_the_file(anna):
    await chosen(anna)

    await anna.say("/exporter")

    document = json.loads(file_of(anna).content)
    (subscription,) = document["subscriptions"]
    assert file_of(anna).name == "verbatim-2026-11-22.json"
    assert (document["verbatim"], document["chat"]["id"]) == (1, "7")
    assert document["own_topics"] == [{"name": "drones", "rule": "drone*, shahed -loisir"}]
    assert subscription["topics"] == [{"topic": "ukraine", "mode": "digest"}, {"own": "drones", "mode": "alert"}]
    assert (subscription["times"], subscription["quiet"]) == (["07:00", "19:30"], ["22:00", "07:00"])
    assert subscription["days"] == ["monday", "tuesday", "wednesday", "thursday", "friday"]
    assert (subscription["timezone"], subscription["density"]) == ("America/Toronto", "détaillé")
    assert subscription["outlets_off"] == ["Radio Nord"]
    assert "Montréal" not in file_of(anna).content.decode()
    assert "détaillé" in file_of(anna).content.decode()  # readable, not \u00e9


def test_every_field_of_a_subscription_is_carried_or_left_on_purpose():
    assert {field.name for field in fields(Subscription)} == CARRIED | LEFT
    assert not CARRIED & LEFT


async def test_a_chat_that_chose_nothing_has_nothing_to_export(anna):
    await anna.say("/export")

    assert "rien à exporter" in anna.text
    assert file_of(anna) is None


async def test_only_administrators_of_a_group_export_and_import(group, member):
    await group.say("/topics otan")
    for command in ("/export", "/import", "/import {}"):
        await member.say(command)

        assert "administrateurs" in member.text
        assert all(reply.file is None for reply in member.replies)


async def test_a_group_exports_its_threads_too(group, town):
    await group.say("/topics otan")
    thread = town.at(replace(GROUP, chat=replace(GROUP.chat, thread="12")))
    await thread.say("/topics ukraine")

    document = json.loads(await exported(group))

    assert [one["thread"] for one in document["subscriptions"]] == ["", "12"]


# --- in --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["file", "pasted", "caption", "one line"])
async def test_a_file_moves_a_chat_to_another_bot_and_platform(anna, other, way):
    content = await exported(await chosen(anna))
    there = other.at(ELSEWHERE)
    if way == "caption":
        await sends(there, content, text="/import")
    elif way == "one line":
        await there.say(f"/import {content.decode()}")
    else:
        await there.say("/import")
        await (sends(there, content) if way == "file" else there.say(content.decode()))

    assert "Thèmes à vous, nouveaux : drones" in there.text
    assert "Thèmes : – → Ukraine · drones" in there.text or "Thèmes : – → drones · Ukraine" in there.text
    assert await there.subscription() is None
    await there.press("Remplacer")

    (topic,) = await other.store.own_topics(ELSEWHERE.chat)
    moved, before = await there.subscription(), await anna.subscription()
    assert (topic.name, topic.rule) == ("drones", "drone*, shahed -loisir")
    assert moved.topics == ("ukraine", topic.id)
    assert [alerting for alerting, _ in moved.alerts] == [topic.id]
    assert of_one_place(moved) == of_one_place(before)
    assert moved.next_due_at == before.next_due_at > NOW
    await sends(there, content, text="/import")
    assert "rien à changer" in there.text


async def test_importing_replaces_what_was_there(anna):
    content = await exported(await chosen(anna))
    before = await anna.subscription()
    await anna.say("/topics add chars: char, blindé")
    await anna.press("Enregistrer")
    await anna.say("/topics edit drones: drone*")
    await anna.press("Enregistrer")
    await anna.say("/settings titres")
    await anna.say("/unsubscribe")

    await sends(anna, content, text="/import")

    assert "Thèmes à vous, modifiés : drones" in anna.text
    assert "Thèmes à vous, supprimés : chars" in anna.text
    assert "Envois : aucun → actifs" in anna.text
    assert "Réglages : densité" in anna.text
    await anna.press("Remplacer")
    after = await anna.subscription()
    assert (after.topics, of_one_place(after)) == (before.topics, of_one_place(before))
    assert [topic.name for topic in await anna.town.store.own_topics(anna.place.chat)] == ["drones"]


async def test_after_forget_a_file_brings_everything_back_threads_too(group, town):
    await group.say("/topics otan")
    thread = town.at(replace(GROUP, chat=replace(GROUP.chat, thread="12")))
    await thread.say("/topics ukraine")
    content = await exported(group)
    await group.say("/forget")
    await group.press("Tout effacer")

    await sends(group, content, text="/import")
    assert "Fil 12 : Ukraine" in group.text
    await group.press("Remplacer")

    assert (await group.subscription()).topics == ("otan",)
    assert (await thread.subscription()).topics == ("ukraine",)


async def test_threads_of_another_chat_are_left_aside_and_that_is_said(group, town, other):
    await group.say("/topics otan")
    await town.at(replace(GROUP, chat=replace(GROUP.chat, thread="12"))).say("/topics ukraine")
    there = other.at(ELSEWHERE)

    await sends(there, await exported(group), text="/import")
    assert "laissés de côté : 1" in there.text
    await there.press("Remplacer")

    assert [one.chat.thread for one in await other.store.subscriptions()] == [""]


async def test_topics_that_this_bot_does_not_have_are_left_aside(anna, other):
    document = json.loads(await exported(await chosen(anna)))
    document["subscriptions"][0]["topics"].append({"topic": "volcans", "mode": "digest"})

    there = await sends(other.at(ELSEWHERE), json.dumps(document).encode(), text="/import")
    assert "ne connaît pas, laissés de côté : volcans" in there.text
    await there.press("Remplacer")

    assert "volcans" not in (await there.subscription()).topics


@pytest.fixture
def scout(store):
    return Scout(store=store, fetcher=PaperFetcher(), most=2, blocked=frozenset({"banned.example"}))


async def test_feeds_of_the_chat_move_with_it_as_a_strangers(anna, town, scout):
    """Nobody's feed passes for the owner's, nor under the name of an outlet whose site it is not."""
    town.options["scout"] = scout
    await anna.say("/topics otan")
    chat, store = anna.place.chat, town.store
    await store.add_chat_feed(chat, Feed("Ancien", "https://ancien.example/rss", trusted=False), "7", 20, NOW)
    wanted = [
        {"outlet": "Le Quai", "url": "https://quai.example/rss"},
        {"outlet": "Le Courrier", "url": "https://elsewhere.example/rss"},
    ]
    document = json.loads(await exported(anna)) | {"feeds": wanted}

    await sends(anna, json.dumps(document).encode(), text="/import")
    assert "Flux à vous, nouveaux : Le Quai, elsewhere.example" in anna.text
    assert "Flux à vous, retirés : Ancien" in anna.text
    await anna.press("Remplacer")

    feeds = [state.feed for state in await store.chat_feeds(chat)]
    assert [(feed.outlet, feed.trusted) for feed in feeds] == [("Le Quai", False), ("elsewhere.example", False)]
    assert json.loads(await exported(anna))["feeds"][0] == wanted[0]


async def test_feeds_that_the_owner_does_not_want_are_not_added(anna, town, scout):
    document = archive(feeds=[{"outlet": "Interdit", "url": "https://www.banned.example/rss"}])
    town.options["scout"] = scout
    await sends(anna, json.dumps(document).encode(), text="/import")
    await anna.press("Remplacer")
    assert await town.store.chat_feeds(anna.place.chat) == ()

    three = [{"outlet": f"F{n}", "url": f"https://f{n}.example/rss"} for n in range(3)]
    await sends(anna, json.dumps(archive(feeds=three)).encode(), text="/import")
    assert "3 flux à vous, ce bot en accepte 2" in anna.text
    town.options["scout"] = replace(scout, allowed=False)
    await sends(anna, json.dumps(archive(feeds=three[:1], density="titres")).encode(), text="/import")
    assert "ce bot n’en accepte pas" in anna.text
    await anna.press("Remplacer")
    assert await town.store.chat_feeds(anna.place.chat) == ()


async def test_an_old_button_or_a_foreign_one_replaces_nothing(anna):
    content = await exported(await chosen(anna))
    await anna.say("/settings titres")
    await sends(anna, content, text="/import")
    (old, _), document = [button.data for button in anna.buttons], json.loads(content)
    document["subscriptions"][0]["density"] = "standard"
    await sends(anna, json.dumps(document).encode(), text="/import")

    await anna.press_data(old)
    assert "plus valable" in anna.toast
    await anna.say("/cancel")
    for data in (old, "mv", "mv:y", "mv:y:", "mv:n:00000000"):
        await anna.press_data(data)
        assert "plus valable" in anna.toast
    assert (await anna.subscription()).density == "titres"


async def test_a_member_cannot_press_replace(group, member):
    await group.say("/topics otan")
    document = json.loads(await exported(group))
    document["subscriptions"][0]["density"] = "détaillé"
    await sends(group, json.dumps(document).encode(), text="/import")

    await member.press_data(group.buttons[0].data)

    assert (await group.subscription()).density == "titres"


async def test_a_file_that_nobody_asked_for_is_not_even_fetched(anna, group):
    async def read():
        raise AssertionError("fetched")

    for talk in (anna, group):
        incoming = Incoming(talk.place, talk.sender, talk.now, file=Upload("photos.zip", 10, read))
        replies = await talk.town.desk.hear(incoming, talk.now)
        assert bool(replies) is (talk is anna)
    await anna.say("/topics add")
    incoming = Incoming(anna.place, anna.sender, anna.now, file=Upload("photos.zip", 10, read))
    assert "pas de réponse" in (await anna.town.desk.hear(incoming, anna.now))[0].lines[0]


async def test_a_file_that_cannot_be_fetched_can_be_sent_again(anna):
    async def read():
        raise NotSent("no connection")

    await anna.say("/import")
    incoming = Incoming(anna.place, anna.sender, anna.now, file=Upload("v.json", 10, read))
    (reply,) = await anna.town.desk.hear(incoming, anna.now)

    assert "envoyez-le encore" in reply.lines[0]
    await sends(anna, await exported(await chosen(anna.later(hours=0))))


async def test_a_large_file_is_refused_before_it_is_fetched(anna):
    await anna.say("/import")

    await sends(anna, b"never read", size=MOST_BYTES + 1)

    assert "dépasse 256 Ko" in anna.text


async def test_more_topics_than_the_owner_allows_are_refused(anna, other):
    await chosen(anna)
    await anna.say("/topics add chars: char, blindé")
    await anna.press("Enregistrer")
    other.options["max_topics"] = 1

    there = await sends(other.at(ELSEWHERE), await exported(anna), text="/import")

    assert "2 thèmes à vous, ce bot en accepte 1" in there.text


# --- what is wrong ---------------------------------------------------------------------------------------------------


def archive(**changes):
    """A good file, changed."""
    subscription = {
        "thread": "",
        "topics": [{"topic": "otan", "mode": "digest"}, {"own": "drones", "mode": "muted"}],
        "digests": True,
        "times": ["08:00"],
        "days": ["monday"],
        "timezone": "Europe/Paris",
        "quiet": [],
        "paused": False,
        "paused_until": None,
        "language": "fr",
        "density": "standard",
        "previews": False,
        "tell_empty": False,
        "sound": True,
        "outlets_off": [],
        "people_off": [],
    }
    document = {
        "verbatim": 1,
        "exported_at": "2026-11-22T07:00:00+00:00",
        "chat": {"platform": "telegram", "id": "7", "kind": "private", "title": ""},
        "own_topics": [{"name": "drones", "rule": "drone*"}],
        "feeds": [],
        "subscriptions": [subscription],
    }
    for name, value in changes.items():
        if name in document:
            document[name] = value
        else:
            subscription[name] = value
    return document


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ("pas du JSON", "ce n’est pas le texte que donne /exporter (JSON, ligne 1)"),
        ("[" * 100_000, "ce n’est pas le texte que donne /exporter (JSON, ligne 1)"),
        ('{"verbatim": 1, "verbatim": 1}', "« verbatim » s’y trouve deux fois"),
        ('{"verbatim": NaN}', "« NaN » n’a pas de sens ici"),
        ([], "ce n’est pas un fichier de /exporter"),
        ({"feeds": []}, "ce n’est pas un fichier de /exporter"),
        (archive(verbatim=2), "verbatim : version 2, ce bot lit la version 1"),
        (archive(chat=None), "chat : il faut des accolades"),
        (archive(own_topics={}), "own_topics : il faut une liste"),
        (archive(own_topics=[{"name": "drones"}]), "own_topics[0].rule : ce champ manque"),
        (archive(own_topics=[{"name": " ", "rule": "a"}]), "own_topics[0].name : il faut un nom"),
        (archive(own_topics=[{"name": "d" * 41, "rule": "a"}]), "own_topics[0].name : plus de 40 signes"),
        (archive(own_topics=[{"name": "drones", "rule": "(a"}]), "own_topics[0].rule : règle illisible"),
        (archive(own_topics=[{"name": "drones", "rule": "a" * 501}]), "own_topics[0].rule : règle illisible"),
        (archive(own_topics=[{"name": "a", "rule": "b"}, {"name": "A", "rule": "c"}]), "own_topics : « a » s’y trouve"),
        (archive(own_topics=[{"name": "OTAN", "rule": "b"}], topics=[]), "« OTAN », et ce bot en a un du même nom"),
        (archive(feeds=[{"outlet": "Le Quai", "url": "file:///etc/passwd"}]), "feeds[0].url : « file:///etc/passwd »"),
        (archive(feeds=[{"outlet": "Le Quai", "url": "https://"}]), "feeds[0].url : « https:// » n’est pas l’adresse"),
        (archive(feeds=[{"outlet": "Le Quai", "url": "http://[::1"}]), "feeds[0].url : « http://[::1 » n’est pas"),
        (archive(feeds=[{"outlet": "Le Quai", "url": "https://a.example/" + "x" * 500}]), "url : plus de 500 signes"),
        (archive(feeds=[{"outlet": "", "url": "https://quai.example/rss"}]), "feeds[0].outlet : il faut un nom"),
        (archive(colour="blue"), "subscriptions[0].colour : ce champ n’existe pas"),
        (archive(times=["25:00"]), "subscriptions[0].times[0] : « 25:00 » n’est pas une heure ; écrivez 08:00"),
        (archive(times=["8"]), "subscriptions[0].times[0] : « 8 » n’est pas une heure"),
        (archive(times=["08:00"] * 13), "subscriptions[0].times : plus de 12"),
        (archive(days=["lundi"]), "subscriptions[0].days[0] : « lundi » n’est pas l’un de : monday, tuesday"),
        (archive(quiet=["22:00"]), "subscriptions[0].quiet : il faut deux heures"),
        (archive(timezone="Paris"), "subscriptions[0].timezone : « Paris » n’est pas un fuseau horaire"),
        (archive(timezone="../x"), "subscriptions[0].timezone : « ../x » n’est pas un fuseau horaire"),
        (archive(paused=1), "subscriptions[0].paused : il faut true ou false"),
        (archive(paused_until="tomorrow"), "subscriptions[0].paused_until : « tomorrow » n’est pas un moment"),
        (archive(paused_until="2026-11-22T08:00"), "n’est pas un moment"),
        (archive(density=["standard"]), "subscriptions[0].density : il faut un texte"),
        (archive(language="de"), "subscriptions[0].language : « de » n’est pas l’un de : fr, en"),
        (archive(outlets_off=["x" * 201]), "subscriptions[0].outlets_off[0] : plus de 200 signes"),
        (archive(topics=[{"own": "chars", "mode": "digest"}]), "topics[0].own : « chars » n’est pas dans own_topics"),
        (archive(topics=[{"mode": "digest"}]), "subscriptions[0].topics[0] : il faut « topic »"),
        (archive(topics=[{"topic": "otan", "mode": "loud"}]), "topics[0].mode : « loud » n’est pas l’un de : digest"),
        (archive(topics=[{"topic": "otan", "mode": "digest"}] * 2), "subscriptions[0].topics : « otan » s’y trouve"),
    ],
)
async def test_what_is_wrong_in_a_file_is_one_line_that_says_where(anna, document, line):
    await anna.say("/import")

    await sends(anna, (document if isinstance(document, str) else json.dumps(document)).encode())

    assert line in anna.text
    assert anna.text.count("\n") == 0
    assert anna.labels == "Annuler"
    assert await anna.subscription() is None
    await sends(anna, json.dumps(archive()).encode())  # the question is still open
    assert "Remplacer" in anna.labels


def test_a_good_file_is_read_as_it_was_written():
    found = unpack(json.dumps(archive()).encode("utf-8-sig"), NOW)

    assert isinstance(found, Archive)
    assert [(one.topics, one.muted) for one in found.subscriptions] == [(("otan", "own:drones"), ("own:drones",))]


def test_bytes_of_any_kind_never_end_in_a_traceback():
    good = json.dumps(archive()).encode()
    for position in range(0, len(good), 3):
        for wrong in (b"", b"\xff", b"null", b'"', b"[]", b"-1e999"):
            unpack(good[:position] + wrong + good[position + 1 :], NOW)


async def test_what_is_packed_can_be_unpacked(anna):
    await chosen(anna)
    store, chat = anna.town.store, anna.place.chat
    known, subscription, own = await store.chat(chat), await anna.subscription(), await store.own_topics(chat)
    odd = replace(
        subscription,
        muted=("otan",),
        paused=True,
        paused_until=NOW + timedelta(days=3),
        taken=("ukraine",),
        without_outlets=("« L’Œil \ud83d »", "Radio “Nord”\n"),
    )

    found = unpack(pack(known, [odd], own, [], NOW), NOW)

    assert isinstance(found, Archive), found
    (back,) = found.subscriptions
    assert back.muted == odd.muted
    assert (back.paused_until, back.taken) == (odd.paused_until, odd.taken)
    assert back.without_outlets[1] == odd.without_outlets[1]
