"""Where configuration files lie, and their TOML; a file that cannot be read is one line that says where and why."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.domain.errors import ConfigError
from bot.domain.spelling import nearest

PACKAGE = Path(__file__).resolve().parent.parent
LOCAL_FEEDS = "feeds.local.toml"
FILES = ("feeds.toml", LOCAL_FEEDS, "blocked_hosts.toml")
FOLDERS = ("topics", "languages", "kinds")
TYPED_QUOTE = re.compile(r"=\s*[\[\s]*[“”„«‘’]")


def shipped_config() -> Path:
    """The folder of the shipped files: inside an installed package, beside it in a checkout."""
    inside = PACKAGE / "config"
    return inside if inside.is_dir() else PACKAGE.parent / "config"


@dataclass(frozen=True, slots=True)
class Layers:
    """The shipped folder under the owner's own: a file of the same name in the upper one replaces the lower one."""

    shipped: Path
    own: Path | None = None

    def file(self, name: str) -> Path:
        """The file that counts."""
        upper = self.own / name if self.own else None
        return upper if upper is not None and upper.exists() else self.shipped / name

    def files(self, folder: str) -> dict[str, Path]:
        """The TOML files of a folder that count, by their names without ending, in order."""
        found: dict[str, Path] = {}
        for layer in (self.shipped, self.own):
            if layer is not None and (layer / folder).exists():
                paths = (path for path in (layer / folder).iterdir() if path.suffix == ".toml")
                found |= {path.stem: path for path in paths if not path.name.startswith(".")}
        return dict(sorted(found.items()))

    def strangers(self) -> list[str]:
        """Warnings about entries of the owner's folder that nothing reads and whose names look like ours."""
        if self.own is None or self.own.resolve() == self.shipped.resolve():
            return []
        warnings = []
        for path in sorted(self.own.iterdir()):
            if path.name not in {*FILES, *FOLDERS} and not path.name.startswith("."):
                near = nearest(path.name, (*FILES, *FOLDERS))
                if near or path.suffix == ".toml":
                    warnings.append(f"{path}: nothing reads this name" + (f"; did you mean {near}?" if near else ""))
        return warnings


def read_toml(path: Path) -> Mapping[str, object]:
    """The content of a TOML file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        problem = f"line {exc.object[: exc.start].count(10) + 1} is not UTF-8 text"
        raise ConfigError(str(path), problem, "save the file as UTF-8") from None
    except OSError as exc:
        raise unreadable(exc, path) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        advice = (
            'use straight quote marks: "…"' if TYPED_QUOTE.search(text) else 'texts stand in quote marks: key = "…"'
        )
        raise ConfigError(str(path), f"is not valid TOML: {exc}", advice) from None


def unreadable(exc: OSError, path: Path | str = "") -> ConfigError:
    """What to tell about a file or folder that the system does not give us."""
    where = str(path or exc.filename or "configuration")
    return ConfigError(where, f"cannot be read ({exc.strerror or exc})", "check the name and the rights")
