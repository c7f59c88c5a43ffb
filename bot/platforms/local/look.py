"""The style sheets of bot/look as they stand in a page: without comments, and with colours for readers of old mail."""

import re
from functools import cache
from importlib import resources

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND = re.compile(r"\s*([{};])\s*")
_VARIABLE = re.compile(r"(--[\w-]+):\s*([^;}]+)")
_USE = re.compile(r"(?<=[{;])([a-z-]+):([^;{}]*var\([^;{}]*)")
_NAME = re.compile(r"var\((--[\w-]+)\)")


@cache
def style(name: str) -> str:
    """The sheet of this name. Before each value that holds a variable stands the same with the light scheme's own:
    mail programs that know no variables take that one.
    """
    plain = _light()
    return _USE.sub(lambda use: f"{use[1]}:{_NAME.sub(lambda n: plain[n[1]], use[2])};{use[0]}", _sheet(name))


@cache
def _light() -> dict[str, str]:
    first = re.search(r":root\{(.*?)\}", _sheet("base"))
    return {name: value.strip() for name, value in _VARIABLE.findall(first[1] if first else "")}


@cache
def _sheet(name: str) -> str:
    text = (resources.files("bot") / "look" / f"{name}.css").read_text(encoding="utf-8")
    return _AROUND.sub(r"\1", " ".join(_COMMENT.sub("", text).split()))
