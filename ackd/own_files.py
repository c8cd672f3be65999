"""What ackd goes by and what it writes is its owner's alone: nobody else on the machine may change it.

A file or folder is refused, with the command that mends it, where another user than the owner and root
owns it or may write it, and where that holds for a folder on the way to it (a folder with the sticky
bit, such as /tmp, doesn't let others replace what isn't theirs). A group may write where it is the
owner's own, with no other member: many systems make files so. ackd's own files are no links.

Where the system knows no such owners (Windows) nothing is checked.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from ackd.errors import ConfigError

_MOST = 10_000  # files of a tree that are looked at, and steps of a way
_ACL = "system.posix_acl_access"


class OpenToOthers(ConfigError):
    """Others may change a file or folder. `remedy` is a command, or words."""

    def __init__(self, words: str, remedy: str) -> None:
        super().__init__(f"{words}: {remedy}")
        self.words, self.remedy = words, remedy


def trusted(path: Path, what: str, *, about: os.stat_result | None = None) -> None:
    """A file or folder whose content ackd goes by, if it is there; `about` is what the system said
    of the open file. Links are followed. Raises ConfigError."""
    if not hasattr(os, "getuid"):
        return
    try:
        about = about or path.stat()
    except OSError:
        return
    _check(path, about, what)
    check_way(path, what)


def trusted_tree(folder: Path, what: str) -> None:
    """The same for everything in a folder."""
    trusted(folder, what)
    if not hasattr(os, "getuid"):
        return
    for number, path in enumerate(sorted(folder.rglob("*"))):
        if number >= _MOST:
            raise ConfigError(f"{what}: there are more than {_MOST:,} files in {folder}")
        if path.is_symlink():
            trusted(path, what)
        elif (about := _looked(path)) is not None:
            _check(path, about, what)


def check_way(path: Path, what: str) -> None:
    """Raises OpenToOthers where others may put something else in the place of a file, by a folder
    on the way to it."""
    if not hasattr(os, "getuid"):
        return
    for folder in _way(path):
        about = _looked(folder)
        if about is None:
            continue
        whose = f"{what}: others may put another in the place of {path}, since"
        if _is_others(about):
            raise OpenToOthers(
                f"{whose} {folder} belongs to {_user(about.st_uid)}",
                f"chown {_user(os.geteuid())} {_quoted(folder)}, or keep it elsewhere",
            )
        if _others_write(folder, about) and not about.st_mode & stat.S_ISVTX:
            words = f"{whose} they may write {folder} (mode {_mode(about)})"
            raise OpenToOthers(words, f"chmod go-w {_quoted(folder)}")


def own_folder(path: Path, what: str, *, make: bool = True) -> None:
    """A folder that ackd writes into: the user's own, and made for that user alone where it isn't
    there, whatever the umask. Raises ConfigError, and OSError where it can't be made."""
    if make:
        make_folder(path)
    if not hasattr(os, "getuid") or (about := _looked(path)) is None:
        return
    if not stat.S_ISDIR(about.st_mode):
        return  # to be used it will have to be one
    if about.st_uid != os.geteuid():
        raise _foreign(path, about, what)
    _check(path, about, what)
    check_way(path, what)


def make_folder(path: Path) -> None:
    """A folder, and those above it that aren't there, for the user alone. Raises OSError."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)


def own_file(path: Path, what: str, *, make: bool = False) -> None:
    """A file that ackd writes: no link, the user's own, and nobody else's to read either. Where it
    isn't there it may be made, empty. A file that is there isn't opened: to close it again would
    drop the locks that a database of this process holds on it. Raises ConfigError, and OSError
    where it can't be made."""
    try:
        about = path.lstat()
    except FileNotFoundError:
        if not make:
            return
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.close(os.open(path, flags, 0o600))
        about = path.lstat()
    if hasattr(os, "getuid"):
        _check_own(path, about, what)
        if stat.S_IMODE(about.st_mode) & 0o177:
            path.chmod(0o600)


def write_whole(path: Path, data: bytes, *, like: Path | None = None) -> None:
    """Put a file in the place of another one at once: whoever reads it, whenever this ends, sees the one or
    the other. It is for the user alone, or with owner, group, mode and attributes of the file `like`. What a
    link leads to is the caller's to find. Raises OSError where it can't be written, or its owner can't be
    kept."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            if like is not None:
                _take_after(out.fileno(), like)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _take_after(handle: int, like: Path) -> None:
    about = like.stat()
    if hasattr(os, "fchown"):
        now = os.fstat(handle)
        if (now.st_uid, now.st_gid) != (about.st_uid, about.st_gid):
            os.fchown(handle, about.st_uid, about.st_gid)
        os.fchmod(handle, stat.S_IMODE(about.st_mode))
    if hasattr(os, "setxattr"):
        with contextlib.suppress(OSError):  # none of them is needed for the file to be read
            for name in os.listxattr(like):
                os.setxattr(handle, name, os.getxattr(like, name))


def _settle(folder: Path) -> None:
    """A folder's new entries outlive a power cut; where the system knows no such thing, nothing is done."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _check_own(path: Path, about: os.stat_result, what: str) -> None:
    if stat.S_ISLNK(about.st_mode):
        raise OpenToOthers(
            f"{what}: {path} is a symbolic link, which ackd's own files never are",
            f"name the real place in the configuration, or look where it leads and rm {_quoted(path)}",
        )
    if not stat.S_ISREG(about.st_mode):
        raise ConfigError(f"{what}: {path} is no regular file: move it away")
    if about.st_uid != os.geteuid():
        raise _foreign(path, about, what)
    _check(path, about, what)


def _check(path: Path, about: os.stat_result, what: str) -> None:
    """Raises OpenToOthers for what others own or may write; of a device ConfigError alone, for whoever closed
    it to others, as that error's remedy says, would break the machine."""
    if stat.S_ISCHR(about.st_mode) or stat.S_ISBLK(about.st_mode):
        raise ConfigError(f"{what}: {path} is a device: name a file")
    if _is_others(about):
        raise _foreign(path, about, what)
    if _others_write(path, about):
        where = path.resolve() if path.is_symlink() else path
        words = f"{what}: others may change {path} (mode {_mode(about)}), and so what ackd does"
        raise OpenToOthers(words, f"chmod go-w {_quoted(where)}")


def _way(path: Path) -> Iterator[Path]:
    """Every folder through which a look at a path goes, links included."""
    todo, seen = [_absolute(path)], dict[Path, None]()
    while todo and len(seen) < _MOST:
        place = todo.pop()
        for step in (place, *place.parents):
            if step not in seen:
                seen[step] = None
                if step.is_symlink():
                    todo.append(_absolute(step.parent / step.readlink()))
    return (step for step in seen if step.is_dir() and not step.is_symlink())


def _absolute(path: Path) -> Path:
    """Without a look at links, which resolve() would follow unseen."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def _is_others(about: os.stat_result) -> bool:
    return about.st_uid not in (os.geteuid(), 0, _unmapped())


def _unmapped() -> int:
    """The number under which root appears in a user namespace that doesn't map it (a container)."""
    try:
        mapped = Path("/proc/self/uid_map").read_text(encoding="ascii").split()
        if mapped == ["0", "0", "4294967295"]:
            return 0
        return int(Path("/proc/sys/kernel/overflowuid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _others_write(path: Path, about: os.stat_result) -> bool:
    mode = about.st_mode
    by_group = bool(mode & stat.S_IWGRP) and (_has_acl(path) or not _is_own_group(about))
    return (bool(mode & stat.S_IWOTH) or by_group) and not _is_read_only(path)


def _is_own_group(about: os.stat_result) -> bool:
    """Whether a file's group is its owner's own by name, with nobody else in it."""
    import grp
    import pwd

    try:
        owner, group = pwd.getpwuid(about.st_uid), grp.getgrgid(about.st_gid)
    except KeyError:
        return False
    if owner.pw_gid != about.st_gid or group.gr_name != owner.pw_name:
        return False
    if any(member != owner.pw_name for member in group.gr_mem):
        return False
    return all(user.pw_uid == owner.pw_uid for user in pwd.getpwall() if user.pw_gid == group.gr_gid)


def _has_acl(path: Path) -> bool:
    """Whether a list names others who may write: then the group's bits show their mask."""
    try:
        return bool(os.getxattr(path, _ACL))
    except (AttributeError, OSError):
        return False


def _is_read_only(path: Path) -> bool:
    """Whether the file system is mounted so that nobody may write (a container's volume)."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _looked(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _foreign(path: Path, about: os.stat_result, what: str) -> OpenToOthers:
    me = _user(os.geteuid())
    words = f"{what}: {path} belongs to {_user(about.st_uid)}, not to {me}, who runs ackd"
    return OpenToOthers(words, f"chown {me} {_quoted(path)}")


def _mode(about: os.stat_result) -> str:
    return f"{stat.S_IMODE(about.st_mode):04o}"


def _user(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
