"""One request, one answer: exchangelib's services without their retries.

A call posts once. Reads raise; writes are judged by `writing`, message by message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from exchangelib import Account
from exchangelib.errors import (
    ErrorServerBusy,
    ErrorTimeoutExpired,
    EWSError,
    ResponseMessageError,
    SOAPError,
    TransportError,
)
from exchangelib.services import (
    CreateItem,
    DeleteItem,
    FindItem,
    GetItem,
    SendItem,
    SyncFolderItems,
    UpdateItem,
)
from exchangelib.util import MNS, SOAPNS, TNS
from lxml import etree

from ackd.errors import AckdError, Busy, Failed, Unreachable
from ackd.mailbox import transport
from ackd.mailbox.ews import requests
from ackd.mailbox.ews.connect import LONGEST_WAIT, VERSION, Policy, Renewed
from ackd.mailbox.ews.ways import Ways
from ackd.mailbox.no_connection import no_connection
from ackd.mailbox.server_clock import ServerClock
from ackd.mailbox.values import count

NAMESPACES = {"m": MNS, "t": TNS}
_PROPERTY, _PROPERTY_URI, _PROPERTY_VALUE = (
    f"{{{TNS}}}{name}" for name in ("ExtendedProperty", "ExtendedFieldURI", "Value")
)
#: What brings pages of items, or does a batch of writes; all else is brief.
_PAGES = (CreateItem, DeleteItem, FindItem, GetItem, SendItem, SyncFolderItems, UpdateItem)
#: Codes that say that an id means nothing here. One that can't be read is malformed to Exchange.
NO_ITEM = ("ErrorItemNotFound", "ErrorInvalidIdMalformed", "ErrorInvalidId")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}")
_FORBIDDEN_BYTES = bytes(number for number in range(0x20) if number not in b"\t\n\r")
#: A reference that may name what XML 1.0 forbids; line ends and tabs, the usual ones, don't.
_FORBIDDEN_REFERENCE = re.compile(
    rb"&#(?![xX]0{0,6}[9aAdD];|0{0,8}(?:9|10|13);)([xX][0-9a-fA-F]{1,8}|[0-9]{1,10});"
)


class Faulted(Failed):
    """The server answered with a SOAP fault: to a read, "I can't" or "you may not"."""


class Declined(Failed):
    """The server answered with a SOAP fault that has one of Exchange's codes: the whole request failed."""


class StaleSyncState(Unreachable):
    """ErrorInvalidSyncStateData: a folder's sync state is of no use any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response message: its code ("NoError", "ErrorItemNotFound", …, "" where the server left it out or
    wrote something else), and the XML. The text beside the code may name people: nothing repeats it."""

    code: str
    xml: Any

    @property
    def ok(self) -> bool:
        return self.code == "NoError" and self.xml.get("ResponseClass") in ("Success", "Warning")

    def find_all(self, path: str) -> list[Any]:
        """Elements below, by a path with the prefixes `m:` and `t:`."""
        found: list[Any] = self.xml.findall(path, NAMESPACES)
        return found

    def find_text(self, path: str) -> str:
        """The text of the first element at a path, or ""."""
        return self.xml.findtext(path, "", NAMESPACES) or ""


class Wire:
    """The connection to one mailbox. Not for several threads."""

    def __init__(self, account: Account, policy: Policy) -> None:
        self.account = account
        self.author = ""  # whom letters are from, where whoever signs in may be somebody else
        self.version = ""  # of the server, as the last answer showed it
        self.ways = Ways()
        self.answer_bytes = 0  # of the last answer
        self._policy = policy

    @property
    def server(self) -> ServerClock:
        """The server's clock, as its answers show it."""
        return self._policy.server

    def web_link(self, item: str) -> str:
        """Where an item opens in a browser: Outlook on the web is on the same server as EWS."""
        parts = urlsplit(self.account.protocol.service_endpoint)
        if parts.scheme != "https" or not item:
            return ""
        return (
            f"https://{parts.netloc}/owa/?ItemID={quote(item, safe='')}&exvsurl=1&viewmodel=ReadMessageItem"
        )

    def distinguished(self, name: str) -> Any:
        """One of the folders that every mailbox has, by its EWS name."""
        return requests.distinguished(name, self.account.primary_smtp_address)

    def post(self, cls: type, payload: Any) -> list[Answer]:
        """Post one request and read its response messages; nothing is tried twice.

        Raises SignInRefused, AccessBlocked or Busy (429) where the server refused for certain,
        and Unreachable for everything that leaves open whether the work was done: Failed where the
        server said that it failed.
        """
        service = cls(account=self.account)
        unread: type[Unreachable] | None = None  # what an answer is that can't be read; None: none came
        try:
            # the steps of exchangelib's _get_response_xml, without its loop over versions
            with transport.within(transport.PAGE if issubclass(cls, _PAGES) else transport.BRIEF):
                response = service._get_response(payload=payload, api_version=VERSION.api_version)
            unread = Failed if response.status_code == 500 else Unreachable
            self.answer_bytes = len(response.content)
            try:
                envelope = _envelope(response.content)
                body = _body(envelope)
                messages = service._get_soap_messages(body=body)
            finally:
                response.close()
        except transport.TooSlow as error:
            raise self._lost(error, unread and Failed, str(error)) from error
        except AckdError as error:
            if unread is Failed and type(error) is Unreachable:
                raise Failed(str(error)) from error
            raise
        except ErrorTimeoutExpired as error:
            raise self._lost(error, unread and Failed, "the server gave up (ErrorTimeoutExpired)") from error
        except ErrorServerBusy as error:
            asked = min(float(error.back_off or 0), LONGEST_WAIT.total_seconds())
            wait = timedelta(seconds=asked) if asked > 0 else None
            raise Failed("the server is busy (ErrorServerBusy)", wait=wait) from error
        except SOAPError as error:
            raise Faulted("the server answered with a fault instead of a result") from error
        except ResponseMessageError as error:
            code = type(error).__name__
            raise Declined(f"the server answered with a fault: {code}") from error
        except TransportError as error:
            raise self._lost(
                error, unread, "the answer can't be read as EWS: check mailbox.endpoint"
            ) from error
        except EWSError as error:
            raise Faulted("the server refused the request") from error
        except (etree.LxmlError, ValueError, OSError) as error:
            raise self._lost(
                error, unread, "the answer can't be read as EWS: check mailbox.endpoint"
            ) from error
        self.version = _version(envelope) or self.version
        return [_answer(message) for message in messages]

    def _lost(self, error: Exception, kind: type[Unreachable] | None, words: str) -> Unreachable:
        """Our error for a library's; of no `kind` where no answer came."""
        if kind is None:
            return no_connection(error, self.account.protocol.service_endpoint)
        return kind(words)

    def read(self, cls: type, payload: Any, expected: int = 1) -> list[Answer]:
        """Post a read. Raises Unreachable when answers are missing, Busy when the server asks
        for patience in an answer, StaleSyncState; other item errors stay values. With a token that was
        renewed it is posted once more."""
        try:
            answers = self.post(cls, payload)
        except Renewed:
            answers = self.post(cls, payload)
        for answer in answers:
            raise_for_all(answer)
        if len(answers) < expected:
            raise Unreachable(f"the server gave {len(answers)} answers to {expected} questions")
        return answers

    def ask(self, cls: type, payload: Any) -> list[Answer]:
        """Post a read that not every server knows: nothing where it answers with a fault."""
        try:
            return self.read(cls, payload)
        except Faulted:
            return []


def raise_for_all(answer: Answer) -> None:
    """Errors in one answer that concern the whole request."""
    if answer.code == "ErrorInvalidSyncStateData":
        raise StaleSyncState("the server doesn't know the sync state any more")
    if answer.code == "ErrorServerBusy":
        raise Busy("the server is busy (ErrorServerBusy)", wait=back_off(answer))
    if answer.code in ("ErrorMailboxStoreUnavailable", "ErrorMailboxMoveInProgress"):
        raise Unreachable(f"the mailbox store is not available ({answer.code})")


def back_off(answer: Answer) -> timedelta | None:
    """How long the server asks us to wait (BackOffMilliseconds)."""
    for value in answer.find_all("m:MessageXml/t:Value"):
        waits = count(value.text) if value.get("Name") == "BackOffMilliseconds" else None
        if waits is not None:
            return min(timedelta(milliseconds=waits), LONGEST_WAIT)
    return None


class Extended:
    """The extended properties of an element, by tag ("0x670a"), name or id in their set ("34050"); of those
    that stand twice the first. Tags compare as numbers: asked for 0x0005, Exchange answers 0x5."""

    def __init__(self, element: Any) -> None:
        self._known: dict[int | str | None, str] = {}
        for entry in element.iterchildren(_PROPERTY):
            uri = next(entry.iterchildren(_PROPERTY_URI), None)
            if uri is None:
                continue
            value = next(entry.iterchildren(_PROPERTY_VALUE), None)
            text: str = "" if value is None else value.text or ""
            for name in (_tag(uri.get("PropertyTag", "")), uri.get("PropertyName"), uri.get("PropertyId")):
                self._known.setdefault(name, text)

    def get(self, key: str) -> str | None:
        """The value of a property, where the element has it."""
        tag = _tag(key)
        return self._known.get(key if tag is None else tag)


def extended(element: Any, key: str) -> str | None:
    """The value of one extended property, where the element has it: see `Extended`."""
    return Extended(element).get(key)


@lru_cache(maxsize=64)
def _tag(text: str) -> int | None:
    return int(text, 16) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,8}", text) else None


def _envelope(content: bytes) -> Any:
    """A complete, well-formed answer.

    Raises Unreachable for everything else: exchangelib's own parser repairs a cut answer, and
    then a letter that was sent looks as if it wasn't. What is repaired here are characters that
    XML 1.0 forbids: Exchange copies them from mails into its answers.
    """
    clean = _FORBIDDEN_REFERENCE.sub(_without_forbidden, content.translate(None, _FORBIDDEN_BYTES))
    if b"<!DOCTYPE" in clean[:1000]:
        raise Unreachable("the answer can't be read as EWS: it has a document type")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(clean, parser)


def _version(envelope: Any) -> str:
    """The server's version as its header tells it (ServerVersionInfo)."""
    info = envelope.find(f"{{{SOAPNS}}}Header/{{{TNS}}}ServerVersionInfo")
    if info is None:
        return ""
    names = ("MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber")
    return ".".join(info.get(name, "0") for name in names)


def _body(root: Any) -> Any:
    """The SOAP body. Raises Unreachable where there is none."""
    body = root.find(f"{{{SOAPNS}}}Body")
    if body is None:
        raise Unreachable("the answer can't be read as EWS: it has no SOAP body")
    return body


def _without_forbidden(match: re.Match[bytes]) -> bytes:
    text = match.group(1)
    number = int(text[1:], 16) if text[:1] in b"xX" else int(text)
    is_allowed = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
    return match.group() if is_allowed or 0x10000 <= number < 0x110000 else b""


def _answer(message: Any) -> Answer:
    code = (message.findtext("m:ResponseCode", "", NAMESPACES) or "").strip()
    return Answer(code=code if _CODE.fullmatch(code) else "", xml=message)
