"""What is installed is what is needed: locks that name no index, a wheel that carries its configuration."""

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def pins(name):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block


def test_what_is_tested_is_what_runs():
    tested = pins("requirements-dev.txt")

    assert {name: tested.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_the_wheel_carries_configuration_texts_and_sample(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")  # noqa: S202 (made a moment ago)
    installed = tmp_path / "installed"
    shipped = sorted(path.name for path in (ROOT / "config" / "topics").iterdir())

    assert sorted(path.name for path in (installed / "bot/config/topics").iterdir()) == shipped
    assert (installed / "bot/texts/fr.toml").exists()
    assert (installed / "bot/look/base.css").exists()
    assert (installed / "bot/sample/articles").is_dir()
    checked = subprocess.run(
        [sys.executable, "-m", "bot", "check"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert checked.stdout.startswith("configuration ok: "), checked.stderr


def test_the_wheel_leaves_out_what_a_developer_added(tmp_path):
    """A checkout may hold feeds of its owner's, which nobody else is to read."""
    tree = tmp_path / "tree"
    for name in ("bot", "config"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, tree / name)
    (tree / "config/feeds.local.toml").write_text('[[feed]]\noutlet = "Mine"\nurl = "https://mine.example/?key=1"\n')
    for kind in ("wheel", "sdist"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(tmp_path / "made")]
        subprocess.run(command, cwd=tree, check=True, capture_output=True, timeout=60)
    (wheel,), (sdist,) = (tmp_path / "made").glob("*.whl"), (tmp_path / "made").glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive, tarfile.open(sdist) as other:
        names = [*archive.namelist(), *other.getnames()]
        packed = {name for name in archive.namelist() if name.startswith("bot/config/")}
    ours = [path for path in (ROOT / "config").rglob("*.toml") if not path.name.endswith(".local.toml")]

    assert [name for name in names if "local" in name and "config" in name] == []
    assert packed == {f"bot/{path.relative_to(ROOT).as_posix()}" for path in ours}


def test_a_platform_without_its_token_is_not_imported():
    heavy = "{'telegram', 'discord', 'feedparser', 'trafilatura'}"
    code = f"import sys, bot.app.running; print(sorted({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)

    assert result.stdout.strip() == "[]"
