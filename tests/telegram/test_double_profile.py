"""What the bot says about itself: commands by scope and language, descriptions."""

import pytest
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeChat, BotCommandScopeChatAdministrators
from telegram.error import BadRequest


async def test_commands_are_kept_by_scope_and_language(double, bot):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")
    await bot.set_my_commands([("digest", "Le point")])
    await bot.set_my_commands([("digest", "Now")], language_code="en")
    await bot.set_my_commands([("/revue", " Le groupe ")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([("etat", "État")], scope=BotCommandScopeChat(alice.id))
    await bot.delete_my_commands(language_code="en")

    assert await bot.get_my_commands() == (BotCommand("digest", "Le point"),)
    assert await bot.get_my_commands(language_code="en") == ()
    assert await bot.get_my_commands(scope=BotCommandScopeAllGroupChats()) == (BotCommand("revue", "Le groupe"),)
    assert await bot.get_my_commands(scope=BotCommandScopeChat(alice.id)) == (BotCommand("etat", "État"),)


@pytest.mark.parametrize(
    ("commands", "problem"),
    [
        ([("x" * 33, "x")], "Command length must not exceed 32"),
        ([("x", "x" * 257)], "Command description length must not exceed 256"),
        ([("", "x")], "Command must be non-empty"),
        ([("x", " ")], "Command description must be non-empty"),
        ([("thèmes", "x")], "Bot_command_invalid"),
        ([("x", "x")] * 101, "Bot_commands_too_much"),
    ],
)
async def test_commands_that_telegram_refuses_are_refused(bot, commands, problem):
    with pytest.raises(BadRequest, match=f"^{problem}$"):
        await bot.set_my_commands(commands)


async def test_scopes_and_languages_must_exist(double, bot):
    alice = double.user("Alice")
    await alice.says(alice.private, "/start")

    with pytest.raises(BadRequest, match="Can't use specified scope in private chats"):
        await bot.set_my_commands([("x", "x")], scope=BotCommandScopeChatAdministrators(alice.id))
    with pytest.raises(BadRequest, match="Invalid language code specified"):
        await bot.set_my_commands([("x", "x")], language_code="french")


async def test_descriptions_fall_back_to_those_of_all_languages(bot):
    await bot.set_my_description("Qui a dit quoi")
    await bot.set_my_description("Who said what", language_code="en")
    await bot.set_my_short_description("Court")
    await bot.set_my_name("Verbatim EN", language_code="en")

    said = [(await bot.get_my_description(language)).description for language in ("en", "fr", None)]
    assert said == ["Who said what", "Qui a dit quoi", "Qui a dit quoi"]
    assert (await bot.get_my_short_description()).short_description == "Court"
    assert [(await bot.get_my_name(language)).name for language in ("en", "fr")] == ["Verbatim EN", "Verbatim"]
    with pytest.raises(BadRequest, match="Bot_title_invalid"):
        await bot.set_my_name("x" * 65)
