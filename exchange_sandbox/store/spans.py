"""From when to when appointments last, as the database finds them: by the span that a series has, else by
their own start and end."""

from __future__ import annotations

from exchange_sandbox.store.schema import Key

END = f"COALESCE(json_extract(bag, '$.{Key.SPAN}[1]'), json_extract(bag, '$.{Key.END}'))"
START = f"COALESCE(json_extract(bag, '$.{Key.SPAN}[0]'), json_extract(bag, '$.{Key.START}'))"
DATED = f"json_extract(bag, '$.{Key.START}') IS NOT NULL"
LAYOUT = f"CREATE INDEX IF NOT EXISTS item_span ON item (folder, {END}, {START}) WHERE {DATED};\n"
