"""Items by the number under which they first lay in their mailbox: what stays when they are moved."""

from __future__ import annotations

from exchange_sandbox.store.schema import Key

#: A moved item's first number, as the database finds it.
ORIGIN = f"json_extract(bag, '$.{Key.ORIGIN}')"
LAYOUT = f"""
CREATE INDEX IF NOT EXISTS item_origin ON item ({ORIGIN}) WHERE {ORIGIN} IS NOT NULL;
CREATE TABLE IF NOT EXISTS gone_origin (item INTEGER PRIMARY KEY /* of gone */, origin INTEGER NOT NULL);
"""
