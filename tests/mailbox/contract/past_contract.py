"""What every mailbox backend shows of what lies there already. Nothing of it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ackd.model import Mail, SentMail
from ackd.text import eml
from tests.mailbox.contract.mailbox_contract import BOB, CAROL, NOW, World, letter, raw_mail


def titled(name: str, subject: str) -> bytes:
    return raw_mail(name).replace(f"Subject: Figures {name}".encode(), f"Subject: {subject}".encode())


def names(found: tuple[Mail, ...]) -> list[str]:
    return [mail.message_id.strip("<>").partition("@")[0] for mail in found]


def shown(one: Mail | SentMail) -> str:
    return one.message_id if isinstance(one, Mail) else f"answer to {', '.join(one.targets)}"


class PastContract:
    """The second half of the contract. `world` is an empty mailbox at `NOW`."""

    def test_a_mail_is_found_by_its_message_id_with_all_that_the_judge_needs(self, world: World) -> None:
        for name in ("q1", "q2"):
            world.arrive(raw_mail(name))
        (mail,) = world.mailbox.search(message_id="<q2@corp.example>")
        assert mail.message_id == "<q2@corp.example>"
        assert mail.headers
        assert ("x-ms-exchange-organization-authas", "Internal") in {(k.lower(), v) for k, v in mail.headers}
        assert (mail.sender, mail.to) == (eml.read(raw_mail("q2")).sender, eml.read(raw_mail("q2")).to)
        assert "Could you send me the figures?" in (mail.text + (mail.html or ""))
        assert mail.folder == "Inbox"
        assert world.mailbox.search(message_id="<q3@corp.example>") == ()

    def test_mails_are_found_by_words_of_their_subject(self, world: World) -> None:
        subjects = {
            "a": "Budget figures for May",
            "b": '100 % of <the> "budget" & more',
            "c": "=?utf-8?q?B=C3=BCdget_M=C3=A4rz?=",
            "d": "re: THE BUDGET for may",
        }
        for name, subject in subjects.items():
            world.arrive(titled(name, subject))
            world.tick(60)
        search = world.mailbox.search
        assert names(search(subject="budget")) == ["d", "b", "a"]
        assert names(search(subject="may BUDGET")) == ["d", "a"]
        assert names(search(subject='% <the> "budget" &')) == ["b"]
        assert names(search(subject="märz")) == ["c"]
        assert names(search(subject="budget", limit=2)) == ["d", "b"]
        assert search(subject="budget%may") == ()

    def test_the_past_is_told_in_order_with_the_owners_answers(self, world: World) -> None:
        world.arrive(raw_mail("old"))
        world.tick(3600)
        world.arrive(raw_mail("q1"))
        world.tick(60)
        world.owner_answers("<q1@corp.example>", BOB)
        world.tick(60)
        world.arrive(raw_mail("q2"))
        world.tick(60)
        world.mailbox.send([letter()])
        past = list(world.mailbox.past(NOW + timedelta(minutes=5)))
        assert [shown(one) for one in past[:3]] == [
            "<q1@corp.example>",
            "answer to <q1@corp.example>",
            "<q2@corp.example>",
        ]
        mail, answer, _, ours = past
        assert isinstance(mail, Mail)
        assert "Could you send me the figures?" in (mail.text + (mail.html or ""))
        assert mail.received == NOW + timedelta(hours=1)
        assert isinstance(answer, SentMail)
        assert (answer.token, [a.key for a in answer.to], answer.at) == (
            None,
            [BOB],
            NOW + timedelta(seconds=3660),
        )
        assert isinstance(ours, SentMail)
        assert ours.token == "a" * 32

    def test_the_past_has_as_many_mails_as_are_wanted_the_newest(self, world: World) -> None:
        for number in range(130):
            world.arrive(raw_mail(f"n{number}"))
            if number % 10 == 0:
                world.tick(1)
        everything = list(world.mailbox.past(NOW))
        assert sorted(map(shown, everything)) == sorted(f"<n{number}@corp.example>" for number in range(130))
        times = [one.received for one in everything if isinstance(one, Mail)]
        assert times == sorted(times)
        few = list(world.mailbox.past(NOW, 9))
        assert {shown(one) for one in few} == {f"<n{number}@corp.example>" for number in range(121, 130)}
        assert list(world.mailbox.past(NOW + timedelta(days=1))) == []

    def test_looking_at_the_past_changes_nothing(self, world: World) -> None:
        world.arrive(raw_mail())
        sync_state = world.mailbox.changes(None, None).sync_state
        world.tick(5)
        list(world.mailbox.past(NOW))
        world.mailbox.search(subject="figures")
        page = world.mailbox.changes(sync_state, NOW)
        assert (page.mails, page.sent, page.tasks, page.gone, page.relisted) == ((), (), (), (), False)
        assert world.mailbox.watermark() is None

    def test_of_the_past_only_what_was_answered(self, world: World) -> None:
        for name in ("q1", "q2", "q3"):
            world.arrive(raw_mail(name))
        world.tick(60)
        world.owner_answers("<q2@corp.example>", BOB)
        past = list(world.mailbox.past(NOW, answered=True))
        assert [shown(one) for one in past] == ["<q2@corp.example>", "answer to <q2@corp.example>"]

    def test_a_letter_of_ours_is_no_answer_of_the_owners(self, world: World) -> None:
        acknowledgement = letter()
        world.arrive(raw_mail(acknowledgement.in_reply_to.strip("<>").partition("@")[0]))
        world.tick(60)
        world.mailbox.send([acknowledgement])
        assert not [one for one in world.mailbox.past(NOW, answered=True) if isinstance(one, Mail)]

    def test_mails_are_read_by_their_message_ids_in_batches(self, world: World) -> None:
        for number in range(120):
            world.arrive(raw_mail(f"n{number}"))
        world.owner_throws_away("<n7@corp.example>")
        wanted = [f"<n{number}@corp.example>" for number in range(0, 120, 2)]
        found = world.mailbox.mails([*wanted, "<n7@corp.example>", "<nobody@corp.example>"])
        assert set(found) == set(wanted), "what isn't there is missing"
        for name, mail in found.items():
            assert mail.message_id == name
            assert mail.sender == eml.read(raw_mail("q1")).sender
            assert "Could you send me the figures?" in (mail.text + (mail.html or ""))
        assert world.mailbox.mails([]) == {}

    def test_the_newest_mails_are_told_by_their_heads(self, world: World) -> None:
        for number in range(5):
            world.arrive(raw_mail(f"n{number}", sender=f"n{number}@corp.example"))
            world.tick(60)
        found = world.mailbox.heads(3)
        assert [one.sender.email for one in found if one.sender] == [f"n{n}@corp.example" for n in (4, 3, 2)]
        for one in found:
            assert [value for name, value in one.headers or () if name.lower() == "x-two"] == [
                "first",
                "second",
            ]
        assert len(world.mailbox.heads(500)) == 5

    def test_heads_come_from_all_watched_folders(self, world: World) -> None:
        world.owner_makes_folder("Inbox/Team")
        world.watch("Inbox", "Inbox/Team")
        for number in range(4):
            folder = ("Inbox", "Inbox/Team")[number % 2]
            world.arrive_in(folder, raw_mail(f"n{number}", sender=f"n{number}@corp.example"))
            world.tick(60)
        found = world.mailbox.heads(3)
        assert [one.sender.email for one in found if one.sender] == [f"n{n}@corp.example" for n in (3, 2, 1)]

    def test_the_directory_knows_people_with_a_mailbox(self, world: World) -> None:
        world.group("team@corp.example", (BOB,))
        asked = [BOB.upper(), CAROL, "team@corp.example", "dora@partner.example", "bo@corp.example"]
        assert world.mailbox.in_directory(asked) == {BOB, CAROL}
        assert world.mailbox.in_directory([]) == frozenset()

    def test_the_directory_tells_given_names(self, world: World) -> None:
        world.is_called(BOB, "Jones, Robert (HR)", "Bob")
        world.is_called(CAROL, "Kantine", "")
        asked = [BOB, CAROL, "team@corp.example", "dora@partner.example"]
        assert world.mailbox.given_names(asked) == {BOB: "Bob", CAROL: ""}
        assert world.mailbox.given_names([]) == {}

    def test_only_drafts_have_links_of_drafts(self, world: World) -> None:
        first, second = letter(), replace(letter(), token="b" * 32)
        world.mailbox.draft([first])
        world.mailbox.send([second])
        found = world.mailbox.draft_links([first.token, second.token, "c" * 32])
        assert set(found) <= {first.token}
        assert all(link.startswith("https://") for link in found.values())
