"""The subjects that mail servers give to their automatic replies and reports."""

from __future__ import annotations

import re

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.phrases import plain

NAME = "automatic subject"
_STARTS = re.compile(
    r"(?:automatic reply|auto-?reply|autoreply|out of (?:the )?office(?: autoreply)?|automatische antwort"
    r"|abwesenheits(?:notiz|mitteilung)|abwesend|reponse automatique|absence du bureau|respuesta automatica"
    r"|fuera de la oficina|automatisch antwoord|niet aanwezig|risposta automatica|fuori sede"
    r"|resposta automatica|fora do escritorio|undeliverable|unzustellbar|non remis|no se puede entregar"
    r"|onbestelbaar|non recapitabile"
    r"|nao entregue|read|gelesen|not read|ungelesen|delivered|delivery status notification|returned mail"
    r"|mail delivery (?:failed|subsystem)|failure notice|recall)\s?(?::|\(|$)"
)


def check(facts: Facts, policy: Policy) -> Finding | None:
    if _STARTS.match(plain(facts.mail.subject[:200].strip())):
        return Veto(NAME, "its subject is an automatic reply's or a report's")
    return None
