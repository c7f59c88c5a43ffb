"""Files that people send: fetched when somebody reads them, and only then."""

from telegram import Message
from telegram.error import TelegramError

from bot.domain.talk import Upload
from bot.platforms.telegram.failures import delivery_error


def upload_of(message: Message) -> Upload | None:
    """The document of a message, not fetched yet; None where it carries none."""
    document = message.document
    if document is None:
        return None

    async def read() -> bytes:
        failure: Exception
        try:
            return bytes(await (await document.get_file()).download_as_bytearray())
        except TelegramError as error:
            failure = delivery_error(error, document.get_bot().token)
        # Outside of the handler: the library's exception may hold the address, and the token in it.
        raise failure

    return Upload(document.file_name or "", document.file_size or 0, read)
