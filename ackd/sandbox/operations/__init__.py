"""The operations, one module each, found by scanning: ``NAME`` and ``answer(call, request)``.

``answer`` gives the response element, or one after the other for an answer that stays open; it raises
SchemaViolation or RequestFault for what must become a SOAP fault. A new operation is a new file here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Generator

from ackd.sandbox.call import Call
from ackd.sandbox.xml import Element

Operation = Callable[[Call, Element], Element | Generator[Element]]


def scan() -> dict[str, Operation]:
    """All operations by their names."""
    found: dict[str, Operation] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found[module.NAME] = module.answer
    return found


# what Exchange has beside these: a request for one of them is told that it is not supported here
ELSEWHERE = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "AddDelegate AddDistributionGroupToImList AddImContactToGroup AddImGroup AddNewImContactToGroup "
        "AddNewTelUriContactToGroup ApplyConversationAction ArchiveItem ConvertId CopyFolder "
        "CreateFolderPath CreateManagedFolder "
        "DeleteUserConfiguration DisableApp DisconnectPhoneCall EmptyFolder ExportItems "
        "FindConversation FindMailboxStatisticsByKeywords FindMessageTrackingReport FindPeople "
        "GetAppManifests GetAppMarketplaceUrl GetClientAccessToken GetClientIntent "
        "GetConversationItems GetDelegate GetDiscoverySearchConfiguration GetHoldOnMailboxes "
        "GetImItemList GetImItems GetInboxRules GetMailTips GetMessageTrackingReport "
        "GetNonIndexableItemDetails GetNonIndexableItemStatistics GetPasswordExpirationDate GetPersona "
        "GetPhoneCallInformation GetReminders GetRoomLists GetRooms GetSearchableMailboxes "
        "GetServerTimeZones GetServiceConfiguration GetSharingFolder GetSharingMetadata "
        "GetUserPhoto "
        "GetUserRetentionPolicyTags InstallApp MarkAllItemsAsRead MarkAsJunk MoveFolder "
        "PerformReminderAction PlayOnPhone RefreshSharingFolder RemoveContactFromImList RemoveDelegate "
        "RemoveDistributionGroupFromImList RemoveImContactFromGroup RemoveImGroup SearchMailboxes "
        "SetClientExtension SetHoldOnMailboxes SetImGroup SetImListMigrationCompleted SetTeamMailbox "
        "SetUserPhoto SyncFolderHierarchy UninstallApp "
        "UpdateDelegate UpdateInboxRules UpdateItemInRecoverableItems UploadItems"
    ).split()
)
