"""What every ledger must do: docs/privacy.md, docs/design.md (exactly once) and `ports.Ledger`, as tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ackd.engine import promises
from ackd.model import (
    NOTICES,
    REBUILT,
    Act,
    Address,
    Alarm,
    AlarmChange,
    AlarmKind,
    AlarmRecord,
    Answer,
    Change,
    Decision,
    Done,
    Effect,
    EffectKind,
    EffectState,
    Evidence,
    FollowUp,
    Forecast,
    Happening,
    Lesson,
    LetterName,
    Mail,
    MailKind,
    Mode,
    Page,
    Promise,
    PromiseSnapshot,
    PromiseState,
    Question,
    Refused,
    Stamp,
    TaskUpdate,
    Telling,
    TellingChange,
    TellingState,
    Thread,
    TrackedTask,
    Traits,
    Unknown,
    Verdict,
    token_of,
)
from ackd.model.log import LogFilter
from ackd.ports import Ledger
from ackd.promise import effects, snapshots
from ackd.promise.effects import NO_MORE_TRIES
from tests.people import MONDAY, mail

BOB = "bob@corp.example"
DAY = timedelta(days=1)
NOW_STAMP = Stamp(MONDAY, "boot", 1.0)
LETTER, TASK, ENTRY = EffectKind.ACKNOWLEDGEMENT, EffectKind.TASK, EffectKind.APPOINTMENT


def name_of(name: str) -> str:
    return f"<{name}@corp.example>"


def token(name: str, kind: EffectKind = LETTER) -> str:
    return token_of(name_of(name), kind)


class LedgerContract:
    """The tests; a subclass has the fixture `ledger`."""

    # --- small parts ----------------------------------------------------------------------------

    def make(
        self,
        ledger: Ledger,
        name: str = "q",
        *,
        kinds: tuple[EffectKind, ...] = (LETTER, TASK),
        at: datetime = MONDAY,
        **asked: Any,
    ) -> None:
        """A question is judged, and an answer to it promised."""
        question = Question(
            name_of(name),
            Address(BOB),
            f"About {name}",
            at,
            "en",
            sentence="Could you?",
            text="Could you, zebra?",
            conversation=f"c-{name}",
        )
        question = replace(question, **asked)
        promise = Promise(question, due=at + 2 * DAY, reminder=at + DAY)
        effects = tuple(Effect(kind, name_of(name), at) for kind in kinds)
        finding = Evidence("request", 2.0, "it asks", quote="Could you, zebra?")
        decision = Decision(
            replace(mail(name, at=at), conversation=f"c-{name}"), Verdict(True, (finding,)), promise, effects
        )
        made = snapshots.made(promise, effects, at)
        page = Page(at, Mode.SEND, "next", (decision,), followed=FollowUp(changes=(Change(None, made),)))
        assert ledger.record(page) == frozenset()

    def one(self, ledger: Ledger, name: str = "q") -> PromiseSnapshot:
        return ledger.snapshots([name_of(name)])[name_of(name)]

    def state(self, ledger: Ledger, kind: EffectKind = LETTER, name: str = "q") -> EffectState | None:
        return self.one(ledger, name).state_of(kind)

    def attempt(self, ledger: Ledger, *tokens: str, guard: promises.Guard | None = None) -> frozenset[str]:
        return promises.attempt(ledger, tokens, MONDAY, lambda: NOW_STAMP, guard=guard).tokens

    def close(self, ledger: Ledger, name: str = "q", at: datetime = MONDAY) -> None:
        promises.close(ledger, name_of(name), PromiseState.WITHDRAWN, at, "no need")

    def thread(self, ledger: Ledger, mail: Mail) -> Thread:
        (thread,) = ledger.threads([mail])
        return thread

    def counted(self, ledger: Ledger, since: datetime, asker: str | None = None, *, previewed: bool) -> int:
        return sum(one.counts(since, asker) for one in ledger.counted_since(since, previewed=previewed))

    # --- single values --------------------------------------------------------------------------

    def test_a_value_is_remembered_and_forgotten(self, ledger: Ledger) -> None:
        ledger.remember("x", "a")
        ledger.remember("x", "b")
        assert ledger.value("x") == "b"
        ledger.remember("x", None)
        assert ledger.value("x") is None

    def test_several_values_are_told_at_once(self, ledger: Ledger) -> None:
        ledger.remember("x", "a")
        ledger.remember("y", "b")
        assert ledger.values("x", "none", "y") == {"x": "a", "y": "b"}
        assert ledger.values() == {}

    @pytest.mark.parametrize("before", [None, "a", "b"])
    @pytest.mark.parametrize("seen", [None, "a"])
    @pytest.mark.parametrize("new", [None, "c"])
    def test_a_value_changes_only_as_it_was_seen(
        self, ledger: Ledger, before: str | None, seen: str | None, new: str | None
    ) -> None:
        ledger.remember("x", before)
        assert ledger.swap("x", seen, new) is (before == seen)
        assert ledger.value("x") == (new if before == seen else before)

    # --- pages and compare-and-set ----------------------------------------------------------------

    def test_a_page_is_recorded_with_its_place_and_a_hold_of_the_owners_stays(self, ledger: Ledger) -> None:
        ledger.remember("hold", "the owner's")
        ledger.record(
            Page(
                MONDAY,
                Mode.SEND,
                "s1",
                values={"a": "1"},
                swapped={"hold": (None, "ours"), "new": (None, "begun")},
            )
        )
        assert [ledger.value(key) for key in ("cursor", "a", "hold", "new")] == [
            "s1",
            "1",
            "the owner's",
            "begun",
        ]
        ledger.record(Page(MONDAY, Mode.SEND, swapped={"hold": ("the owner's", None), "new": ("begun", "x")}))
        assert [ledger.value(key) for key in ("cursor", "hold", "new")] == ["s1", None, "x"]

    def test_what_changed_meanwhile_is_not_overwritten_and_nothing_else_is_written(
        self, ledger: Ledger
    ) -> None:
        self.make(ledger, "q")
        self.make(ledger, "other")
        q, other = self.one(ledger), self.one(ledger, "other")
        self.close(ledger)
        late = [Change(one, snapshots.rescheduled(one, MONDAY, MONDAY)) for one in (q, other)]
        assert ledger.write(late) == {q.name}
        assert ledger.record(Page(MONDAY, Mode.SEND, "late", followed=FollowUp(changes=tuple(late)))) == {
            q.name
        }
        assert ledger.attempting(late) == {q.name}
        assert self.one(ledger, "other") == other
        assert ledger.value("cursor") == "next"
        assert ledger.write([late[1]]) == frozenset()

    def test_a_promise_that_is_there_already_is_not_made_again(self, ledger: Ledger) -> None:
        self.make(ledger)
        again = snapshots.made(self.one(ledger).promise, (), MONDAY)
        assert ledger.write([Change(None, again)]) == {name_of("q")}

    def test_the_history_is_kept_in_order_and_by_its_moments(self, ledger: Ledger) -> None:
        self.make(ledger)
        self.close(ledger, at=MONDAY + DAY)
        both = ledger.history(MONDAY, MONDAY + 2 * DAY)
        assert [event.what for event in both] == [Happening.MADE, Happening.WITHDRAWN]
        assert both[-1].promise.why == both[-1].words == "no need"
        assert ledger.history(MONDAY + DAY, MONDAY + 2 * DAY) == both[1:]
        assert ledger.history(MONDAY, MONDAY + DAY) == both[:1]

    # --- exactly once (docs/design.md) --------------------------------------------------------------

    def test_an_attempt_stands_in_the_ledger_before_anything_is_sent(self, ledger: Ledger) -> None:
        self.make(ledger)
        assert self.attempt(ledger, token("q")) == {token("q")}
        (pending,) = ledger.in_state(EffectState.ATTEMPTING)
        assert (pending.effect.tries, pending.effect.attempted) == (1, MONDAY)
        assert pending.effect.stamp == NOW_STAMP
        assert self.attempt(ledger, token("q")) == frozenset(), "nobody begins what is begun"

    def test_nothing_is_begun_while_sending_is_held(self, ledger: Ledger) -> None:
        self.make(ledger)
        guard = promises.Guard("hold", lambda value: value != "all")
        ledger.remember("hold", "all")
        assert self.attempt(ledger, token("q"), guard=guard) == frozenset()
        assert self.state(ledger) is EffectState.PLANNED
        ledger.remember("hold", "some")
        assert self.attempt(ledger, token("q"), guard=guard) == {token("q")}

    def test_nothing_is_begun_by_a_value_that_has_changed(self, ledger: Ledger) -> None:
        self.make(ledger)
        before = self.one(ledger)
        begun = Change(before, effects.attempted(before, token("q"), MONDAY, NOW_STAMP))
        ledger.remember("hold", "new")
        for seen in (None, "old"):
            assert ledger.attempting([begun], only_while=("hold", seen)) == {before.name}
        assert self.state(ledger) is EffectState.PLANNED
        assert ledger.attempting([begun], only_while=("hold", "new")) == frozenset()
        assert self.state(ledger) is EffectState.ATTEMPTING

    def test_what_was_withdrawn_meanwhile_is_not_begun(self, ledger: Ledger) -> None:
        self.make(ledger)
        self.close(ledger)
        assert self.attempt(ledger, token("q")) == frozenset()

    def test_outcomes_are_kept_as_they_were(self, ledger: Ledger) -> None:
        outcomes = {
            "done": (Done(), EffectState.DONE),
            "no": (Refused("no"), EffectState.PARKED),
            "later": (Refused("busy", retry=True), EffectState.PLANNED),
            "cut": (Unknown("cut"), EffectState.UNKNOWN),
        }
        for name in outcomes:
            self.make(ledger, name)
        self.attempt(ledger, *map(token, outcomes))
        promises.settle(ledger, {token(name): outcome for name, (outcome, _) in outcomes.items()})
        assert {name: self.state(ledger, name=name) for name in outcomes} == {
            n: s for n, (_, s) in outcomes.items()
        }
        assert ledger.in_state(EffectState.PLANNED)[0].effect.tries == 0

    def test_what_is_done_stays_done(self, ledger: Ledger) -> None:
        self.make(ledger)
        promises.settle(ledger, {token("q"): Done()})
        promises.settle(ledger, {token("q"): Refused("no")})
        promises.drafted(ledger, [token("q")])
        assert self.state(ledger) is EffectState.DONE

    def test_a_token_that_stood_before_its_question_came_is_known(self, ledger: Ledger) -> None:
        ledger.record(Page(MONDAY, Mode.SEND, tokens=(token("q"), token("q"))))
        assert ledger.stood([token("q"), token("p")]) == {token("q")}

    def test_what_is_planned_once_more_is_looked_for_first(self, ledger: Ledger) -> None:
        self.make(ledger)
        self.attempt(ledger, token("q"))
        promises.plan_anew(ledger, token("q"), MONDAY + DAY, "again")
        (pending,) = ledger.due(MONDAY + DAY, LETTER, 9)
        assert pending.effect.verify_first
        assert pending.effect.tries == 0

    def test_a_cancelled_effect_that_is_wanted_again_is_looked_for_first(self, ledger: Ledger) -> None:
        self.make(ledger)
        self.close(ledger)
        closed = self.one(ledger)
        opened = replace(closed.promise, state=PromiseState.OPEN)
        again = snapshots.made(opened, [Effect(LETTER, closed.name, MONDAY)], MONDAY, closed)
        assert ledger.write([Change(closed, again)]) == frozenset()
        effect = self.one(ledger).effect(token("q"))
        assert effect is not None
        assert (effect.state, effect.verify_first, effect.number) == (
            EffectState.PLANNED,
            True,
            closed.effects[0].number,
        )

    def test_of_a_failed_request_the_last_copy_proves_nothing(self, ledger: Ledger) -> None:
        names = ("a", "b", "c")
        for name in names:
            self.make(ledger, name)
        self.attempt(ledger, *map(token, names))
        promises.settle(ledger, {token(name): Unknown("failed", failure="r1") for name in names})
        assert promises.found(ledger, [token("b")]) == {token("b")}
        assert self.state(ledger, name="b") is EffectState.PARKED
        assert promises.found(ledger, [token("a")]) == frozenset()
        assert [self.state(ledger, name=name) for name in names] == [
            EffectState.DONE,
            EffectState.PARKED,
            EffectState.UNKNOWN,
        ]
        promises.send_again(ledger, token("b"), MONDAY, "send")
        (effect,) = (e for e in self.one(ledger, "b").effects if e.kind is LETTER)
        assert effect.token != token("b"), "its copy says nothing about the next one"
        assert effect.state is EffectState.PLANNED

    def test_a_change_of_mode_sends_nothing_that_was_left_unsent(self, ledger: Ledger) -> None:
        for name in ("planned", "doubtful", "drafted", "sent"):
            self.make(ledger, name)
        self.attempt(ledger, token("doubtful"))
        promises.drafted(ledger, [token("drafted")])
        promises.settle(ledger, {token("sent"): Done()})
        assert promises.withdraw_unsent(ledger, MONDAY, "left unsent") == 1
        assert self.one(ledger, "planned").promise.state is PromiseState.WITHDRAWN
        assert self.one(ledger, "doubtful").promise.state is PromiseState.OPEN
        assert self.one(ledger, "doubtful").effects[0].tries >= NO_MORE_TRIES, "found, or a person's case"
        assert self.state(ledger, name="drafted") is EffectState.DRAFTED
        assert ledger.count_open() == 3
        assert promises.withdraw_unsent(ledger, MONDAY, "left unsent") == 0

    def test_what_is_asked_of_categories_meanwhile_is_not_forgotten(self, ledger: Ledger) -> None:
        for name in ("q", "other"):
            self.make(ledger, name)
        first = FollowUp(obeyed={name_of("q"): ("Mine",), name_of("other"): ("Mine",)})
        ledger.record(Page(MONDAY, Mode.SEND, followed=first))
        seen = ledger.category_updates()
        ledger.record(Page(MONDAY, Mode.SEND, followed=FollowUp(obeyed={name_of("q"): ("Other",)})))
        ledger.categories_updated(seen)
        (update,) = ledger.category_updates()
        assert (update.message_id, update.obeyed) == (name_of("q"), ("Mine", "Other"))
        ledger.categories_updated([update, replace(update, message_id="<unknown>")])
        assert ledger.category_updates() == ()

    def test_a_change_of_mode_leaves_nothing_in_doubt_to_be_tried_again(self, ledger: Ledger) -> None:
        outcomes = {"unknown": Unknown("cut off"), "refused": Refused("busy", retry=True)}
        for name, outcome in outcomes.items():
            self.make(ledger, name, kinds=(LETTER,))  # nothing else of it is planned
            self.attempt(ledger, token(name))
            promises.settle(ledger, {token(name): outcome})
        assert promises.withdraw_unsent(ledger, MONDAY, "left unsent") == 1, "what was refused isn't in doubt"
        assert self.state(ledger, name="unknown") is EffectState.UNKNOWN
        assert self.one(ledger, "unknown").effects[0].tries >= NO_MORE_TRIES
        assert self.state(ledger, name="refused") is EffectState.CANCELLED

    # --- what is due ---------------------------------------------------------------------------------

    def test_a_task_waits_for_its_letter(self, ledger: Ledger) -> None:
        self.make(ledger)
        assert ledger.due_kinds(MONDAY) == {LETTER}
        assert ledger.due_kinds(MONDAY - DAY) == frozenset()
        promises.drafted(ledger, [token("q")])
        assert ledger.due_kinds(MONDAY) == {TASK}
        promises.settle(ledger, {token("q"): Done()})
        assert [pending.effect.token for pending in ledger.due(MONDAY, TASK, 9)] == [token("q", TASK)]

    def test_what_was_refused_for_now_isnt_due_once_its_promise_is_closed(self, ledger: Ledger) -> None:
        self.make(ledger)
        self.attempt(ledger, token("q"))
        self.close(ledger)
        promises.settle(ledger, {token("q"): Refused("busy", retry=True)})
        assert self.state(ledger) is EffectState.PLANNED
        assert ledger.due_kinds(MONDAY) == frozenset()
        assert ledger.due(MONDAY, LETTER, 9) == ()

    @pytest.mark.parametrize("east", [-10, 5.5, 13])
    def test_moments_are_the_same_in_whichever_zone(self, ledger: Ledger, east: float) -> None:
        there = MONDAY.astimezone(timezone(timedelta(hours=east)))
        self.make(ledger, "early", at=there - timedelta(minutes=1))
        self.make(ledger, "here")
        self.make(ledger, "late", at=there + timedelta(minutes=1))
        assert [one.effect.token for one in ledger.due(there, LETTER, 9)] == [token("early"), token("here")]
        assert ledger.due(MONDAY, LETTER, 9) == ledger.due(there, LETTER, 9)
        names = [promise.question.message_id for promise in ledger.open_promises()]
        assert names == [*map(name_of, ("early", "here", "late"))]
        assert [one.promise.question.message_id for one in ledger.history(there, there + DAY)] == names[1:]
        assert {one.message_id for one in ledger.judged(there)} == {*names[1:]}
        assert self.counted(ledger, there - DAY, previewed=False) == 3

    def test_the_oldest_is_due_first_and_no_more_than_asked_for(self, ledger: Ledger) -> None:
        self.make(ledger, "new", at=MONDAY + DAY)
        self.make(ledger, "old")
        due = ledger.due(MONDAY + DAY, LETTER, 1)
        assert [pending.effect.token for pending in due] == [token("old")]

    def test_what_was_done_and_not_seen_is_told(self, ledger: Ledger) -> None:
        self.make(ledger)
        self.attempt(ledger, token("q", TASK))
        promises.settle(ledger, {token("q", TASK): Done()})
        assert [pending.effect.token for pending in ledger.unseen(TASK)] == [token("q", TASK)]
        promises.found(ledger, [token("q", TASK)])
        assert ledger.unseen(TASK) == ()

    def test_an_overdue_promise_is_told_until_it_was_dealt_with(self, ledger: Ledger) -> None:
        self.make(ledger)
        late = MONDAY + 3 * DAY
        assert ledger.overdue(late) == (), "its letter isn't out"
        for kind in (LETTER, TASK):
            self.attempt(ledger, token("q", kind))
            promises.settle(ledger, {token("q", kind): Done()})
        assert [one.name for one in ledger.overdue(late)] == [name_of("q")]
        assert ledger.overdue(MONDAY) == ()
        promises.change(ledger, [name_of("q")], lambda one: replace(one, overdue=one.promise.due))
        assert ledger.overdue(late) == ()

    def test_what_waits_for_its_asker_isnt_overdue_and_a_new_date_can_be_again(self, ledger: Ledger) -> None:
        self.make(ledger)
        for kind in (LETTER, TASK):
            self.attempt(ledger, token("q", kind))
            promises.settle(ledger, {token("q", kind): Done()})

        def late(day: int) -> list[str]:
            return [one.name for one in ledger.overdue(MONDAY + day * DAY)]

        def change(**changes: Any) -> None:
            promises.change(
                ledger, [name_of("q")], lambda one: replace(one, promise=replace(one.promise, **changes))
            )

        change(waits=True)
        assert late(9) == []
        change(waits=False)
        assert late(9) == [name_of("q")]
        promises.change(ledger, [name_of("q")], lambda one: replace(one, overdue=one.promise.due))
        assert late(9) == []
        change(due=MONDAY + 5 * DAY)
        assert (late(4), late(5)) == ([], [name_of("q")])

    def test_a_notice_goes_the_way_of_a_letter_and_is_no_promise(self, ledger: Ledger) -> None:
        digest = Effect(EffectKind.DIGEST, NOTICES, MONDAY, occasion="today", moment=MONDAY)
        promises.plan_notice(ledger, digest)
        promises.plan_notice(ledger, digest)
        assert [pending.effect.token for pending in ledger.due(MONDAY, EffectKind.DIGEST, 9)] == [
            digest.token
        ]
        assert ledger.due_kinds(MONDAY) == {EffectKind.DIGEST}
        assert ledger.open_promises() == ledger.overdue(MONDAY + DAY) == ()
        assert ledger.count_open() == 0
        assert self.attempt(ledger, digest.token) == {digest.token}
        promises.settle(ledger, {digest.token: Refused("no")})
        assert ledger.count_effects(EffectState.PARKED) == 0, "the next one tells"
        assert ledger.count_effects(EffectState.CANCELLED) == 1
        ledger.prune(MONDAY)
        assert ledger.count_effects(EffectState.CANCELLED) == 1
        ledger.prune(MONDAY + DAY)
        assert ledger.snapshots([NOTICES])[NOTICES].effects == ()

    def test_what_is_forgotten_is_judged_when_it_comes_again(self, ledger: Ledger) -> None:
        ledger.record(Page(MONDAY, Mode.SEND, decisions=(left("left"), left("stays"))))
        followed = FollowUp(forgotten=(name_of("left"), "<nowhere>"))
        ledger.record(Page(MONDAY + DAY, Mode.SEND, followed=followed))
        assert ledger.known([name_of("left"), name_of("stays")]) == {name_of("stays")}

    # --- tasks and categories ------------------------------------------------------------------------

    def test_what_is_to_be_done_to_a_task_stays_until_it_is_done(self, ledger: Ledger) -> None:
        self.make(ledger)
        task = TrackedTask(
            token("q", TASK), name_of("q"), "item", folder="other", task_update=TaskUpdate(date=True)
        )
        promises.track(ledger, [task])
        assert ledger.task_folders() == ("other",)
        assert ledger.tracked() == (task,)
        assert ledger.tasks_gone(["item"]) == ledger.tasks_gone([], ["other"]) == (task,)
        assert [one.task for one in ledger.task_updates()] == [task]
        assert ledger.has_updates()
        promises.track(ledger, [task], is_done=True)
        assert ledger.task_updates() == ()
        promises.forget_tasks(ledger, {name_of("q"): token("q", TASK)})
        assert self.one(ledger).task is None
        assert ledger.tracked() == ()

    def test_a_question_shows_its_promise_while_it_is_open(self, ledger: Ledger) -> None:
        self.make(ledger)
        promises.settle(ledger, {token("q"): Done()})
        assert [update.promised for update in ledger.category_updates()] == [True]
        ledger.categories_updated(ledger.category_updates())
        assert not ledger.has_updates()
        ledger.record(Page(MONDAY, Mode.SEND, followed=FollowUp(obeyed={name_of("q"): ("Mine",)})))
        self.close(ledger)
        (update,) = ledger.category_updates()
        assert (update.promised, update.obeyed) == (False, ("Mine",))

    def test_a_command_that_was_obeyed_takes_nothing_from_what_a_question_is_to_show(
        self, ledger: Ledger
    ) -> None:
        self.make(ledger)
        promises.settle(ledger, {token("q"): Done()})
        for names in (("Mine",), ("Other", "Mine")):
            ledger.record(Page(MONDAY, Mode.SEND, followed=FollowUp(obeyed={name_of("q"): names})))
        (update,) = ledger.category_updates()
        assert (update.promised, update.obeyed) == (True, ("Mine", "Other"))

    @pytest.mark.parametrize("count", [400, 401, 801])
    def test_of_many_names_none_is_forgotten(self, ledger: Ledger, count: int) -> None:
        mails = [left(str(number)) for number in range(count)]
        names = [one.mail.message_id for one in mails]
        tokens = tuple(map(token_of, names, [LETTER] * count))
        ledger.record(Page(MONDAY, Mode.SEND, decisions=tuple(mails), tokens=tokens, frames=tuple(names)))
        assert ledger.known(names) == frozenset(names)
        assert ledger.stood(tokens) == frozenset(tokens)
        assert ledger.frames(names).keys() == set(names)

    # --- what is known of threads ---------------------------------------------------------------------

    def test_an_answer_is_known_before_its_question_comes(self, ledger: Ledger) -> None:
        answer = Answer(name_of("q"), BOB, MONDAY)
        ledger.record(Page(MONDAY, Mode.SEND, followed=FollowUp(answers=(answer, answer))))
        assert self.thread(ledger, mail("q")).answered
        assert not self.thread(ledger, mail("p")).answered

    def test_who_was_answered_is_known(self, ledger: Ledger) -> None:
        answer = Answer(name_of("q"), BOB, MONDAY)
        ledger.record(Page(MONDAY, Mode.SEND, followed=FollowUp(answers=(answer,))))
        assert ledger.answered([BOB, "carol@corp.example"]) == {BOB}
        assert ledger.answered([]) == frozenset()

    def test_frames_are_counted_by_mail_and_let_go(self, ledger: Ledger) -> None:
        ledger.record(Page(MONDAY, Mode.SEND, frames=("a", "b", "a")))
        ledger.record(Page(MONDAY + 2 * DAY, Mode.PREVIEW, frames=("a", "c")))
        assert ledger.frames(["a", "b", "c", "d"]) == {"a": 3, "b": 1, "c": 1}
        ledger.prune(MONDAY + DAY)
        assert ledger.frames(["a", "b", "c"]) == {"a": 3, "c": 1}

    def test_an_open_promise_is_known_in_its_conversation(self, ledger: Ledger) -> None:
        self.make(ledger)
        thread = self.thread(ledger, replace(mail("more"), conversation="c-q"))
        assert (thread.open_promise, thread.question) == (True, name_of("q"))
        assert ledger.in_conversations(["c-q"]).keys() == {name_of("q")}
        self.close(ledger)
        assert not self.thread(ledger, replace(mail("more"), conversation="c-q")).open_promise
        assert ledger.in_conversations(["c-q"]) == {}

    def test_a_promise_in_a_conversation_is_its_askers(self, ledger: Ledger) -> None:
        self.make(ledger)
        carols = replace(mail("more", sender="carol@corp.example"), conversation="c-q")
        assert not self.thread(ledger, carols).open_promise
        assert not self.thread(
            ledger, replace(carols, conversation=None, references=(name_of("q"),))
        ).open_promise
        assert ledger.letters_in_threads([mail("other"), carols], MONDAY - DAY) == (0, 1)
        assert ledger.letters_in_threads([carols], MONDAY + DAY) == (0,)

    def test_conversations_of_many_mails_are_told_in_their_order(self, ledger: Ledger) -> None:
        self.make(ledger, "a")
        self.make(ledger, "b")
        later = FollowUp(threads={"<later>": name_of("b")})
        ledger.record(Page(MONDAY, Mode.SEND, followed=later))
        to_later = replace(mail("of b"), conversation=None, in_reply_to="<later>")
        others = [replace(mail(f"new-{n}"), conversation=f"c-{n}") for n in range(500)]
        of_a = replace(mail("of a"), conversation="c-a")
        threads = ledger.threads([to_later, *others, of_a, to_later])
        assert [one.question for one in threads if one.open_promise] == [*map(name_of, "bab")]
        assert [n for n, one in enumerate(threads) if one.open_promise] == [0, 501, 502]
        letters = ledger.letters_in_threads([to_later, *others, of_a], MONDAY - DAY)
        assert letters == (1, *[0] * 500, 1)
        assert ledger.threads([]) == ledger.letters_in_threads([], MONDAY) == ()

    def test_the_last_of_what_a_page_says_of_one_thing_counts(self, ledger: Ledger) -> None:
        first, second = left("twice"), replace(left("twice"), verdict=Verdict(True, ()))
        followed = FollowUp(anew=(second,), obeyed={name_of("twice"): ("Mine",)}, threads={"<l>": "<a>"})
        ledger.record(Page(MONDAY, Mode.SEND, decisions=(first,), followed=followed))
        assert [one.verdict.acknowledge for one in ledger.judged(MONDAY)] == [True]
        again = FollowUp(obeyed={name_of("twice"): ("Other", "Mine")}, threads={"<l>": "<b>"})
        ledger.record(Page(MONDAY, Mode.SEND, decisions=(first,), followed=again))
        assert [one.verdict.acknowledge for one in ledger.judged(MONDAY)] == [False]
        assert [one.obeyed for one in ledger.category_updates()] == [("Mine", "Other")]
        assert ledger.behind(["<l>"], {}) == {"<l>": "<b>"}

    def test_letters_and_later_mails_lead_to_the_question(self, ledger: Ledger) -> None:
        self.make(ledger)
        followed = FollowUp(
            sent_as={token("q"): "<sent>"}, threads={"<more>": name_of("q")}, failed=("<sent>",)
        )
        ledger.record(Page(MONDAY, Mode.SEND, followed=followed))
        found = ledger.behind(["<sent>", "<more>", "<strange>"], {token("q"): "<now>"})
        assert found == dict.fromkeys(["<sent>", "<more>", "<now>"], name_of("q"))
        assert [pending.effect.token for pending in ledger.undelivered(MONDAY)] == [token("q")]
        assert ledger.undelivered(MONDAY + DAY) == ()

    # --- privacy (docs/privacy.md) ---------------------------------------------------------------------

    def test_of_findings_no_quote_is_kept(self, ledger: Ledger) -> None:
        self.make(ledger)
        (judged,) = ledger.judged(MONDAY)
        assert [finding.reason for finding in judged.verdict.findings] == ["it asks"]
        assert "zebra" not in repr(judged.verdict)

    def test_the_text_goes_when_the_last_item_that_shows_it_is_made(self, ledger: Ledger) -> None:
        self.make(ledger, kinds=(LETTER, TASK, ENTRY))
        for kind, is_kept in ((LETTER, True), (TASK, True), (ENTRY, False)):
            promises.settle(ledger, {token("q", kind): Done()})
            question = self.one(ledger).promise.question
            assert bool(question.text and question.sentence) is is_kept, kind
        assert self.one(ledger).promise.question.subject == "About q"

    def test_the_text_goes_when_the_promise_is_closed(self, ledger: Ledger) -> None:
        self.make(ledger)
        self.close(ledger)
        question = self.one(ledger).promise.question
        assert (question.text, question.sentence) == ("", "")

    def test_what_is_closed_goes_after_its_time_with_all_that_belongs_to_it(self, ledger: Ledger) -> None:
        self.make(ledger)
        followed = FollowUp(threads={"<more>": name_of("q")}, answers=(Answer("<x>", BOB, MONDAY),))
        ledger.record(
            Page(MONDAY, Mode.SEND, tokens=(token("p"),), decisions=(left("left"),), followed=followed)
        )
        self.close(ledger, at=MONDAY + DAY)
        ledger.prune(MONDAY + DAY)
        assert self.one(ledger).promise.state is PromiseState.WITHDRAWN, "not older than that"
        assert ledger.known([name_of("left"), name_of("q")]) == {name_of("q")}
        ledger.prune(MONDAY + 2 * DAY)
        assert ledger.snapshots([name_of("q")]) == {}
        assert ledger.known([name_of("q")]) == ledger.stood([token("p")]) == frozenset()
        assert ledger.behind(["<more>"], {}) == {}
        assert ledger.history(MONDAY, MONDAY + 9 * DAY) == ledger.log(LogFilter()) == ()

    def test_open_promises_and_unsettled_effects_never_go(self, ledger: Ledger) -> None:
        self.make(ledger, "open")
        self.make(ledger, "doubtful")
        self.attempt(ledger, token("doubtful"))
        self.close(ledger, "doubtful")
        ledger.prune(MONDAY + 999 * DAY)
        assert self.one(ledger, "open").promise.state is PromiseState.OPEN
        assert self.state(ledger, name="doubtful") is EffectState.ATTEMPTING
        assert ledger.known([name_of("open"), name_of("doubtful")]) == {name_of("open"), name_of("doubtful")}

    # --- counting and telling ---------------------------------------------------------------------------

    def test_what_counts_against_the_limits(self, ledger: Ledger) -> None:
        self.make(ledger, "planned")
        self.make(ledger, "cancelled")
        self.close(ledger, "cancelled")
        before = MONDAY - DAY
        assert self.counted(ledger, before, previewed=False) == 1
        assert self.counted(ledger, before, BOB, previewed=False) == 1
        assert self.counted(ledger, before, "eve@corp.example", previewed=False) == 0
        assert self.counted(ledger, MONDAY, previewed=False) == 1, "it goes out later"
        self.attempt(ledger, token("planned"))
        assert self.counted(ledger, MONDAY, previewed=False) == 0
        preview = replace(left("preview"), verdict=Verdict(True, ()))
        ledger.record(Page(MONDAY, Mode.PREVIEW, decisions=(preview,)))
        assert self.counted(ledger, before, previewed=True) == 2
        assert self.counted(ledger, before, previewed=False) == 1

    def test_what_was_read_back_from_tasks_counts_for_its_asker_alone(self, ledger: Ledger) -> None:
        question = Question(name_of("old"), Address(BOB), "", MONDAY, "en")
        promise = Promise(question, MONDAY, MONDAY)
        effects = (Effect(LETTER, name_of("old"), MONDAY, state=EffectState.DONE),)
        made = snapshots.made(promise, effects, MONDAY)
        decision = Decision(mail("old", at=MONDAY), Verdict(True, ()), promise, effects)
        ledger.record(Page(MONDAY, Mode.SEND, followed=FollowUp((Change(None, made),), rebuilt=(decision,))))
        assert self.counted(ledger, MONDAY - DAY, previewed=False) == 0
        assert self.counted(ledger, MONDAY - DAY, BOB, previewed=False) == 1
        assert [judged.mode for judged in ledger.judged(MONDAY)] == [REBUILT]
        assert ledger.courses(MONDAY, MONDAY + DAY) == ()

    def test_the_course_of_a_promise_is_told(self, ledger: Ledger) -> None:
        self.make(ledger)
        promises.change(
            ledger, [name_of("q")], lambda one: snapshots.answered(one, MONDAY + DAY, MONDAY + DAY)
        )
        (course,) = ledger.courses(MONDAY, MONDAY + DAY)
        assert (course.made, course.first_due, course.moved) == (MONDAY, MONDAY + 2 * DAY, 0)
        assert course.answered == course.closed == MONDAY + DAY
        assert course.promise.state is PromiseState.KEPT

    def test_the_log_tells_the_decisions_with_what_became_of_them(self, ledger: Ledger) -> None:
        self.make(ledger)
        ledger.record(Page(MONDAY + DAY, Mode.SEND, decisions=(left("left"),)))
        entry, other = ledger.log(LogFilter())
        assert (entry.judged.message_id, len(entry.effects)) == (name_of("q"), 2)
        assert other.promise is None
        assert ledger.log(LogFilter(limit=1)) == (other,)
        assert ledger.log(LogFilter(acknowledged=True)) == (entry,)
        assert ledger.log(LogFilter(rules=("request",))) == (entry,)
        assert ledger.log(LogFilter(sender="BOB@*")) == (entry, other)
        assert ledger.log(LogFilter(sender="eve@*")) == ()

    def test_a_letter_that_refers_elsewhere_is_no_promise_of_an_answer(self, ledger: Ledger) -> None:
        self.make(ledger)
        for name in ("redirect", "cannot-help"):
            self.make(ledger, name, kinds=(LETTER,), letter=LetterName(name))
            promises.settle(ledger, {token(name): Refused("no")})
        self.make(ledger, "quoted", subject='"letter": "redirect"', letter=LetterName.RECEIVED)
        assert ledger.count_open() == 2
        assert len(ledger.open_promises()) == 4
        assert len(ledger.open_moments()) == ledger.count_open()
        for name in ("q", "quoted"):
            promises.settle(ledger, {token(name): Done(), token(name, TASK): Done()})
        late = ledger.overdue(MONDAY + 9 * DAY)
        assert {one.name for one in late} == {name_of("q"), name_of("quoted")}

    def test_what_preview_would_promise_is_kept_with_its_mail(self, ledger: Ledger) -> None:
        foreseen = Forecast(MONDAY + DAY, LetterName.RECEIVED)
        judged = replace(left("foreseen"), forecast=foreseen)
        ledger.record(Page(MONDAY, Mode.PREVIEW, decisions=(judged, left("left"))))
        assert {one.judged.message_id: one.forecast for one in ledger.log(LogFilter())} == {
            name_of("foreseen"): foreseen,
            name_of("left"): None,
        }
        ledger.record(Page(MONDAY + DAY, Mode.SEND, decisions=(left("foreseen"),)))
        assert [one.forecast for one in ledger.log(LogFilter())] == [None, None], "judged anew"
        ledger.record(Page(MONDAY, Mode.PREVIEW, decisions=(judged,)))
        ledger.prune(MONDAY + 3 * DAY)
        ledger.record(Page(MONDAY, Mode.SEND, decisions=(left("left"),)))
        assert [one.forecast for one in ledger.log(LogFilter())] == [None], "it went with its mail"

    def test_promises_are_told_by_their_moment(self, ledger: Ledger) -> None:
        self.make(ledger, "later", at=MONDAY + DAY)
        self.make(ledger, "sooner")
        assert [one.question.message_id for one in ledger.open_promises()] == [
            name_of("sooner"),
            name_of("later"),
        ]
        assert ledger.count_open() == 2
        assert ledger.count_effects(EffectState.PLANNED) == 4

    # --- alarms ---------------------------------------------------------------------------------

    def test_alarms_and_tellings_are_kept_whole(self, ledger: Ledger) -> None:
        record, telling = rung("a"), told("a")
        assert ledger.record_alarms([put(None, record)], [say(None, telling)])
        assert ledger.alarms() == (record,)
        assert ledger.tellings() == (telling,)
        assert ledger.open_alarms() == (record.alarm,)

    def test_open_alarms_rang_and_arent_over(self, ledger: Ledger) -> None:
        waits = replace(rung("waits"), told=None)
        over = replace(rung("over"), alarm=replace(rung("over").alarm, over=MONDAY + DAY))
        later, sooner = rung("a", MONDAY + DAY), rung("b")
        ledger.record_alarms([put(None, one) for one in (waits, over, later, sooner)])
        assert ledger.open_alarms() == (sooner.alarm, later.alarm)
        assert len(ledger.alarms()) == 4

    def test_alarms_are_written_as_they_were_seen_or_not_at_all(self, ledger: Ledger) -> None:
        old, new = rung("a"), replace(rung("a"), rings=2)
        ledger.record_alarms([put(None, old)], [say(None, told("a"))])
        assert not ledger.record_alarms([put(None, rung("b")), put(None, new)])
        assert not ledger.record_alarms([put(old, new)], [say(None, told("a"))])
        assert ledger.alarms() == (old,)
        assert ledger.record_alarms([put(old, new)], [say(told("a"), replace(told("a"), tries=1))])
        assert ledger.alarms() == (new,)
        assert [one.tries for one in ledger.tellings()] == [1]

    def test_alarms_go_when_they_arent_kept(self, ledger: Ledger) -> None:
        ledger.record_alarms([put(None, rung("a"))], [say(None, told("a"))])
        assert ledger.record_alarms([put(rung("a"), None)], [say(told("a"), None)])
        assert ledger.alarms() == ledger.tellings() == ()

    # --- lessons --------------------------------------------------------------------------------

    def test_a_lesson_is_kept_with_the_page_that_brings_it(self, ledger: Ledger) -> None:
        given = (lesson("a"), lesson("b", Act.ORDERED, at=MONDAY + DAY))
        assert not ledger.record(Page(MONDAY, Mode.SEND, lessons=given))
        assert unnumbered(ledger) == list(given)
        assert len({one.number for one in ledger.lessons(9)}) == 2

    def test_a_lesson_is_kept_with_the_changes_that_teach_it(self, ledger: Ledger) -> None:
        self.make(ledger)
        before = self.one(ledger)
        closed = snapshots.closed(before, PromiseState.WITHDRAWN, MONDAY, "no")
        assert not ledger.write([Change(before, closed)], taught=[lesson("q")])
        assert unnumbered(ledger) == [lesson("q")]

    def test_what_isnt_written_teaches_nothing(self, ledger: Ledger) -> None:
        self.make(ledger)
        before = self.one(ledger)
        self.close(ledger)
        stale = Change(before, snapshots.closed(before, PromiseState.KEPT, MONDAY, "no"))
        assert ledger.write([stale], taught=[lesson("q")])
        followed = FollowUp(changes=(stale,))
        assert ledger.record(Page(MONDAY, Mode.SEND, followed=followed, lessons=(lesson("q"),)))
        assert ledger.lessons(9) == ()

    def test_of_a_mail_the_last_word_counts(self, ledger: Ledger) -> None:
        later = lesson("a", Act.SAID_YES, at=MONDAY + DAY)
        ledger.record(Page(MONDAY, Mode.SEND, lessons=(lesson("a"),)))
        ledger.record(Page(MONDAY, Mode.SEND, lessons=(lesson("b"), lesson("a", Act.ORDERED), later)))
        assert unnumbered(ledger) == [lesson("b"), later]

    def test_the_latest_lessons_are_read(self, ledger: Ledger) -> None:
        given = [lesson(str(n), at=MONDAY + n * DAY) for n in (2, 0, 1)]
        ledger.record(Page(MONDAY, Mode.SEND, lessons=tuple(given)))
        assert [one.at for one in ledger.lessons(2)] == [MONDAY + DAY, MONDAY + 2 * DAY]

    def test_lessons_are_forgotten_by_number_or_all_of_them(self, ledger: Ledger) -> None:
        ledger.record(Page(MONDAY, Mode.SEND, lessons=(lesson("a"), lesson("b"), lesson("c"))))
        first = ledger.lessons(9)[0]
        assert ledger.forget_lessons([first.number, first.number + 999_999]) == 1
        assert [one.message_id for one in ledger.lessons(9)] == [name_of("b"), name_of("c")]
        assert ledger.forget_lessons() == 2
        assert ledger.lessons(9) == ()

    def test_lessons_go_in_time(self, ledger: Ledger) -> None:
        ledger.record(Page(MONDAY, Mode.SEND, lessons=(lesson("a"), lesson("b", at=MONDAY + DAY))))
        ledger.prune(MONDAY + DAY / 2)
        assert unnumbered(ledger) == [lesson("b", at=MONDAY + DAY)]

    def test_a_question_keeps_what_a_lesson_would_be_of(self, ledger: Ledger) -> None:
        self.make(ledger, traits=lesson("q").traits)
        assert self.one(ledger).promise.question.traits == lesson("q").traits


def lesson(name: str, act: Act = Act.NO_QUESTION, at: datetime = MONDAY) -> Lesson:
    traits = Traits(f"sender of {name}", MailKind.REPORT, ("?", "ask", "0123"), chance=0.93, taught=0.875)
    return Lesson(name_of(name), at, act, traits)


def unnumbered(ledger: Ledger) -> list[Lesson]:
    return [replace(one, number=0) for one in ledger.lessons(9)]


def rung(case: str, at: datetime = MONDAY) -> AlarmRecord:
    alarm = Alarm(AlarmKind.PARKED, at, case, ends=at + 9 * DAY, stage=2)
    return AlarmRecord(alarm, at + DAY, timedelta(hours=1.5), timedelta(microseconds=1), told=at, rings=1)


def told(case: str) -> Telling:
    return Telling("urls[0]", rung(case).alarm, TellingState.TOLD, MONDAY, tries=3, knows=True, by="token")


def put(before: AlarmRecord | None, after: AlarmRecord | None) -> AlarmChange:
    one = after or before
    assert one is not None
    return AlarmChange(one.alarm.key, before, after)


def say(before: Telling | None, after: Telling | None) -> TellingChange:
    one = after or before
    assert one is not None
    return TellingChange(one.key, before, after)


def left(name: str) -> Decision:
    return Decision(mail(name, at=MONDAY), Verdict(False, ()))
