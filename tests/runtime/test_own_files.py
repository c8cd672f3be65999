"""Files are the owner's alone, or ackd doesn't start."""

from __future__ import annotations

import errno
import grp
import os
import pwd
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import certifi
import pytest
from filelock import FileLock

from ackd import config as configuration
from ackd import own_files
from ackd.config import read_secret
from ackd.config.secrets import Secret, SecretSource
from ackd.config.store_secret import store_in_file
from ackd.errors import ConfigError, LedgerError
from ackd.mailbox.ews import Access, endpoint_cache
from ackd.own_files import OpenToOthers
from ackd.runtime.app import App
from ackd.runtime.ledgers import any_ledger, shared_ledger
from ackd.runtime.read_only_app import ReadOnlyApp
from tests.system.commands import CONFIG

ANOTHER = 54321
NOW = datetime(2026, 11, 23, tzinfo=UTC)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


class Home:
    """A configuration with all that it names, and nothing open to others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config, self.state = folder / "etc" / "config.yaml", folder / "state"
        self.letters, self.bundle = folder / "letters", folder / "ca.pem"
        self.template = self.letters / "en" / "received.txt.j2"
        with umask(0o022):
            self.config.parent.mkdir()
            self.template.parent.mkdir(parents=True)
            self.template.write_text("Subject: Hello\n\nHello {{ name }}\n")
            self.bundle.write_bytes(Path(certifi.where()).read_bytes())
            more = f"letters: {{directory: {self.letters}}}"
            text = CONFIG.format(
                endpoint="http://127.0.0.1:9/EWS/Exchange.asmx", state=self.state, mode="send", more=more
            )
            self.config.write_text(text.replace("mailbox:\n", f"mailbox:\n  ca_bundle: {self.bundle}\n"))
            with App(self.config):
                pass

    def refused(self, *, by_looks: bool = True) -> OpenToOthers:
        """Why ackd doesn't start; no command does, those neither that only look (which take no lock,
        and open no ledger that isn't there)."""
        with pytest.raises(OpenToOthers) as caught:
            App(self.config)
        with pytest.raises(OpenToOthers), shared_ledger(self.config):
            pass
        if by_looks:
            with pytest.raises(OpenToOthers):
                _ = ReadOnlyApp(self.config).ledger
        assert caught.value.exit_code == 78
        return caught.value

    def mended_by(self, remedy: str) -> bool:
        """Whether ackd starts after the command that the message names."""
        subprocess.run(shlex.split(remedy), check=True)
        with App(self.config):
            return True


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("ACKD_PASSWORD", "secret")
    return Home(tmp_path)


#: What may be open: its name in the home, and the modes that are.
PLACES = {
    "configuration": lambda home: home.config,
    "its folder": lambda home: home.config.parent,
    "state": lambda home: home.state,
    "ledger": lambda home: home.state / "ledger.sqlite",
    "lock": lambda home: home.state / "lock",
    "letters": lambda home: home.letters,
    "a language": lambda home: home.letters / "en",
    "a letter": lambda home: home.template,
    "certificates": lambda home: home.bundle,
    "a folder above all": lambda home: home.folder,
}


@pytest.mark.parametrize("bits", [0o002, 0o022])
@pytest.mark.parametrize("place", PLACES)
def test_what_others_may_change_is_refused_with_the_remedy(home: Home, place: str, bits: int) -> None:
    path = PLACES[place](home)
    path.chmod(stat.S_IMODE(path.stat().st_mode) | bits)
    error = home.refused(by_looks=place != "lock")
    assert error.remedy == f"chmod go-w {path}"
    assert home.mended_by(error.remedy)


@as_root
@pytest.mark.parametrize("place", PLACES)
def test_what_belongs_to_another_is_refused(home: Home, place: str) -> None:
    path = PLACES[place](home)
    os.chown(path, ANOTHER, ANOTHER)
    error = home.refused(by_looks=place != "lock")
    assert str(ANOTHER) in str(error)
    assert home.mended_by(error.remedy.partition(",")[0])


@pytest.mark.parametrize("name", ["ledger.sqlite", "lock", "ledger.sqlite-wal", "ledger.sqlite-shm"])
@pytest.mark.parametrize("there", [True, False])
def test_a_planted_link_is_not_followed(home: Home, name: str, there: bool) -> None:
    precious = home.folder / "precious"
    if there:
        precious.write_text("precious")
        precious.chmod(0o644)
    (home.state / name).unlink(missing_ok=True)
    (home.state / name).symlink_to(precious)
    assert "symbolic link" in str(home.refused(by_looks=there and name != "lock"))
    assert precious.exists() == there
    if there:
        assert precious.read_text() == "precious"
        assert stat.S_IMODE(precious.stat().st_mode) == 0o644


def test_a_planted_link_as_a_cache_is_not_followed(home: Home) -> None:
    (home.state / endpoint_cache.FILE).symlink_to(home.folder / "elsewhere")
    with pytest.raises(OpenToOthers, match="symbolic link"):
        endpoint_cache.reached(
            Access("alice@corp.example", "autodiscover", "a", "b"), home.state, datetime.now(UTC)
        )


@pytest.mark.parametrize("name", ["ledger.sqlite", "lock"])
def test_no_device_or_pipe_is_taken_for_a_file(home: Home, name: str) -> None:
    (home.state / name).unlink()
    os.mkfifo(home.state / name, 0o600)
    with pytest.raises(ConfigError, match="no regular file"):
        App(home.config)


def test_a_folder_with_the_sticky_bit_is_a_way_but_no_state(home: Home) -> None:
    home.folder.chmod(0o1777)
    with App(home.config):
        pass
    home.state.chmod(0o1777)
    assert home.refused().remedy == f"chmod go-w {home.state}"


def test_links_of_the_owner_are_followed_and_their_ways_checked(home: Home) -> None:
    real, deep = home.folder / "real", home.folder / "open" / "deep"
    real.mkdir(mode=0o700)
    deep.mkdir(parents=True, mode=0o700)
    home.config.rename(real / "config.yaml")
    home.config.symlink_to(real / "config.yaml")
    with App(home.config):
        pass
    (real / "config.yaml").rename(deep / "config.yaml")
    (real / "config.yaml").symlink_to(deep / "config.yaml")  # a link to a link
    (home.folder / "open").chmod(0o777)
    assert home.refused().remedy == f"chmod go-w {home.folder / 'open'}"


def test_files_of_ours_that_others_may_read_are_mended(home: Home) -> None:
    for name in ("ledger.sqlite", "lock"):
        (home.state / name).chmod(0o644)
    with App(home.config):
        pass
    assert {stat.S_IMODE(one.stat().st_mode) for one in home.state.iterdir()} == {0o600}


def test_a_state_folder_that_others_may_read_goes_on_working(home: Home) -> None:
    home.state.chmod(0o755)
    with App(home.config):
        pass


@pytest.mark.parametrize("mask", [0, 0o002, 0o022, 0o077])
def test_own_files_are_made_private_whatever_the_umask(home: Home, tmp_path: Path, mask: int) -> None:
    text = home.config.read_text().replace(f"state: {home.state}", f"state: {tmp_path}/a/b/state")
    home.config.write_text(text)
    with umask(mask), App(home.config) as app:
        app.ledger.remember("x", "y")
        files = [path for path in (tmp_path / "a").rglob("*") if path.is_file()]
        assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
        assert len(files) >= 2
    folders = [tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a" / "b" / "state"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in folders} == {0o700}


@pytest.mark.parametrize("mask", [0, 0o002, 0o022])
def test_a_process_writes_private_files_whatever_the_umask(home: Home, mask: int) -> None:
    new = home.folder / "new"
    home.config.write_text(home.config.read_text().replace(f"state: {home.state}", f"state: {new}"))
    done = subprocess.run(
        [sys.executable, "-m", "ackd", "once", "--config", str(home.config)],
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
        umask=mask,
    )
    assert done.returncode == 75, done.stderr  # nothing listens there
    assert {stat.S_IMODE(one.stat().st_mode) for one in new.iterdir()} == {0o600}


@pytest.mark.parametrize("mask", [0o002, 0o022])
def test_a_configuration_by_the_example_works_with_the_usual_umasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mask: int
) -> None:
    me = pwd.getpwuid(os.geteuid())
    monkeypatch.setattr(
        grp, "getgrgid", lambda _: SimpleNamespace(gr_name=me.pw_name, gr_gid=me.pw_gid, gr_mem=[])
    )
    monkeypatch.setattr(pwd, "getpwall", lambda: [me])
    with umask(mask):
        (tmp_path / "ackd").mkdir()
        path = tmp_path / "ackd" / "config.yaml"
        path.write_text(
            "mailbox: {address: alice@corp.example, endpoint: autodiscover, password: {keyring: ackd}}\n"
        )
    assert configuration.load(path).config.mailbox.address == "alice@corp.example"


def user(name: str, uid: int, gid: int) -> SimpleNamespace:
    return SimpleNamespace(pw_name=name, pw_uid=uid, pw_gid=gid)


@pytest.mark.parametrize(
    ("name", "members", "others", "own"),
    [
        ("me", [], [], True),
        ("me", ["me"], [], True),
        ("me", ["me", "mallory"], [], False),  # somebody was added
        ("users", [], [], False),  # one group for all; not every system tells its members
        ("me", [], [user("mallory", 7, 500)], False),  # whose own group it is, too
    ],
)
def test_a_group_may_write_where_it_is_the_owners_own(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    members: list[str],
    others: list[SimpleNamespace],
    own: bool,
) -> None:
    uid = os.geteuid()
    gid = home.config.stat().st_gid
    others = [user(one.pw_name, one.pw_uid, gid) for one in others]
    monkeypatch.setattr(pwd, "getpwuid", lambda _: user("me", uid, gid))
    monkeypatch.setattr(pwd, "getpwall", lambda: [user("me", uid, gid), *others])
    monkeypatch.setattr(grp, "getgrgid", lambda _: SimpleNamespace(gr_name=name, gr_gid=gid, gr_mem=members))
    home.config.chmod(0o664)
    if own:
        with App(home.config):
            pass
    else:
        assert home.refused().remedy == f"chmod go-w {home.config}"


def test_a_list_of_others_who_may_write_counts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an access control list the group's bits are its mask (acl(5))."""
    monkeypatch.setattr(own_files, "_is_own_group", lambda _: True)
    home.config.chmod(0o664)
    with App(home.config):
        pass
    monkeypatch.setattr(os, "getxattr", lambda *_: b"\2\0\0\0")
    assert home.refused().remedy == f"chmod go-w {home.config}"


def test_a_volume_that_nobody_may_write_is_fine(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.config.chmod(0o666)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    with App(home.config):
        pass


def test_where_there_are_no_owners_nothing_is_checked(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (home.config, home.letters, home.state):
        path.chmod(0o777)
    monkeypatch.delattr(os, "getuid")
    with App(home.config):
        pass


def test_the_way_to_a_password_is_checked(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    store_in_file(folder / "pw", "secret\n")
    place = Secret(SecretSource.FILE, str(folder / "pw"))
    assert read_secret(place, "alice") == "secret"
    folder.chmod(0o777)
    with pytest.raises(OpenToOthers, match="chmod go-w"):
        read_secret(place, "alice")
    with pytest.raises(OpenToOthers, match="chmod go-w"):
        store_in_file(folder / "new", "secret\n")
    assert not (folder / "new").exists()


def test_a_changed_configuration_that_others_may_change_is_not_taken_up(home: Home) -> None:
    with App(home.config) as app:
        home.config.write_text(home.config.read_text().replace("poll: 1 s", "poll: 9 min"))
        home.config.chmod(0o666)
        with pytest.raises(Exception, match="nothing listens"):  # nothing listens there
            app.run_pass()
        assert app.config.poll.elapsed.total_seconds() == 1
        assert "chmod go-w" in str(app.ledger.value("config_trouble"))


def test_a_state_that_a_full_disk_spoils_ends_nothing_for_good(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full or was mounted anew read-only isn't a mistake in the configuration."""
    for number in (errno.EROFS, errno.ENOSPC):

        def acquire(_lock: object, number: int = number, **_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(FileLock, "acquire", acquire)
        with pytest.raises(LedgerError, match="nothing was lost") as caught:
            App(home.config)
        assert caught.value.exit_code == 75


def test_a_damaged_ledger_is_told_with_its_own_place(home: Home) -> None:
    with App(home.config):
        pass
    (home.state / "ledger.sqlite").write_bytes(b"no database at all, but long enough to be read as one" * 99)
    with pytest.raises(LedgerError, match=f"{home.state}.*move it away"), any_ledger(home.config):
        pass


def test_how_things_stand_is_told_where_the_state_cannot_be_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with App(home.config) as app:
        app.ledger.remember("mode", "send")
        monkeypatch.setattr(os, "access", lambda path, how: how != os.W_OK)
        before = (home.state / "ledger.sqlite").read_bytes()
        with any_ledger(home.config) as shared:
            assert shared.ledger.value("mode") == "send"
            assert shared.is_alive
            assert "nothing was lost" in str(shared.problem)
            shared.ledger.remember("mode", "draft")
        assert app.ledger.value("mode") == "send"
        assert (home.state / "ledger.sqlite").read_bytes() == before
    with any_ledger(home.config) as shared:
        assert not shared.is_alive


def test_nobody_is_told_to_close_a_device(tmp_path: Path) -> None:
    """A configuration that is /dev/null, or a link to it, by which a service is masked."""
    link = tmp_path / "config.yaml"
    link.symlink_to(os.devnull)
    for path in (Path(os.devnull), link):
        with pytest.raises(ConfigError, match="is a device: name a file") as caught:
            configuration.load(path)
        assert "chmod" not in str(caught.value)
        with pytest.raises(ConfigError, match="is no regular file") as caught:
            read_secret(Secret(SecretSource.FILE, str(path)), "alice")
        assert "chmod" not in str(caught.value)
