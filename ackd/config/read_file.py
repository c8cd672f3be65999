"""From a file to text: what can go wrong before there is any YAML."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from ackd import own_files
from ackd.config.problems import Broken, Problem
from ackd.config.value_error import printable
from ackd.errors import ConfigError

LARGEST = 256 * 1024
"""The largest configuration in bytes: fifty times what a long one takes."""

_UTF16 = "this is UTF-16: save the file as UTF-8"


def read_bytes(path: Path) -> bytes:
    """The file's content. Raises ConfigError with the remedy when there is none to be had, or
    others may change it."""
    try:
        with path.open("rb") as file:
            own_files.trusted(path, "configuration", about=os.fstat(file.fileno()))
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: there is no such file: make one by `ackd init`, or name another with --config"
        ) from None
    except IsADirectoryError:
        raise ConfigError(f"{path}: this is a directory: name the configuration file in it") from None
    except PermissionError:
        raise ConfigError(f"{path}: you may not read this file: check its owner and mode") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or "the path is no path"
        raise ConfigError(f"{printable(str(path))}: the file can't be read: {reason}") from None
    return data


def decode(data: bytes) -> str:
    """The text of UTF-8, with or without a byte order mark. Raises Broken."""
    if len(data) > LARGEST:
        raise Broken(
            Problem(1, 1, f"the file is larger than {LARGEST // 1024} KiB: this can't be a configuration")
        )
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):  # the former begins as UTF-16 does
        raise Broken(Problem(1, 1, _UTF16.replace("16", "32")))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Broken(Problem(1, 1, _UTF16))
    if b"\0" in data:
        looks_utf16 = len(data) % 2 == 0 and data.count(b"\0") * 3 > len(data)
        what = _UTF16 if looks_utf16 else "there is a NUL byte: this is no text file"
        raise Broken(_at(data, data.index(b"\0"), what))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"the byte 0x{error.object[error.start]:02X} isn't UTF-8 (Latin-1?): save the file as UTF-8"
        raise Broken(_at(error.object, error.start, what)) from None


def _at(data: bytes, offset: int, what: str) -> Problem:
    before = data[:offset].removeprefix(codecs.BOM_UTF8)
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode("utf-8", "replace")) + 1
    return Problem(before.count(b"\n") + 1, column, what)
