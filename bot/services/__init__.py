"""Use cases: they know the ports and the domain, never a library."""
