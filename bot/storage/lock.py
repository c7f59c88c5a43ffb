"""One worker on a SQLite file: the lock beside it."""

from filelock import FileLock, Timeout

from bot.domain.errors import StoreError
from bot.storage.address import Address


def worker_lock(address: Address) -> FileLock | None:
    """The lock that makes this process the file's only worker, held until released; None on PostgreSQL.

    Raises StoreError when another worker holds it.
    """
    if address.path is None:
        return None
    lock = FileLock(address.path.with_name(address.path.name + ".lock"), thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(
            f"{address}: another worker is running on this database; stop it, or use PostgreSQL for several workers"
        ) from None
    return lock
