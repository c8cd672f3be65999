"""Write docs/demo.svg, the demo's output as a picture: `python -m tools.demo_picture` in the repository."""

from __future__ import annotations

import io
import logging
import re
import tempfile
from pathlib import Path

from rich.console import Console

from ackd.cli.demo import NEXT, WIDTH, show, show_afternoon, teller
from ackd.demo.stage import Stage

FILE = Path(__file__).resolve().parents[1] / "docs" / "demo.svg"
_FONTS = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)  # a picture fetches nothing; the viewer's own will do


def main() -> None:
    """Play the demo and save what a terminal would show."""
    logging.disable(logging.CRITICAL)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder)) as stage:
        console.print("[bold]A Monday morning at corp.example[/bold], in a sandbox on this machine\n")
        show(console, stage.play(teller(console)))
        show_afternoon(console, stage.go_on(teller(console)))
        console.print(NEXT, end="")
    picture = console.export_svg(title="ackd demo", unique_id="ackd")
    FILE.write_text(_FONTS.sub("", picture), encoding="utf-8")


if __name__ == "__main__":
    main()
