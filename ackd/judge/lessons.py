"""What the owner's corrections make of the probability that a mail asks: a bounded Bayesian update.

The log odds of the classifier move by a sum of effects: of the sender, of the kind of mail, of both together,
and of the words and phrases of the asking sentence. Each has a normal prior around nothing; the
lessons are the data, and what counts are the effects that are most probable by both (MAP). The logarithm of
that is strictly concave, so there is one answer whatever order the lessons come in.

Vetoes know nothing of it: lessons move the rule *request* alone.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from ackd.judge.reading import Reading, unmasked
from ackd.model import Basis, Lesson, MailKind, Request, Taught, Traits
from ackd.text.languages import every_word
from ackd.text.subject import is_forward, is_reply, without_reply
from ackd.text.tokens import plain, words

#: Variances of the priors, in squared log odds: how far each of these effects may be trusted to go.
_VARIANCE = {Basis.SENDER: 0.3, Basis.KIND: 0.1, Basis.BOTH: 0.4, Basis.PHRASES: 0.4}
#: The farthest that one lesson moves any mail, in log odds: all variances together (a pull is 1 at most).
STEP = sum(_VARIANCE.values())
#: The farthest that all lessons together do.
BOUND = 4.0
#: Less than this is noise, of mails that have little in common, and moves nothing.
NOISE = 0.2
#: Towards a letter lessons count half: a wrong one costs more than a missing one.
_TOWARDS = 0.5
MOST = 100  # lessons that count: the latest
HALF_LIFE = timedelta(days=180)
_ASKING = frozenset(("ask", "tell", "wish", "order", "clause"))
_MOST_WORDS, _MOST_SUBJECT = 24, 6
_LEAST = 0.3  # what a lesson counts of which the classifier wasn't surprised
_SWEEPS, _STEPS, _EXACT = 60, 12, 1e-7


# --- of a mail ------------------------------------------------------------------------------------


def traits(reading: Reading, request: Request, key: bytes) -> Traits:
    """What of a mail a lesson would keep, hashed with `key`; of a private or confidential one no words."""
    index = next((i for i, s in enumerate(reading.sentences) if s.text[:500] == request.sentence), None)
    sender = reading.mail.sender.key if reading.mail.sender else ""
    kinds = {hit.kind for hit in unmasked(reading.hits[index])} if index is not None else set()
    is_question = index is not None and reading.sentences[index].is_question
    said = reading.sentences[index].words[:_MOST_WORDS] if index is not None else ()
    phrases = [*sorted(kinds), *(["?"] if is_question else [])]
    if not reading.mail.sensitivity.is_secret:
        phrases += sorted({_hashed(word, key) for word in _terms(said, reading.mail.subject)})
    return Traits(_hashed(f"from {sender}", key), _kind(reading, kinds, is_question), tuple(phrases))


def _kind(reading: Reading, kinds: set[str], is_question: bool) -> MailKind:
    subject = reading.mail.subject
    if is_forward(subject):
        return MailKind.FORWARD
    if not _reports().isdisjoint(map(plain, words(subject))):
        return MailKind.REPORT
    if is_reply(subject):
        return MailKind.ANSWER
    if is_question:
        return MailKind.QUESTION
    return MailKind.TELLING if _ASKING.isdisjoint(kinds) else MailKind.REQUEST


@lru_cache(maxsize=1)
def _reports() -> frozenset[str]:
    return frozenset(map(plain, every_word("reports", "mail")))


def _terms(said: Sequence[str], subject: str) -> Iterator[str]:
    """Pairs of words of a sentence, and words of a subject without numbers."""
    yield from (f"{one} {other}" for one, other in pairwise(said))
    named = [word for word in words(without_reply(subject)) if word.isalpha()]
    yield from (f"subject {word}" for word in named[:_MOST_SUBJECT])


def _hashed(text: str, key: bytes) -> str:
    data = text.encode("utf-8", "replace")
    return hashlib.blake2b(data, key=key, digest_size=6, person=b"ackd lesson").hexdigest()


# --- what was learned -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Learned:
    """What the lessons of one ledger teach. `key` is its secret, empty where there is no ledger; `is_used`:
    whether they move anything (see `helps`, and the owner's own word)."""

    key: bytes = b""
    lessons: tuple[Lesson, ...] = ()
    effects: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    is_used: bool = True

    def judged(self, reading: Reading, request: Request) -> tuple[Request, Traits | None]:
        """The classifier's word as the lessons move it, and what a lesson would keep of the mail."""
        if not request.sentence:
            return request, None
        found = traits(reading, request, self.key)
        shift = self.shift(found)
        moved = moved_by(request.probability, shift)
        found = replace(found, chance=request.probability, taught=moved)
        if not self.is_used or not shift:
            return request, found
        return replace(request, probability=moved, taught=self._taught(found, shift)), found

    def shift(self, found: Traits) -> float:
        """How far a mail's log odds move, from -`BOUND` to half of it."""
        if not self.effects:
            return 0.0
        total = sum(self.effects.get(name, 0.0) * value for name, value in _values(found).items())
        beyond = min(max(0.0, abs(total) - NOISE), BOUND)
        return beyond * _TOWARDS if total > 0 else -beyond

    def _taught(self, found: Traits, shift: float) -> Taught:
        """What tells the owner why: the effect that moves the mail most (of several that nearly do the first
        in the order of `Basis`), and from how many lessons."""
        parts = dict.fromkeys(Basis, 0.0)
        for name, value in _values(found).items():
            parts[Basis(name.partition(":")[0])] += self.effects.get(name, 0.0) * value
        asks = shift > 0
        most = (max if asks else min)(parts.values())
        basis = next(one for one in Basis if abs(parts[one] - most) <= abs(most) / 10)
        told = [one for one in self.lessons if one.act.asks is asks and _shares(basis, one.traits, found)]
        return Taught(shift, len(told), basis, found.kind)


NOTHING = Learned()


def learned(lessons: Iterable[Lesson], key: bytes, now: datetime, *, is_on: bool = True) -> Learned:
    """What lessons teach as at a moment: the latest of them, the older the less."""
    latest = sorted(lessons, key=lambda one: (one.at, one.message_id))[-MOST:]
    known = tuple(latest)
    days = tuple(max(0, (now - one.at).days) for one in known)
    return Learned(key, known, _fitted(known, days), is_on and helps(known) is not False)


def moved_by(probability: float, shift: float) -> float:
    """A probability whose log odds move."""
    return _sigmoid(_logit(probability) + shift)


# --- whether it helps -----------------------------------------------------------------------------

_CHECKED, _FEWEST, _MARGIN = 20, 3, 0.3
_WRONG_WAY = 0.5  # log odds from which on a mail counts as moved


def helps(lessons: Sequence[Lesson]) -> bool | None:
    """Whether the lessons foretold the owner's latest words as well as the classifier alone did, each by the
    lessons before it: by the sum of logarithmic losses, and without most of these words taking back what
    lessons had done. None where too few were touched to tell."""
    touched = [one for one in lessons[-_CHECKED:] if abs(one.traits.taught - one.traits.chance) > 0.005]
    if len(touched) < _FEWEST:
        return None
    return gain(touched) >= -_MARGIN and 2 * sum(map(_went_wrong, touched)) <= len(touched)


def _went_wrong(lesson: Lesson) -> bool:
    """Whether earlier lessons had moved the mail away from what the owner says of it."""
    moved = _logit(lesson.traits.taught) - _logit(lesson.traits.chance)
    return moved < -_WRONG_WAY if lesson.act.asks else moved > _WRONG_WAY


def gain(lessons: Iterable[Lesson]) -> float:
    """By how much the lessons foretold these words better, in nats."""
    return sum(
        one.act.strength * (_loss(one.traits.chance, one.act.asks) - _loss(one.traits.taught, one.act.asks))
        for one in lessons
    )


def _loss(probability: float, asks: bool) -> float:
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return -math.log(p if asks else 1 - p)


# --- the fit --------------------------------------------------------------------------------------


def _values(found: Traits) -> dict[str, float]:
    """The effects that a mail shows, each as far as its prior goes."""
    share = math.sqrt(_VARIANCE[Basis.PHRASES] / len(found.phrases)) if found.phrases else 0.0
    return {
        f"{Basis.SENDER}:{found.sender}": math.sqrt(_VARIANCE[Basis.SENDER]),
        f"{Basis.KIND}:{found.kind}": math.sqrt(_VARIANCE[Basis.KIND]),
        f"{Basis.BOTH}:{found.sender}:{found.kind}": math.sqrt(_VARIANCE[Basis.BOTH]),
        **{f"{Basis.PHRASES}:{phrase}": share for phrase in found.phrases},
    }


def _shares(basis: Basis, one: Traits, other: Traits) -> bool:
    """Whether two mails have in common what an effect is of; of phrases, any."""
    if basis is Basis.PHRASES:
        return not {*one.phrases}.isdisjoint(other.phrases)
    is_senders = basis not in (Basis.SENDER, Basis.BOTH) or one.sender == other.sender
    return is_senders and (basis not in (Basis.KIND, Basis.BOTH) or one.kind is other.kind)


@lru_cache(maxsize=64)
def _fitted(lessons: tuple[Lesson, ...], days: tuple[int, ...]) -> Mapping[str, float]:
    """The most probable effects, each in units of its prior's deviation, by coordinate ascent in the dual:
    every lesson pulls by its weight times what is left of its error."""
    shown = [_values(one.traits) for one in lessons]
    weights = [weight(one) * 0.5 ** (old / HALF_LIFE.days) for one, old in zip(lessons, days, strict=True)]
    odds = [_logit(one.traits.chance) for one in lessons]
    norms = [sum(value * value for value in each.values()) for each in shown]
    effects: dict[str, float] = {}
    pulls = [0.0] * len(lessons)
    for _ in range(_SWEEPS):
        farthest = 0.0
        for i, each in enumerate(shown):
            without = odds[i] - pulls[i] * norms[i]
            without += sum(effects.get(name, 0.0) * value for name, value in each.items())
            pull = _pull(without, norms[i], weights[i], lessons[i].act.asks)
            change, pulls[i] = pull - pulls[i], pull
            farthest = max(farthest, abs(change))
            for name, value in each.items():
                effects[name] = effects.get(name, 0.0) + change * value
        if farthest < _EXACT:
            break
    return MappingProxyType(effects)


def weight(lesson: Lesson) -> float:
    """How much a lesson counts when it is new: by its act, and by how much the classifier was surprised;
    whole where earlier lessons had moved the mail the wrong way.

    The owner tells what was judged wrongly, not what was judged rightly. Of mails of which the classifier is
    unsure many are of either kind, and lessons of the one alone would carry the others along."""
    if _went_wrong(lesson):
        return lesson.act.strength
    chance = lesson.traits.chance
    foreseen = chance if lesson.act.asks else 1 - chance
    return lesson.act.strength * max(_LEAST, 1 - 2 * foreseen)


def _pull(odds: float, norm: float, weight: float, asks: bool) -> float:
    """The pull of one lesson beside all others: where it is its weight times its error."""
    low, high = (0.0, weight) if asks else (-weight, 0.0)
    pull = (low + high) / 2
    for _ in range(_STEPS):
        p = _sigmoid(odds + norm * pull)
        over = pull - weight * (float(asks) - p)
        low, high = (low, pull) if over > 0 else (pull, high)
        pull -= over / (1 + weight * norm * p * (1 - p))
        if not low <= pull <= high:
            pull = (low + high) / 2
    return pull


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, x))))


def _logit(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
