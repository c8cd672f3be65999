"""Ways in which real servers differ from what is documented, each to be switched on for a test.

Each was seen on a real server; a client that means to work everywhere needs a way without what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

_UNSUPPORTED = "unsupported"
#: Quirks that have values: what they are of.
_VALUES = {_UNSUPPORTED: "OPERATION", "endless_sync": "FOLDER", "restless_sync": "FOLDER"}
_MISSING = {"GetServerTimeZones"}  # seen to be missing on a real server
#: With these nobody can sign in, all mail seems to come from outside, or nothing tells what was sent (the
#: first of them with own_message_ids): ``all`` leaves them out.
_APART = frozenset(
    (
        *("device_code_blocked", "admin_consent_required", "no_auth_as", "cross_tenant_marks_kept"),
        *("graph_copies_lose_marks", "drafts_unmarked", "sent_drafts_stay"),
    )
)


@dataclass(frozen=True, slots=True)
class Quirks:
    """All off by default: then the sandbox behaves as Exchange is documented."""

    no_commit_time: bool = False
    """Folders do not give PidTagLocalCommitTimeMax (0x670A)."""
    no_derived_bodies: bool = False
    """TextBody and UniqueBody are not given."""
    fractional_seconds: bool = False
    """Moments are written with milliseconds."""
    no_conflicts: bool = False
    """UpdateItem never reports a conflict: a stale write wins."""
    nonsense_sync_state: bool = False
    """A sync state that cannot be read is answered with everything as new instead of an error."""
    read_flag_as_update: bool = False
    """A sync reports a changed read flag as Update."""
    own_message_ids: bool = False
    """A mail that is sent gets a Message-ID of the server's, whatever the client gave it."""
    no_auto_submitted: bool = False
    """Auto-Submitted is stripped from mail that is sent."""
    events_without_watermark: bool = False
    """GetEvents gives no watermarks."""
    find_pages_of_250: bool = False
    """FindItem with a restriction gives at most 250 items in an answer, and says that there are more."""
    message_id_refused: bool = False
    """CreateItem with an InternetMessageId is refused with ErrorInvalidPropertySet."""
    empty_send_code: bool = False
    """SendItem's answer has an empty response code although the mail went out."""
    unknown_recipient_breaks_batch: bool = False
    """CreateItem that sends to an address which is not known here: HTTP 500 at that item. Those before it
    were done; its mail went to nobody, yet its copy was kept; those after it were not done."""
    gone_folders_untold: bool = False
    """Of a folder that is gone SyncFolderItems says NoError and no changes, GetFolder
    ErrorFolderPropertyRequestFailed."""
    gone_folder_deletion_fails: bool = False
    """DeleteFolder of a folder that is gone: HTTP 500 (ErrorInternalServerError)."""
    ids_invalid: bool = False
    """Of an item's id that can't be read it is said ErrorInvalidId, not ErrorInvalidIdMalformed."""
    reminders_ignored: bool = False
    """The ReminderDueBy of a task is taken and not kept; ReminderIsSet is, and so are the properties behind
    it (0x8502, 0x8560)."""
    appending_ignored: bool = False
    """AppendToItemField is answered with NoError and changes nothing."""
    sent_copies_undated: bool = False
    """EWS gives no DateTimeSent and no InternetMessageId of copies of what was sent."""
    tasks_without_status: bool = False
    """Tasks don't give their Status; PercentComplete and IsComplete they do."""
    drafts_unmarked: bool = False
    """IsDraft of a draft is false, and PidTagMessageFlags (0x0E07) doesn't say unsent."""
    sent_drafts_stay: bool = False
    """SendItem sends and leaves the draft where it is; no copy is kept."""
    endless_sync: frozenset[str] = frozenset()
    """SyncFolderItems of these folders, by their distinguished ids or names, says for ever that more is to
    come, with the state that it was asked with and no changes, once all was given."""
    restless_sync: frozenset[str] = frozenset()
    """SyncFolderItems of these folders tells for ever of the items that are there as changed, and says that
    more is to come."""
    no_date_header: bool = False
    """Answers with status 200 have no Date header; others have one."""
    body_limit_refused: bool = False
    """A request with MaximumBodySize is refused with ErrorSchemaValidation, as by a server that is older."""
    body_limit_ignored: bool = False
    """MaximumBodySize is taken and has no effect."""
    no_sizes: bool = False
    """Items do not give their Size."""
    no_auth_as: bool = False
    """Mail has no X-MS-Exchange-Organization-AuthAs, only the cross-tenant marks of Exchange Online."""
    cross_tenant_marks_kept: bool = False
    """The edge leaves X-MS-Exchange-CrossTenant-* on mail from outside, and adds its own below."""
    graph_keeps_draft_id: bool = False
    """Graph: the copy of a sent draft has the draft's immutable id."""
    graph_reply_headers_ignored: bool = False
    """Graph: 0x1042 and 0x1039 that a client sets become no In-Reply-To and References of the mail."""
    graph_sent_without_headers: bool = False
    """Graph: what lies in Sent Items gives no internetMessageHeaders and no 0x7D."""
    graph_doubled_changes: bool = False
    """Graph: a delta tells the first change of a page twice."""
    graph_empty_pages: bool = False
    """Graph: each round of a delta ends with an empty page that links to a next one."""
    graph_short_lived_links: bool = False
    """Graph: a nextLink of a delta that was walked before answers 410 (SyncStateNotFound)."""
    graph_no_linked_resources: bool = False
    """Graph: tasks never give their linkedResources by $expand, only at their own address."""
    graph_tasks_ignore_match: bool = False
    """Graph: PATCH of a task heeds no If-Match."""
    graph_task_links_ignored: bool = False
    """Graph: the linkedResources that a new task comes with are ignored."""
    graph_task_memory_ignored: bool = False
    """Graph: the extensions that a new task comes with are ignored."""
    graph_filtered_changes: bool = False
    """Graph: a delta doesn't tell that a mail changed which its $filter leaves out, but for its read flag."""
    graph_long_text_cut: bool = False
    """Graph: the plain text of a mail (0x1000) ends after 16,000 characters."""
    graph_folder_names_repeat: bool = False
    """Graph: a folder may be made with a name that another beside it has."""
    graph_child_marks_ignored: bool = False
    """Graph: the properties that a new folder below another comes with are ignored."""
    graph_no_permanent_delete: bool = False
    """Graph: there is no permanentDelete, as in some national clouds."""
    graph_copies_lose_marks: bool = False
    """Graph: the copy of a sent draft has no named properties."""
    graph_todo_own_ids: bool = False
    """Graph: To Do has ids of its own for tasks, and takes none that were translated from elsewhere."""
    graph_used_transaction_conflicts: bool = False
    """Graph: an event with a transactionId that was used before is refused with 409, even if it is the same
    event once more."""
    graph_zones_ahead_positive: bool = False
    """Graph: the bias of a customTimeZone is positive for zones ahead of UTC, as it is documented. Without,
    it is negative, as it must have been where real answers were shown."""
    graph_guests_are_contacts: bool = False
    """Graph: members of lists from elsewhere are contacts (orgContact) and no guests: they aren't among the
    members who are users."""
    device_code_blocked: bool = False
    """Sign-in: a policy blocks device codes (AADSTS53003), once the person has agreed."""
    admin_consent_required: bool = False
    """Sign-in: persons can't agree to permissions of Exchange, an administrator must (AADSTS65001, 90094)."""
    reusable_refresh_tokens: bool = False
    """Sign-in: a refresh token that was used stays good."""
    unsupported: frozenset[str] = frozenset()
    """Operations that are not supported, by their names: ``unsupported=GetServerTimeZones``."""

    @classmethod
    def of(cls, names: Iterable[str]) -> Self:
        """The quirks of these names, ``all`` for all of them but policies (then the operations that
        were seen to be missing are unsupported); raises ValueError for one that is not known."""
        known = [one.name for one in fields(cls) if one.name not in _VALUES]
        wanted = set(names)
        pairs = {tuple(name.split("=", 1)) for name in wanted if name.partition("=")[0] in _VALUES}
        unknown = wanted - {"=".join(pair) for pair in pairs if len(pair) == 2} - {*known, "all"}
        if unknown:
            more = ", ".join(f"{name}={value}" for name, value in _VALUES.items())
            raise ValueError(
                f"{', '.join(sorted(unknown))}: no such quirk; known are {', '.join(known)}, {more} and all"
            )
        every = {name for name in known if name not in _APART} if "all" in wanted else set()
        flags: dict[str, Any] = {name: True for name in known if name in wanted | every}
        values: dict[str, Any] = {
            name: frozenset(pair[1] for pair in pairs if pair[0] == name) for name in _VALUES
        }
        if "all" in wanted:
            values[_UNSUPPORTED] |= _MISSING
        return cls(**flags, **values)
