"""What ackd asks permission for, and no more."""

from __future__ import annotations

from urllib.parse import urlsplit

from ackd.model.access import Access, MailboxKind, OAuth

#: To read and write the owner's own mail, tasks and calendar, and to see hours and automatic replies. Names
#: without a resource are Graph's.
GRAPH = (
    "User.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "Tasks.ReadWrite",
    "Calendars.ReadWrite",
    "MailboxSettings.ReadWrite",
)
#: The same in a mailbox that is another's and was opened to who signs in; tasks lie with them then, since
#: To Do opens to nobody else.
SHARED = (
    "User.Read",
    "Mail.ReadWrite.Shared",
    "Mail.Send.Shared",
    "Tasks.ReadWrite",
    "Calendars.ReadWrite.Shared",
    "MailboxSettings.ReadWrite",
)
#: To see who belongs to the lists that the configuration names; an administrator must agree to these.
DIRECTORY = ("GroupMember.Read.All", "User.ReadBasic.All")


def of_app(access: Access) -> str:
    """What an app asks for: all that the administrators gave it on this server."""
    return f"{_origin(access)}/.default"


def of_person(access: Access, oauth: OAuth, *, shared: bool) -> tuple[str, ...]:
    """What a person is asked to agree to; `shared`: for another's mailbox, that was opened to them.

    EWS has one permission, which opens the whole mailbox; AD FS names it as it names any, after the address
    by which Exchange is registered there, with its slash.
    """
    if access.kind is MailboxKind.GRAPH:
        return (*(SHARED if shared else GRAPH), *(DIRECTORY if oauth.asks_directory else ()))
    is_adfs = urlsplit(oauth.authority).path.strip("/").lower() == "adfs"
    name = "/user_impersonation" if is_adfs else "EWS.AccessAsUser.All"
    return (f"{_origin(access)}/{name}",)


def _origin(access: Access) -> str:
    place = urlsplit(access.endpoint)
    return f"{place.scheme}://{place.netloc}"
