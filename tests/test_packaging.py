"""What is installed is what is needed: locks that name no index, a wheel that carries its configuration."""

import re
import subprocess
import sys
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
        archive.extractall(tmp_path / "installed")
    installed = tmp_path / "installed"
    shipped = sorted(path.name for path in (ROOT / "config" / "topics").iterdir())

    assert sorted(path.name for path in (installed / "bot/config/topics").iterdir()) == shipped
    assert (installed / "bot/texts/fr.toml").exists()
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


def test_a_platform_without_its_token_is_not_imported():
    heavy = "{'telegram', 'discord', 'feedparser', 'trafilatura'}"
    code = f"import sys, bot.app.running; print(sorted({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)

    assert result.stdout.strip() == "[]"
