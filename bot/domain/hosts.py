"""Which hosts are blocked: a host on the list stands for itself and all its subdomains."""

from collections.abc import Set as AbstractSet


def is_blocked(host: str, blocked_hosts: AbstractSet[str]) -> bool:
    """Whether the host or a domain above it is on the list (of lower-case names)."""
    labels = host.strip().rstrip(".").lower().split(".")
    return any(".".join(labels[start:]) in blocked_hosts for start in range(len(labels)))
