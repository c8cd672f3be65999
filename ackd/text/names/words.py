"""Words that tell what in a display name or an address is a name and what is none: in plain form (lower case,
no accents), without full stops at the ends, in all languages that ackd reads (their `names.txt`)."""

from __future__ import annotations

from ackd.text.languages import every_word


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Before a name.
TITLES = every_word("titles", "names")

#: After a name.
AFTER = every_word("after_names", "names")

#: What an export writes where there is no name.
EMPTY = every_word("empty", "names")

#: A team, an office, a place, a function, a company: people read what is sent there, nobody is called so.
ROLES = every_word("roles", "names")

#: A program, a device, or what only these send: nobody reads what is sent there.
SYSTEMS = every_word("systems", "names")

#: Family names that are often written first, without a comma: the order can't be told.
FAMILY_FIRST = _set("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie
    song tang deng feng han cao zeng peng xiao cai pan tian dong yuan yu jiang ye wei su lu ding ren ng
    chan wong cheung leung lam tan teo ong goh koh chua chew cheng chong fung mak tse ho lai yip shen yao
    lee kim park choi jung kang cho yoon jang lim shin seo kwon hwang nguyen tran le pham hoang phan vu vo
    dang bui do ngo duong sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato
    yoshida yamada sasaki nagy kovacs toth szabo horvath varga kiss molnar nemeth farkas balogh papp
""")

#: At the beginning of family names.
PARTICLES = _set("""
    von van de der den del della di da do dos das du la le el al bin ibn ben af zu zum zur ter ten
""")

#: Ends of words that make the whole one of the kind, in languages that write words together.
_ROLE_ENDS = tuple(every_word("role_ends", "names"))
_SYSTEM_ENDS = tuple(every_word("system_ends", "names"))
_SHORTEST = 3  # letters before such an end


def is_role(word: str) -> bool:
    """Whether a word in plain form names a team, an office or a function."""
    return word in ROLES or _ends(word, _ROLE_ENDS)


def is_system(word: str) -> bool:
    """Whether a word in plain form names a program or a device."""
    return word in SYSTEMS or _ends(word, _SYSTEM_ENDS)


def is_none(word: str) -> bool:
    """Whether nobody is called so."""
    return word in EMPTY or is_role(word) or is_system(word)


def _ends(word: str, ends: tuple[str, ...]) -> bool:
    return any(word.endswith(end) and len(word) >= len(end) + _SHORTEST for end in ends)
