"""What tests play at random: from fixed seeds, so that each run says what the last one said; or afresh.

Fresh seeds find what the fixed ones don't, and are played as long as one likes; the environment tells so:

- `ACKD_SEED` unset: Hypothesis derives each play from its test alone, and months, soaks and fuzzes begin with
  the seed that stands in the test.
- `ACKD_SEED=random`: other plays in each run, whose number pytest's last lines tell. Plays of the state
  machines that failed are kept in the folder `ACKD_PLAYS` (`.hypothesis/plays`) and come first the next time.
- `ACKD_SEED=<number>`: the run that told this number, once more.

How much is played is told by `ACKD_WHOLE`: set (as .ci/run does for the long tests), each property draws all
its examples, and otherwise a third.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import secrets
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

import ackd
import exchange_sandbox

#: Set where each property draws as many examples as it says (.ci/run); otherwise it draws a third of them.
WHOLE = "ACKD_WHOLE"
ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "ACKD_SEED"
#: The numbers of one month, soak or fuzz after another lie so far apart.
APART = 1_000


def begin() -> None:
    """Load the profile of this run. A process that pytest starts gets the number that was drawn here."""
    if os.environ.get(VARIABLE) == "random":
        os.environ[VARIABLE] = str(secrets.randbits(32))
    # time limits are against hangs alone, and slow draws are no fault: a busy machine breaks no test
    settings.register_profile(
        "ackd",
        derandomize=number() is None,
        max_examples=many(100),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("ackd")


def number() -> int | None:
    """The number of this run, None where the seeds are fixed."""
    said = os.environ.get(VARIABLE)
    return int(said) if said else None


def many(examples: int) -> int:
    """How many examples a property draws in this run, of those that it says."""
    return examples if os.environ.get(WHOLE) else -(-examples // 3)


def seeds(*fixed: int) -> list[int]:
    """The seeds with which a test is played: the fixed ones, or as many others."""
    run = number()
    return list(fixed) if run is None else [run + APART * place for place in range(len(fixed))]


def seeded(test: Any) -> Any:
    """A test of Hypothesis, or a state machine, with the number of this run as its seed, if it has one."""
    run = number()
    return test if run is None else seed(run)(test)


def play(machine: type[RuleBasedStateMachine], *, examples: int, steps: int, **held: Any) -> None:
    """Play a state machine, a fresh class each time; `held` are its class attributes. Where the plays are
    others each time, those that failed are kept, and a failure is told as it came, since making it small
    takes minutes."""
    profile = settings(
        max_examples=many(examples),
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    if number() is not None:
        folder = Path(os.environ.get("ACKD_PLAYS") or ROOT / ".hypothesis" / "plays")
        kept = DirectoryBasedExampleDatabase(folder)
        phases = (Phase.explicit, Phase.reuse, Phase.generate)
        profile = settings(profile, database=kept, phases=phases, print_blob=True)
    played = seeded(type(machine.__name__, (machine,), held))
    run_state_machine_as_test(played, settings=profile)


def import_everything(modules: Iterable[ModuleType]) -> None:
    """Import all of ackd and the sandbox where one of these test modules draws by Hypothesis: it draws from
    the constants of what is imported too, and that must not depend on which tests ran before."""
    if not any(_draws(module) for module in modules):
        return
    for package in (ackd, exchange_sandbox):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def _draws(module: ModuleType) -> bool:
    found = (getattr(value, "__module__", None) or "" for value in vars(module).values())
    return any(str(name).startswith("hypothesis") for name in found)
