"""How to greet the asker: by the first name if the display name surely tells it, else by none."""

from __future__ import annotations

import re
import unicodedata

from ackd.letters.sanitize import one_line
from ackd.model import Address

_LOOKED_AT = 120  # characters of a display name; a longer one isn't a person's
_LONGEST = 24
_MOST_WORDS = 5
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>|\{[^{}]*\}")
_TAIL = re.compile(
    r"\s+[-–—|•·]\s.*|[/|@].*|\s+(?:via|c/o|on behalf of|im auftrag von|i\. ?a\.|de la part de)\s.*", re.I
)
_QUOTED = re.compile(r"^([\"'“”„‘’«»])(.*)[\"'“”„‘’«»]$")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NICKNAME = re.compile(r"[\"“”„«»][^\"“”„«»]*[\"“”„«»]")


# --- words that tell what in a display name is a name: lower case, without full stops at the ends


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Before a name.
TITLES = _set("""
    dr prof professor mr mrs ms miss mx sir dame lord lady rev hon capt col gen lt sgt herr frau hr fr
    dipl ing dipl-ing mag med rer nat jur phil habil univ m mme mlle me monsieur madame sr sra srta don
    doña dña lic dott dottssa dottore dottoressa sig sigra signor signora avv arch geom rag dhr mevr mw
    drs ir mr.ing eng engº dra prof.ª profa doutor doutora senhor senhora exmo exma pd
    pater schwester bruder pastor pastorin pfarrer pfarrerin father brother sister
""")

# After a name.
AFTER = _set("""
    jr sr ii iii iv phd ph.d md m.d mba msc m.sc bsc b.sc ba ma llm ll.m esq cpa cfa pmp mph dds rn
    dphil msci meng beng cissp dr
""")

# Words that no person's display name contains, but that of a team, a role, a room or a system.
ROLES = _set("""
    team teams desk helpdesk servicedesk service services support office department dept abteilung
    division group gruppe groupe grupo gruppo equipe équipe equipo squad unit admin administrator
    administration system systems server mailer daemon noreply no-reply donotreply reply info
    information kontakt contact contacto mail mailbox email post postmaster webmaster hostmaster root
    test tests news newsletter notification notifications alert alerts robot bot automation automated
    workflow sharepoint jira confluence github gitlab jenkins zoom slack outlook exchange microsoft
    google sap oracle concur workday salesforce sales marketing finance finanzen hr personal
    personalabteilung payroll accounting buchhaltung comptabilité contabilidad legal it edv reception
    empfang rezeption accueil einkauf vertrieb purchasing procurement facility facilities security
    sicherheit travel training events event room raum salle sala meeting conference board vorstand
    accounts payable receivable treasury logistics warehouse lager reporting compliance operations
    project projekt projet proyecto progetto staff everyone all list verteiler intern internal external
    extern customer customers client kunden quality management manager director head leiter leitung chef
    secretary sekretariat assistant assistenz billing invoice invoices rechnung orders order shop
    careers jobs press media communications communication company corp inc gmbh ag ltd llc sa sarl srl
    bv nv the and und et y e of for from vacation absence out auto
""")

# Family names that are often written first, without a comma: the order can't be told.
FAMILY_FIRST = _set("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie
    song tang deng feng han cao zeng peng xiao cai pan tian dong yuan yu jiang ye wei su lu ding ren
    ng chan wong cheung leung lam tan teo ong goh koh chua chew cheng chong fung mak tse ho lai yip
    shen yao lee kim park choi jung kang cho yoon jang lim shin seo kwon hwang nguyen tran le pham hoang
    phan vu vo dang bui do ngo duong sato suzuki takahashi tanaka watanabe ito yamamoto nakamura
    kobayashi kato yoshida yamada sasaki nagy kovacs kovács toth tóth szabo szabó horvath horváth varga
    kiss molnar molnár nemeth németh farkas balogh papp
""")

# At the beginning of family names.
PARTICLES = _set("""
    von van de der den del della di da do dos das du la le el al bin ibn ben af zu zum zur ter ten
""")


def first_name(address: Address) -> str:
    """The first name to greet with; "" where it is in doubt: no name is better than a wrong one.

    Understood: "Alice Smith", "Smith, Alice (HR)", "Dr. Alice Smith, PhD", "SMITH Alice",
    "Alice Smith/HR/CORP", "alice.smith@…". Left without a name: initials, roles and teams,
    scripts in which the order of names varies, and names that the address contradicts.
    """
    local = _local_parts(address.email)
    shown = one_line(address.name, _LOOKED_AT)
    if not shown or "@" in shown:
        return _from_address(_local_parts(shown) if shown else local)
    words, given_known = _ordered(_stripped(shown))
    if not words or not all(_may_be_name(word) for word in words) or len(words) > _MOST_WORDS:
        return ""
    if not given_known and _order_in_doubt(words, local):
        return ""
    return _spelled(words[0])


def _stripped(shown: str) -> str:
    """Without brackets, quotes and what follows a name."""
    for _ in range(3):  # brackets within brackets
        shown = _BRACKETS.sub(" ", shown)
    shown = _TAIL.sub("", f" {shown}").strip()
    if quoted := _QUOTED.match(shown):
        shown = quoted[2]
    return " ".join(_NICKNAME.sub(" ", shown).split())


def _ordered(shown: str) -> tuple[list[str], bool]:
    """The words of a name with the first name first, and whether their order is certain."""
    parts = [part for part in (_words(part) for part in shown.split(",")) if part]
    if len(parts) > 2 or (len(parts) == 2 and not parts[1]):
        return [], False
    if len(parts) == 2:
        in_two = len(parts[1]) > 1 and _plain(parts[0][0]) in FAMILY_FIRST  # Ng, Mei Ling
        return ([], False) if in_two else (parts[1] + parts[0], True)
    words = parts[0] if parts else []
    capitals = [word for word in words if len(word) > 2 and word.isupper() and _has_vowel(word)]
    if capitals and len(capitals) < len(words):
        return [w for w in words if w not in capitals] + capitals, True  # SMITH Alice, Alice SMITH
    return words, False


def _words(part: str) -> list[str]:
    words = part.split()
    while words and _bare(words[0]) in TITLES:
        words = words[1:]
    while words and _bare(words[-1]) in AFTER:
        words = words[:-1]
    return words


def _bare(word: str) -> str:
    return word.lower().strip(".,")


def _may_be_name(word: str) -> bool:
    letters = word.replace("-", "").replace("'", "").replace("’", "")
    return bool(letters.rstrip(".")) and _bare(word) not in ROLES and _is_latin(letters.rstrip("."))


def _is_latin(letters: str) -> bool:
    return letters.isalpha() and all(unicodedata.name(c, "").startswith("LATIN ") for c in letters)


def _order_in_doubt(words: list[str], local: list[str]) -> bool:
    """Whether the first word may be the family name."""
    first, last = _plain(words[0]), _plain(words[-1])
    if first in PARTICLES or first in FAMILY_FIRST:
        return True
    if len(words) == 1:
        return first not in local[:1] or len(local) < 2
    if _ends_with(local, words[0]):
        return True  # Jones Bob <bjones@…>
    return last in local and local.index(last) == 0 and len(local) > 1


def _ends_with(local: list[str], word: str) -> bool:
    """Whether the address has something before the word, as before a family name."""
    address = "".join(local)
    spellings = (_plain(word), _plain(word.lower().translate(_UMLAUTS)))
    return any(address.endswith(spelling) and address != spelling for spelling in spellings)


def _local_parts(email: str) -> list[str]:
    local = email.strip().lower().split("@")[0].split("+")[0]
    return [_plain(part) for part in re.split(r"[._]", local[:_LOOKED_AT]) if part]


def _from_address(parts: list[str]) -> str:
    """first.last@…: two or three whole words, none of them a role's."""
    names = all(len(p) > 1 and _is_latin(p.replace("-", "")) and p not in ROLES for p in parts)
    known = len(parts) == 2 and names and parts[0] not in PARTICLES | TITLES
    return _spelled(parts[0]) if known and parts[0] not in FAMILY_FIRST else ""


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in folded if not unicodedata.combining(c))


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiouyæøœ" for letter in _plain(word))


def _spelled(word: str) -> str:
    """The name as it is greeted; "" for an initial, an abbreviation or a name too long."""
    if "." in word or not 1 < len(word) <= _LONGEST or not _has_vowel(word):
        return ""
    if word.isupper() and len(word) < 4:
        return ""
    mixed = not (word.isupper() or word.islower())
    return word if mixed else "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
