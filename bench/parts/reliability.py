"""The reliability plot: of the mails with a probability, how many ask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def plot(tenths: Sequence[tuple[float, float, int]], path: Path) -> None:
    """Draw mean probability, share that asks and number of mails of each tenth as PNG."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(4.2, 4.2), layout="constrained")
    axes.plot([0, 1], [0, 1], "--", color="grey")
    axes.plot([p for p, _, _ in tenths], [share for _, share, _ in tenths], "o-")
    for probability, share, count in tenths:
        axes.annotate(str(count), (probability, share), textcoords="offset points", xytext=(6, -10))
    axes.set(xlabel="probability", ylabel="share that asks", title="Held-out mails, their number beside")
    figure.savefig(path, dpi=80, metadata={"Software": None})
