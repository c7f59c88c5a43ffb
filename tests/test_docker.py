"""The image without an engine: what is copied exists and is sent, what is run runs, what it adds up to stays small."""

import http.server
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import threading
from importlib import metadata
from pathlib import Path

import pytest

from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
# python:3.13-slim-bookworm unpacked (its layers say 125 MB on amd64, 142 MB on arm64): the larger, rounded up.
BASE = 145_000_000
MOST = 350_000_000
EVERYWHERE = "0.0.0.0"  # noqa: S104 (inside the container; outside it is published on loopback)


def instructions():
    """(stage, instruction, argument) in order; continued lines are one."""
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
    stage = -1
    for line in filter(None, lines):
        word, _, argument = line.partition(" ")
        stage += word == "FROM"
        yield stage, word, argument.strip()


def arguments(wanted):
    return [argument for _, word, argument in instructions() if word == wanted]


# --- what is sent to the builder -------------------------------------------------------------------------------------


def sent(path):
    """Whether .dockerignore lets a path through: the last line that matches it, or a folder of it, counts."""
    goes = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = re.escape(line.removeprefix("!")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        parts = path.split("/")
        if any(re.fullmatch(pattern, "/".join(parts[:length])) for length in range(1, len(parts) + 1)):
            goes = line.startswith("!")
    return goes


def copied():
    """What the first stage copies out of the tree: source → folder."""
    for stage, word, argument in instructions():
        if word == "COPY" and not argument.startswith("--from"):
            assert stage == 0
            *sources, target = argument.split()
            yield from ((source, target) for source in sources)


@pytest.mark.parametrize("source", sorted(source for source, _ in copied()))
def test_every_path_that_is_copied_exists_and_is_sent(source):
    path = ROOT / source

    assert path.exists()
    files = [path] if path.is_file() else [one for one in path.rglob("*.*") if "__pycache__" not in one.parts]
    kept = [one for one in files if not one.name.endswith(".local.toml")]
    assert [one for one in kept if not sent(one.relative_to(ROOT).as_posix())] == []


@pytest.mark.parametrize(
    "path",
    [".env", ".git/config", "data/verbatim.db", "config/feeds.local.toml", "tests/builders.py", ".venv/bin/python"],
)
def test_what_is_private_or_useless_is_not_sent(path):
    assert not sent(path)


# --- what is run -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", arguments("RUN"))
def test_every_command_is_good_shell(command):
    assert subprocess.run(["sh", "-n", "-c", command], check=False, capture_output=True).returncode == 0


@pytest.fixture
def image(tmp_path):
    """What the second stage would hold, in a folder: each RUN and COPY of the Dockerfile, with its paths moved there.

    Downloading the libraries is left to `make soak`: here the environment of the tests, made of the same lock, stands
    in for them.
    """
    for stage, word, argument in instructions():
        if stage == 0 and word == "COPY":
            copy(argument, tmp_path / "src")
        elif word == "RUN" and "useradd" not in argument:
            run(argument, tmp_path)
    return tmp_path


def copy(argument, place):
    *sources, target = argument.split()
    place.mkdir(exist_ok=True)
    for source in sources:
        if (ROOT / source).is_dir():
            ignore = shutil.ignore_patterns("__pycache__", "*.local.toml")
            shutil.copytree(ROOT / source, place / target, ignore=ignore)
        else:
            shutil.copy(ROOT / source, place / target)


def run(command, tmp_path):
    moved = re.sub(r"(?<![\w.])/(opt|data|src)\b", lambda found: f"{tmp_path}/{found[1]}", command)
    moved = re.sub(r"^python ", f"{shlex.quote(sys.executable)} ", moved)
    moved = re.sub(r"--(owner|group)=10001", lambda found: f"--{found[1]}={os.getuid()}", moved)
    (tmp_path / "src").mkdir(exist_ok=True)
    if "-r requirements.txt" in moved and "SOAK" not in os.environ:
        inside = next((tmp_path / "opt" / "verbatim" / "lib").glob("python*")) / "site-packages"
        (inside / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        moved = moved.replace(" install ", " install --dry-run --quiet --no-index ")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(
        ["sh", "-c", moved], cwd=tmp_path / "src", env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_what_is_built_is_the_whole_program_and_runs_from_a_folder_of_its_own(image):
    """Nothing of the tree is needed any more, and nothing is written but the data."""
    shutil.rmtree(image / "src")
    command = [image / "opt/verbatim/bin/verbatim"]
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(image / "data"), "PYTHONDONTWRITEBYTECODE": "1"}

    checked = subprocess.run([*command, "check"], cwd=image / "data", env=environment, capture_output=True, check=False)
    made = subprocess.run(
        [*command, "db", "upgrade"], cwd=image / "data", env=environment, capture_output=True, check=False
    )

    assert checked.stdout.startswith(b"configuration ok"), checked.stderr
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in (image / "data").iterdir()) == ["verbatim.db"]
    assert (image / "data").stat().st_mode & 0o777 == 0o700
    if "SOAK" in os.environ:
        built = sum(path.lstat().st_size for path in (image / "opt").rglob("*") if path.is_file())
        assert BASE + built < MOST


def test_the_options_of_useradd_exist():
    useradd = shutil.which("useradd", path=f"{os.environ['PATH']}:/usr/sbin")
    if useradd is None:
        pytest.skip("useradd is not installed")
    (command,) = (one for one in arguments("RUN") if "useradd" in one)
    known = subprocess.run([useradd, "--help"], check=False, capture_output=True, text=True).stdout

    for option in re.findall(r"--[a-z-]+", command):
        assert f"{option} " in known.replace(",", " ").replace("\n", " "), option


# --- what it is ------------------------------------------------------------------------------------------------------


def test_the_image_is_small():
    """The base, every file of the locked libraries, and as much again for the bytecode of each module."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
    installed = sum(size_of(name) for name in names)
    ours = sum(2 * path.stat().st_size for path in (ROOT / "bot").rglob("*.*") if "__pycache__" not in path.parts)

    assert len(names) > 40
    assert installed > 80_000_000
    assert BASE + installed + ours < MOST


def size_of(name):
    try:
        files = metadata.files(name) or ()
    except metadata.PackageNotFoundError:  # for another platform or Python
        return 0
    paths = [Path(str(file.locate())) for file in files if not str(file).endswith(".pyc")]
    return sum(path.stat().st_size * (2 if path.suffix == ".py" else 1) for path in paths if path.exists())


def test_it_runs_as_nobody_in_particular_and_keeps_its_data_in_a_volume():
    assert arguments("USER") == ["10001:10001"]
    assert arguments("VOLUME") == ["/data"]
    assert arguments("ENTRYPOINT") == ['["verbatim"]']
    assert [image.split(" ")[0] for image in arguments("FROM")] == ["python:3.13-slim-bookworm"] * 2
    (from_build,) = (argument for argument in arguments("COPY") if argument.startswith("--from"))
    assert from_build == "--from=build /opt/verbatim /opt/verbatim"
    assert "curl" not in DOCKERFILE + COMPOSE


def test_the_environment_of_the_image_is_one_that_the_program_takes():
    given = dict(pair.split("=", 1) for argument in arguments("ENV") for pair in shlex.split(argument))
    settings = load_settings(given)

    assert given["PTB_TIMEDELTA"] == "true"
    assert (str(settings.data_dir), settings.web_host, settings.web_port) == ("/data", EVERYWHERE, 8080)


def test_the_health_check_is_red_when_the_program_is(tmp_path):
    states = [200, 503]

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(states.pop(0) if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (check,) = (argument for argument in arguments("HEALTHCHECK"))
    command = json.loads(check.partition("CMD ")[2])
    environment = {"WEB_PORT": str(server.server_port), "HTTP_PROXY": "http://127.0.0.1:9", "PATH": os.environ["PATH"]}

    def checked():
        return subprocess.run(
            [sys.executable, *command[1:]], env=environment, cwd=tmp_path, check=False, capture_output=True
        ).returncode

    assert command[0] == "python"
    assert [checked(), checked()] == [0, 1]
    server.shutdown()
    server.server_close()
    assert checked() == 1


# --- compose ---------------------------------------------------------------------------------------------------------


def test_compose_shows_the_page_on_this_machine_only():
    assert re.findall(r"ports:\n((?: +- .*\n)+)", COMPOSE) == ['      - "127.0.0.1:8080:8080"\n']


def test_compose_gives_the_program_what_it_takes():
    block = re.search(r"  verbatim:\n(?:    .*\n)*?    environment:\n((?:      .*\n)+)", COMPOSE)
    given = dict(re.findall(r"^ +([A-Z_]+): \"?([^\"\n#]*?)\"?(?: +#.*)?$", block[1], re.MULTILINE))
    settings = load_settings(given)

    assert given == {"DATA_DIR": "/data", "CONFIG_DIR": "", "WEB_HOST": EVERYWHERE, "WEB_PORT": "8080"}
    assert settings.config_dir is None
    for line in ("read_only: true", "- ALL", "no-new-privileges:true", "- data:/data", "- /tmp", "- postgres\n"):
        assert line in COMPOSE
    advice = dict(re.findall(r"^#   ([A-Z_]+)=(\S+)$", COMPOSE, re.MULTILINE))
    assert load_settings(advice).database_url.get_secret_value() == advice["DATABASE_URL"]
