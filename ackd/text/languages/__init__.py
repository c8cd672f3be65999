"""What ackd knows of each language: one folder a language, named by its ISO 639-1 code, and nothing of it
anywhere else. A folder is found, not listed: see docs/languages.md, which says what stands in its files and
sections.

A folder's files are read when they are first asked for (`sections` says how they are written): `phrases.txt`
how people ask, thank, hurry, put off and settle, and how machines write; `temporal.txt` dates and durations
in words; `mail.txt` what mail programs write; `names.txt` what stands where a name should; `letters.txt` what
ackd writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

from ackd.text.languages import sections
from ackd.text.languages.sections import Sections, table, words_of
from ackd.text.phrases import Phrases
from ackd.text.tokens import plain

ENGLISH = "en"
"""The language that stands in for one that isn't known."""
_FIRST = "phrases"  # the file that makes a folder a language's
_KINDS = """
    ask tell wish query hint courtesy condition rhetorical promise inform thanks reply announce automatic
    opinion retort everyone greeting closing you me question urgent no_rush polite
"""
KINDS = tuple(_KINDS.split())
"""The kinds of phrases by which it is told whether a mail asks."""
_TALK = """
    holding stalling answering light offering permission agreeing waived withdrawn standing negation doubt
    harmless reacted but sooner later
"""
TALK = tuple(_TALK.split())
"""The kinds of phrases in what the two write to each other about a promise."""
_FLEETING = "moment invite at_once under_way small_talk along other_day treat leisure business"
FLEETING = tuple(_FLEETING.split())
"""The kinds of phrases of what is over before a letter would help."""
_ROBOT = "automatic away left elsewhere recalls sealed above because notice yours button mine"
ROBOT = tuple(_ROBOT.split())
"""The kinds of phrases by which a machine's text is told."""
_FRAME = ("greeting", "closing", "thanks", "reply", "urgent", "no_rush")


@dataclass(frozen=True)
class Language:
    """What is known of one language: the sections of the files in its folder."""

    code: str
    folder: Traversable
    _files: dict[str, Sections] = field(default_factory=dict, compare=False, repr=False)
    _texts: dict[str, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)

    def file(self, name: str) -> Sections:
        """The sections of a file; none where the folder hasn't got it. Raises ValueError for one that is
        written otherwise than `sections` says."""
        if name not in self._files:
            file, where = self.folder / f"{name}.txt", f"{self.code}/{name}.txt"
            text = file.read_text(encoding="utf-8") if file.is_file() else ""
            self._files[name] = sections.read(name, text, where)
        return self._files[name]

    def lines(self, section: str, file: str = _FIRST) -> Sequence[str]:
        """The lines of a section; none where the file hasn't got it."""
        return self.file(file).get(section, ())

    def words(self, section: str, file: str = _FIRST) -> Sequence[str]:
        """The words of a section of single words."""
        return words_of(self.lines(section, file))

    def texts(self, section: str) -> dict[str, str]:
        """The texts of letters in a section, by their names."""
        if section not in self._texts:
            self._texts[section] = dict(sections.entries(self.lines(section, "letters")))
        return self._texts[section]

    @property
    def name(self) -> str:
        """The language's English name."""
        return self.lines("name")[0]

    @cached_property
    def phrases(self) -> Phrases:
        """All phrases by kind, ready to be found. Verbs make orders (at the start of a sentence or
        a clause) and, after please, requests."""
        kinds = {kind: list(self.lines(kind)) for kind in KINDS}
        kinds["automatic"] += self.lines("away")
        verbs = "|".join(self.words("verbs"))
        if verbs:
            kinds |= {"order": [f"^ {verbs}"], "clause": [f", {verbs}"]}
            kinds["ask"] += [f"{polite} {verbs}" for polite in self.lines("polite")]
        return Phrases(kinds)

    @cached_property
    def modals_of_third(self) -> frozenset[str]:
        """The words around a third one's name by which that one is asked, in their plain form."""
        return frozenset(map(plain, self.words("modals_of_third")))

    @cached_property
    def third(self) -> frozenset[str]:
        """The verbs after a third one's name, in their plain form."""
        return frozenset(map(plain, self.words("third")))

    @cached_property
    def contingent(self) -> Phrases:
        """The phrases that tell what to do if something is urgent, and so don't say that it is."""
        return Phrases({"contingent": self.lines("contingent")})

    @cached_property
    def talk(self) -> Phrases:
        """The phrases of a conversation about a promise, with those that frame a letter."""
        return Phrases({kind: self.lines(kind) for kind in (*TALK, *_FRAME, "contingent")})

    @cached_property
    def fleeting(self) -> Phrases:
        """The phrases of what is over before a letter would help; places in them have many alternatives."""
        named = dict(sections.entries(self.lines("sets")))
        kinds = {kind: [_with(named, line) for line in self.lines(kind)] for kind in FLEETING}
        return Phrases(kinds, merged=1)

    @cached_property
    def robot(self) -> Phrases:
        """The phrases by which a machine's text is told."""
        return Phrases({kind: self.lines(kind) for kind in ROBOT})


def _with(named: Mapping[str, str], line: str) -> str:
    """A line with the alternatives of the sets that it names; "^" is any clause's beginning here."""
    for name, said in named.items():
        line = line.replace(f"{{{name}}}", said)
    return f",{line[1:]}" if line.startswith("^ ") else line


def found_in(folder: Traversable) -> dict[str, Language]:
    """The languages that have a folder in this one, by their codes; English, which stands in for others,
    first."""
    folders = [one for one in folder.iterdir() if (one / f"{_FIRST}.txt").is_file()]
    ordered = sorted(folders, key=lambda one: (one.name != ENGLISH, one.name))
    return {one.name: Language(one.name, one) for one in ordered}


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """Every language that has a folder, by its code."""
    return found_in(resources.files(__name__))


def language(code: str | None) -> Language:
    """The language of a code; English for one that isn't known."""
    known = languages()
    return known.get(code or "", known[ENGLISH])


@cache
def every_word(section: str, file: str) -> frozenset[str]:
    """The words of a section in all languages, for what is read before the language is known."""
    return frozenset(word for one in languages().values() for word in one.words(section, file))


@cache
def every_line(section: str, file: str) -> tuple[str, ...]:
    """The lines of a section in all languages."""
    return tuple(dict.fromkeys(line for one in languages().values() for line in one.lines(section, file)))


def every_entry(section: str, file: str) -> tuple[tuple[str, str], ...]:
    """The phrases of a table in all languages, with their values."""
    return tuple(table(every_line(section, file)))


LANGUAGES = tuple(languages())
"""The codes of the languages that ackd knows; English first."""
