"""What the owner's corrections make of a probability: bounded, in their direction, whatever their order."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ackd.judge import lessons
from ackd.judge.lessons import BOUND, HALF_LIFE, MOST, NOISE, STEP, gain, helps, learned, moved_by
from ackd.model import Act, Basis, Lesson, MailKind, Sensitivity, Traits
from tests.judge import golden
from tests.people import MONDAY

KEY = b"key"
DORA = Traits("dora", MailKind.REPORT, ("ask", "one", "two"))
BOB = Traits("bob", MailKind.REQUEST, ("tell", "three"))
YES, NO = Act.ORDERED, Act.NO_QUESTION

chances = st.floats(0.001, 0.999)
traits = st.builds(
    Traits,
    st.sampled_from(("a", "b", "c")),
    st.sampled_from(tuple(MailKind)),
    st.lists(st.sampled_from("stuvwxyz"), max_size=5, unique=True).map(tuple),
    chances,
    chances,
)
said = st.lists(st.tuples(st.sampled_from(tuple(Act)), traits, st.integers(0, 700)), max_size=12)


def taught(*given: tuple[Act, Traits, int]) -> tuple[Lesson, ...]:
    """Lessons of so many days ago."""
    return tuple(
        Lesson(f"<{n}>", MONDAY - timedelta(days=days), act, of) for n, (act, of, days) in enumerate(given)
    )


def shift(found: Traits, *given: tuple[Act, Traits, int]) -> float:
    return learned(taught(*given), KEY, MONDAY).shift(found)


def no(count: int, of: Traits = DORA, chance: float = 0.97) -> list[tuple[Act, Traits, int]]:
    return [(NO, replace(of, chance=chance), 0)] * count


# --- properties ---------------------------------------------------------------------------------


@given(said, traits)
def test_no_lessons_move_a_mail_beyond_the_bound(given: list[tuple[Act, Traits, int]], found: Traits) -> None:
    assert -BOUND <= shift(found, *given) <= BOUND / 2


@given(said, st.sampled_from(tuple(Act)), traits, traits)
def test_one_lesson_moves_no_mail_by_more_than_a_step(
    given: list[tuple[Act, Traits, int]], act: Act, of: Traits, found: Traits
) -> None:
    """Beside others it can't do more than alone."""
    alone = shift(found, (act, of, 0))
    assert abs(alone) <= STEP - NOISE
    assert abs(shift(found, *given, (act, of, 0)) - shift(found, *given)) <= 2 * STEP


@given(said, st.sampled_from(tuple(Act)), traits)
def test_a_lesson_never_moves_its_own_mail_against_its_word(
    given: list[tuple[Act, Traits, int]], act: Act, of: Traits
) -> None:
    moved = shift(of, *given, (act, of, 0)) - shift(of, *given)
    assert moved >= -1e-4 if act.asks else moved <= 1e-4


@given(said, st.randoms(use_true_random=False), traits)
def test_the_order_in_which_they_are_given_doesnt_matter(
    given: list[tuple[Act, Traits, int]], random: object, found: Traits
) -> None:
    one = taught(*given)
    other = list(one)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert learned(other, KEY, MONDAY).shift(found) == learned(one, KEY, MONDAY).shift(found)


@given(said, traits)
def test_which_of_one_moment_comes_first_doesnt_matter(
    given: list[tuple[Act, Traits, int]], found: Traits
) -> None:
    """The fit finds the same from either end."""
    same = [(act, of, 0) for act, of, _ in given]
    assert math.isclose(shift(found, *same), shift(found, *same[::-1]), abs_tol=1e-3)


# --- by example ---------------------------------------------------------------------------------


def test_what_was_said_three_times_moves_a_sure_mail_below_cautious_and_once_doesnt() -> None:
    of = replace(DORA, chance=0.97)
    assert moved_by(0.97, shift(of, *no(1))) > 0.9
    assert moved_by(0.97, shift(of, *no(3))) < 0.8


def test_a_mail_that_has_nothing_in_common_stays_as_it_is() -> None:
    assert shift(BOB, *no(20)) == 0


def test_a_kind_alone_or_a_sender_alone_moves_less_than_both() -> None:
    both, sender, kind = (
        shift(DORA, *no(3)),
        shift(replace(BOB, sender="dora"), *no(3)),
        shift(replace(BOB, kind=MailKind.REPORT), *no(3)),
    )
    assert both < sender < kind <= 0


def test_towards_a_letter_they_count_half() -> None:
    wanted = [(YES, replace(DORA, chance=0.03, taught=0.03), 0)] * 3
    assert shift(DORA, *wanted) == pytest.approx(-shift(DORA, *no(3)) / 2)


def test_what_the_classifier_was_unsure_of_teaches_little() -> None:
    assert 0 >= shift(DORA, *no(3, chance=0.55)) > shift(DORA, *no(3, chance=0.97)) / 2


def test_what_earlier_lessons_made_wrong_teaches_at_once() -> None:
    same, moved = (replace(DORA, chance=0.9, taught=taught) for taught in (0.9, 0.3))
    wrong, right = no(3, chance=0.9), [(YES, same, 0)] * 2
    assert shift(DORA, *wrong, *[(YES, moved, 0)] * 2) > shift(DORA, *wrong, *right)


def test_a_deleted_draft_teaches_less_and_a_sent_one_least() -> None:
    of = replace(DORA, chance=0.9)
    deleted, denied = shift(DORA, (Act.DRAFT_DELETED, of, 0)), shift(DORA, (NO, of, 0))
    assert denied < deleted < 0
    assert Act.DRAFT_SENT.strength < Act.DRAFT_DELETED.strength < NO.strength


def test_lessons_fade() -> None:
    old = [(act, of, HALF_LIFE.days) for act, of, _ in no(3)]
    older = [(act, of, 4 * HALF_LIFE.days) for act, of, _ in no(3)]
    assert shift(DORA, *no(3)) < shift(DORA, *old) < shift(DORA, *older) <= 0


def test_the_latest_of_too_many_count() -> None:
    first = [(NO, replace(DORA, chance=0.97), 9)]
    assert learned(taught(*first, *no(MOST, BOB)), KEY, MONDAY).shift(DORA) == 0


# --- whether they help --------------------------------------------------------------------------


def foretold(act: Act, chance: float, told: float) -> Lesson:
    return Lesson("<q>", MONDAY, act, replace(DORA, chance=chance, taught=told))


def test_lessons_that_foretell_the_owner_worse_than_the_classifier_dont_count() -> None:
    worse = [foretold(YES, 0.7, 0.3), foretold(NO, 0.9, 0.9), *[foretold(YES, 0.6, 0.2)] * 2]
    assert helps(worse) is False
    assert gain(worse) < 0
    found = learned(worse, KEY, MONDAY)
    assert not found.is_used
    assert found.shift(DORA) != 0, "what they would say is told further on: they may help again"


def test_lessons_that_foretell_better_count_and_few_are_given_time() -> None:
    assert helps([foretold(NO, 0.9, 0.6)] * 3) is True
    assert helps([foretold(YES, 0.9, 0.1)] * 2) is None
    assert learned([foretold(YES, 0.9, 0.1)] * 2, KEY, MONDAY).is_used


def test_lessons_that_are_mostly_taken_back_dont_count() -> None:
    """Though what they foretold of the others outweighs it."""
    better, back = [foretold(NO, 0.9, 0.3)] * 3, [foretold(YES, 0.9, 0.8)] * 4
    assert gain([*better, *back]) > 0
    assert helps([*better, *back]) is False
    assert helps([*better, *back[1:]]) is True


def test_only_the_latest_words_say_whether_they_help() -> None:
    assert helps([*[foretold(YES, 0.9, 0.1)] * 20, *[foretold(NO, 0.9, 0.6)] * 20]) is True


# --- of a mail ----------------------------------------------------------------------------------

STATUS = "Here is my status. Let me know what you think. Bob"


def test_nothing_of_a_mails_text_can_be_read_from_what_is_kept() -> None:
    case = {"text": "Could you send the zebra report to Xylophone Ltd?", "headers": {"Subject": "Quagga"}}
    found = golden.read({**case, "lessons": [{"act": "no_question"}]}).traits
    assert found is not None
    for word in ("zebra", "xylophone", "quagga", "bob", "corp"):
        assert word not in repr(found).lower()
    other = lessons.Learned(b"another ledger's")
    assert other.key != b"golden"


def test_of_a_confidential_mail_no_words_are_kept_not_even_hashed() -> None:
    mail = replace(golden.mail({}), sensitivity=Sensitivity.CONFIDENTIAL)
    found = golden.facts.read(mail, golden.OWNER, learned=lessons.Learned(KEY)).traits
    assert found is not None
    assert "ask" in found.phrases
    assert not any(re.fullmatch("[0-9a-f]{12}", phrase) for phrase in found.phrases)


def test_another_key_hashes_otherwise() -> None:
    mail = golden.mail({})
    one, other = (golden.facts.read(mail, golden.OWNER, learned=lessons.Learned(k)) for k in (b"1", b"2"))
    assert one.traits is not None
    assert other.traits is not None
    assert one.traits.sender != other.traits.sender
    same = {*one.traits.phrases} & {*other.traits.phrases}
    assert same
    assert not any(re.fullmatch("[0-9a-f]{12}", phrase) for phrase in same), "kinds of phrases alone"


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("FW: Figures", "Could you have a look?", MailKind.FORWARD),
        ("Status, week 9", "Could you have a look?", MailKind.REPORT),
        ("Wochenbericht KW 9", "Könntest du mir bitte die Zahlen schicken?", MailKind.REPORT),
        ("RE: Figures", "Could you have a look?", MailKind.ANSWER),
        ("Figures", "Could you have a look?", MailKind.QUESTION),
        ("Figures", "Please send me the figures.", MailKind.REQUEST),
        ("Figures", "The figures are attached.", MailKind.TELLING),
    ],
)
def test_kinds_of_mails(subject: str, text: str, kind: MailKind) -> None:
    found = golden.facts.read(
        golden.mail({"headers": {"Subject": subject}, "text": text}),
        golden.OWNER,
        learned=lessons.Learned(KEY),
    )
    assert found.traits is not None
    assert found.traits.kind is kind


def test_lessons_move_no_veto() -> None:
    """Whatever was said, what protects the owner stands."""
    many = [{"act": "ordered", "times": 60, "headers": {"From": "Eve <eve@other.example>"}}]
    case = {"headers": {"From": "Eve <eve@other.example>"}, "lessons": many}
    verdict = golden.decide(golden.read(case), golden.policy(case))
    assert not verdict.acknowledge
    assert "internal" in {veto.rule for veto in verdict.vetoes}


@pytest.mark.parametrize(
    ("times", "of", "words"),
    [
        (3, {"Subject": "Status 8"}, "you said three times that Bob Brown's status mails ask nothing"),
        (1, {"Subject": "Status 8"}, "you said once that Bob Brown's status mails ask nothing"),
        (5, {"From": "dora@corp.example"}, "you said 5 times that mails with such words ask nothing"),
    ],
)
def test_the_reason_says_what_was_said_of_what(times: int, of: dict[str, str], words: str) -> None:
    said = {"act": "no_question", "times": times, "text": STATUS, "headers": of}
    case = {"headers": {"Subject": "Status 9"}, "text": STATUS, "lessons": [said]}
    verdict = golden.decide(golden.read(case), golden.policy(case))
    assert words in [finding.reason for finding in verdict.findings]


def test_every_kind_and_basis_has_words() -> None:
    assert all(kind.words for kind in MailKind)
    assert all(act.words and 0 < act.strength <= 1 for act in Act)
    assert {*lessons._VARIANCE} == {*Basis}
