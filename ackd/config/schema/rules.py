"""The section `rules`: what the owner wants otherwise."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from ackd.config import hours, patterns
from ackd.config.field_types import Kind, read_one_or_each
from ackd.config.hours import Span
from ackd.config.patterns import Pattern
from ackd.config.schema.asking import SENSITIVITY
from ackd.config.schema.base import LANGUAGES, Category, Contact, Flag, PositiveSpan, Section, Text
from ackd.config.value_error import Wrong, WrongParts, nearest
from ackd.model import Always, Caution, LetterName, Urgency

_URGENCIES = tuple(urgency.value for urgency in Urgency)


def _several(names: tuple[str, ...]) -> Kind:
    """One of the names, or a list of them."""

    def read_one(value: object) -> str:
        if value not in names:
            raise Wrong(near=nearest(value, names) if isinstance(value, str) else None)
        return str(value)

    one = {"enum": list(names)}
    json = {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
    return Kind(
        lambda value: read_one_or_each(value, read_one), f"{', '.join(names)}, or a list of them", json
    )


_URGENCY = _several(_URGENCIES)
_LANGUAGE = _several(LANGUAGES)


def _read_urgencies(value: object) -> tuple[Urgency, ...]:
    return tuple(Urgency(name) for name in _URGENCY.read(value))


class When(Section):
    """The conditions of a rule. All that are set must hold; of a list, one entry must.

    Conditions that aren't set are empty or None.
    """

    subject: Annotated[tuple[Pattern, ...], patterns.WORDS] = Field(default=(), description="The subject.")
    text: Annotated[tuple[Pattern, ...], patterns.WORDS] = Field(
        default=(), description="What the sender newly wrote, without quotes and signature."
    )
    from_: Annotated[tuple[Pattern, ...], patterns.ADDRESSES] = Field(
        default=(), alias="from", description="The sender's address."
    )
    to: Annotated[tuple[Pattern, ...], patterns.ADDRESSES] = Field(
        default=(), description="One of the addresses in To and Cc."
    )
    group: Annotated[tuple[Pattern, ...], patterns.ADDRESSES] = Field(
        default=(),
        description="A distribution list that the sender belongs to. A glob or a regular expression "
        "compares with the lists that internal.groups and other rules name.",
    )
    urgency: Annotated[tuple[Urgency, ...], Kind(_read_urgencies, _URGENCY.allowed, _URGENCY.json)] = Field(
        default=(), description="How urgent the mail is."
    )
    language: Annotated[tuple[str, ...], _LANGUAGE] = Field(default=(), description="The mail's language.")
    internal: Flag | None = Field(default=None, description="Whether the sender is a colleague.")
    has_attachment: Flag | None = Field(default=None, description="Whether something is attached.")
    hour: Annotated[tuple[Span, ...], hours.DAY_HOURS] = Field(
        default=(),
        description="The hour of arrival, in the owner's time zone; the end doesn't belong to a span.",
    )
    weekday: Annotated[tuple[int, ...], hours.WEEKDAYS] = Field(
        default=(), description="The weekday of arrival, in the owner's time zone."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise Wrong("a rule needs a condition", allowed='for every mail {from: "*"}')
        return self


class Then(Section):
    """What a rule wants. What isn't set stays as it would be without the rule."""

    letter: LetterName | None = Field(
        default=None, description="The letter to send instead of the usual one."
    )
    contact: Contact | None = Field(
        default=None, description="Whom the letter names as the right person to ask."
    )
    within: PositiveSpan | None = Field(default=None, description="The promised time.")
    category: Category | None = Field(default=None, description="The task's category.")
    acknowledge: Always | None = Field(
        default=None,
        description="Acknowledge never, or always: also what looks like no question, a thank-you and a note "
        "among it, unless `threshold` says how much of a request it must be. Safety goes before always.",
    )
    threshold: Annotated[Caution | float, SENSITIVITY] | None = Field(
        default=None,
        description="How sure ackd must be that such a mail asks for an answer, in place of "
        "questions.sensitivity. With `acknowledge: always` 0.3 takes all that is at all a request, and no "
        "thanks.",
    )
    task: Flag | None = Field(
        default=None,
        description="Whether a task is made. With `acknowledge: never` one is made "
        "of a person's mail only: not of a machine's, a forged or an answered one.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.model_fields_set:
            raise Wrong("a rule needs an outcome", allowed="for instance {acknowledge: never}")
        if self.threshold is not None and self.acknowledge is Always.NEVER:
            raise WrongParts([(("threshold",), Wrong("with `acknowledge: never` it says nothing"))])
        if self.letter is LetterName.REDIRECT and self.contact is None:
            raise WrongParts([(("contact",), Wrong("the letter redirect needs one", allowed="an address"))])
        return self


class Rule(Section):
    """One rule of the owner's."""

    name: Text = Field(
        default="",
        description="What the record calls the rule.",
        json_schema_extra={"x-default": "its number"},
    )
    when: When = Field(description="The conditions; all of them must hold.")
    then: Then = Field(description="What happens then.")


def number_rules(value: object) -> object:
    """Rules without a name get one: their number."""
    if not isinstance(value, list | tuple):
        return value
    return [
        {"name": f"rule {number}", **rule} if isinstance(rule, dict) and "name" not in rule else rule
        for number, rule in enumerate(value, 1)
    ]


RULES_EXAMPLE = [
    {
        "name": "payroll goes to HR",
        "when": {"subject": "/payroll|salary/", "from": "*@corp.example"},
        "then": {"letter": LetterName.REDIRECT.value, "contact": "hr@corp.example", "task": False},
    },
    {
        "name": "the board",
        "when": {"from": ["ceo@corp.example", "*@board.corp.example"]},
        "then": {"acknowledge": Always.NEVER.value, "task": True},
    },
    {
        "name": "release questions",
        "when": {"text": ["release date", "go live"]},
        "then": {"acknowledge": Always.ALWAYS.value, "within": "1 business day", "category": "Release"},
    },
]
