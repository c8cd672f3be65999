"""How much of the world a pattern of mail domains means."""

from __future__ import annotations

#: What stands below a country's code where everybody may register, as "uk" has "co.uk"; the usual ones.
_BELOW_COUNTRIES = frozenset(
    ("ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "gv", "ltd", "me", "ne", "net", "nom", "or", "org")
)
_COUNTRY = 2  # letters of a country's code


def is_everybodys(pattern: str) -> bool:
    """Whether a domain or an address with a wildcard takes in people of many organisations: "*", "*.com",
    "*.co.uk", "*@*", "*@*.org". A single domain never does, and a part of one ("*.corp.example") doesn't."""
    domain = pattern.rpartition("@")[2].strip().lower().removesuffix(".")
    if "*" not in domain and "?" not in domain:
        return False
    *below, top = domain.split(".")
    fixed = [label for label in (*below, top) if "*" not in label and "?" not in label]
    if "*" in top or "?" in top or len(fixed) < 2:
        return True
    return len(fixed) == 2 and len(top) == _COUNTRY and fixed[0] in _BELOW_COUNTRIES
