"""The reliability plot: of the mails with a probability, how many ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

Tenths = Sequence[tuple[float, float, int]]


def plot(ways: Mapping[str, Tenths], path: Path) -> None:
    """Draw mean probability, share that asks and number of mails of each tenth as SVG, by each way of holding
    mails out."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    with mpl.rc_context({"svg.hashsalt": "ackd"}):
        figure, axes = plt.subplots(figsize=(4.2, 4.2), layout="constrained")
        axes.plot([0, 1], [0, 1], "--", color="grey")
        for (name, tenths), marker in zip(ways.items(), "os^v", strict=False):
            axes.plot([p for p, _, _ in tenths], [share for _, share, _ in tenths], f"{marker}-", label=name)
            for probability, share, count in tenths:
                offset = (6, -10) if marker == "o" else (-16, 6)
                axes.annotate(
                    str(count), (probability, share), textcoords="offset points", xytext=offset, fontsize=7
                )
        axes.set(xlabel="probability", ylabel="share that asks", title="Held-out mails, their number beside")
        axes.legend(fontsize=8)
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        plt.close(figure)
