"""getUpdates, setWebhook, deleteWebhook, getWebhookInfo."""

from typing import Any

from tests.telegram.double.calls import Call
from tests.telegram.double.refusals import bad
from tests.telegram.double.updates import KINDS, MAX_LIMIT, MAX_TIMEOUT
from tests.telegram.double.webhook import Hook
from tests.telegram.double.world import World


async def get_updates(world: World, call: Call) -> list[dict[str, Any]]:
    """What is new, waiting for it if asked to."""
    _remember_kinds(world, call)
    limit = min(max(call.integer("limit", MAX_LIMIT), 1), MAX_LIMIT)
    timeout = min(max(call.integer("timeout"), 0), MAX_TIMEOUT)
    return await world.mailbox.poll(call.integer("offset"), limit, timeout)


async def set_webhook(world: World, call: Call) -> bool:
    """Post updates instead; an empty address takes the webhook away."""
    if not call.text("url"):
        return await delete_webhook(world, call)
    _remember_kinds(world, call)
    connections = call.integer("max_connections", 40)
    if call.flag("drop_pending_updates"):
        world.mailbox.clear()
    await world.webhooks.set(Hook(call.text("url"), call.text("secret_token"), connections))
    return True


async def delete_webhook(world: World, call: Call) -> bool:
    """Post no more; getUpdates works again."""
    if call.flag("drop_pending_updates"):
        world.mailbox.clear()
    await world.webhooks.unset()
    return True


def get_webhook_info(world: World, _call: Call) -> dict[str, Any]:
    """The WebhookInfo."""
    return world.webhooks.as_json()


def _remember_kinds(world: World, call: Call) -> None:
    if "allowed_updates" not in call:
        return
    kinds = call.value("allowed_updates", [])
    if not isinstance(kinds, list):
        raise bad("expected an Array of String as allowed updates")
    unknown = sorted(set(map(str, kinds)) - KINDS)
    world.complaints += [f"{call.method}: no update is called « {kind} »" for kind in unknown]
    world.mailbox.allow([str(kind) for kind in kinds])
