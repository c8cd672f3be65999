"""Bytes in the character set that a mail claims for them."""

from __future__ import annotations

import codecs

# codecs of Python that are no character sets of mail: slow on hostile input, or able to make half characters
_NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "charmap"))


def decode(data: bytes, charset: str, errors: str = "strict") -> str:
    """The text; raises LookupError for an unknown character set, ValueError for bytes that are not of it."""
    name = codecs.lookup(charset).name.replace("-", "_")
    if name in _NO_CHARSETS:
        raise LookupError(f"{charset} is no character set of mail")
    return data.decode(charset, errors).encode("utf-8", "replace").decode()
