"""Which language a text is in, by its short, frequent words.

Languages with a file of their own, and a few neighbours that would otherwise be mistaken for
them. Scripts other than Latin are told by their letters.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from ackd.text.languages import languages
from ackd.text.languages.sections import entries
from ackd.text.tokens import plain, words

_NEIGHBOURS = {
    "sv": """
        och att det som en på är av för med till den har inte om ett men var jag hade vi så han kan du
        från vara vid skulle skall när över någon eller vad hej tack hur kunna där här mig dig hälsningar
    """,
    "da": """
        og at det som en på er af for med til den har ikke om et men var jeg vi så han kan du fra hvis
        hvad hej tak hvordan kunne mig dig venlig hilsen også efter skal vil blev være
    """,
    "nb": """
        og at det som en på er av for med til den har ikke om et men var jeg vi så han kan du fra hvis hva
        hei takk hvordan kunne meg deg vennlig hilsen også etter skal vil ble være
    """,
    "fi": """
        ja on ei että se hän oli mutta kun niin kuin tai minä sinä me te he joka mitä tämä olen ovat hei
        kiitos voisitko onko terveisin mikä nyt myös jos vain
    """,
    "pl": """
        i w na nie się z do to że jest o jak ale po co tak za od przez przy czy dla tego jego był być mnie
        proszę dziękuję cześć pozdrawiam mam może będzie już tylko oraz jeśli
    """,
    "cs": """
        a se na je že to v z do o s k i ale jak po za tak jako pro od by jsem jsou děkuji prosím dobrý den
        ahoj může bude když nebo jen mám zdravím
    """,
    "hu": """
        a az és hogy nem is egy ez meg csak de ha van volt már még mint kell vagy azt ezt köszönöm kérem
        üdvözlettel szia lehet minden
    """,
    "ro": """
        și în de la nu cu pe că să din un mai este care sunt pentru se o ce dar după mulțumesc vă rog bună
        ziua dacă poate salut am fi
    """,
    "tr": """
        ve bir bu da de için çok ne var ben sen ama daha gibi kadar olarak mi mı mu değil merhaba
        teşekkürler lütfen iyi misiniz musunuz olan
    """,
    "ca": """
        i de la que el en a per amb un una els les no és del al es més però com si molt gràcies hola bon
        dia podries aquest aquesta també està
    """,
}
_MOST_NEAR = 2  # different words of a near language alone
_SCRIPTS = (
    (re.compile(r"[\u0400-\u04ff]"), "ru"),
    (re.compile(r"[\u0370-\u03ff]"), "el"),
    (re.compile(r"[\u0590-\u05ff]"), "he"),
    (re.compile(r"[\u0600-\u06ff]"), "ar"),
    (re.compile(r"[\u3040-\u30ff]"), "ja"),
    (re.compile(r"[\uac00-\ud7af]"), "ko"),
    (re.compile(r"[\u4e00-\u9fff]"), "zh"),
)
_LOOKED_AT = 300  # words
_FEW = 3
_INITIAL = re.compile(r"(?<![^\W_])([^\W\d_])\.(?![^\W\d_]{2})")


_SAID = (
    "ask",
    "tell",
    "wish",
    "hint",
    "courtesy",
    "promise",
    "inform",
    "thanks",
    "reply",
    "closing",
    "question",
    "you",
    "me",
)
_WEAK = 0.3  # what a word of a language's phrases says, beside one of its frequent words


@lru_cache(maxsize=1)
def _votes() -> dict[str, tuple[tuple[str, float], ...]]:
    """What each word says: languages with weights. A word of many languages says little."""
    frequent = {
        code: set(words(" ".join(language.lines("common")))) for code, language in languages().items()
    }
    frequent |= {code: set(words(common)) for code, common in _NEIGHBOURS.items() if code not in frequent}
    phrases = {
        code: {word for kind in _SAID for line in language.lines(kind) for word in words(line)}
        for code, language in languages().items()
    }
    votes: dict[str, list[tuple[str, float]]] = {}
    for known, weight in ((frequent, 1.0), (phrases, _WEAK)):
        shared = Counter(word for said in known.values() for word in said)
        for code, said in known.items():
            for word in said:
                votes.setdefault(word, []).append((code, weight / shared[word]))
    return {word: tuple(said) for word, said in votes.items()}


def language_of(text: str, text_words: Sequence[str] | None = None) -> str | None:
    """The ISO 639-1 code of the text's language, or None where its words don't tell."""
    counted = _counted(text, words(text[:4000]) if text_words is None else text_words)
    if not counted:
        return None
    if not text[:2000].isascii():
        sample = text[:2000]
        for script, code in _SCRIPTS:
            if len(script.findall(sample)) * 3 > len(sample.replace(" ", "")):
                return code
    scores = _scores(counted)
    best = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if not best or best[0][1] < max(0.4, 0.06 * len(counted)):
        return None
    if len(best) > 1 and best[1][1] > 0.9 * best[0][1]:
        return None
    return _nearer(best[0][0], counted)


def _nearer(code: str, counted: Sequence[str]) -> str:
    """The language, or one near it whose own words stand in the text."""
    near = _near_words().get(code, {})
    return next((one for one, own in near.items() if len(own.intersection(counted)) >= _MOST_NEAR), code)


@lru_cache(maxsize=1)
def _near_words() -> dict[str, dict[str, frozenset[str]]]:
    """For each language those that share most words with it, by words that it hasn't got."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for code, language in languages().items():
        common = frozenset(words(" ".join(language.lines("common"))))
        near = entries(language.lines("near"))
        found[code] = {one: frozenset(words(own)) - common for one, own in near}
    return found


def language_of_few(said: Sequence[str]) -> str | None:
    """The language of a text of one to three words that only one language's phrases have ("Thoughts?"), for
    want of anything else that tells; None where several have them, or none."""
    counted = [word for word in said if word != "?"]
    if not 0 < len(counted) <= _FEW:
        return None
    found = [code for code, known in _asking_words().items() if any(word in known for word in counted)]
    return found[0] if len(found) == 1 else None


def _counted(text: str, said: Sequence[str]) -> list[str]:
    """The words that are looked at, without initials ("Z. K.", "z. H.")."""
    counted = [word for word in said[:_LOOKED_AT] if word != "?"]
    for initial in _INITIAL.findall(plain(text[:4000])) if "." in text[:4000] else ():
        if initial in counted:
            counted.remove(initial)
    return counted


def _scores(counted: Sequence[str]) -> dict[str, float]:
    """How much speaks for each language; letters alone speak for none."""
    scores: defaultdict[str, float] = defaultdict(float)
    spelled: set[str] = set()
    votes = _votes()
    for word in counted:
        for code, weight in votes.get(word, ()):
            scores[code] += weight
            if len(word) > 1:
                spelled.add(code)
    return {code: score for code, score in scores.items() if code in spelled}


@lru_cache(maxsize=1)
def _asking_words() -> dict[str, frozenset[str]]:
    """The words by which each language asks, orders and answers, of more than two letters."""
    return {
        code: frozenset(
            word
            for kind in (*_SAID, "opinion", "query", "verbs", "polite", "reply")
            for line in language.lines(kind)
            for word in words(line)
            if len(word) > 2
        )
        for code, language in languages().items()
    }
