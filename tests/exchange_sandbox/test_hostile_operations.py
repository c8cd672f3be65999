"""Requests of all kinds with something wrong in them: a fault or an error, never a traceback."""

from __future__ import annotations

import pytest

from .conftest import ALICE, BOB
from .test_find import compare, contains
from .test_folder_trees import permission, smtp
from .test_folders import named
from .test_hostile import EXAMPLES, answer_mangled
from .test_more_operations import delegate
from .test_rules import MOVE, people, rule, strings, true
from .wire import Wire, envelope, mailbox

INBOX, DRAFTS = named("inbox"), named("drafts")
SHAPE = "<m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>"
ITEM = '<m:ItemIds><t:ItemId Id="AAAA" ChangeKey="AAAA"/></m:ItemIds>'
TO = f"<m:ToFolderId>{DRAFTS}</m:ToFolderId>"
SEARCH = (
    f'<t:SearchParameters Traversal="Deep"><t:Restriction>{contains("item:Subject", "x")}</t:Restriction>'
    f"<t:BaseFolderIds>{INBOX}</t:BaseFolderIds></t:SearchParameters>"
)
RULE = rule(
    strings("Categories", "a") + people("FromAddresses", BOB) + true("SentToMe")
    + "<t:WithinSizeRange><t:MinimumSize>1</t:MinimumSize></t:WithinSizeRange>", true("MarkAsRead") + MOVE,
)  # fmt: skip
PATH = '<t:FieldURI FieldURI="item:Subject"/>'
OWNER = mailbox(ALICE).replace("t:Mailbox", "m:Mailbox")
# one a paragraph
REQUESTS = f"""
<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true">
<m:FolderIds>{DRAFTS}</m:FolderIds></m:EmptyFolder>

<m:MoveFolder>{TO}<m:FolderIds>{INBOX}</m:FolderIds></m:MoveFolder>

<m:CopyFolder>{TO}<m:FolderIds>{named("notes")}</m:FolderIds></m:CopyFolder>

<m:SyncFolderHierarchy>{SHAPE}<m:SyncFolderId>{named("root")}</m:SyncFolderId></m:SyncFolderHierarchy>

<m:CreateFolder><m:ParentFolderId>{INBOX}</m:ParentFolderId><m:Folders>
<t:SearchFolder><t:DisplayName>s</t:DisplayName>{SEARCH}</t:SearchFolder>
<t:Folder><t:DisplayName>p</t:DisplayName>{permission(smtp(BOB), "Editor")}</t:Folder>
</m:Folders></m:CreateFolder>

<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>
<m:GroupBy Order="Ascending">{PATH}<t:AggregateOn Aggregate="Minimum">{PATH}</t:AggregateOn></m:GroupBy>
<m:Restriction>{compare("IsEqualTo", "item:Importance", "High")}</m:Restriction>
<m:ParentFolderIds>{DRAFTS}</m:ParentFolderIds>
<m:QueryString>subject:x AND received:&gt;today</m:QueryString></m:FindItem>

<m:ConvertId DestinationFormat="OwaId"><m:SourceIds>
<t:AlternateId Format="StoreId" Id="AAAA" Mailbox="{ALICE}"/></m:SourceIds></m:ConvertId>

<m:ExportItems>{ITEM}</m:ExportItems>

<m:UploadItems><m:Items><t:Item CreateAction="Update" IsAssociated="true"><t:ParentFolderId Id="AAAA"/>
<t:ItemId Id="AAAA"/><t:Data>AAAA</t:Data></t:Item></m:Items></m:UploadItems>

<m:ArchiveItem><m:ArchiveSourceFolderId>{INBOX}</m:ArchiveSourceFolderId>{ITEM}</m:ArchiveItem>

<m:MarkAsJunk IsJunk="true" MoveItem="true">{ITEM}</m:MarkAsJunk>

<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts>
<m:FolderIds>{DRAFTS}</m:FolderIds></m:MarkAllItemsAsRead>

<m:GetDelegate IncludePermissions="true">{OWNER}
<m:UserIds><t:UserId>{smtp(BOB)}</t:UserId></m:UserIds></m:GetDelegate>

<m:AddDelegate>{OWNER}<m:DelegateUsers>{delegate(BOB)}</m:DelegateUsers></m:AddDelegate>

<m:GetMailTips><m:SendingAs><t:EmailAddress>{ALICE}</t:EmailAddress></m:SendingAs>
<m:Recipients>{mailbox(BOB)}</m:Recipients><m:MailTipsRequested>All</m:MailTipsRequested></m:GetMailTips>

<m:FindPeople><m:PersonaShape><t:BaseShape>AllProperties</t:BaseShape></m:PersonaShape>
<m:IndexedPageItemView MaxEntriesReturned="9" Offset="0" BasePoint="Beginning"/>
<m:Restriction>{compare("IsEqualTo", "persona:DisplayName", "x")}</m:Restriction>
<m:ParentFolderId>{named("directory")}</m:ParentFolderId></m:FindPeople>

<m:GetPersona><m:PersonaId Id="AAAA"/></m:GetPersona>

<m:UpdateInboxRules><m:RemoveOutlookRuleBlob>true</m:RemoveOutlookRuleBlob><m:Operations>
<t:CreateRuleOperation>{RULE}</t:CreateRuleOperation></m:Operations></m:UpdateInboxRules>

<m:CreateFolderPath><m:ParentFolderId>{INBOX}</m:ParentFolderId><m:RelativeFolderPath>
<t:Folder><t:DisplayName>a</t:DisplayName></t:Folder></m:RelativeFolderPath></m:CreateFolderPath>
""".split("\n\n")


def test_the_requests_are_well_before_they_are_mangled(alice: Wire) -> None:
    for request in REQUESTS:
        assert "ErrorSchemaValidation" not in alice(request).codes, request


@pytest.mark.parametrize("examples", EXAMPLES)
def test_mangled_requests(alice: Wire, examples: int) -> None:
    answer_mangled(alice, [envelope(one).decode() for one in REQUESTS], examples)
