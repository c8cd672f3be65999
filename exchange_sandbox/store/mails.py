"""Mail of a whole mailbox, by when it was received, as the database finds it."""

from __future__ import annotations

from exchange_sandbox.store.schema import Key

IS_MAIL = f"json_extract(bag, '$.{Key.IS_READ}') IS NOT NULL"  # messages alone have it
LAYOUT = (
    "CREATE INDEX IF NOT EXISTS item_mail ON item (mailbox, received DESC, id DESC)"
    f" WHERE associated = 0 AND {IS_MAIL};\n"
)
