"""What judging a mail costs: time by size, time on hostile text, memory and import."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from ackd.judge import decide, facts
from ackd.judge.classifier import model
from ackd.judge.policy import Policy
from ackd.model import Mail, Owner
from ackd.text import eml

_OWNER = Owner("alice@corp.example", "Alice Smith")
_POLICY = Policy(owner=_OWNER, domains=("corp.example",))
_ROUNDS = 5
HOSTILE = {
    "one word": "A" * 1_000_000,
    "requests": "could you please let me know if " * 32_000,
    "line ends": "\n" * 1_000_000,
    "header lines": "From: x\nSent: y\n" * 62_000,
    "names": "Bob, " * 200_000,
    "question marks": "? " * 500_000,
    "short lines": "+1 555 123\n\n" * 80_000,
    "open tags": "<div " * 200_000,
    "nested quotes": "<blockquote type=cite>" * 45_000,
}
# What ackd has loaded before the judge is: its model, and what that brings of the standard library.
_BEFORE = "import json, html, pathlib, importlib.resources, ackd.model\n"
_CODE = (
    "import time\nfrom bench.parts.resident import resident\n"
    f"{_BEFORE}"
    "held, begun = resident(), time.perf_counter()\n"
    "from ackd.judge import decide, facts\n"
    "imported = time.perf_counter() - begun\n"
    "from datetime import datetime, UTC\n"
    "for text in {texts!r}:\n"
    "    facts.read(ackd.model.Mail('<1>', datetime.now(UTC), 's', None, text=text),"
    " ackd.model.Owner('a@b.example', 'A'))\n"
    "print(imported * 1000, resident() - held)"
)
_TEXTS = (
    "Could you send it to me, please?",
    "Kannst du mir das bitte schicken?",
    "Peux-tu me l'envoyer, s'il te plaît ?",
    "¿Me lo puedes enviar, por favor?",
    "Kun je mij dat sturen, alsjeblieft?",
    "Puoi mandarmelo, per favore?",
    "Pode enviar-me isso, por favor?",
)


def usual(shared: Path) -> dict[str, float]:
    """Median milliseconds from a mail to its verdict: labelled mails of about 2 kB, and the same text
    five times over."""
    read = (eml.read(path.read_bytes()) for path in sorted((shared / "mail" / "labelled").glob("*.eml")))
    mails = [mail for mail in read if 1500 < len(mail.text) < 2500]
    _milliseconds(mails[0])
    return {
        "2 kB": median(_milliseconds(mail) for mail in mails),
        "10 kB": median(_milliseconds(replace(mail, text=mail.text * 5)) for mail in mails),
    }


def hostile() -> dict[str, float]:
    """Milliseconds for a megabyte of what an attacker could send, as text or as HTML."""
    mail = Mail("<1@corp.example>", eml.EPOCH, "x", None)
    return {
        name: _milliseconds(replace(mail, html=text) if "<" in text else replace(mail, text=text))
        for name, text in HOSTILE.items()
    }


def _milliseconds(mail: Mail) -> float:
    times = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        decide.decide(facts.read(mail, _OWNER), _POLICY)
        times.append(time.perf_counter() - begun)
    return min(times) * 1000


def start() -> tuple[float, float]:
    """Milliseconds that the judge's import takes, and megabytes that it adds once it has read a mail in
    each of the seven languages; both in a fresh process."""
    command = (sys.executable, "-c", _CODE.format(texts=_TEXTS))
    runs = [
        subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(_ROUNDS)
    ]
    pairs = [tuple(map(float, run.split())) for run in runs]
    return min(pair[0] for pair in pairs), max(pair[1] for pair in pairs)


def model_size() -> float:
    """Kilobytes of the model's file."""
    return Path(model.__file__).with_name("request_model.json").stat().st_size / 1000
