"""What the EWS face refuses, in Exchange's terms: item errors inside a 200, and SOAP faults."""

from __future__ import annotations

from collections.abc import Mapping

from exchange_sandbox.errors import Problem, Refused

# The texts that clients log; one for each code that the sandbox gives.
_TEXTS = {
    "ErrorAccessDenied": "Access is denied. Check credentials and try again.",
    "ErrorAffectedTaskOccurrencesRequired": "AffectedTaskOccurrences is required when deleting Task objects.",
    "ErrorAttachmentNestLevelLimitExceeded": "Attached items are nested too deep.",
    "ErrorAttachmentSizeLimitExceeded": "The attachment is larger than the server allows.",
    "ErrorCalendarEndDateIsEarlierThanStartDate": "EndDate is earlier than StartDate",
    "ErrorCalendarCannotMoveOrCopyOccurrence": "An occurrence can't leave its series.",
    "ErrorCalendarCannotUseIdForOccurrenceId": "The id is not that of an occurrence.",
    "ErrorCalendarCannotUseIdForRecurringMasterId": "The id is not that of a recurring master.",
    "ErrorCalendarDurationIsTooLong": "An appointment lasts no longer than five years.",
    "ErrorCalendarFolderIsInvalidForCalendarView": "A CalendarView needs a calendar folder.",
    "ErrorCalendarIsCancelledForAccept": "The meeting was cancelled.",
    "ErrorCalendarIsCancelledForDecline": "The meeting was cancelled.",
    "ErrorCalendarIsCancelledForRemove": "The meeting was not cancelled.",
    "ErrorCalendarIsCancelledForTentative": "The meeting was cancelled.",
    "ErrorCalendarIsNotOrganizer": "Only its organizer can cancel a meeting.",
    "ErrorCalendarIsOrganizerForAccept": "You organize this meeting.",
    "ErrorCalendarIsOrganizerForDecline": "You organize this meeting.",
    "ErrorCalendarIsOrganizerForRemove": "You organize this meeting.",
    "ErrorCalendarIsOrganizerForTentative": "You organize this meeting.",
    "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange": "The series has no occurrence of this index.",
    "ErrorCalendarOccurrenceIsDeletedFromRecurrence": "The occurrence was deleted from its series.",
    "ErrorCalendarOutOfRange": "The date is outside of what a calendar holds.",
    "ErrorCalendarViewRangeTooBig": "A CalendarView spans no more than two years.",
    "ErrorCannotCreateCalendarItemInNonCalendarFolder": "Cannot create a calendar item in this folder.",
    "ErrorCannotCreateContactInNonContactFolder": "Cannot create a contact in this folder.",
    "ErrorCannotCreateTaskInNonTaskFolder": "Cannot create a task in this folder.",
    "ErrorCannotUseFolderIdForItemId": "Id must be an item Id, not a folder Id.",
    "ErrorCannotUseItemIdForFolderId": "Id must be a folder Id, not an item Id.",
    "ErrorChangeKeyRequired": "A change key is required for this operation.",
    "ErrorChangeKeyRequiredForWriteOperations": "Change key is required for this operation.",
    "ErrorContainsFilterWrongType": "Contains looks into texts, and the property is none.",
    "ErrorDeleteDistinguishedFolder": "Distinguished folders cannot be deleted.",
    "ErrorExceededConnectionCount": "You have exceeded the available concurrent connections.",
    "ErrorExceededSubscriptionCount": "You have exceeded the available subscriptions.",
    "ErrorExpiredSubscription": "The subscription has expired.",
    "ErrorFolderExists": "A folder with the specified name already exists.",
    "ErrorFolderNotFound": "The specified folder could not be found in the store.",
    "ErrorFolderPropertyRequestFailed": "One or more folder properties could not be read.",
    "ErrorIncorrectUpdatePropertyCount": "A change description must contain one property to modify.",
    "ErrorInvalidAttachmentId": "The specified attachment Id is invalid.",
    "ErrorInvalidChangeKey": "The change key is invalid.",
    "ErrorInvalidExtendedProperty": "The extended property attribute combination is invalid.",
    "ErrorInvalidExtendedPropertyValue": "The value of the extended property does not match its type.",
    "ErrorInvalidIdEmpty": "Id must be non-empty.",
    "ErrorInvalidIdMalformed": "Id is malformed.",
    "ErrorInvalidItemForOperationSendItem": "Only a message can be sent.",
    "ErrorInvalidPropertyAppend": "The property cannot be appended to.",
    "ErrorInvalidPropertyDelete": "The property cannot be deleted.",
    "ErrorInvalidPropertyRequest": "The property is not valid for this request.",
    "ErrorInvalidPropertySet": "Set action is invalid for property.",
    "ErrorInvalidPropertyUpdateSentMessage": "The property cannot be updated on a sent message.",
    "ErrorInvalidPullSubscriptionId": "The subscription is not one that is pulled.",
    "ErrorInvalidPushSubscriptionUrl": "The URL for push notifications is invalid.",
    "ErrorInvalidRecipients": "At least one recipient isn't valid.",
    "ErrorInvalidSendItemSaveSettings": "A folder to save to was given, but saving was not asked for.",
    "ErrorInvalidScheduledOofDuration": "The end of the duration must be after its start.",
    "ErrorInvalidSubscription": "The subscription is invalid.",
    "ErrorInvalidSubscriptionRequest": "Name folders, or subscribe to all folders: one of the two.",
    "ErrorInvalidSyncStateData": "Synchronization state data is corrupt or otherwise invalid.",
    "ErrorInvalidWatermark": "The watermark is invalid.",
    "ErrorIrresolvableConflict": (
        "The send or update operation could not be performed because the change key passed in the request"
        " does not match the current change key for the item."
    ),
    "ErrorItemNotFound": "The specified object was not found in the store.",
    "ErrorMailboxStoreUnavailable": "The mailbox database is temporarily unavailable.",
    "ErrorMessageDispositionRequired": "Message disposition is required for this operation.",
    "ErrorMimeContentInvalid": "The MIME content is invalid.",
    "ErrorMimeContentInvalidBase64String": "The MIME content is not a valid base64 string.",
    "ErrorMissingItemForCreateItemAttachment": "The item for the item attachment is missing.",
    "ErrorMissingRecipients": "No recipients were given.",
    "ErrorNameResolutionMultipleResults": "Multiple results were found.",
    "ErrorNameResolutionNoResults": "No results were found.",
    "ErrorNewEventStreamConnectionOpened": "Another connection reads the subscription now.",
    "ErrorNonExistentMailbox": "The SMTP address has no mailbox associated with it.",
    "ErrorObjectTypeChanged": "The object type cannot be changed by its item class.",
    "ErrorOccurrenceCrossingBoundary": "An occurrence can't be moved past its neighbours in the series.",
    "ErrorOccurrenceTimeSpanTooBig": "An occurrence lasts longer than the time to the next.",
    "ErrorQuotaExceeded": "The mailbox or folder has reached its quota.",
    "ErrorRecurrenceHasNoOccurrence": "The recurrence has no occurrence.",
    "ErrorRestrictionTooComplex": "The restriction is too complex.",
    "ErrorSendAsDenied": (
        "The user account which was used to submit this request does not have the right to send mail on"
        " behalf of the specified sending account."
    ),
    "ErrorSendMeetingCancellationsRequired": "SendMeetingCancellations is required for calendar items.",
    "ErrorSendMeetingInvitationsRequired": "SendMeetingInvitations is required for calendar items.",
    "ErrorStaleObject": "The object has changed since it was read.",
    "ErrorSubscriptionAccessDenied": "Only its owner may use the subscription.",
    "ErrorSubscriptionNotFound": "The specified subscription was not found.",
    "ErrorUnsupportedPathForQuery": "The property cannot be used in a restriction.",
    "ErrorUnsupportedPathForSortGroup": "The property cannot be used for sorting.",
    "ErrorUpdatePropertyMismatch": "The path does not name the property that the object carries.",
    "ErrorCannotEmptyFolder": "The folder cannot be emptied.",
    "ErrorDuplicateUserIdsSpecified": "The same user is named more than once.",
    "ErrorInvalidPermissionSettings": "The permissions contradict each other or are incomplete.",
    "ErrorInvalidUserInfo": "The user could not be found in the directory.",
    "ErrorMoveCopyFailed": "The move or copy operation failed.",
    "ErrorMoveDistinguishedFolder": "Distinguished folders cannot be moved.",
    "ErrorNoPublicFolderReplicaAvailable": "There is no server that holds the public folders.",
    "ErrorParentFolderNotFound": "The parent folder could not be found.",
    "ErrorRequiredPropertyMissing": "A property that is required is missing.",
    "ErrorSyncFolderNotFound": "The folder to be synchronized could not be found.",
    "ErrorToFolderNotFound": "The destination folder could not be found.",
    "ErrorArchiveMailboxNotEnabled": "The mailbox has no archive.",
    "ErrorCorruptData": "The data is corrupt.",
    "ErrorInvalidIdMalformedEwsLegacyIdFormat": "The id is not in the format of EwsLegacyId.",
    "ErrorInvalidOperation": "The operation is invalid.",
    "ErrorManagedFolderNotFound": "The managed folder could not be found.",
    "ErrorUnsupportedTypeForConversion": "Only ids of items and folders can be converted.",
    "ErrorDelegateAlreadyExists": "The user is a delegate already.",
    "ErrorDelegateCannotAddOwner": "The owner of a mailbox cannot be a delegate of it.",
    "ErrorDelegateNoUser": "The user could not be found.",
    "ErrorNotDelegate": "The user is no delegate.",
    "ErrorInboxRulesValidationError": "At least one of the rules is not valid.",
}


#: The response code of each problem of the store's.
_CODES = {
    Problem.FOLDER_TOO_DEEP: "ErrorInvalidParentFolder",
    Problem.FOLDER_EXISTS: "ErrorFolderExists",
    Problem.FOLDER_NOT_FOUND: "ErrorFolderNotFound",
    Problem.NO_PUBLIC_FOLDERS: "ErrorNoPublicFolderReplicaAvailable",
    Problem.STANDARD_FOLDER_MOVED: "ErrorMoveDistinguishedFolder",
    Problem.FOLDER_INTO_ITSELF: "ErrorMoveCopyFailed",
    Problem.STANDARD_FOLDER_DELETED: "ErrorDeleteDistinguishedFolder",
    Problem.FOLDER_NOT_EMPTIED: "ErrorCannotEmptyFolder",
    Problem.ITEM_NOT_FOUND: "ErrorItemNotFound",
    Problem.OPERATION_IMPOSSIBLE: "ErrorInvalidOperation",
    Problem.SEND_AS_DENIED: "ErrorSendAsDenied",
    Problem.MAILBOX_NOT_FOUND: "ErrorNonExistentMailbox",
    Problem.RECIPIENTS_MISSING: "ErrorMissingRecipients",
    Problem.RECIPIENT_INVALID: "ErrorInvalidRecipients",
    Problem.NO_RECEIPT_PENDING: "ErrorReadReceiptNotPending",
    Problem.PROPERTY_MISSING: "ErrorRequiredPropertyMissing",
    Problem.PROPERTY_NOT_SETTABLE: "ErrorInvalidPropertySet",
    Problem.END_BEFORE_START: "ErrorCalendarEndDateIsEarlierThanStartDate",
    Problem.APPOINTMENT_TOO_LONG: "ErrorCalendarDurationIsTooLong",
    Problem.DATE_OUT_OF_RANGE: "ErrorCalendarOutOfRange",
    Problem.OCCURRENCE_TOO_LONG: "ErrorOccurrenceTimeSpanTooBig",
    Problem.NO_OCCURRENCE: "ErrorRecurrenceHasNoOccurrence",
    Problem.RECURRENCE_INVALID: "ErrorCalendarInvalidRecurrence",
    Problem.WEEKLY_DAY_INVALID: "ErrorCalendarInvalidDayForWeeklyRecurrence",
    Problem.OCCURRENCE_DELETED: "ErrorCalendarOccurrenceIsDeletedFromRecurrence",
    Problem.OCCURRENCE_CROSSES_NEIGHBOUR: "ErrorOccurrenceCrossingBoundary",
    Problem.TASK_OCCURRENCE_NOT_DELETED: "ErrorCannotDeleteTaskOccurrence",
    Problem.RECIPIENT_NOT_FOUND: "ErrorMailRecipientNotFound",
    Problem.LIST_TOO_LARGE: "ErrorFreeBusyDLLimitReached",
}


#: Properties that the store itself refuses, as requests name them.
_PATHS = {"recurrence": "calendar:Recurrence"}


class EwsError(Refused):
    """One item of a request cannot be done: a response message with ``code``, inside an HTTP 200.

    ``path`` is the property in question as it is named in a request (``item:Subject``), if there is one, with
    an ``index`` if it is an entry of a dictionary.
    """

    def __init__(
        self, code: str, text: str | None = None, *, path: str | None = None, index: str | None = None
    ) -> None:
        super().__init__(None, text or _TEXTS.get(code, code))
        self.code = code
        self.path = path
        self.index = index


def in_ews(refused: Refused) -> EwsError:
    """A refusal of the store's as Exchange answers it."""
    if isinstance(refused, EwsError):
        return refused
    assert refused.problem is not None
    return EwsError(_CODES[refused.problem], str(refused), path=_PATHS.get(refused.key or ""))


class RequestFault(Exception):
    """The whole request is refused: a SOAP fault with ``code``, as HTTP 500.

    ``values`` become ``t:Value`` elements in the fault's MessageXml (BackOffMilliseconds is one).
    """

    def __init__(self, code: str, text: str, values: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.values = dict(values or {})


def busy(milliseconds: int) -> RequestFault:
    """The server has no time now; ``milliseconds`` until it is worth another try."""
    return RequestFault(
        "ErrorServerBusy",
        "The server cannot service this request right now. Try again later.",
        {"BackOffMilliseconds": str(milliseconds)},
    )


def too_many_connections() -> RequestFault:
    """The user has as many requests or streams open as are allowed."""
    return RequestFault(
        "ErrorExceededConnectionCount",
        "You have exceeded the available concurrent connections for your account. Try again once"
        " your other requests have completed.",
    )
