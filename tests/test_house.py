"""The house keeps its shape: who may import what, what is pure, no circles, and how large things grow
(docs/architecture.md)."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType

from ackd.judge import facts
from ackd.judge.decide import decide
from ackd.text.languages import LANGUAGES
from exchange_sandbox.ews.properties.keys import KEYS
from tests.people import ALICE, mail, settings

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([*(ROOT / "ackd").rglob("*.py"), *(ROOT / "exchange_sandbox").rglob("*.py")])

#: What every room stands on: errors, the clocks, and the check that files are their owner's alone, which
#: whatever reads or makes a file goes by (configuration, ledger, state).
GROUND = ("ackd.errors", "ackd.clock", "ackd.own_files", "ackd.zones", "ackd.babel_dates")
ENGINE = ("model", "ports", "text", "judge", "promise", "letters", "engine")
#: Dependencies point one way: of ackd, the modules of a room may import only these rooms and the ground.
ROOMS = {
    "model": ("model",),
    "ports": ("model", "ports"),
    "text": ("model", "text"),
    "judge": ("model", "text", "judge"),
    "promise": ("model", "text", "promise"),
    "letters": ("model", "text", "promise", "letters"),
    "ledger": ("model", "ports", "ledger"),
    "mailbox": ("model", "ports", "text", "config", "mailbox"),
    "config": ("model", "text", "config"),
    "engine": ENGINE,
    "views": (*ENGINE, "views"),
    "runtime": (*ENGINE, "config", "mailbox", "ledger", "runtime"),
    "demo": (*ENGINE, "views", "config", "runtime", "mailbox", "demo"),
    "web": (*ENGINE, "views", "config", "runtime", "web"),
    "cli": (*ENGINE, "views", "config", "runtime", "demo", "web", "cli"),
}
#: Rooms without input and output, and without a clock of their own. (An owner's templates are files: letters
#: read them, bounded.)
PURE = (
    "ackd.model",
    "ackd.text",
    "ackd.judge",
    "ackd.promise",
    "ackd.letters",
    "ackd.engine.limits",
    "ackd.engine.alerts",
    "ackd.engine.task_match",
)
IMPURE = {
    *("http", "smtplib", "urllib.request"),
    *("exchangelib", "requests", "msal", "sqlalchemy", "alembic", "sqlite3", "apscheduler"),
    *("os", "socket", "subprocess", "threading", "time", "logging", "random", "secrets", "ssl"),
}
#: What may be imported in one place alone, by whole names of packages or modules.
ALONE = {
    "exchangelib": ("ackd.mailbox.ews",),
    "msal": ("ackd.mailbox.sign_in",),
    "apscheduler": ("ackd.runtime.scheduler",),
    "sqlalchemy": ("ackd.ledger",),
    "alembic": ("ackd.ledger.upgrade", "ackd.ledger.migrations"),
    "sqlite3": ("exchange_sandbox",),
    "jwt": ("exchange_sandbox.authority",),
    "typer": ("ackd.cli",),
    "rich": ("ackd.cli",),
    "procrastinate": ("ackd.runtime.fleet.queue",),
    "prometheus_client": ("ackd.runtime.fleet.metrics",),
    "drawsvg": ("ackd.views.charts",),
    "apprise": ("ackd.runtime.alarm_ways",),
    "starlette": ("ackd.web",),
    "uvicorn": ("ackd.web.serve",),
    "ackd.ledger": ("ackd.ledger", "ackd.runtime.ledgers"),
    "ackd.mailbox.ews": ("ackd.mailbox.ews", "ackd.mailbox"),
    "ackd.mailbox.graph": ("ackd.mailbox.graph", "ackd.mailbox"),
    "ackd.mailbox.memory": ("ackd.mailbox",),
    "exchange_sandbox": ("exchange_sandbox", "ackd.cli", "ackd.demo"),
}
#: The sandbox's rooms below its faces, and what would be a face's word in them (headers of mail not counted).
NEUTRAL = tuple(f"exchange_sandbox.{room}" for room in ("store", "transport", "mime", "calendar"))
ELEMENTS = {name for name in KEYS if name[1:] != name[1:].lower()} - {"UID"}


def module_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def within(module: str, package: str) -> bool:
    """Whether a module is the package or in it, by whole names: `ackd.judge` has no `ackd.judgement`."""
    return module == package or module.startswith(package + ".")


def of_each(modules: Iterable[str]) -> Callable[[Callable[[str], None]], Callable[[], None]]:
    """One test for all of them: they are hundreds, and each takes a moment."""

    def made(check: Callable[[str], None]) -> Callable[[], None]:
        def test() -> None:
            for module in modules:
                check(module)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return made


MODULES = {module_of(path): path for path in SOURCES}


@cache
def imports(module: str) -> tuple[str, ...]:
    """The modules that a module imports, wherever in it; of ackd and the sandbox the very modules."""
    return tuple(_imports(ast.parse(MODULES[module].read_text(encoding="utf-8"))))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports name whole modules"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


@of_each(MODULES)
def test_a_room_imports_only_what_lies_below_it(module: str) -> None:
    room = module.split(".")[1] if module.count(".") else ""
    for name in imports(module):
        if within(module, "exchange_sandbox"):
            assert not within(name, "ackd"), f"{module} imports {name}"
        elif within(name, "ackd") and room in ROOMS and name not in ("ackd", *GROUND):
            assert any(within(name, f"ackd.{one}") for one in ROOMS[room]), f"{module} imports {name}"


@of_each([m for m in MODULES if any(within(m, room) for room in NEUTRAL)])
def test_the_neutral_rooms_of_the_sandbox_know_no_face(module: str) -> None:
    """A face speaks a protocol; what it stands on speaks none."""
    for name in imports(module):
        for face in ("exchange_sandbox.ews", "exchange_sandbox.graph", "exchange_sandbox.authority"):
            assert not within(name, face), f"{module} imports {name}"
    if module != "exchange_sandbox.store.schema":
        text = MODULES[module].read_text(encoding="utf-8")
        spoken = {name for name in ELEMENTS if f'"{name}"' in text}
        assert not spoken, f"{module} says {spoken}, which is EWS's"


@of_each(MODULES)
def test_what_has_one_home_is_imported_there_alone(module: str) -> None:
    for name in imports(module):
        for package, homes in ALONE.items():
            if within(name, package):
                assert any(within(module, home) for home in homes), f"{module} imports {name}"


@of_each([m for m in MODULES if any(within(m, room) for room in PURE)])
def test_pure_rooms_are_pure(module: str) -> None:
    found = {part for name in imports(module) for part in (name, name.partition(".")[0])} & IMPURE
    assert not found, f"{module} imports {found}"


@of_each([m for m in MODULES if within(m, "ackd.views")])
def test_views_give_frozen_values_and_print_nothing(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            assert ast.unparse(node.func) != "print", f"{module}:{node.lineno} prints"
            is_thawed = ast.unparse(node.func) == "dataclass" and "frozen=True" not in ast.unparse(node)
            assert not is_thawed, f"{module}:{node.lineno} isn't frozen"
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns:
            assert "dict" not in ast.unparse(node.returns), f"{module}:{node.lineno} {node.name} gives a dict"


def test_no_room_is_forgotten_and_no_module_lies_flat() -> None:
    flat = {module for module in MODULES if module.count(".") == 1 and MODULES[module].name != "__init__.py"}
    assert {module for module in flat if within(module, "ackd")} == {*GROUND, "ackd.__main__"}
    rooms = {path.parent.name for path in SOURCES if path.parent.parent == ROOT / "ackd"}
    assert rooms == set(ROOMS)


@of_each([m for m in MODULES if m.startswith("ackd.") and m.count(".") == 2])
def test_the_architecture_names_every_module_of_the_story(module: str) -> None:
    """Of the rooms that it draws module by module."""
    _, room, name = module.split(".")
    if room not in ("judge", "promise", "engine", "runtime", "views"):
        return
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = page.partition("## The rooms")[2].partition("\n## ")[0]
    assert name in set(re.findall(r"\w+", drawn)), f"docs/architecture.md doesn't name {module}"


def test_the_architecture_draws_the_arrows_as_they_are() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn: dict[str, set[str]] = {"model": set()}
    for line in page.partition("arrows lead:\n\n```\n")[2].partition("```")[0].splitlines():
        for chain in re.split(r" {4,}", re.sub(r" +→", " →", line)):
            rooms = [re.split(r", ", part.strip()) for part in chain.split("→")]
            for here, there in itertools.pairwise(rooms):
                for room in here:
                    drawn.setdefault(room, set()).update(there)

    def reach(room: str, *, is_first: bool = True) -> set[str]:
        next_ones = drawn[room] - (set() if is_first else {"mailbox", "ledger"})
        return {room}.union(*(reach(one, is_first=False) for one in next_ones))

    assert {room: reach(room) for room in drawn} == {room: set(known) for room, known in ROOMS.items()}


def test_no_circles() -> None:
    """No module needs itself, however far around: depth-first search, late imports counted too."""
    done: set[str] = set()
    way: list[str] = []

    def visit(module: str) -> None:
        if module in done or module not in MODULES:
            return
        assert module not in way, " → ".join([*way[way.index(module) :], module])
        way.append(module)
        for name in imports(module):
            if name != module.rpartition(".")[0]:  # a package that gathers its own modules
                visit(name)
        done.add(way.pop())

    for module in MODULES:
        visit(module)


def test_the_commands_are_there_before_anything_heavy_is_loaded() -> None:
    """`ackd --help` answers at once: what a command needs is imported when it runs."""
    heavy = (
        "ackd.model",
        "ackd.config",
        "pydantic",
        "sqlalchemy",
        "exchangelib",
        "lxml",
        "requests",
        "jinja2",
    )
    said = f"import ackd.cli, sys; print([one for one in {heavy} if one in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


def test_the_way_of_a_mail_through_judging_stays_short() -> None:
    """Who follows one mail from its facts to its verdict opens so many files, and no more."""
    question = mail("q")
    policy = settings().policy
    decide(facts.read(question, ALICE), policy)  # what is read once is read by now
    entered: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path in ways:
            entered.add(ways[path])

    ways = {path: module for module, path in MODULES.items() if not within(module, "ackd.model")}
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        decide(facts.read(question, ALICE), policy)
    finally:
        sys.setprofile(before)
    assert "ackd.judge.rules.robots" in entered
    assert len(entered) <= 28, sorted(entered)


#: Where languages may be listed beside their folders, and why.
LISTS_OF_LANGUAGES = {
    "ackd.config.schema.base": "one line types the configuration's values; a test holds it to the folders",
    "ackd.zones": "Unicode's names of zones, in languages in which Exchange and Windows are much used",
    "exchange_sandbox.store.standard_names": "the sandbox knows nothing of ackd: what Exchange calls folders",
}


@of_each(sorted(MODULES))
def test_no_module_lists_languages(module: str) -> None:
    """What ackd knows of a language stands in its folder, and the folders are found: no module has a list of
    languages, or a table by their codes."""
    if module in LISTS_OF_LANGUAGES:
        return
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    listed = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.expr) and _lists_languages(node)]
    assert not listed, f"{module}: lines {listed}"


def _lists_languages(node: ast.expr) -> bool:
    keys: list[ast.expr | None] = []
    if isinstance(node, ast.Dict):
        keys = [*node.keys]
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        keys = [*node.elts]
    elif isinstance(node, ast.Call):
        return len({one.arg for one in node.keywords} & set(LANGUAGES)) > 1
    said = {key.value for key in keys if isinstance(key, ast.Constant)}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        said = set(node.value.split())  # "en de fr"
        return len(said) > 1 and said <= set(LANGUAGES)
    return len(said & set(LANGUAGES)) > 1


def test_each_exception_lists_languages() -> None:
    """An exception that isn't needed any more would hide the next list."""
    for module in LISTS_OF_LANGUAGES:
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        assert any(isinstance(node, ast.expr) and _lists_languages(node) for node in ast.walk(tree)), module


@of_each(MODULES)
def test_files_and_functions_stay_small(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    assert text.count("\n") <= 400, f"{module} is too long"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{module}:{node.lineno} {node.name} has {length} lines"
