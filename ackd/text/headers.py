"""Address lists, encoded words, keywords and the writer's clock in header values, read in linear time.

Source: RFC 5322 §3.2 to §3.4, RFC 2047. Anything malformed is still read, but marked as not
plain, so that a caller who must trust the address can refuse it.

The offset in the Date header is what the writer's program stamped (RFC 5322 §3.3). Exchange writes +0000 for
everyone who writes in Outlook, and -0000 means that the zone isn't known: neither tells anything.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[()<>,;:\\]|[^"()<>,;:\\]+', re.DOTALL)
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^?\r\n]{0,1000})\?=")
_GAP = re.compile(r"(\?=)\s{1,200}(?==\?)")
_CHARSET = re.compile(
    r"(?i)utf-?(8|7|16|32)(-?[lb]e)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d|windows-?125\d|cp\d{3,4}"
    r"|koi8-[ru]|gb2312|gbk|gb18030|big5|shift[_-]jis|euc-(jp|kr)|iso-2022-(jp|kr)|mac-?roman|tis-620"
)
_LONGEST = 100_000  # characters of one address header that are looked at

#: The field in which Exchange says how a sender signed in ([MS-OXCMAIL]): "Internal" of members of the house.
INSIDE_STAMP = "X-MS-Exchange-Organization-AuthAs"


@dataclass(frozen=True, slots=True)
class Parsed:
    """One address of a list. `plain` is False where comments, groups, quoted local parts, routes
    or broken syntax leave room for doubt about who is meant."""

    email: str
    name: str
    plain: bool


def charset(name: str) -> str:
    """A charset that may safely be used to decode: the named one if it is known, else UTF-8."""
    name = name.strip().strip("'\"").partition("*")[0]
    if not _CHARSET.fullmatch(name):
        return "utf-8"
    try:
        b"".decode(name)
    except (LookupError, ValueError):
        return "utf-8"
    return name


def decoded(value: str, *, quote: bool = False) -> str:
    """The value with its RFC 2047 encoded words decoded; what can't be decoded stays as it is.

    With `quote` a decoded word that holds an address list's special characters is put into
    quotation marks, so that it can't be mistaken for structure.
    """
    if "=?" not in value:
        return value

    def word(match: re.Match[str]) -> str:
        text = _decoded_word(*match.groups())
        if text is None:
            return match.group()
        if quote and re.search(r'[()<>@,;:\\"\[\]]', text):
            return '"' + text.replace("\\", "").replace('"', "") + '"'
        return text

    return _WORD.sub(word, _GAP.sub(r"\1", value))


def _decoded_word(name: str, encoding: str, text: str) -> str | None:
    raw = text.encode("ascii", "replace")
    try:
        if encoding in "bB":
            data = base64.b64decode(raw + b"=" * (-len(raw) % 4))
        else:
            data = quopri.decodestring(raw.replace(b"_", b" "), header=False)
        decoded_text = data.decode(charset(name), "replace")
    except (binascii.Error, ValueError):
        return None
    return re.sub(r"[\x00-\x1f\x7f]+", " ", decoded_text)


def uncommented(value: str) -> str:
    """The value without RFC 5322 comments; an unclosed comment reaches to the end."""
    if "(" not in value:
        return value
    kept: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(value):
        piece = match.group()
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif not depth:
            kept.append(piece)
    return "".join(kept)


def keyword(value: str) -> str:
    """The keyword of a header such as Auto-Submitted: lower case, without comments and
    parameters (RFC 3834 §5)."""
    return uncommented(value).partition(";")[0].strip().lower()


class _Item:
    """What was read of one address so far."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.inside: list[str] = []
        self.comments = self.in_group = False
        self.has_at = False  # outside angle brackets
        self.angles = 0

    def parsed(self) -> Parsed | None:
        outside = "".join(self.outside).strip()
        email, name = ("".join(self.inside).strip(), outside) if self.angles else (outside, "")
        if not email and not name:
            return None
        plain = (
            not (self.comments or self.in_group)
            and self.angles <= 1
            and email.count("@") == 1
            and '"' not in email
        )
        return Parsed(email, _unquoted(name), plain and not re.search(r"[\s<>:;]", email))


def _unquoted(name: str) -> str:
    if '"' in name:
        name = re.sub(r"\\(.)", r"\1", name.replace('\\"', "\x00").replace('"', "")).replace("\x00", '"')
    return " ".join(decoded(name).split())


def addresses(value: str, *, most: int = 2000) -> list[Parsed]:
    """The addresses of a From, To, Cc or Reply-To value, in order, at most `most` of them."""
    return list((_few if len(value) <= _FEW else _every)(value, most))


def _every(value: str, most: int) -> list[Parsed]:
    found: list[Parsed] = []
    item, depth, angle, in_group = _Item(), 0, False, False

    def close() -> None:
        nonlocal item, angle
        item.in_group = in_group
        parsed = item.parsed()
        if parsed:
            found.append(parsed)
        item, angle = _Item(), False

    for match in _TOKEN.finditer(value[:_LONGEST]):
        piece = match.group()
        if piece == "(":
            depth, item.comments = depth + 1, True
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif piece == "<" and not angle:
            angle, item.angles = True, item.angles + 1
        elif piece == ">" and angle:
            angle = False
        elif piece in ",;" and not angle:
            close()
            in_group = in_group and piece != ";"
            if len(found) >= most:
                return found
        elif piece == ":" and not angle and not item.has_at:
            item, in_group = _Item(), True  # the name of a group (RFC 5322 §3.4): its members follow
        else:
            (item.inside if angle else item.outside).append(piece)
            item.has_at |= not angle and "@" in piece
    close()
    return found


_FEW = 200  # characters: of few people, who write again
_few = lru_cache(maxsize=512)(_every)


# --- the writer's clock ---------------------------------------------------------------------------

#: Between these years moments are told, shown and reckoned with, in any zone: there Windows' clock begins and
#: Outlook's calendar ends.
_YEARS = range(1601, 4501)
_OFFSET = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\s+([+-])(\d{2})(\d{2})\b")
_LOOKED_AT = 200  # characters of a Date header
_FARTHEST = 14 * 60  # minutes east of UTC (Kiritimati); 12 hours west is the other end


def reckoned(moment: datetime) -> datetime | None:
    """A moment in UTC, which one without a zone is in; None for one so far away that nothing can be reckoned
    from it."""
    try:
        found = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return found if found.year in _YEARS else None


def offset_of(dates: Sequence[str]) -> int | None:
    """The writer's minutes east of UTC, from the Date headers of a mail; None if they don't tell."""
    found = _OFFSET.search(dates[0][:_LOOKED_AT]) if len(dates) == 1 else None
    if found is None or int(found[3]) > 59:
        return None
    minutes = (int(found[2]) * 60 + int(found[3])) * (1 if found[1] == "+" else -1)
    return minutes if minutes and -12 * 60 <= minutes <= _FARTHEST else None


def zone_of(offset: int | None, sent: datetime, owners: tzinfo) -> tzinfo:
    """The zone in which the asker means hours: the owner's, with its changes of summer time,
    unless the clocks of the two differed when the mail was written."""
    ahead = ahead_of(offset, sent, owners)
    return timezone(timedelta(minutes=offset or 0)) if ahead else owners


def ahead_of(offset: int | None, sent: datetime, owners: tzinfo) -> timedelta:
    """By how much the asker's clock was ahead of the owner's when the mail was written; zero
    where that isn't known."""
    theirs = sent.astimezone(owners).utcoffset()
    return timedelta() if offset is None or theirs is None else timedelta(minutes=offset) - theirs
