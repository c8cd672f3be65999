"""The configuration's file as it is changed by commands and the page: whole or not at all, by nobody's side
unseen, and with a way back.

Each save keeps the text that it replaces in a folder beside the file (`config.yaml.versions`), the last ten.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ackd import own_files
from ackd.config.edit import Edited, with_sender_rule
from ackd.config.problems import Broken, tell
from ackd.config.read_file import LARGEST, decode, read_bytes
from ackd.errors import ConfigError, ExitStatus, UsageError
from ackd.model import Always
from ackd.runtime.config_check import check

KEPT = 10
_NAME = re.compile(r"(\d{6,12})-(\d{8}T\d{6}Z)\.yaml")
_TIME = "%Y%m%dT%H%M%SZ"
_BOM = b"\xef\xbb\xbf"
_MOST_WAIT = 10  # seconds for another one who saves
_WHAT = "versions of the configuration"


class ChangedMeanwhile(ConfigError):
    """Somebody else changed the file since it was read; nothing was saved."""

    exit_code = ExitStatus.FAILED


@dataclass(frozen=True, slots=True)
class Stored:
    """The file's content as it was read. Raises Broken by `text` where it is no text."""

    path: Path
    data: bytes

    @property
    def seen(self) -> str:
        """What stands for this very content: it is given back with a change."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str:
        """The content without a byte order mark."""
        return decode(self.data)

    def encoded(self, text: str) -> bytes:
        """A text, from a form of a browser too, as the file would hold it: with its ends of lines and its
        byte order mark."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        if b"\r\n" in self.data:
            lines = lines.replace("\n", "\r\n")
        return (_BOM if self.data.startswith(_BOM) else b"") + lines.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was replaced at `until`; `added` and `removed` are the lines in which what came after it
    differs. Numbers count on for ever."""

    number: int
    until: datetime
    path: Path
    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did: the number under which the replaced text is kept, None where nothing was changed; and
    what is to be noted of the new text."""

    kept: int | None
    notes: tuple[str, ...] = ()


class ConfigStore:
    """One configuration file."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.abspath(path))  # noqa: PTH100  (no look at links)
        self.folder = self.path.with_name(f"{self.path.name}.versions")

    def read(self) -> Stored:
        """The file now. Raises ConfigError where it can't be read, or others may change it."""
        return Stored(self.path, read_bytes(self.path))

    def save(self, data: bytes, seen: str, now: datetime) -> Saved:
        """Put another content into the file, if it is still the one that was `seen` and the new one can be
        used. Links, owner, mode and attributes stay. Raises ConfigError with every problem of the text, or
        with what kept it from being written, and ChangedMeanwhile; nothing is changed then."""
        checked = check(data, self.path)
        checked.usable()
        with self._locked():
            before = self.read()
            if before.data == data:  # also where that is what was saved meanwhile, such as by a second click
                return Saved(None, checked.notes)
            self._same(before, seen)
            if len(before.data) > LARGEST:
                raise ConfigError(
                    f"{self.path} is larger than a configuration may be, and would not be kept whole: move "
                    "it away"
                )
            real = self.path.resolve()
            try:
                number = self._keep(before.data, now)
                self._same(self.read(), seen)  # an editor knows no lock
                own_files.write_whole(real, data, like=real)
            except OSError as error:
                raise ConfigError(
                    f"{real} can't be written ({error.strerror or error}): nothing was changed; do it as "
                    "the user to "
                    "whom the file and its folder belong"
                ) from None
            return Saved(number, checked.notes)

    def add_rule(
        self, address: str, wanted: Always, now: datetime, *, globs: bool = True
    ) -> tuple[Edited, Saved]:
        """Never, or always, acknowledge a sender (`config.edit`): the rule, and what was saved. Raises
        UsageError for what is no address, ConfigError as `save` does."""
        stored = self.read()
        try:
            edited = with_sender_rule(stored.text, address, wanted, globs=globs)
        except Broken as broken:
            raise ConfigError(tell(self.path, [broken.problem])) from None
        bom = _BOM if stored.data.startswith(_BOM) else b""
        try:
            return edited, self.save(bom + edited.text.encode(), stored.seen, now)
        except ConfigError:
            check(stored.data, self.path).usable()  # what was wrong before is told with its own lines
            raise

    def restore(self, number: int, now: datetime) -> Saved:
        """Put a version's text into the file again; what is there now is kept as a version of its own. Raises
        UsageError where there is no such version, ConfigError as `save` does."""
        version = self._version(number)
        return self.save(read_bytes(version.path), self.read().seen, now)

    # --- what is kept -----------------------------------------------------------------------------

    def versions(self) -> tuple[Version, ...]:
        """The texts that were replaced, the newest first."""
        found = sorted(self._found(), key=lambda version: -version.number)
        after = self.read().data
        counted = []
        for version in found:
            text = read_bytes(version.path)
            added, removed = _counts(text, after)
            counted.append(Version(version.number, version.until, version.path, added, removed))
            after = text
        return tuple(counted)

    def diff(self, number: int | None = None) -> str:
        """What differs from a version (the newest) to the file as it is, as a unified diff; "" where nothing
        does. Raises UsageError where there is no such version."""
        version = self._version(number)
        return unified(
            read_bytes(version.path), self.read().data, f"version {version.number}", str(self.path)
        )

    def _version(self, number: int | None) -> Version:
        known = {version.number: version for version in self._found()}
        if not known:
            raise UsageError(
                f"no earlier version of {self.path} is kept: one is from the first change on that ackd makes "
                "(`ackd rule`, the page); an editor's changes it doesn't see"
            )
        wanted = max(known) if number is None else number
        if wanted not in known:
            raise UsageError(
                f"there is no version {wanted}; kept are {', '.join(map(str, sorted(known)))} "
                "(`ackd config history`)"
            )
        return known[wanted]

    def _found(self) -> Iterator[Version]:
        if not self.folder.is_dir():
            return
        own_files.own_folder(self.folder, _WHAT, make=False)
        for path in self.folder.iterdir():
            if name := _NAME.fullmatch(path.name):
                with suppress(ValueError):  # no moment of ours
                    yield Version(int(name[1]), datetime.strptime(name[2], _TIME).replace(tzinfo=UTC), path)

    def _keep(self, data: bytes, now: datetime) -> int:
        """Keep a text that is about to be replaced, and let the oldest go."""
        known = sorted(self._found(), key=lambda version: version.number)
        if known and read_bytes(known[-1].path) == data:  # a save that came to no end kept it
            return known[-1].number
        number = known[-1].number + 1 if known else 1
        name = f"{number:06}-{now.astimezone(UTC):{_TIME}}.yaml"
        own_files.write_whole(self.folder / name, data)
        for version in known[: max(0, len(known) + 1 - KEPT)]:
            version.path.unlink(missing_ok=True)
        return number

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            own_files.own_folder(self.folder, _WHAT)
            with FileLock(self.folder / "lock", timeout=_MOST_WAIT, mode=0o600):
                yield
        except Timeout:
            raise ConfigError(f"{self.path}: somebody else is saving it at this moment: try again") from None
        except OSError as error:
            raise ConfigError(
                f"{self.folder} can't be written ({error.strerror or error}), so no way back could be "
                "kept: nothing "
                "was changed; do it as the user to whom the configuration's folder belongs"
            ) from None

    def _same(self, now: Stored, seen: str) -> None:
        if now.seen != seen:
            raise ChangedMeanwhile(
                f"{self.path} was changed since it was read, in an editor perhaps: nothing was saved; read "
                "it again "
                "and make the change once more"
            )


def unified(before: bytes, after: bytes, before_name: str, after_name: str) -> str:
    """Two texts' differences as a unified diff."""
    lines = difflib.unified_diff(_lines(before), _lines(after), before_name, after_name, lineterm="")
    found = "".join(f"{line}\n" for line in lines)
    return found or ("only ends of lines or a byte order mark differ\n" if before != after else "")


def _counts(before: bytes, after: bytes) -> tuple[int, int]:
    rows = list(difflib.unified_diff(_lines(before), _lines(after), n=0, lineterm=""))[2:]
    return sum(row.startswith("+") for row in rows), sum(row.startswith("-") for row in rows)


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8-sig", "replace").splitlines()
