"""What the environment and `.env` give: names checked, empty values dropped, `…_FILE` read."""

from collections.abc import Collection, Iterable, Mapping
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream
from dotenv.variables import parse_variables

from bot.domain.errors import ConfigError
from bot.domain.spelling import nearest

SHORTEST = 6  # shorter names are near to too much: TZ, LOG, DATA
QUOTES = "\"'"
# Names that others set in the same environment and that happen to be two letters away from one of ours.
FOREIGN = frozenset({
    "DB_HOST", "DB_PORT", "DB_TOKEN", "DEV_HOST", "DEV_PORT", "DEV_TOKEN", "WEB_CORS", "WEB_HOME", "WEB_ROOT",
    "WS_HOST", "WS_PORT", "WSS_HOST", "WSS_PORT",
})  # fmt: skip


def gather(
    environ: Mapping[str, str], env_file: Path | None, names: Collection[str], secrets: Collection[str]
) -> dict[str, str]:
    """Our variables that have a value: the environment before `.env`, the content of `…_FILE` for a secret.

    `names` are all variables of ours, `secrets` those of them that may also come from a file.
    """
    known = {*names, *(f"{name}_FILE" for name in secrets)}
    given = {**_filled(_dotenv(env_file, environ, known)), **_filled(environ)}
    _refuse_misspelt(given, known)
    values = {name: _unquoted(name, text) for name, text in given.items() if name in known}
    for name in secrets:
        path = values.pop(f"{name}_FILE", "")
        if path and name in values:
            raise ConfigError(name, f"{name}_FILE is set too", "set only one of them")
        if path:
            values[name] = _secret_file(f"{name}_FILE", path)
    return values


def _filled(variables: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip() for name, text in variables.items() if text.strip()}


def _refuse_misspelt(given: Iterable[str], known: Collection[str]) -> None:
    for name in sorted(given):
        if name in known or name in FOREIGN or len(name) < SHORTEST:
            continue
        near = nearest(name.upper(), sorted(known))
        if near:
            raise ConfigError(name, "there is no such setting", f"did you mean {near}?")


def _unquoted(name: str, text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES:
        raise ConfigError(name, "the quote marks would be part of the value", "leave them out")
    return text


def _secret_file(name: str, path: str) -> str:
    # The path is not shown: whoever confuses NAME and NAME_FILE has put the secret there.
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8-sig").strip()
    except (OSError, RuntimeError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else "not a text file"
        raise ConfigError(name, f"the file that it names cannot be read ({reason})", "name a readable file") from None
    if not text:
        raise ConfigError(name, "the file that it names is empty", "write the secret into it")
    return text


def _dotenv(path: Path | None, environ: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """The variables of a `.env` file, `${NAME}` filled in as compose does; none where there is no file."""
    if path is None or not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        problem = f"line {exc.object[: exc.start].count(10) + 1} is not UTF-8 text"
        raise ConfigError(str(path), problem, "save the file as UTF-8") from None
    except OSError as exc:
        raise ConfigError(str(path), f"cannot be read ({exc.strerror})", "make it readable or remove it") from None
    values: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            _refuse_unreadable(binding, path, known)
        elif binding.key and binding.value is not None:
            filled = {**values, **environ}
            values[binding.key] = "".join(atom.resolve(filled) for atom in parse_variables(binding.value))
    return values


def _refuse_unreadable(binding: Binding, path: Path, known: Collection[str]) -> None:
    """A line that cannot be read is refused where it begins with a name of ours; the file is shared with others."""
    line = binding.original.string.lstrip().removeprefix("export ").lstrip()
    for name in known:
        rest = line.removeprefix(name)
        if rest != line and not (rest[:1].isalnum() or rest.startswith("_")):
            where = f"{path}, line {binding.original.line}"
            raise ConfigError(where, f"{name} cannot be read", f"write {name}=value, both quote marks or none")
