"""What `verbatim run` serves over HTTP, on loopback by default: pages for the owner, /health and the like for machines.

Each feature is a file here with a function that returns its routes; `bot/app/site.py` plugs them into a Site, either as
`public` (webhook, /health, /metrics: no token is asked for) or as `guarded` (chat, /status, /digest: see guard).
"""

from bot.web.site import PortTaken, Serving, Site, serve_site

__all__ = ["PortTaken", "Serving", "Site", "serve_site"]
