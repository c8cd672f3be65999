"""The single values that a ledger remembers, by their names."""

from __future__ import annotations

import enum


class ValueKey(enum.StrEnum):
    """What a single value is of. Ledgers that somebody has know them by these texts: none is ever renamed.

    A value is text; a moment is in ISO 8601, what has parts is JSON.
    """

    # --- whose ledger it is, and how far the mailbox was read ---------------------------------
    SCHEMA = "schema"  # the ledger's own: the version of its tables
    MAILBOX = "mailbox"  # the ledger's own: the address whose record it is
    BACKEND = "backend"  # the kind of backend by which things are known: their names are its own
    SYNC_STATE = "cursor"  # how far the mailbox was read
    WATERMARK = "start_mark"  # the moment before which nothing is acknowledged
    MARKED = "marked"  # that the mailbox remembers the watermark too
    READ_UNTIL = "read_until"  # until when the mailbox was read to its end
    LAST_POLL = "last_poll"  # when the mailbox was read last
    POLLED_BY_SERVER_TIME = "polled_by_server_time"  # the same, where the server told its time
    UNREAD = "unread"  # how many mails can't be read
    PRUNED = "pruned"  # when what is old was let go last
    LEFT_MAILBOX = "left_mailbox"  # when the owner had ackd go from the mailbox
    FENCE = "fence"  # how often a worker of a fleet took up the mailbox
    FLEET = "fleet"  # since when it belongs to a fleet, and until when
    # --- how sending stands -------------------------------------------------------------------
    MODE = "mode"  # the mode of the last pass
    HOLD = "hold"  # why sending is held, and since when
    RESUMED = "resumed"  # when the owner let sending go on
    ORDERED = "ordered"  # the Message-IDs of questions for which the owner orders letters
    DRAFTS_LOOKED = "drafts_looked"  # when waiting drafts were looked at last, as a stamp
    FOREIGN_LEASE = "foreign_lease"  # another ackd that was met on this mailbox
    # --- what the owner says of the judge's word ----------------------------------------------
    SAID = "said"  # by Message-ID of mails what the owner says of them, until the next pass
    LESSONS_OFF = "lessons_off"  # since when the owner wants no lessons
    # --- troubles and their alarms ------------------------------------------------------------
    TROUBLE = "trouble"  # what keeps passes from succeeding, in words
    CONFIG_TROUBLE = "config_trouble"  # why the configuration's file can't be used, in words
    TEMPLATE_TROUBLE = "template_trouble"  # why one of the owner's templates can't be used, in words
    FOLDER_NOTES = "folder_notes"  # what is the matter with watched folders
    STOPPED = "stopped"  # as what, and since when, passes stop
    REFUSED_WRITES = "refused_writes"  # which writes the server refuses, and since when
    REFUSED_SIGN_IN = "refused_sign_in"  # the secret that was refused, as a salted hash, and when
    CRASHED = "crashed"  # when the service ended and wasn't started again
    ENDINGS = "endings"  # what is about to end, and when
    ENDINGS_ASKED = "endings_asked"  # when the mailbox was asked for that last
    SELF_TEST = "proof"  # what the last self-test saw
    # --- what is known of the owner and of colleagues -----------------------------------------
    OWNER_SETTINGS = "owner_settings"  # the mailbox's working hours, time zone and absences
    OWNER_LANGUAGE = "owner_language"  # the mailbox's language, and when it was read
    CATEGORIES = "categories"  # the categories whose colours were set
    DIGEST = "digest"  # the last digest of an earlier ackd, until it is taken over
    DIRECTORY = "directory"  # which senders the directory knows
    GROUPS = "groups"  # the members of lists
    GIVEN_NAMES = "given_names"  # what the directory says that askers are called
    COPIES_LEFT = "copies_left"  # by Message-ID the copies that were left, and what they repeat
    FRAMES_SALT = "frames_salt"  # the salt of the frames' hashes
