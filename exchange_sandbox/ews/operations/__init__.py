"""The operations, one module each, found by scanning: ``NAME`` and ``answer(call, request)``.

``answer`` gives the response element, or one after the other for an answer that stays open; it raises
SchemaViolation or RequestFault for what must become a SOAP fault. A new operation is a new file here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Generator

from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.xml import Element

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
        "AddDistributionGroupToImList AddImContactToGroup AddImGroup AddNewImContactToGroup "
        "AddNewTelUriContactToGroup ApplyConversationAction CompleteFindInGALSpeechRecognition "
        "CreateUMCallDataRecord CreateUMPrompt DeleteUMPrompts DisableApp DisconnectPhoneCall "
        "FindConversation FindMailboxStatisticsByKeywords FindMessageTrackingReport GetAppManifests "
        "GetAppMarketplaceUrl GetClientAccessToken GetClientExtension GetClientIntent "
        "GetConversationItems GetDiscoverySearchConfiguration GetEncryptionConfiguration "
        "GetHoldOnMailboxes GetImItemList GetImItems GetMessageTrackingReport "
        "GetNonIndexableItemDetails GetNonIndexableItemStatistics "
        "GetPhoneCallInformation GetServiceConfiguration GetSharingFolder GetSharingMetadata "
        "GetUMCallDataRecords GetUMCallSummary GetUMPin GetUMPrompt GetUMPromptNames "
        "GetUMSubscriberCallAnsweringData GetUserPhoto GetUserRetentionPolicyTags InitUMMailbox "
        "InstallApp PlayOnPhone PostModernGroupItem RefreshSharingFolder RemoveContactFromImList "
        "RemoveDistributionGroupFromImList RemoveImContactFromGroup RemoveImGroup ResetUMMailbox "
        "SaveUMPin SearchMailboxes SetClientExtension SetEncryptionConfiguration SetHoldOnMailboxes "
        "SetImGroup SetImListMigrationCompleted SetTeamMailbox SetUserPhoto "
        "StartFindInGALSpeechRecognition UninstallApp UnpinTeamMailbox UpdateGroupMailbox "
        "UpdateItemInRecoverableItems UpdateMailboxAssociation ValidateUMPin"
    ).split()
)
