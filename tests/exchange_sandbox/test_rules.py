"""Inbox rules: kept, refused with what is wrong, and done with the mail that arrives."""

from __future__ import annotations

import pytest

from exchange_sandbox import Sandbox

from .conftest import ALICE, BOB, Time
from .test_folders import create, delete, get, named
from .wire import Got, Wire

MOVE = f"<t:MoveToFolder>{named('drafts')}</t:MoveToFolder>"
READ = "<t:MarkAsRead>true</t:MarkAsRead>"


def rule(
    conditions: str, actions: str = MOVE, *, exceptions: str = "", number: str = "", more: str = ""
) -> str:
    about = f"<t:RuleId>{number}</t:RuleId>" if number else ""
    unless = f"<t:Exceptions>{exceptions}</t:Exceptions>" if exceptions else ""
    return (
        f"<t:Rule>{about}<t:DisplayName>Mine</t:DisplayName><t:Priority>1</t:Priority>"
        f"<t:IsEnabled>true</t:IsEnabled><t:Conditions>{conditions}</t:Conditions>{unless}"
        f"<t:Actions>{actions}</t:Actions></t:Rule>"
    )


def update(wire: Wire, *operations: str) -> Got:
    return wire(
        f"<m:UpdateInboxRules><m:Operations>{''.join(operations)}</m:Operations></m:UpdateInboxRules>"
    )


def make(wire: Wire, text: str) -> str:
    got = update(wire, f"<t:CreateRuleOperation>{text}</t:CreateRuleOperation>")
    assert got.codes == ["NoError"], got.texts("t:ErrorMessage")
    return wire("<m:GetInboxRules/>").texts("t:RuleId")[-1]


def strings(name: str, *values: str) -> str:
    return f"<t:{name}>{''.join(f'<t:String>{one}</t:String>' for one in values)}</t:{name}>"


def people(name: str, *addresses: str) -> str:
    inner = "".join(f"<t:Address><t:EmailAddress>{one}</t:EmailAddress></t:Address>" for one in addresses)
    return f"<t:{name}>{inner}</t:{name}>"


def true(name: str) -> str:
    return f"<t:{name}>true</t:{name}>"


MAIL = (
    b"From: Bob <bob@corp.example>\r\nTo: alice@corp.example, carol@other.example\r\n"
    b"Cc: dan@other.example\r\nImportance: high\r\nX-Kind: robot\r\nSubject: Weekly Report\r\n"
    b"\r\nThe figures are attached.\r\n"
)


@pytest.mark.parametrize(
    ("conditions", "taken"),
    [
        ("", True),
        (strings("ContainsSubjectStrings", "nothing", "weekly"), True),
        (strings("ContainsSubjectStrings", "nothing"), False),
        (strings("ContainsBodyStrings", "FIGURES"), True),
        (strings("ContainsSubjectOrBodyStrings", "figures"), True),
        (strings("ContainsSenderStrings", "bob@corp"), True),
        (strings("ContainsRecipientStrings", "carol"), True),
        (strings("ContainsHeaderStrings", "x-kind: robot"), True),
        (people("FromAddresses", "BOB@corp.example"), True),
        (people("FromAddresses", "carol@other.example"), False),
        (people("SentToAddresses", "dan@other.example"), True),
        (true("SentToMe") + "", True),
        (true("SentCcMe"), False),
        (true("SentOnlyToMe"), False),
        (true("SentToOrCcMe"), True),
        (true("NotSentToMe"), False),
        (true("HasAttachments"), False),
        ("<t:HasAttachments>false</t:HasAttachments>", True),
        ("<t:Importance>High</t:Importance>", True),
        ("<t:Importance>Low</t:Importance>", False),
        ("<t:Sensitivity>Normal</t:Sensitivity>", True),
        (strings("ItemClasses", "IPM.Note"), True),
        (true("IsNDR"), False),
        (true("IsVoicemail"), False),
        ("<t:WithinSizeRange><t:MaximumSize>100</t:MaximumSize></t:WithinSizeRange>", True),
        ("<t:WithinSizeRange><t:MinimumSize>100</t:MinimumSize></t:WithinSizeRange>", False),
        (
            "<t:WithinDateRange><t:StartDateTime>2026-11-24T08:00:00Z</t:StartDateTime></t:WithinDateRange>",
            True,
        ),
        (strings("ContainsSubjectStrings", "weekly") + true("SentOnlyToMe"), False),
    ],
)
def test_which_mail_a_rule_takes(sandbox: Sandbox, alice: Wire, conditions: str, taken: bool) -> None:
    make(alice, rule(conditions))
    sandbox.deliver(MAIL, ALICE)
    assert [len(alice.find(name).ids) for name in ("drafts", "inbox")] == ([1, 0] if taken else [0, 1])


@pytest.mark.parametrize(
    ("actions", "place", "flags"),
    [
        (READ, "inbox", ("true", "High", [])),
        ("<t:MarkImportance>Low</t:MarkImportance>", "inbox", ("false", "Low", [])),
        (strings("AssignCategories", "Blue"), "inbox", ("false", "High", ["Blue"])),
        (f"<t:CopyToFolder>{named('drafts')}</t:CopyToFolder>", "drafts", ("false", "High", [])),
        ("<t:Delete>true</t:Delete>", "deleteditems", ("false", "High", [])),
        (READ + MOVE, "drafts", ("true", "High", [])),
        (people("RedirectToRecipients", BOB), "inbox", ("false", "High", [])),
    ],
)
def test_what_becomes_of_it(
    sandbox: Sandbox, alice: Wire, bob: Wire, actions: str, place: str, flags: tuple[str, str, list[str]]
) -> None:
    make(alice, rule("", actions))
    sandbox.deliver(MAIL, ALICE)
    got = alice.find(place, "message:IsRead", "item:Importance", "item:Categories")
    assert (got.text("t:IsRead"), got.text("t:Importance"), got.texts("t:String")) == flags
    assert bob.find("inbox").ids == []  # a rule never sends anything


def test_rules_have_an_order_exceptions_and_an_end(sandbox: Sandbox, alice: Wire) -> None:
    stop = strings("AssignCategories", "first") + true("StopProcessingRules")
    make(alice, rule("", stop, exceptions=strings("ContainsSubjectStrings", "monthly")))
    second = rule("", strings("AssignCategories", "second")).replace("<t:Priority>1", "<t:Priority>2")
    make(alice, second)
    gone = rule("", "<t:PermanentDelete>true</t:PermanentDelete>").replace(
        "<t:IsEnabled>true", "<t:IsEnabled>false"
    )
    make(alice, gone)
    sandbox.deliver(MAIL, ALICE)
    sandbox.deliver(MAIL.replace(b"Weekly", b"Monthly"), ALICE)
    found = alice.find("inbox", "item:Subject", "item:Categories")
    said = [(one.findtext("{*}Subject"), one.findtext(".//{*}String")) for one in found.all("t:Message")]
    assert sorted(said) == [("Monthly Report", "second"), ("Weekly Report", "first")]


def test_rules_are_told_as_they_were_given(alice: Wire) -> None:
    conditions = (
        strings("Categories", "a") + people("FromAddresses", BOB) + "<t:Importance>High</t:Importance>"
    )
    number = make(alice, rule(conditions, MOVE, exceptions=true("SentToMe")))
    got = alice(f"<m:GetInboxRules><m:MailboxSmtpAddress>{ALICE}</m:MailboxSmtpAddress></m:GetInboxRules>")
    assert got.texts("t:Conditions/t:Importance") == ["High"]
    assert got.texts("t:Exceptions/t:SentToMe") == ["true"]
    assert got.all("t:MoveToFolder/t:FolderId")[0].get("Id") == get(alice, named("drafts")).ids[0][0]
    changed = rule("", READ, number=number)
    assert update(alice, f"<t:SetRuleOperation>{changed}</t:SetRuleOperation>").codes == ["NoError"]
    assert alice("<m:GetInboxRules/>").texts("t:MarkAsRead") == ["true"]
    remove = f"<t:DeleteRuleOperation><t:RuleId>{number}</t:RuleId></t:DeleteRuleOperation>"
    assert update(alice, remove).codes == ["NoError"]
    assert alice("<m:GetInboxRules/>").all("t:Rule") == []
    theirs = f"<m:GetInboxRules><m:MailboxSmtpAddress>{BOB}</m:MailboxSmtpAddress></m:GetInboxRules>"
    assert alice(theirs).codes == ["ErrorAccessDenied"]


@pytest.mark.parametrize(
    ("operation", "field", "code"),
    [
        (
            f"<t:CreateRuleOperation>{rule('', number='x')}</t:CreateRuleOperation>",
            "RuleId",
            "CreateWithRuleId",
        ),
        (f"<t:SetRuleOperation>{rule('')}</t:SetRuleOperation>", "RuleId", "MissingParameter"),
        (f"<t:SetRuleOperation>{rule('', number='x')}</t:SetRuleOperation>", "RuleId", "RuleNotFound"),
        ("<t:DeleteRuleOperation><t:RuleId>x</t:RuleId></t:DeleteRuleOperation>", "RuleId", "RuleNotFound"),
        (f"<t:CreateRuleOperation>{rule('', '')}</t:CreateRuleOperation>", "Actions", "MissingAction"),
        (
            f"<t:CreateRuleOperation>{rule(strings('ContainsBodyStrings'))}</t:CreateRuleOperation>",
            "Condition:ContainsBodyStrings",
            "EmptyValueFound",
        ),
        (
            f"<t:CreateRuleOperation>{rule(strings('MessageClassifications', 'x'))}</t:CreateRuleOperation>",
            "Condition:MessageClassifications",
            "MessageClassificationNotFound",
        ),
        (
            f"<t:CreateRuleOperation>{rule('', MOVE.replace('drafts', 'voicemail'))}</t:CreateRuleOperation>",
            "Action:MoveToFolder",
            "FolderDoesNotExist",
        ),
        (
            f"<t:CreateRuleOperation>{rule('', exceptions='<t:WithinSizeRange/>')}</t:CreateRuleOperation>",
            "Exception:WithinSizeRange",
            "MissingRangeValue",
        ),
    ],
)
def test_rules_that_are_refused(alice: Wire, operation: str, field: str, code: str) -> None:
    fine = f"<t:CreateRuleOperation>{rule('')}</t:CreateRuleOperation>"
    got = update(alice, fine, operation)
    assert got.codes == ["ErrorInboxRulesValidationError"]
    assert (got.text("t:FieldURI"), got.text("t:ErrorCode")) == (field, code)
    assert got.text("t:OperationIndex") == "1"
    assert alice("<m:GetInboxRules/>").all("t:Rule") == []  # all or nothing


def test_a_rule_whose_folder_is_gone_does_nothing(sandbox: Sandbox, alice: Wire, time: Time) -> None:
    (folder,) = create(alice, "x", parent="drafts").ids
    make(alice, rule("", f'<t:MoveToFolder><t:FolderId Id="{folder[0]}"/></t:MoveToFolder>'))
    delete(alice, f'<t:FolderId Id="{folder[0]}"/>')
    sandbox.deliver(MAIL, ALICE)
    assert len(alice.find("inbox").ids) == 1
    assert alice("<m:GetInboxRules/>").texts("t:IsInError") == ["true"]
