"""Contacts and private distribution lists: their parts, how they are found by name, their cards."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from exchange_sandbox import Sandbox
from exchange_sandbox.mime import vcard
from exchange_sandbox.store.schema import Key

from .conftest import ALICE, BOB
from .wire import Got, Wire, extended, mailbox

HOME = 'FieldURI="contacts:PhysicalAddress:{}" FieldIndex="Home"'
ANN = (
    "<t:Contact>{}<t:FileAsMapping>LastCommaFirst</t:FileAsMapping><t:GivenName>Ann</t:GivenName>"
    "<t:MiddleName>Mary</t:MiddleName>"
    '<t:EmailAddresses><t:Entry Key="EmailAddress1" Name="Ann L" RoutingType="SMTP" MailboxType="Contact">'
    'ann@partner.example</t:Entry><t:Entry Key="EmailAddress2">lee@home.example</t:Entry></t:EmailAddresses>'
    '<t:PhysicalAddresses><t:Entry Key="Home"><t:Street>1 Elm St</t:Street><t:City>Ayr</t:City></t:Entry>'
    "</t:PhysicalAddresses><t:Generation>Jr.</t:Generation><t:Surname>Lee</t:Surname></t:Contact>"
)


def saved(wire: Wire, element: str) -> tuple[str, str]:
    (one,) = wire.create(element).ids
    return one


def change(kind: str, path: str, element: str) -> str:
    return f"<t:{kind}ItemField>{path}{element}</t:{kind}ItemField>"


def resolve(wire: Wire, name: str, attributes: str = "", folder: str = "") -> Got:
    return wire(
        f'<m:ResolveNames ReturnFullContactData="true"{attributes}>{folder}'
        f"<m:UnresolvedEntry>{name}</m:UnresolvedEntry></m:ResolveNames>"
    )


def listed(*members: str) -> str:
    return f"<t:Members>{''.join(f'<t:Member>{one}</t:Member>' for one in members)}</t:Members>"


def one_off(name: str) -> str:
    return (
        f"<t:Mailbox><t:Name>{name}</t:Name><t:EmailAddress>{name}@x.example</t:EmailAddress>"
        "<t:MailboxType>OneOff</t:MailboxType></t:Mailbox>"
    )


def test_the_parts_of_a_contact(alice: Wire) -> None:
    title, yomi = (
        'PropertyTag="0x3a45" PropertyType="String"',
        ('DistinguishedPropertySetId="Address" PropertyId="32812" PropertyType="String"'),
    )
    number, _ = saved(alice, ANN.format(extended(title, "Dr.") + extended(yomi, "アン")))
    got = alice.get(number, base="AllProperties")
    assert (got.text("t:FileAs"), got.text("t:DisplayName")) == ("Lee, Ann Mary", "Ann Mary Lee")
    (name,) = got.all("t:CompleteName")
    assert [one.text for one in name] == ["Dr.", "Ann", "Mary", "Lee", "Jr.", "Ann Mary Lee", "アン"]
    (first, second) = got.all("t:EmailAddresses/t:Entry")
    assert dict(first.attrib) == {
        "Key": "EmailAddress1", "Name": "Ann L", "RoutingType": "SMTP", "MailboxType": "Contact",
    }  # fmt: skip
    assert second.text == "lee@home.example"


def test_a_postal_address_line_by_line(alice: Wire) -> None:
    item = saved(alice, ANN.format(""))
    entry = (
        '<t:Contact><t:PhysicalAddresses><t:Entry Key="{}"><t:{}>{}</t:{}></t:Entry></t:PhysicalAddresses>'
        "</t:Contact>"
    )
    path = "<t:IndexedFieldURI " + HOME + "/>"
    changes = change("Set", path.format("City"), entry.format("Home", "City", "Troon", "City"))
    assert alice.update(item, changes, "AlwaysOverwrite").codes == ["NoError"]
    got = alice.get(item[0], "contacts:PhysicalAddresses")
    assert (got.text("t:Street"), got.text("t:City")) == ("1 Elm St", "Troon")
    assert alice.find("contacts", restriction=(
        f"<t:IsEqualTo>{path.format('City')}<t:FieldURIOrConstant><t:Constant Value='troon'/>"
        "</t:FieldURIOrConstant></t:IsEqualTo>"
    )).ids != []  # fmt: skip
    for wrong in (("Other", "City", "x", "City"), ("Home", "State", "x", "State")):
        changes = change("Set", path.format("City"), entry.format(*wrong))
        assert alice.update(item, changes, "AlwaysOverwrite").codes == ["ErrorUpdatePropertyMismatch"]
    alice.update(item, change("Delete", path.format("Street"), ""), "AlwaysOverwrite")
    got = alice.get(item[0], "contacts:PhysicalAddresses")
    assert (got.texts("t:Street"), got.text("t:City")) == ([], "Troon")
    alice.update(item, change("Delete", path.format("City"), ""), "AlwaysOverwrite")
    assert alice.get(item[0], "contacts:PhysicalAddresses").all("t:PhysicalAddresses") == []


def test_an_entry_alone(alice: Wire) -> None:
    """What is asked for by its key is given alone; beside a shape that has the whole, the whole is given."""
    item = saved(alice, ANN.format(""))
    paths = (
        "<t:IndexedFieldURI " + HOME.format("City") + "/>",
        '<t:IndexedFieldURI FieldURI="contacts:EmailAddress" FieldIndex="EmailAddress2"/>',
        '<t:IndexedFieldURI FieldURI="contacts:PhoneNumber" FieldIndex="Pager"/>',
    )
    for got in (alice.get(item[0], *paths), alice.find("contacts", *paths)):
        assert (got.texts("t:Street"), got.text("t:City")) == ([], "Ayr")
        assert got.text("t:EmailAddresses/t:Entry") == "lee@home.example"
        assert got.all("t:PhoneNumbers") == []
    assert len(alice.get(item[0], *paths, base="Default").all("t:EmailAddresses/t:Entry")) == 2


def test_a_contact_has_two_names_for_everything(alice: Wire) -> None:
    """MAPI properties of contacts are their EWS properties; on other items they are only what they are."""
    mobile, given = 'PropertyTag="0x3a1c" PropertyType="String"', 'PropertyTag="0x3a06" PropertyType="String"'
    values = extended(mobile, "+44 1") + extended(given, "Ann")
    number, _ = saved(alice, f"<t:Contact>{values}</t:Contact>")
    got = alice.get(number, "contacts:PhoneNumbers", "contacts:GivenName", f"<t:ExtendedFieldURI {mobile}/>")
    assert (got.text("t:Entry"), got.text("t:GivenName"), got.text("t:Value")) == ("+44 1", "Ann", "+44 1")
    number, _ = saved(alice, f"<t:Message>{values}</t:Message>")
    assert alice.get(number, f"<t:ExtendedFieldURI {mobile}/>").text("t:Value") == "+44 1"


def test_a_picture(alice: Wire) -> None:
    number, _ = saved(alice, ANN.format(""))
    assert alice.get(number, "contacts:HasPicture").text("t:HasPicture") == "false"
    alice(
        f'<m:CreateAttachment><m:ParentItemId Id="{number}"/><m:Attachments><t:FileAttachment>'
        "<t:Name>ContactPicture.jpg</t:Name><t:IsContactPhoto>true</t:IsContactPhoto><t:Content>aGVsbG8="
        "</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>"
    )
    assert alice.get(number, "contacts:HasPicture").text("t:HasPicture") == "true"


def test_members_come_and_go(alice: Wire) -> None:
    contact, _ = saved(alice, ANN.format(""))
    by_item = f'<t:Mailbox><t:MailboxType>Contact</t:MailboxType><t:ItemId Id="{contact}"/></t:Mailbox>'
    item = saved(
        alice, f"<t:DistributionList>{listed(one_off('eve'), by_item, one_off('eve'))}</t:DistributionList>"
    )
    more = f"<t:DistributionList>{listed(one_off('fay'), one_off('eve'))}</t:DistributionList>"
    path = '<t:FieldURI FieldURI="distributionlist:Members"/>'
    assert alice.update(item, change("AppendTo", path, more), "AlwaysOverwrite").codes == ["NoError"]
    got = alice.get(item[0], "distributionlist:Members")
    assert got.texts("t:Name") == ["eve", "Ann Mary Lee", "fay"]
    assert got.texts("t:EmailAddress") == ["eve@x.example", "ann@partner.example", "fay@x.example"]
    assert got.texts("t:MailboxType") == ["OneOff", "Contact", "OneOff"]
    key = got.all("t:Member")[0].get("Key")
    one = f'<t:IndexedFieldURI FieldURI="distributionlist:Members:Member" FieldIndex="{key}"/>'
    assert alice.update(item, change("Delete", one, ""), "AlwaysOverwrite").codes == ["NoError"]
    assert alice.update(item, change("Delete", one, ""), "AlwaysOverwrite").codes == [
        "ErrorDistributionListMemberNotExist"
    ]
    expand = '<m:ExpandDL><m:Mailbox><t:ItemId Id="{}"/></m:Mailbox></m:ExpandDL>'
    assert alice(expand.format(item[0])).texts("t:Name") == ["Ann Mary Lee", "fay"]
    assert alice(expand.format(contact)).codes == ["ErrorInvalidItemForOperationExpandDL"]


def test_a_member_of_somebody_elses_tells_nothing(alice: Wire, bob: Wire) -> None:
    contact, _ = saved(alice, ANN.format(""))
    by_item = f'<t:Mailbox><t:MailboxType>Contact</t:MailboxType><t:ItemId Id="{contact}"/></t:Mailbox>'
    number, _ = saved(bob, f"<t:DistributionList>{listed(by_item)}</t:DistributionList>")
    assert "Ann" not in "".join(bob.get(number, "distributionlist:Members").texts("t:Name"))


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("", ["Bob", "Bobby Ray"]),
        ("ActiveDirectory", ["Bob"]),
        ("ActiveDirectoryContacts", ["Bob", "Bobby Ray"]),
        ("Contacts", ["Bobby Ray"]),
        ("ContactsActiveDirectory", ["Bobby Ray", "Bob"]),
    ],
)
def test_where_names_are_looked_for(make: Callable[..., Sandbox], scope: str, names: list[str]) -> None:
    wire = Wire(make().url, ALICE)
    contact, _ = saved(
        wire,
        "<t:Contact><t:DisplayName>Bobby Ray</t:DisplayName><t:EmailAddresses>"
        '<t:Entry Key="EmailAddress1">ray@x.example</t:Entry></t:EmailAddresses></t:Contact>',
    )
    got = resolve(wire, "bob", f' SearchScope="{scope}"' if scope else "")
    assert got.texts("t:Mailbox/t:Name") == names
    assert got.codes == ["NoError" if len(names) == 1 else "ErrorNameResolutionMultipleResults"]
    assert got.ids == ([(contact, "")] if "Bobby Ray" in names else [])


def test_what_resolving_gives_and_refuses(alice: Wire) -> None:
    saved(alice, ANN.format(""))
    got = resolve(alice, "lee", ' ContactDataShape="AllProperties"')
    assert got.texts("t:Mailbox/t:EmailAddress") == ["ann@partner.example", "lee@home.example"]
    assert got.texts("t:Contact/t:GivenName") == ["Ann", "Ann"]
    assert resolve(alice, "smtp:lee@").texts("t:Mailbox/t:MailboxType") == ["Contact", "Contact"]
    parents = "<m:ParentFolderIds>{}</m:ParentFolderIds>"
    inbox, contacts = (f'<t:DistinguishedFolderId Id="{name}"/>' for name in ("inbox", "contacts"))
    for folders, code in (
        (contacts, "ErrorNameResolutionMultipleResults"),
        (inbox, "ErrorResolveNamesInvalidFolderType"),
        (contacts + inbox, "ErrorResolveNamesOnlyOneContactsFolderAllowed"),
    ):
        assert resolve(alice, "ann", folder=parents.format(folders)).codes == [code]


def test_a_contact_as_a_card(alice: Wire) -> None:
    number, _ = saved(alice, ANN.format('<t:Body BodyType="Text">a; b,\r\nc\\d</t:Body>'))
    card = base64.b64decode(alice.get(number, "item:MimeContent").text("t:MimeContent")).decode()
    for line in (
        "N:Lee;Ann;Mary;;Jr.", "FN:Ann Mary Lee", "EMAIL;TYPE=INTERNET:lee@home.example",
        "ADR;TYPE=HOME:;;1 Elm St;Ayr;;;", "NOTE:a\\; b\\,\\nc\\\\d",
    ):  # fmt: skip
        assert line in card.split("\r\n")
    long = vcard.write({Key.DISPLAY_NAME: "漢" * 200}, "")
    assert max(len(line) for line in long.split(b"\r\n")) <= 75
    assert f"FN:{'漢' * 200}".encode() in long.replace(b"\r\n ", b"")


def test_recipients_keep_their_type(alice: Wire) -> None:
    to = mailbox(BOB).replace("</t:Mailbox>", "<t:MailboxType>OneOff</t:MailboxType></t:Mailbox>")
    number, _ = saved(alice, f"<t:Message><t:ToRecipients>{to}</t:ToRecipients></t:Message>")
    assert alice.get(number, "message:ToRecipients").text("t:MailboxType") == "OneOff"


def test_mail_to_ones_own_contacts_and_lists(alice: Wire, bob: Wire) -> None:
    """Lists in lists, lists that contain each other; and nothing is sent if somebody has no address."""

    def by_item(number: str, kind: str) -> str:
        return f'<t:Mailbox><t:MailboxType>{kind}</t:MailboxType><t:ItemId Id="{number}"/></t:Mailbox>'

    def send(*to: str) -> list[str]:
        element = (
            f"<t:Message><t:Subject>x</t:Subject><t:ToRecipients>{''.join(to)}</t:ToRecipients></t:Message>"
        )
        return alice.create(element, "SendAndSaveCopy").codes

    entry = f'<t:EmailAddresses><t:Entry Key="EmailAddress2">{BOB}</t:Entry></t:EmailAddresses>'
    contact, _ = saved(alice, f"<t:Contact><t:DisplayName>Bobby</t:DisplayName>{entry}</t:Contact>")
    nobody, _ = saved(alice, "<t:Contact><t:DisplayName>No Address</t:DisplayName></t:Contact>")
    inner = saved(
        alice,
        f"<t:DistributionList>{listed(mailbox(ALICE), by_item(contact, 'Contact'))}</t:DistributionList>",
    )
    outer, _ = saved(
        alice, f"<t:DistributionList>{listed(by_item(inner[0], 'PrivateDL'))}</t:DistributionList>"
    )
    path = '<t:FieldURI FieldURI="distributionlist:Members"/>'
    circle = f"<t:DistributionList>{listed(by_item(outer, 'PrivateDL'))}</t:DistributionList>"
    alice.update(inner, change("AppendTo", path, circle), "AlwaysOverwrite")
    assert send(by_item(outer, "PrivateDL")) == ["NoError"]
    ((received, _),) = bob.find("inbox").ids
    assert dict(bob.headers(received))["To"] == '"Alice" <alice@corp.example>, "Bobby" <bob@corp.example>'
    assert len(alice.find("inbox").ids) == 1
    for wrong in (nobody, received, "AAMk"):
        assert send(mailbox(BOB), by_item(wrong, "Contact")) == ["ErrorInvalidRecipients"]
    assert len(bob.find("inbox").ids) == 1
