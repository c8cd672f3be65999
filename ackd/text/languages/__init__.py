"""One file a language: how its people ask, thank, hurry and quote.

A file `xx.txt` (ISO 639-1) has sections `[name]` with one thing a line; `#` begins a comment.
A new language is one file plus its golden mails.

- `name`: the language's English name. `common`: short, frequent words that tell the language.
- Phrases, written as `ackd.text.phrases` says: `ask` puts a request to the reader ("could you"),
  `tell` wants to be told ("let me know"), `wish` says what the sender would like ("I need"),
  `query` are words of a question that ask only where there is a question mark, `hint` asks by
  the way (a need, an open point), `courtesy` only sounds like a request ("let me know if you have
  questions"), `condition` makes what follows hypothetical, `rhetorical` wants no answer, `retort` takes the
  question before it back ("just kidding"), `promise`
  is what the sender will do, `inform` hands over information, `thanks`, `reply` answers or agrees,
  `announce` speaks to many, `automatic` is a robot's, `opinion` asks what the reader thinks,
  `everyone` puts it to all recipients, `greeting` and `closing` frame a letter, `you` and `me` are
  the reader and the sender, `question` the words that begin a question, `urgent`, `no_rush`,
  `polite` the words for please. `contingent` tells what to do if something is urgent ("in case of
  emergency call …"), and so says of nothing that it is.
- Phrases of a conversation that goes on: `holding` says that the writer will answer, `stalling` why
  not yet, `answering` takes a holding phrase back (conditions, what was said before, an answer after
  all). A day with nothing but words of `light` beside it is no answer either; in a question those of
  `offering` may stand there too ("Is Friday early enough?"), and `permission` asks for time ("Can I
  call on Friday?"); after a word of `agreeing` a day may be the answer ("Yes, Friday").
- What the asker says of the question: `waived` that no answer is needed any more ("never mind"),
  `withdrawn` that the matter is settled ("found it"), `standing` right before it takes that back.
  `negation` and `doubt` do so wherever they stand ("as soon as", "another"), other than inside
  `waived` and `harmless` ("no worries"), which says nothing of the matter, as `reacted` doesn't, by which a
  mail program tells of an emoji. `but` says that there is
  more, `sooner` and `later` how urgent it has become, besides `urgent` and `no_rush`.
- What is over before a letter would help: `moment` asks for a word, a call or somebody's presence now,
  `invite` to what people do together within the day (unless another day is named), `at_once` wants something
  this minute, `under_way` tells of what happens this minute ("the call starts in five minutes"), `small_talk`
  wants no answer by letter; `along` are the questions that only go with those ("Shall we?"), `other_day` is
  another day than today without its name ("soon"). `treat` and `leisure` are what such short questions are
  about, `business` the words that take the other meaning from them ("the coffee machine"). `sets` are
  alternatives by name ("meal = coffee|tea|lunch"), which these phrases may use ("free for [a] {meal}").
- What machines write: `away` says that the sender isn't there (it is of `automatic` for the classifier),
  `left` that somebody, or a mailbox, is no more, `elsewhere` sends the reader to somebody else; `recalls`
  takes a mail back; `above` tells where to answer; `because` tells at the foot why one gets the mail, and
  how to get no more; `notice` reports what happened to a thing ("your ticket has been closed"), `yours`
  begins with what is the reader's; with `button` begins the label of a button or a link. `mine` are the
  sender's own words ("I", "my"), which machines don't use.
- `verbs`: the orders that a bare imperative begins with.
- Marks of old text, separated by semicolons: `headers` the words for From, Sent, Date, To, Cc, Bcc,
  Subject (in this order) and others in quoted mails, `forwarded` the words of forwarding lines,
  `footers` the beginnings of mobile footers, `disclaimers` those of legal notices; `wrote` are
  regular expressions (plain form), one a line, of the line that introduces a quote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources

from ackd.text.phrases import Patterns, Phrases

#: The languages that ackd knows, by their ISO 639-1 codes; English, which stands in for others, first.
LANGUAGES = ("en", "de", "fr", "es", "nl", "it", "pt")
_KINDS = """
    ask tell wish query hint courtesy condition rhetorical promise inform thanks reply announce automatic
    opinion retort everyone greeting closing you me question urgent no_rush polite
"""
KINDS = tuple(_KINDS.split())
"""The kinds of phrases that a language file may hold."""
_TALK = """
    holding stalling answering light offering permission agreeing waived withdrawn standing negation doubt
    harmless reacted but sooner later
"""
TALK = tuple(_TALK.split())
"""The kinds of phrases in what the two write to each other about a promise."""
FLEETING = (
    "moment",
    "invite",
    "at_once",
    "under_way",
    "small_talk",
    "along",
    "other_day",
    "treat",
    "leisure",
    "business",
)
"""The kinds of phrases of what is over before a letter would help."""
ROBOT = (
    "automatic",
    "away",
    "left",
    "elsewhere",
    "recalls",
    "above",
    "because",
    "notice",
    "yours",
    "button",
    "mine",
)
"""The kinds of phrases by which a machine's text is told."""
_FRAME = ("greeting", "closing", "thanks", "reply", "urgent", "no_rush")
SECTIONS = frozenset((*KINDS, *TALK, *FLEETING, *ROBOT)) | {
    "name",
    "contingent",
    "common",
    "sets",
    "verbs",
    "headers",
    "forwarded",
    "footers",
    "disclaimers",
    "wrote",
}


@dataclass(frozen=True)
class Language:
    """What the judge knows of one language: its sections, line by line."""

    code: str
    sections: Mapping[str, Sequence[str]]

    @classmethod
    def parse(cls, code: str, text: str) -> Language:
        """A language file. Raises ValueError for a section that nobody knows."""
        sections: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in map(str.strip, text.splitlines()):
            if line.startswith("[") and line.endswith("]") and line[1:-1] in SECTIONS:
                lines = sections.setdefault(line[1:-1], [])
            elif line and not line.startswith("#"):
                lines.append(line)
        if "name" not in sections or "common" not in sections:
            raise ValueError(f"language file {code}: the sections name and common are needed")
        return cls(code, sections)

    @property
    def name(self) -> str:
        """The language's English name."""
        return self.sections["name"][0]

    def lines(self, section: str) -> Sequence[str]:
        """The lines of a section; none where the file hasn't got it."""
        return self.sections.get(section, ())

    def marks(self, section: str) -> tuple[str, ...]:
        """The marks of one kind of old text, in order."""
        joined = " ".join(self.lines(section))
        return tuple(mark.strip() for mark in joined.split(";") if mark.strip())

    @cached_property
    def phrases(self) -> Phrases:
        """All phrases by kind, ready to be found. Verbs make orders (at the start of a sentence or
        a clause) and, after please, requests."""
        kinds = {kind: list(self.lines(kind)) for kind in KINDS}
        kinds["automatic"] += self.lines("away")
        verbs = "|".join(" ".join(self.lines("verbs")).split())
        if verbs:
            kinds |= {"order": [f"^ {verbs}"], "clause": [f", {verbs}"]}
            kinds["ask"] += [f"{polite} {verbs}" for polite in self.lines("polite")]
        return Phrases(kinds)

    @cached_property
    def contingent(self) -> Phrases:
        """The phrases that tell what to do if something is urgent, and so don't say that it is."""
        return Phrases({"contingent": self.lines("contingent")})

    @cached_property
    def talk(self) -> Phrases:
        """The phrases of a conversation about a promise, with those that frame a letter."""
        return Phrases({kind: self.lines(kind) for kind in (*TALK, *_FRAME, "contingent")})

    @cached_property
    def fleeting(self) -> Patterns:
        """The phrases of what is over before a letter would help."""
        sets = dict(line.split(" = ") for line in self.lines("sets"))
        return Patterns({kind: [_with(sets, line) for line in self.lines(kind)] for kind in FLEETING})

    @cached_property
    def robot(self) -> Phrases:
        """The phrases by which a machine's text is told."""
        return Phrases({kind: self.lines(kind) for kind in ROBOT})


def _with(sets: Mapping[str, str], line: str) -> str:
    """A line with the alternatives of the sets that it names."""
    for name, said in sets.items():
        line = line.replace(f"{{{name}}}", said)
    return line


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """Every language that has a file, by its code."""
    folders = sorted(resources.files(__name__).iterdir(), key=lambda folder: folder.name)
    files = {folder.name: folder / "phrases.txt" for folder in folders if folder.is_dir()}
    found = (
        Language.parse(code, file.read_text(encoding="utf-8"))
        for code, file in files.items()
        if file.is_file()
    )
    return {language.code: language for language in found}
