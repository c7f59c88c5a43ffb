from dataclasses import replace

from bot.domain.editions import Edition, Telling
from bot.domain.model import Chat, Receipt, Run
from tests.contract.news import (
    COURRIER,
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NOW,
    analysed,
    messages,
    queue,
    run,
    statement,
    stored,
    subscribed,
)

HERE, THERE = Chat("local", "1"), Chat("local", "2")


def edition(id_="aa", chat=HERE, *, ago=0 * DAY, **fields) -> Edition:
    return Edition(id_, chat, NOW - ago, NOW - ago - DAY, ("ports",), ((3, 1), (2,)), ((4,),), **fields)


async def test_an_edition_comes_back_in_its_chat_whatever_the_thread_and_in_no_other(store):
    await store.save_edition(edition())
    await store.save_edition(edition("bb", replace(HERE, thread="5"), alert=True))

    assert await store.edition(HERE, "aa") == await store.edition(replace(HERE, thread="9"), "aa") == edition()
    assert (await store.edition(HERE, "bb")).alert
    assert await store.edition(THERE, "aa") is None
    assert await store.edition(HERE, "zz") is None


async def test_an_edition_is_kept_as_it_was_first_said(store):
    await store.save_edition(edition())
    await store.save_edition(replace(edition(), stories=((9,),)))

    assert await store.edition(HERE, "aa") == edition()


async def test_the_latest_editions_are_those_of_the_thread_latest_first(store):
    for id_, hours, chat in (("aa", 2, HERE), ("bb", 1, HERE), ("cc", 0, replace(HERE, thread="5")), ("dd", 3, HERE)):
        await store.save_edition(edition(id_, chat, ago=hours * HOUR))

    assert [one.id for one in await store.latest_editions(HERE, 2)] == ["bb", "aa"]
    assert [one.id for one in await store.latest_editions(replace(HERE, thread="5"), 9)] == ["cc"]
    assert await store.latest_editions(THERE, 9) == ()


async def test_a_run_and_what_it_shows_are_one_transaction(store):
    subscription = await subscribed(store)
    queued = messages(subscription, "2026-11-22")
    assert await store.enqueue(run(subscription), queued, edition=edition())
    assert not await store.enqueue(run(subscription), queued, edition=edition("bb"))

    assert await store.edition(HERE, "aa")
    assert await store.edition(HERE, "bb") is None


async def test_an_edition_goes_with_its_chat_moves_with_it_and_is_pruned(store):
    await store.save_edition(edition())
    await store.save_edition(edition("old", ago=40 * DAY))
    await store.move_chat(HERE, THERE)
    assert await store.edition(THERE, "aa") == edition(chat=THERE)
    assert await store.edition(HERE, "aa") is None
    await store.prune(NOW, 30 * DAY, 365 * DAY)
    assert [one.id for one in await store.latest_editions(THERE, 9)] == ["aa"]
    await store.forget_chat(THERE)

    assert await store.latest_editions(THERE, 9) == ()


async def test_articles_come_in_the_order_asked_for_with_what_was_found_in_them(store):
    one, two = await stored(store, [1, 2])
    await analysed(store, one, "ports", text="Le port rouvre.", statements=(statement(),))

    found = await store.stored_articles([two.id, 999, one.id, two.id])
    assert [candidate.article.id for candidate in found] == [two.id, one.id]
    assert (found[1].article.text, found[1].statements) == ("Le port rouvre.", (statement(),))
    assert [match.topic for match in found[1].matches] == ["ports"]
    assert await store.stored_articles([]) == ()


async def test_an_article_is_found_by_its_canonical_address(store):
    one, two = await stored(store, [1, 2])

    assert await store.article_at(one.url) == one.id
    assert await store.article_at(two.url, HERE) == two.id
    assert await store.article_at(f"{COURRIER.url}/other") is None


async def test_what_became_of_an_article_names_its_run_and_the_state_of_its_message(store):
    subscription = await subscribed(store)
    one, two, three = await stored(store, [1, 2, 3])
    await store.enqueue(run(subscription), messages(subscription, "2026-11-22", 2), told=[one.id])
    known = Run(subscription.id, "2026-11-22", "known-1", NOW, NOW)
    await store.enqueue(known, (), told=[two.id])
    await store.leave_to_digest(Run(subscription.id, "2026-11-22", "left-3", NOW, NOW), [three.id])
    found = await store.tellings(subscription.id, [one.id, two.id, three.id, 999])
    assert found == {
        one.id: Telling("08:00", NOW, state="pending"),
        two.id: Telling("known-1", NOW),
        three.id: Telling("left-3", NOW, passed=True),
    }
    message = await store.claim_message(["local"], NOW, LEASE)
    await store.mark_sent(message, Receipt("1", NOW + MINUTE))

    sent = (await store.tellings(subscription.id, [one.id]))[one.id]
    assert (sent.state, sent.sent_at) == ("sent", NOW + MINUTE)
    other = await subscribed(store, "7")
    assert await queue(store, other)
    assert await store.tellings(other.id, [one.id]) == {}
