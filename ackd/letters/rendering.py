"""The letters in their languages: the owner's own templates first, then the packaged ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ackd.letters import html, template
from ackd.letters.sanitize import tidy_subject
from ackd.letters.template import TemplateProblem
from ackd.letters.template_values import NAMES, LetterValues
from ackd.model import LetterName

FALLBACK = "en"  # the language of a letter that there is no template for
_FRAME = "letter.html.j2"
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter ready to be sent. `fell_back` says why the owner's own template wasn't used; it
    is empty if all went well. `language` is the one that it is written in, `is_own` that its words are those
    of the owner's own template."""

    subject: str
    text: str
    html: str
    fell_back: str = ""
    language: str = FALLBACK
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class _File:
    """A template's file. A packaged one is read once; the owner may change another at any time."""

    path: Traversable
    is_packaged: bool = False

    def text(self) -> str:
        return _packaged_text(self) if self.is_packaged else _read(self.path)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where one letter may come from: its words, and the HTML frame around them."""

    words: _File
    frame: _File
    language: str

    @property
    def label(self) -> str:
        return f"{self.language}/{self.words.path.name}"


@dataclass(frozen=True, slots=True)
class Letters:
    """Templates by name and language. `directory` holds the owner's own, in the same layout:
    LANGUAGE/LETTER.txt.j2 for the words, and, if the HTML is to look otherwise, a frame
    LANGUAGE/LETTER.html.j2 or letter.html.j2. `language` is used for every letter; empty: each
    asker's own."""

    directory: Path | None = None
    language: str = ""

    def render(self, name: LetterName, language: str, values: LetterValues) -> Rendered:
        """The letter in a language, or in English where there is none in that language.

        Raises TemplateProblem if not even the packaged template can be used.
        """
        failed: list[str] = []
        for source in self._sources(name, _base(language)):
            try:
                return replace(_rendered(source, values), fell_back="; ".join(failed))
            except TemplateProblem as problem:
                failed.append(f"{source.label}: {problem}")
        raise TemplateProblem("; ".join(failed))

    def languages(self) -> tuple[str, ...]:
        """The languages that there are letters in, packaged or the owner's own."""
        own = self.directory.iterdir() if self.directory and self.directory.is_dir() else ()
        names = [path.name for path in (*packaged().iterdir(), *own) if path.is_dir()]
        return tuple(sorted({name for name in names if _LANGUAGE.fullmatch(name)}))

    def problems(self) -> tuple[str, ...]:
        """Everything wrong with the owner's own templates, each with its file and remedy."""
        if self.directory is None:
            return ()
        if not self.directory.is_dir():
            return (f"{self.directory}: there is no such folder",)
        return tuple(p for path in sorted(self.directory.rglob("*.j2")) for p in self._problems_of(path))

    def warnings(self) -> tuple[str, ...]:
        """What is allowed of the owner's own templates and hardly meant: a letter that doesn't tell when the
        answer comes. Templates that can't be used are told by `problems`."""
        if self.directory is None or not self.directory.is_dir():
            return ()
        found = sorted(self.directory.rglob("*.txt.j2"))
        return tuple(w for path in found for w in self._warnings_of(path, path.relative_to(self.directory)))

    def _warnings_of(self, path: Path, shown: Path) -> Iterator[str]:
        if not _is_letter(shown) or len(shown.parts) == 1:
            return
        try:
            if all(_tells_date(packaged() / FALLBACK / path.name)) and not all(_tells_date(path)):
                yield (
                    f"{shown}: it doesn't always say by when the answer comes, which is the promise: write "
                    "{{ due }} into it"
                )
        except TemplateProblem:
            return

    def _problems_of(self, path: Path) -> Iterator[str]:
        assert self.directory is not None
        shown = path.relative_to(self.directory)
        if not _is_letter(shown):
            yield f"{shown}: not a letter's name; use LANGUAGE/LETTER.txt.j2 with one of {', '.join(NAMES)}"
            return
        try:
            is_html = path.name.endswith(".html.j2")
            found = template.problems(_read(path), html=is_html)
            yield from (f"{shown}: {problem}" for problem in found)
            for example in () if found else _EXAMPLES:
                _rendered(_tried(path, is_frame=is_html), example)
        except TemplateProblem as problem:
            yield f"{shown}: {problem}"

    def _sources(self, name: LetterName, language: str) -> Iterator[_Source]:
        for code in dict.fromkeys((language, FALLBACK)):
            plain = _packaged_file(_FRAME)
            framed = self._own(code, f"{name}.html.j2") or self._own(_FRAME)
            for words in (self._own(code, f"{name}.txt.j2"), _packaged_file(code, f"{name}.txt.j2")):
                for frame in (framed, plain):
                    if words is not None and frame is not None:
                        yield _Source(words, frame, code)

    def _own(self, *names: str) -> _File | None:
        own = self.directory.joinpath(*names) if self.directory else None
        return _File(own) if own and own.is_file() else None


def _tells_date(path: Traversable) -> Iterator[bool]:
    """Whether a letter tells another thing where another date is promised, for each who may get it."""
    words = _read(path)
    for example in _EXAMPLES:
        alone = replace(example, previous=None, deadline=None)
        once, later = (
            template.split(template.run(words, replace(alone, due=due).shown(FALLBACK)))
            for due in (_THEN, _THEN + timedelta(days=1))
        )
        yield once != later


def _tried(path: Path, *, is_frame: bool) -> _Source:
    """An own template together with a packaged one, to be tried."""
    words, frame = _packaged_file(FALLBACK, "received.txt.j2"), _packaged_file(_FRAME)
    assert words is not None, "it is in the package"
    assert frame is not None, "it is in the package"
    if is_frame:
        return _Source(words, _File(path), FALLBACK)
    return _Source(_File(path), frame, path.parent.name)


def _rendered(source: _Source, values: LetterValues) -> Rendered:
    words, shown = source.words.text(), values.shown(source.language)
    subject, text = template.split(template.run(words, shown))
    rich = html.rich(shown)
    _, escaped = template.split(template.run(words, rich, html=True))
    content = html.content(escaped)
    around = {**rich, "content": content, "letter_language": source.language}
    framed = template.run_html(source.frame.text(), around)
    if content not in framed:
        raise TemplateProblem(
            f"the frame {source.frame.path.name} leaves the letter out: it needs {{{{ content }}}}"
        )
    return Rendered(
        tidy_subject(subject),
        f"{text}\n",
        framed,
        language=source.language,
        is_own=not source.words.is_packaged,
    )


def _read(path: Traversable) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(template.LONGEST + 1)
    except UnicodeDecodeError:
        raise TemplateProblem("it is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise TemplateProblem(f"it can't be read: {error.strerror}") from None


@cache
def packaged() -> Traversable:
    """The templates in the installed package, or beside it in a source tree."""
    inside = files("ackd") / "templates"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "templates"


@cache
def _packaged_file(*names: str) -> _File | None:
    found = packaged().joinpath(*names)
    return _File(found, is_packaged=True) if found.is_file() else None


@cache
def _packaged_text(file: _File) -> str:
    return _read(file.path)


def _base(language: str) -> str:
    """The language of a tag such as de-AT (RFC 5646)."""
    code = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return code if _LANGUAGE.fullmatch(code) else FALLBACK


def _is_letter(path: Path) -> bool:
    if len(path.parts) == 1:
        return path.name == _FRAME
    name = path.name.removesuffix(".txt.j2").removesuffix(".html.j2")
    return len(path.parts) == 2 and bool(_LANGUAGE.fullmatch(path.parts[0])) and name in NAMES


_THEN = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
_EXAMPLES = (
    LetterValues("", "Alice Smith", "alice@corp.example", "", _THEN),
    LetterValues(
        "Bob",
        "Alice Smith",
        "alice@corp.example",
        "Budget",
        _THEN,
        _THEN,
        _THEN,
        _THEN,
        _THEN,
        "carol@corp.example",
    ),
)
