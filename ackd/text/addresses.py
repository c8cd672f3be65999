"""Who is inside: addresses and domains compared without falling for look-alikes.

Source: RFC 5321 §4.1.2 (addresses), RFC 5890 (IDNA: a domain compares by its A-labels).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\\\]\x00-\x1f\x7f]{1,64}")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?")


@lru_cache(maxsize=4096)
def canonical(address: str) -> str | None:
    """The address in lower case with its domain in A-labels, or None where it isn't plain
    (quoted local parts, comments, two at signs, white space, invalid domains, characters that
    become others by normalisation: the Kelvin sign is no k)."""
    address = address.strip()
    if len(address) > 320:
        return None
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or not _is_itself(local):
        return None
    ascii_domain = canonical_domain(domain)
    return f"{local.lower()}@{ascii_domain}" if ascii_domain else None


@lru_cache(maxsize=4096)
def canonical_domain(domain: str) -> str | None:
    """The domain in lower-case A-labels, or None where it isn't one. Characters that only look
    like others after normalisation (full-width letters, other dots) make it None."""
    if not domain or len(domain) > 253:
        return None
    labels = [_a_label(label) for label in domain.split(".")]
    return ".".join(label for label in labels if label) if all(labels) else None


def _a_label(label: str) -> str | None:
    if not label.isascii():
        is_letters = all(c == "-" or unicodedata.category(c)[0] in "LMN" for c in label)
        if not is_letters or not _is_itself(label):
            return None
        label = "xn--" + label.lower().encode("punycode").decode("ascii")
    label = label.lower()
    return label if _LABEL.fullmatch(label) else None


def _is_itself(text: str) -> bool:
    """Whether normalisation and lower case leave it what it is."""
    return text.isascii() or unicodedata.normalize("NFKC", text) == text


def spellings(address: str) -> tuple[str, ...]:
    """The ways in which an address may stand in a rule: as it is written, with its domain in
    A-labels, and with it in letters; all in lower case."""
    known = canonical(address)
    if known is None:
        return (address.strip().lower(),)
    local, _, domain = known.rpartition("@")
    letters = ".".join(map(_in_letters, domain.split(".")))
    return tuple(dict.fromkeys((address.strip().lower(), known, f"{local}@{letters}")))


def _in_letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        letters = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
    return letters if _a_label(letters) == label else label  # `xn--corp-` is not corp


def matches(pattern: str, text: str) -> bool:
    """Whether a glob (`*` any characters, `?` one) matches the whole text. Both compare as they
    are; the time is bounded by the product of their lengths."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    p = t = 0
    star, mark = -1, 0
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, mark, p = p, t, p + 1
        elif p < len(pattern) and pattern[p] in ("?", text[t]):
            p, t = p + 1, t + 1
        elif star >= 0:
            mark += 1
            p, t = star + 1, mark
        else:
            return False
    return all(c == "*" for c in pattern[p:])


@lru_cache(maxsize=4096)
def domain_pattern(pattern: str) -> str | None:
    """A domain pattern of the configuration in the form that `in_domain` compares, or None
    where no domain could match it. Every label may be a glob; a leading `*.` stands for one
    or more labels."""
    labels = []
    for label in pattern.strip().lower().split("."):
        glob = "*" in label or "?" in label
        labels.append(label if glob and label.isascii() else _a_label(label))
    return ".".join(label for label in labels if label) if all(labels) else None


@lru_cache(maxsize=4096)
def in_domain(domain: str, pattern: str) -> bool:
    """Whether a canonical domain matches a pattern: `corp.example` itself alone, `*.corp.example`
    its sub-domains alone, `*` any."""
    if pattern.strip() == "*":
        return True
    wanted = domain_pattern(pattern)
    if wanted is None:
        return False
    have, want = domain.split("."), wanted.split(".")
    if want[0] == "*":
        if len(have) < len(want):
            return False
        have, want = have[len(have) - len(want) + 1 :], want[1:]
    return len(have) == len(want) and all(matches(w, h) for w, h in zip(want, have, strict=True))


def is_like(address: str, glob: str) -> bool:
    """Whether a canonical address matches a glob: by its sides where the glob has an at sign, else
    as a whole (`robot-*`)."""
    if "@" in glob:
        return in_address(address, glob)
    return matches(glob.strip().lower(), address)


def in_address(address: str, pattern: str) -> bool:
    """Whether a canonical address matches a pattern `local@domain`, each side a glob; a pattern
    without an at sign is a domain."""
    local, _, domain = address.rpartition("@")
    want_local, at, want_domain = pattern.strip().rpartition("@")
    if not at:
        return in_domain(domain, pattern)
    return in_domain(domain, want_domain) and matches(want_local.lower(), local)
