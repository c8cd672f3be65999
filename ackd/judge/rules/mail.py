"""What kind of mail it is, whether it can be read, and whether it is of now.

Unknown means no: what can't be read might forbid an answer."""

from __future__ import annotations

import re

from ackd.judge.policy import Policy
from ackd.judge.rules import Said, rule
from ackd.model import Facts
from ackd.text.headers import keyword
from ackd.text.languages import languages
from ackd.text.tokens import plain

#: How the reason begins for a mail that the mailbox couldn't give at all.
SET_ASIDE = "it can't be read: "


@rule()
def facts_read(facts: Facts, policy: Policy) -> Said:
    """Unknown means no: what the mailbox gave in a form that can't be read might forbid an answer."""
    if facts.mail.unread:
        return f"{SET_ASIDE}{facts.mail.unread}"
    if facts.mail.unreadable:
        return f"unknown, for it can't be read: {', '.join(facts.mail.unreadable)}"
    return None


@rule()
def headers_read(facts: Facts, policy: Policy) -> Said:
    """Unknown means no: without the headers nothing tells a person from a machine."""
    if not facts.headers:  # no mail comes without any
        return "its headers can't be read"
    return None


@rule()
def message_id(facts: Facts, policy: Policy) -> Said:
    """Without a Message-ID it can't be known whether a mail was acknowledged before."""
    if not facts.mail.message_id.strip("<> \t\r\n"):
        return "it has no Message-ID"
    return None


_ALLOWED = frozenset(("ipm.note", "ipm.note.smime.multipartsigned"))
_WORDS = (  # MS-OXCMSG, MS-OXCICAL, MS-OXOMSG: message classes by their beginning
    ("report.", "a delivery report or a receipt"),
    ("ipm.schedule.meeting", "a meeting request or an answer to one"),
    ("ipm.appointment", "a calendar item"),
    ("ipm.taskrequest", "a task request"),
    ("ipm.note.rules", "an out-of-office reply or another one made by a rule"),
    ("ipm.outlook.recall", "a recall of a mail"),
    ("ipm.note.smime", "an encrypted or opaquely signed mail"),
    ("ipm.note.microsoft.voicemail", "a voice mail"),
    ("ipm.note.microsoft.missed", "a missed call"),
    ("ipm.note.microsoft.fax", "a fax"),
    ("ipm.sharing", "a sharing invitation"),
    ("ipm.post", "a post"),
)


@rule()
def item_class(facts: Facts, policy: Policy) -> Said:
    """Only ordinary mails are answered: no reports, meetings, templates, encrypted mails …"""
    found = facts.mail.item_class
    if found is None:
        return "what kind of item it is can't be told"
    lowered = found.strip().lower()
    if lowered in _ALLOWED:
        return None
    said = next((words for start, words in _WORDS if lowered.startswith(start)), "not an ordinary mail")
    return f"{said}: item class {found[:100]}"


_TYPES = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))


@rule(blocks_task=False)
def encrypted(facts: Facts, policy: Policy) -> Said:
    """A mail whose text can't be read isn't judged: rights-protected or encrypted (MS-OXORMMS, RFC 1847)."""
    if any("rpmsg.message" in value.lower() for value in facts.header("content-class")):
        return "a rights-protected mail: its text can't be read"
    kinds = {keyword(value) for value in facts.header("content-type")}
    if kinds & _TYPES or facts.new_text.lstrip().startswith("-----BEGIN PGP MESSAGE"):
        return "an encrypted mail: its text can't be read"
    return None


@rule(mutes_follow_ups=False, overridable=True, blocks_task=False)
def language(facts: Facts, policy: Policy) -> Said:
    """Only languages whose phrases are known are judged."""
    if not facts.new_text.strip():
        return None  # the request classifier says so
    found = facts.language
    if found is None:
        return "its language can't be told"
    known = languages().get(found)
    if known is None:
        return f"written in a language that ackd doesn't know ({found})"
    if found not in policy.languages:
        return f"written in {known.name}, which the configuration doesn't name"
    return None


_JUNK = re.compile(
    r"junk|spam|indesirable|no deseado|ongewenst|indesiderata|lixo|geloschte|deleted items|trash|papierkorb"
    r"|corbeille|prullenbak|verwijderde|eliminados|posta eliminata|supprimes"
)


@rule(mutes_follow_ups=False, overridable=True)
def folder(facts: Facts, policy: Policy) -> Said:
    """Junk, deleted mail and drafts."""
    if facts.mail.is_draft:
        return "a draft, not a received mail"
    if _JUNK.search(plain(facts.mail.folder[:200])):
        return f"it lies in {facts.mail.folder[:60]}"
    for value in facts.header("x-ms-exchange-organization-scl"):
        if re.fullmatch(r"[5-9]", value.strip()):  # MS-OXCSPAM: junk from 5 on
            return f"the server takes it for junk: spam confidence level {value.strip()}"
    return None


@rule(mutes_follow_ups=False, overridable=True)
def age(facts: Facts, policy: Policy) -> Said:
    """History and old mail are never acknowledged."""
    mail = facts.mail
    if policy.watermark is not None and mail.received < policy.watermark:
        return f"it was there before ackd began on {policy.watermark:%Y-%m-%d}"
    for moment, said in ((mail.received, "received"), (mail.sent, "dated")):
        if policy.oldest is not None and moment is not None and moment < policy.oldest:
            return f"too old: {said} {moment.astimezone(policy.oldest.tzinfo):%Y-%m-%d}"
    return None
