"""`verbatim service`: a systemd unit for this very installation, on stdout."""

import argparse
import getpass
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import Commands, command, load_settings, say

if TYPE_CHECKING:
    from bot.settings import Settings

_SYSTEM = """\
# verbatim.service, for systemd: starts with the machine, comes back when it fails.
#   {verbatim} service | sudo tee /etc/systemd/system/verbatim.service
#   sudo systemctl daemon-reload && sudo systemctl enable --now verbatim
#   journalctl -u verbatim -f        # what it says; at the first start the link that makes you the owner
# After an update: sudo systemctl restart verbatim
"""
_USER = """\
# verbatim.service, for systemd: runs as you, without root; comes back when it fails.
#   mkdir -p ~/.config/systemd/user && {verbatim} service --user > ~/.config/systemd/user/verbatim.service
#   systemctl --user daemon-reload && systemctl --user enable --now verbatim
#   loginctl enable-linger           # so that it starts with the machine and stays when you log out
#   journalctl --user -u verbatim -f # what it says; at the first start the link that makes you the owner
# After an update: systemctl --user restart verbatim
"""
_UNIT = """\
[Unit]
Description=Verbatim, digests of French-language news
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
{identity}# Settings are in the file .env of this folder, which Verbatim reads by itself.
WorkingDirectory={folder}
ExecStart={command} run
Environment=PTB_TIMEDELTA=true
{environment}Restart=on-failure
RestartSec=30
TimeoutStopSec=30
{hardening}
[Install]
WantedBy={target}
"""
_ALWAYS = (
    "UMask=0077",
    "NoNewPrivileges=yes",
    "RestrictSUIDSGID=yes",
    "RestrictRealtime=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
)
_AS_ROOT = (
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectControlGroups=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "RestrictNamespaces=yes",
)
_FOLDERS = ("DATA_DIR", "CONFIG_DIR")


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Register the commands of this file."""
    what = "print a systemd unit for this installation"
    service = command(commands, "service", what, "service", "service --user")
    service.add_argument("--user", action="store_true", help="a unit of your own, installed without root")
    service.set_defaults(run=_service)


def _service(options: argparse.Namespace) -> int:
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)  # a unit that may write there only does not start without it
    identity = "" if options.user else f"User={getpass.getuser()}\n"
    folder = Path.cwd()
    hardening = [*_ALWAYS]
    if not options.user:
        hardening += [*_AS_ROOT, f"ReadWritePaths={_quoted(str(settings.data_dir.resolve()))}"]
    unit = _UNIT.format(
        identity=identity,
        folder=_escaped(str(folder)),
        command=" ".join(_quoted(part) for part in _command()),
        environment="".join(f"Environment={_quoted(line)}\n" for line in _environment(settings)),
        hardening="\n".join([*hardening, ""]),
        target="default.target" if options.user else "multi-user.target",
    )
    print((_USER if options.user else _SYSTEM).format(verbatim=shlex.join(_command())) + unit, end="")
    return 0


def _command() -> tuple[str, ...]:
    """How this installation is started: its own command beside its Python, or its module."""
    script = Path(sys.executable).with_name("verbatim")
    return (str(script),) if script.exists() else (sys.executable, "-m", "bot")


def _environment(settings: "Settings") -> list[str]:
    """What is set in this shell and would be missing in the service; secrets are not written, but told."""
    from bot.settings import SECRETS, VARIABLES

    lines = []
    for name in VARIABLES:
        value = os.environ.get(name, "").strip()
        if name in SECRETS and (value or os.environ.get(f"{name}_FILE", "").strip()):
            say(f"warning: {name} is set in this shell only: write it to {Path.cwd() / '.env'}, for the service")
        elif value:
            given = getattr(settings, name.lower())
            lines.append(f"{name}={given.resolve() if name in _FOLDERS else value}")
    return lines


def _quoted(text: str) -> str:
    """As one word of a unit's line, whatever it holds."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_escaped(plain)}"' if any(sign in plain for sign in " \t\"'\\;$") else _escaped(plain)


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
