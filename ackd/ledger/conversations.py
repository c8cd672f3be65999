"""What is known of the conversations of mails, inside a transaction that the caller holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import RowMapping

from ackd.ledger import rows
from ackd.ledger.statements import Connection, select
from ackd.ledger.tables import answers, effects, promises
from ackd.ledger.tables import threads as later_mails
from ackd.model import EffectKind, EffectState, Mail, PromiseState, Thread

_ANSWERS = select(answers, answers.c.target, answers.c.recipient).where(rows.names(answers.c.target))
_LATER = select(later_mails, later_mails.c.message_id, later_mails.c.question).where(
    rows.names(later_mails.c.message_id)
)
_COLUMNS = (promises.c.message_id, promises.c.conversation, promises.c.asker, promises.c.state)
_BY_NAME = select(promises, *_COLUMNS).where(rows.names(promises.c.message_id))
_BY_CONVERSATION = select(promises, *_COLUMNS).where(rows.names(promises.c.conversation))
_LETTERS = (
    select(effects, effects.c.message_id, sa.func.count().label("letters"))
    .where(
        rows.names(effects.c.message_id),
        effects.c.kind.in_([kind.value for kind in EffectKind if kind.is_letter and not kind.is_to_owner]),
        effects.c.state != EffectState.CANCELLED.value,
        sa.func.coalesce(effects.c.attempted, effects.c.not_before) > sa.bindparam("since"),
    )
    .group_by(effects.c.message_id)
)


def threads(db: Connection, mails: Sequence[Mail]) -> tuple[Thread, ...]:
    """See `ports.Ledger.threads`."""
    answered: set[tuple[str, str]] = set()
    for chunk in rows.chunks(mail.message_id for mail in mails):
        answered |= {(row.target, row.recipient) for row in db.execute(_ANSWERS, {"names": chunk})}
    made = []
    for mail, around in zip(mails, _around(db, mails), strict=True):
        asker = mail.sender.key if mail.sender else ""
        senders = [asker, *(address.key for address in mail.reply_to)]
        is_answered = any((mail.message_id, one) in answered for one in senders)
        mine = (row for row in around if (row["state"], row["asker"]) == (PromiseState.OPEN.value, asker))
        question = next((row["message_id"] for row in mine), "")
        made.append(Thread(answered=is_answered, open_promise=bool(question), question=question))
    return tuple(made)


def letters(db: Connection, mails: Sequence[Mail], since: datetime) -> tuple[int, ...]:
    """See `ports.Ledger.letters_in_threads`."""
    questions = [[row["message_id"] for row in around] for around in _around(db, mails)]
    count: dict[str, int] = {}
    for chunk in rows.chunks(name for names in questions for name in names):
        found = db.execute(_LETTERS, {"names": chunk, "since": since})
        count |= {row.message_id: row.letters for row in found}
    return tuple(sum(count.get(name, 0) for name in names) for names in questions)


def _around(db: Connection, mails: Sequence[Mail]) -> Iterator[list[RowMapping]]:
    """The promises in the conversation of each mail: those for mails that it refers to, for what their askers
    wrote before later mails, and in what the server takes for one conversation."""
    before = [list(dict.fromkeys((*mail.references, mail.in_reply_to or "")))[-rows.MANY :] for mail in mails]
    question: dict[str, str] = {}
    for chunk in rows.chunks(name for names in before for name in names if name):
        found = db.execute(_LATER, {"names": chunk})
        question |= {row.message_id: row.question for row in found}
    named = [{*names, *(question[name] for name in names if name in question)} for names in before]
    by_name: dict[str, RowMapping] = {}
    for chunk in rows.chunks(name for names in named for name in sorted(names) if name):
        by_name |= {row["message_id"]: row for row in db.execute(_BY_NAME, {"names": chunk}).mappings()}
    together: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for chunk in rows.chunks(mail.conversation for mail in mails if mail.conversation):
        for row in db.execute(_BY_CONVERSATION, {"names": chunk}).mappings():
            together[row["conversation"]].append(row)
    for mail, names in zip(mails, named, strict=True):
        own = {name: by_name[name] for name in names if name in by_name}
        own |= {row["message_id"]: row for row in together.get(mail.conversation or "", ())}
        yield [own[name] for name in sorted(own)]
