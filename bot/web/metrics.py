"""The same figures for Prometheus: /metrics, public where METRICS=true. Its text format is short: no library for it.

Figures of the database are gauges, also where they only ever grow: retention takes rows away again. What this process
did since it started is a counter.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.domain.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NO_TIME = timedelta()
Labels = Mapping[str, str]
Sample = tuple[Labels, float]
_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True, slots=True)
class Family:
    """A metric with all its samples."""

    name: str
    kind: Literal["gauge", "counter"]
    what: str
    samples: tuple[Sample, ...]


def metrics_routes(figures: Callable[[], Awaitable[Figures]], polls: Mapping[str, int]) -> list[Route]:
    """/metrics; `polls` counts this process's polls by what came of them."""

    async def show(_request: Request) -> Response:
        text = exposition(families(await figures(), polls))
        return Response(text, headers={"content-type": CONTENT_TYPE, "cache-control": "no-store"})

    return [Route("/metrics", show)]


def exposition(all_of_them: Iterable[Family]) -> str:
    """The families as Prometheus reads them."""
    lines = []
    for family in all_of_them:
        what = family.what.replace("\\", "\\\\").replace("\n", "\\n")
        lines += [f"# HELP {family.name} {what}", f"# TYPE {family.name} {family.kind}"]
        lines += [f"{family.name}{_labels(labels)} {_value(value)}" for labels, value in family.samples]
    return "".join(f"{line}\n" for line in lines)


def families(now: Figures, polls: Mapping[str, int]) -> tuple[Family, ...]:
    """What is told of the figures."""
    return (*_of_news(now, polls), *_of_delivery(now))


def _of_news(now: Figures, polls: Mapping[str, int]) -> tuple[Family, ...]:
    today: list[Sample] = [({}, count) for count in now.statements_a_day[-1:]]
    newest = max((state.succeeded_at for state in now.feeds if state.succeeded_at), default=None)
    age: list[Sample] = [({}, (now.at - newest).total_seconds())] if newest else []
    return (
        _family("feeds", "Feeds by condition.", _by("condition", now.conditions)),
        _family("feed_answer_age_seconds", "Time since any feed last answered.", age),
        _family("polls_total", "Polls of this process by outcome.", _by("outcome", polls), "counter"),
        _family("articles", "Articles stored.", [({}, now.articles)]),
        _family("articles_seen_last_day", "Articles first seen in the last 24 hours.", [({}, now.fresh_articles)]),
        _family("statements", "Statements stored.", [({}, now.statements)]),
        _family("statements_today", "Statements in articles of this day, in TIMEZONE.", today),
        _family("topic_articles_last_week", "Articles of the last 7 days by topic.", _by("topic", now.hits)),
        _family("storage_bytes", "Size of the database.", [({}, now.bytes)]),
    )


def _of_delivery(now: Figures) -> tuple[Family, ...]:
    oldest: list[Sample] = [({}, (now.at - now.unsent_since if now.unsent_since else NO_TIME).total_seconds())]
    lags = [
        ({"step": step, "quantile": quantile}, length.total_seconds())
        for step, lag in now.lags.items()
        if lag.cases
        for quantile, length in (("0.5", lag.half), ("0.9", lag.most))
    ]
    cases = [({"step": step}, lag.cases) for step, lag in now.lags.items()]
    chats = [({"platform": name, "condition": how}, number) for (name, how), number in sorted(now.chats.items())]
    return (
        _family(
            "lag_seconds",
            "How long each step took in the last 24 hours: read (published to seen), matched (seen to analysed), "
            "told (seen to sent), sent (digest due to sent).",
            lags,
        ),
        _family("lag_cases", "On how many cases lag_seconds rests.", cases),
        _family("outbox_messages", "Messages by state.", _by("state", now.outbox)),
        _family("outbox_oldest_unsent_seconds", "Age of the oldest unsent message; 0 without one.", oldest),
        _family("chats", "Subscriptions by platform and condition.", chats),
    )


def _family(name: str, what: str, samples: Iterable[Sample], kind: Literal["gauge", "counter"] = "gauge") -> Family:
    return Family(f"verbatim_{name}", kind, what, tuple(samples))


def _by(label: str, numbers: Mapping[_Name, int]) -> list[Sample]:
    return [({label: name}, number) for name, number in numbers.items()]


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return "{" + ",".join(pairs) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _value(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
