"""Versions of the schema: what a request may ask of a server that is to behave as an older one."""

from __future__ import annotations

import re

# by age; what an answer bears beside these is a date
ORDER = (
    "Exchange2007",
    "Exchange2007_SP1",
    "Exchange2010",
    "Exchange2010_SP1",
    "Exchange2010_SP2",
    "Exchange2013",
    "Exchange2013_SP1",
    "Exchange2015",
    "Exchange2016",
)
_DATED = re.compile(r"V20\d\d_\d\d_\d\d", re.ASCII)
LATEST = "V2017_07_11"
_OLDEST = ORDER[0]  # a request that names no version is one for it

# the first version that has an operation, for those that came after the first release
_SINCE = {
    "Exchange2007_SP1": "AddDelegate ConvertId GetDelegate RemoveDelegate UpdateDelegate",
    "Exchange2010": (
        "CreateUserConfiguration DeleteUserConfiguration FindMessageTrackingReport GetMailTips"
        " GetMessageTrackingReport GetRoomLists GetRooms GetServerTimeZones GetServiceConfiguration"
        " GetSharingFolder GetSharingMetadata GetUserConfiguration PlayOnPhone RefreshSharingFolder"
        " UpdateUserConfiguration"
    ),
    "Exchange2010_SP1": (
        "ApplyConversationAction EmptyFolder ExportItems FindConversation GetInboxRules"
        " GetPasswordExpirationDate GetSearchableMailboxes GetStreamingEvents UpdateInboxRules UploadItems"
    ),
    "Exchange2013": (
        "ArchiveItem CreateFolderPath FindPeople GetAppManifests GetConversationItems GetPersona GetUserPhoto"
        " MarkAllItemsAsRead MarkAsJunk SearchMailboxes SetUserPhoto"
    ),
}
_FIRST = {name: version for version, names in _SINCE.items() for name in names.split()}


def is_known(version: str) -> bool:
    """Whether there is such a version of the schema."""
    return version in ORDER or _DATED.fullmatch(version) is not None


def has(version: str | None, operation: str) -> bool:
    """Whether a version (None: the oldest) has an operation."""
    first = _FIRST.get(operation, _OLDEST)
    return at_least(version, first)


def at_least(version: str | None, first: str) -> bool:
    """Whether a version (None: the oldest) is ``first`` or a later one."""
    asked = version or _OLDEST
    return asked not in ORDER or ORDER.index(asked) >= ORDER.index(first)


def answered(version: str | None) -> str:
    """The version that an answer bears: that of the request, as long as an older server would say so."""
    return version if version in ORDER[1:-1] else LATEST
