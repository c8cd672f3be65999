"""Alarms and what the ways were told of them: rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, Table

from ackd.ledger.database import Database
from ackd.ledger.statements import Connection, delete, insert, select
from ackd.ledger.tables import alarms as alarm_table
from ackd.ledger.tables import tellings as telling_table
from ackd.model import (
    Alarm,
    AlarmChange,
    AlarmKind,
    AlarmRecord,
    Telling,
    TellingChange,
    TellingState,
)


class AlarmQueries(Database):
    """What the ledger knows of alarms."""

    def open_alarms(self) -> tuple[Alarm, ...]:
        """See `ports.Ledger`."""
        alarms = (one.alarm for one in self.alarms() if one.is_open)
        return tuple(sorted(alarms, key=lambda alarm: (alarm.since, alarm.key)))

    def alarms(self) -> tuple[AlarmRecord, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return _records(db)

    def tellings(self) -> tuple[Telling, ...]:
        """See `ports.Ledger`."""
        with self._read() as db:
            return _tellings(db)

    def record_alarms(
        self, alarms: Collection[AlarmChange] = (), tellings: Collection[TellingChange] = ()
    ) -> bool:
        """See `ports.Ledger`."""
        with self._work() as db:
            known = {one.alarm.key: one for one in _records(db)}
            told = {one.key: one for one in _tellings(db)}
            if any(known.get(change.key) != change.before for change in alarms):
                return False
            if any(told.get(telling.key) != telling.before for telling in tellings):
                return False
            for change in alarms:
                kind, name = change.key
                _put(db, alarm_table, _key(kind, name), _from_record(change.after))
            for telling in tellings:
                way, kind, name = telling.key
                _put(db, telling_table, _key(kind, name) | {"way": way}, _from_telling(telling.after))
        return True


def _key(kind: AlarmKind, name: str) -> dict[str, Any]:
    return {"kind": kind.value, "name": name}


def _put(db: Connection, table: Table, key: dict[str, Any], row: dict[str, Any] | None) -> None:
    db.execute(delete(table, *(table.c[name] == value for name, value in key.items())))
    if row is not None:
        db.execute(insert(table).values(**key, **row))


# made once, as those of `rows`
_RECORDS = select(alarm_table).order_by(alarm_table.c.kind, alarm_table.c.name)
_TELLINGS = select(telling_table).order_by(telling_table.c.way, telling_table.c.kind, telling_table.c.name)


def _records(db: Connection) -> tuple[AlarmRecord, ...]:
    return tuple(map(_to_record, db.execute(_RECORDS).mappings()))


def _tellings(db: Connection) -> tuple[Telling, ...]:
    return tuple(map(_to_telling, db.execute(_TELLINGS).mappings()))


def _to_alarm(row: RowMapping) -> Alarm:
    return Alarm(
        AlarmKind(row["kind"]),
        row["since"],
        case=row["name"],
        over=row["over"],
        ends=row["ends"],
        stage=row["stage"],
    )


def _from_alarm(alarm: Alarm) -> dict[str, Any]:
    return {"since": alarm.since, "over": alarm.over, "ends": alarm.ends, "stage": alarm.stage}


def _to_record(row: RowMapping) -> AlarmRecord:
    observed, quiet = (timedelta(seconds=row[name]) for name in ("observed", "quiet"))
    return AlarmRecord(_to_alarm(row), row["at"], observed, quiet, row["told"], row["rings"])


def _from_record(record: AlarmRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return _from_alarm(record.alarm) | {
        "at": record.at,
        "observed": record.observed.total_seconds(),
        "quiet": record.quiet.total_seconds(),
        "told": record.told,
        "rings": record.rings,
    }


def _to_telling(row: RowMapping) -> Telling:
    state = TellingState(row["state"])
    return Telling(
        row["way"], _to_alarm(row), state, row["not_before"], row["tries"], bool(row["knows"]), row["by"]
    )


def _from_telling(telling: Telling | None) -> dict[str, Any] | None:
    if telling is None:
        return None
    return _from_alarm(telling.alarm) | {
        "state": telling.state.value,
        "not_before": telling.not_before,
        "tries": telling.tries,
        "knows": int(telling.knows),
        "by": telling.by,
    }
