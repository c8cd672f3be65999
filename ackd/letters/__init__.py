"""The texts that ackd writes: letters to askers, and the task for the owner."""

from ackd.letters.compose import later_letter, letter, letter_values
from ackd.letters.rendering import Letters, Rendered
from ackd.letters.task import TASK_STYLE, TaskStyle
from ackd.letters.template import TemplateProblem
from ackd.letters.template_values import NAMES, VARIABLES, LetterValues

__all__ = [
    "NAMES",
    "TASK_STYLE",
    "VARIABLES",
    "LetterValues",
    "Letters",
    "Rendered",
    "TaskStyle",
    "TemplateProblem",
    "later_letter",
    "letter",
    "letter_values",
]
