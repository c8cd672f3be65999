"""From when to when appointments last, as the database finds them: by the span that a series has, else by
their own start and end."""

from __future__ import annotations

END = "COALESCE(json_extract(bag, '$._span[1]'), json_extract(bag, '$.End'))"
START = "COALESCE(json_extract(bag, '$._span[0]'), json_extract(bag, '$.Start'))"
DATED = "json_extract(bag, '$.Start') IS NOT NULL"
LAYOUT = f"CREATE INDEX IF NOT EXISTS item_span ON item (folder, {END}, {START}) WHERE {DATED};\n"
