"""Whether markup hides what it holds: text that no reader sees is none that somebody wrote to him."""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*(?:hidden|collapse)"
    r"|font(?:-size)?\s*:\s*0*(?:[0-2](?:\.\d*)?|\.\d+)\s*(?:px|pt)\b|font-size\s*:\s*0*(?:\.0*\d+)?\s*(?:r?em|%|[;\"'}]|$)"
    r"|font\s*:\s*0[^\d.]|color\s*:\s*rgba\([^)]{1,30},\s*0*(?:\.0+)?\s*\)"
    r"|opacity\s*:\s*0*(?:\.0\d*)?\s*(?:[;\"'!}]|$)|color\s*:\s*transparent"
    r"|(?:text-indent|left|top|margin-left)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0|scale\(\s*0\s*\)",
)
#: Of no height or width, which hides only together with `overflow`.
_FLAT = re.compile(
    r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*[01](?:\.0+)?\s*(?:px|pt|em|%)?\s*(?:[;\"'!}]|$)"
)
_OVERFLOW = re.compile(r"overflow\s*:\s*hidden")
_ATTRIBUTE = re.compile(r"\s(?:hidden|size\s*=\s*[\"']?0)(?=[\s\"'/=]|$)")
_VALUES = re.compile(r"\"[^\"]*\"|'[^']*'")
_SHADE = r"\s{0,3}[\"']?\s{0,3}(#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([^)]{1,40}\)|[a-z]+)"
_COLOUR = re.compile(r"(?<![\w-])color\s{0,3}[:=]" + _SHADE)
_GROUND = re.compile(r"(?:background(?:-color)?\s{0,3}:|bgcolor\s{0,3}=)" + _SHADE)
_TOLD_BY = ("style", "hidden", "color", "size")
_LIGHT = 240  # of 255: what is as light can't be told from a white ground
_NAMED = frozenset(
    ("white", "snow", "ivory", "ghostwhite", "whitesmoke", "floralwhite", "azure", "mintcream")
)
_NO_GROUND = frozenset(("none", "transparent", "inherit", "initial", "unset", "window"))
_CLASS = re.compile(r"^\s*(?:[a-z]{1,10})?\.([\w-]{1,60})\s*$")
_LONGEST_SHEET = 50_000


def is_hidden(tag: str, dark: bool) -> bool:
    """Whether a tag (with its attributes, in lower case) hides its content; `dark` where the mail has
    a ground on which white letters are seen."""
    if not any(word in tag for word in _TOLD_BY):
        return False
    if _HIDDEN.search(tag) or (_FLAT.search(tag) and _OVERFLOW.search(tag)):
        return True
    if _ATTRIBUTE.search(_VALUES.sub('""', tag)):
        return True
    colour = _COLOUR.search(tag) if "color" in tag else None
    return colour is not None and not dark and _is_light(colour[1]) and not is_dark(tag)


def is_dark(tag: str) -> bool:
    """Whether a tag (in lower case) gives its content a ground that isn't white."""
    if "background" not in tag and "bgcolor" not in tag:
        return False
    ground = _GROUND.search(tag)
    if ground is None:
        return "url(" in tag
    return ground[1].lower() not in _NO_GROUND and not _is_light(ground[1])


def hidden_classes(sheet: str) -> frozenset[str]:
    """The classes that a style sheet hides everywhere. Rules for some screens only ("@media") hide
    nothing, since it isn't known on which screen the mail is read."""
    found: set[str] = set()
    sheet = sheet[:_LONGEST_SHEET].lower()
    media = sheet.find("@media")
    for rule in (sheet[:media] if media >= 0 else sheet).split("}"):
        selectors, _, body = rule.partition("{")
        if _HIDDEN.search(body + ";"):
            named = map(_CLASS.match, selectors[-300:].replace("<!--", "").split(","))
            found |= {one[1].lower() for one in named if one}
    return frozenset(found)


def _is_light(colour: str) -> bool:
    colour = colour.lower()
    if colour.startswith("hsl"):
        return _all_light([2.55 * float(one) for one in re.findall(r"\d+(?:\.\d+)?", colour)[2:3]] * 3)
    if colour.startswith("rgb"):
        return _all_light([float(one) for one in re.findall(r"\d+(?:\.\d+)?", colour)[:3]])
    if not colour.startswith("#"):
        return colour in _NAMED
    digits = colour[1:]
    if len(digits) < 6:
        digits = "".join(2 * one for one in digits[:3])
    return _all_light([int(digits[at : at + 2], 16) for at in (0, 2, 4)])


def _all_light(parts: list[float] | list[int]) -> bool:
    return len(parts) == 3 and min(parts) >= _LIGHT
