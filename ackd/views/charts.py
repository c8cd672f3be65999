"""Bars as SVG: without scripts and styles of their own, so that a page with a strict content policy takes
them. Colours are those of a style sheet (`views/templates/report.css`), by the kind of each piece; a reader
of the screen hears title and description, and each chart has its table beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import drawsvg
from markupsafe import Markup

from ackd.letters.sanitize import one_line

_WIDTH, _LABEL, _NOTE = 480, 112, 78  # of the picture, the words before a bar, those behind it
_ROW, _BAR, _LETTER = 28, 20, 6.4  # heights, and the usual width of a letter
_GAP = 1  # between the pieces of a bar
_LONGEST, _LONGEST_TOLD = 51, 500  # letters drawn, and told


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: its kind, which the legend names, how long it is, and the words that stand on it."""

    kind: str
    size: float
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of pieces with words before and behind it; `mark` is a line across it."""

    label: str
    pieces: tuple[Piece, ...]
    note: str = ""
    mark: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below each other, and what they say in words. `name` is its own on a page; `legend` names the
    kinds of pieces. `most` is how long a bar may be, by default the longest one."""

    name: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]
    most: float | None = None


class _Desc(drawsvg.Title):  # type: ignore[misc]  # drawsvg carries no type information
    """What a picture shows, for whoever doesn't see it."""

    TAG_NAME = "desc"


def svg(chart: Chart) -> Markup:
    """The picture, as an element for an HTML page."""
    top = _legend_height(chart.legend)
    height = top + _ROW * len(chart.bars) + 6
    names = f"{chart.name}-title {chart.name}-desc"
    drawing = drawsvg.Drawing(
        _WIDTH, height, id_prefix=chart.name, role="img", class_="chart", **{"aria-labelledby": names}
    )
    drawing.append(drawsvg.Title(one_line(chart.title, _LONGEST_TOLD), id=f"{chart.name}-title"))
    drawing.append(_Desc(one_line(chart.description, _LONGEST_TOLD), id=f"{chart.name}-desc"))
    for element in _legend(chart.legend):
        drawing.append(element)
    longest = max((sum(piece.size for piece in bar.pieces) for bar in chart.bars), default=0)
    scale = (_WIDTH - _LABEL - _NOTE) / max(chart.most or longest, 1e-9)
    for number, bar in enumerate(chart.bars):
        for element in _row(bar, top + number * _ROW, scale):
            drawing.append(element)
    # what was drawn has texts alone from elsewhere, and drawsvg escapes them
    return Markup(drawing.as_svg(header=""))  # noqa: S704


def _row(bar: Bar, top: float, scale: float) -> Sequence[Any]:
    middle = top + _ROW / 2 + 4
    found = [_text(bar.label, _LABEL - 8, middle, text_anchor="end")]
    left = float(_LABEL)
    for piece in bar.pieces:
        width = piece.size * scale
        if not width:
            continue
        drawn = (left, top + (_ROW - _BAR) / 2, max(width - _GAP, 1), _BAR)
        found.append(drawsvg.Rectangle(*map(_short, drawn), class_=f"piece {piece.kind}"))
        if piece.words and len(piece.words) * _LETTER + 4 <= width:
            words = _text(
                piece.words, left + width / 2, middle, text_anchor="middle", class_=f"on {piece.kind}"
            )
            found.append(words)
        left += width
    if bar.mark is not None:
        at = _short(_LABEL + bar.mark * scale)
        line = (at, _short(top + 1), at, _short(top + _ROW - 1))
        found += [drawsvg.Line(*line, class_="mark edge"), drawsvg.Line(*line, class_="mark")]
        left = max(left, at)
    if bar.note:
        found.append(_text(bar.note, left + 6, middle, class_="note"))
    return found


def _legend(kinds: Sequence[tuple[str, str]]) -> Sequence[Any]:
    found = []
    for (kind, words), (left, line) in zip(kinds, _places(kinds), strict=True):
        top = line * 20
        found += [
            drawsvg.Rectangle(_short(left), top + 5, 12, 12, class_=f"piece {kind}"),
            _text(words, left + 17, top + 15),
        ]
    return found


def _places(kinds: Sequence[tuple[str, str]]) -> Sequence[tuple[float, int]]:
    """Where each entry of a legend stands: how far to the right, and in which line."""
    left, line, found = 0.0, 0, []
    for _, words in kinds:
        width = 17 + len(words) * _LETTER + 14
        if left and left + width > _WIDTH:
            left, line = 0.0, line + 1
        found.append((left, line))
        left += width
    return found


def _legend_height(kinds: Sequence[tuple[str, str]]) -> int:
    return 20 * (max((line for _, line in _places(kinds)), default=-1) + 1) + 4


def _text(words: str, x: float, y: float, **how: str) -> Any:
    return drawsvg.Text(one_line(words, _LONGEST), 12, _short(x), _short(y), **how)


def _short(number: float) -> float:
    return round(number, 1)
