"""One file a language, found by scanning: how its people ask, thank, hurry and quote.

A file `xx.py` (ISO 639-1) defines `LANGUAGE`. Phrases are written as `ackd.judge.words` says.
A new language is one file plus its golden mails.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ackd.judge.words import Phrases


@dataclass(frozen=True)
class Language:
    """What the judge knows of one language.

    `common` are short, frequent words that tell the language. `name` is its English name.
    Kinds of phrases:
    `ask` puts a request to the reader; `query` are words of a question that ask only where there
    is a question mark; `hint` asks by the way (a need, a wish, an open point); `verbs` are the
    orders that a bare imperative begins with (at the start of a sentence or a clause, or after
    please); `polite` the words for please; `courtesy` only sounds like a request ("let me
    know if you have questions"); `condition` makes what follows hypothetical; `rhetorical`
    wants no answer; `promise` is what the sender will do; `inform` hands over information;
    `thanks`; `reply` answers or agrees; `announce` speaks to many; `automatic` is a robot's;
    `opinion` asks what the reader thinks; `everyone` puts it to all recipients; `greeting` and
    `closing` frame a letter; `you`, `me`: the reader, the sender; `question`: words that
    begin a question; `urgent`, `no_rush`.
    `headers` are the words for From, Sent/Date, To, Cc, Subject in quoted mails, `wrote` regular
    expressions of the line that introduces a quote, `forwarded` the words of forwarding lines,
    `footers` the beginnings of mobile footers and `disclaimers` of legal notices.
    """

    code: str
    name: str
    common: str
    ask: str = ""
    query: str = ""
    hint: str = ""
    verbs: str = ""
    polite: str = ""
    courtesy: str = ""
    condition: str = ""
    rhetorical: str = ""
    promise: str = ""
    inform: str = ""
    thanks: str = ""
    reply: str = ""
    announce: str = ""
    automatic: str = ""
    opinion: str = ""
    everyone: str = ""
    greeting: str = ""
    closing: str = ""
    you: str = ""
    me: str = ""
    question: str = ""
    urgent: str = ""
    no_rush: str = ""
    headers: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()
    forwarded: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()

    @cached_property
    def phrases(self) -> Phrases:
        """All phrases by kind, ready to be found."""
        kinds = {kind: getattr(self, kind) for kind in KINDS}
        verbs = "|".join(self.verbs.split())
        polite = [line.strip() for line in self.polite.splitlines() if line.strip()]
        if verbs:
            kinds["order"] = f"^ {verbs}"
            kinds["clause"] = f", {verbs}"
            kinds["ask"] += "\n" + "\n".join(f"{p} {verbs}" for p in polite)
        return Phrases(kinds)

    @cached_property
    def robot(self) -> Phrases:
        """The phrases by which a text says itself that it is automatic."""
        return Phrases({"automatic": self.automatic})


_KINDS = """
    ask query hint courtesy condition rhetorical promise inform thanks reply announce automatic opinion
    everyone greeting closing you me question urgent no_rush polite
"""
KINDS = tuple(_KINDS.split())


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """Every language that has a file, by its code."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        language: Language = importlib.import_module(f"{__name__}.{module.name}").LANGUAGE
        found[language.code] = language
    return found
