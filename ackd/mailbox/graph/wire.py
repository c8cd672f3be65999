"""One request, one answer; and requests by the dozen in a `$batch`. Nothing that writes is posted twice.

Reads raise; writes give an answer for each, whatever happened to it.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from ackd import __version__
from ackd.errors import AccessBlocked, Busy, ConfigError, SignInRefused, Unreachable
from ackd.mailbox import transport
from ackd.mailbox.graph.answers import DEPENDED, SLOWED, Answer, checked, entries, error_of, text
from ackd.mailbox.graph.pace import Pace
from ackd.mailbox.graph.ways import Ways
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.no_connection import no_connection
from ackd.mailbox.server_clock import ServerClock
from ackd.mailbox.tokens import Tokens, claims_in
from ackd.model.hosts import is_loopback

log = logging.getLogger(__name__)

PAGES = 2_000  # of a list
AS_DOCUMENTED = Ways()
_IMMUTABLE = 'IdType="ImmutableId"'


@dataclass(frozen=True, slots=True)
class Part:
    """One request: an address below the version, or a whole link that Graph gave; preferences besides that
    for ids; `match` is the state that a thing must still have."""

    method: str
    url: str
    body: Mapping[str, Any] | None = None
    prefer: tuple[str, ...] = ()
    match: str = ""
    more: Mapping[str, str] = field(default_factory=dict)  # header fields
    raw: bytes | None = None  # a body that is no JSON; such a part goes by itself

    @property
    def seconds(self) -> float:
        """How long its answer may take."""
        inner = [str(one["url"]) for one in (self.body or {}).get("requests", ())]
        is_poll = bool(inner) and all("/delta" in url for url in inner)
        return transport.BRIEF if self.method == "GET" or is_poll else transport.PAGE

    @property
    def headers(self) -> dict[str, str]:
        """All of its own header fields."""
        found = {"Prefer": ", ".join((_IMMUTABLE, *self.prefer)), **self.more}
        if self.body is not None:
            found["Content-Type"] = "application/json"
        if self.match:
            found["If-Match"] = "".join(filter(str.isprintable, self.match)).strip()
        return found


def get(path: str, options: Mapping[str, str] | None = None, *prefer: str, **more: str) -> Part:
    """A read; `options` are the query's, by their names with their `$`; `more` header fields, `_` for `-`."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in (options or {}).items())
    fields = {name.replace("_", "-"): value for name, value in more.items()}
    return Part("GET", f"{path}?{query}" if query else path, prefer=prefer, more=fields)


class Wire:
    """The connection to one mailbox. Not for several threads."""

    def __init__(
        self,
        base: str,
        owner: str,
        tokens: Tokens,
        server: ServerClock,
        session: HttpSession,
        ways: Ways = AS_DOCUMENTED,
    ) -> None:
        """`base` is Graph's address with its version; `owner` what stands before the mailbox's things: "/me",
        or "/users/…" for an app or a guest; `ways` what was found out about this mailbox. `author` is whom
        letters are from, where whoever signed in is somebody else."""
        place = urlsplit(base)
        if place.scheme != "https" and not is_loopback(place.hostname or ""):
            raise ConfigError(f"{place.hostname}: no token is sent by plain http")
        self.base = base.rstrip("/")
        self.owner = owner
        self.author = ""
        self.server = server
        self.ways = ways
        self.pace = Pace()
        self._tokens = tokens
        self._session = session

    def close(self) -> None:
        self._session.close()

    # --- reads ------------------------------------------------------------------------------

    def read(self, part: Part) -> Mapping[str, Any]:
        """What a read gives. Raises AckdError."""
        return checked(self.ask(part))

    def ask(self, part: Part) -> Answer:
        """The answer to a read, also where it isn't what was asked for; a token that is refused is renewed
        once. Raises AckdError where no answer came."""
        answer = self._once(part)
        if answer.status == 401:
            self._renew(answer)
            answer = self._once(part)
        if not answer.status:
            raise answer.no_answer
        return answer

    def all(self, part: Part, most: int = 100_000) -> Iterator[dict[str, Any]]:
        """The entries of a list, page after page. A page that links to itself is the last."""
        seen: set[str] = set()
        given = 0
        while part.url not in seen and len(seen) < PAGES:
            seen.add(part.url)
            found = self.read(part)
            for one in entries(found):
                yield one
                given += 1
                if given >= most:
                    return
            link = text(found, "@odata.nextLink")
            if not link:
                return
            part = Part("GET", link, prefer=part.prefer, more=part.more)

    def reads(self, parts: Sequence[Part]) -> list[Answer]:
        """Answers to reads, four at a time in batches of twenty. Raises what concerns the sign-in, and where
        a batch fails as a whole or is too much."""
        found = self.answers(parts)
        for answer in found:
            if answer.status == SLOWED:
                raise error_of(answer)
        return found

    def answers(self, parts: Sequence[Part]) -> list[Answer]:
        """The same, where some may be too much for now: those, and all that weren't asked then, are answered
        so."""
        found = self._batches(parts, is_read=True)
        for answer in found:
            if answer.status == 401:
                raise error_of(answer)
        return found

    # --- writes -----------------------------------------------------------------------------

    def write(self, part: Part) -> Answer:
        """The answer to a write, which is sent once. Raises SignInRefused, Busy or AccessBlocked where
        nothing was done for certain because nothing may be done at all."""
        answer = self._posted(part)
        self._refused_as_a_whole(answer)
        return answer

    def writes(self, parts: Sequence[Part]) -> list[Answer]:
        """Answers to writes, done one after the other in batches of twenty, each sent once; one that fails
        doesn't keep the following ones back. Raises as `write` does where not even the first was done."""
        return self._batches(parts, is_read=False)

    def at_once(self, parts: Sequence[Part]) -> list[Answer]:
        """Answers to writes that are done at the same time, each sent once. Raises as `writes`."""
        got = self._batch(parts, len(parts), is_read=False)
        self._whole(got, is_read=False)
        return got

    def wipe(self, paths: Sequence[str]) -> list[Answer]:
        """Delete things for good; the answers to their deletion. Raises as `writes`."""
        if not self.ways.deletes_twice:
            return self.writes([Part("POST", f"{path}/permanentDelete") for path in paths]) if paths else []
        return self.delete_twice(paths)[0] if paths else []

    def delete_twice(self, paths: Sequence[str]) -> tuple[list[Answer], list[Answer]]:
        """Delete things, and what was thrown away so once more, in Deleted Items: the answers to both. The
        second ones may be missing: left there it does no harm. Raises as `writes`."""
        answers = self.writes([Part("DELETE", path) for path in paths])
        thrown = [Part("DELETE", path) for path, answer in zip(paths, answers, strict=True) if answer.ok]
        with suppress(SignInRefused, AccessBlocked, Busy):
            return answers, self.writes(thrown) if thrown else []
        return answers, []

    def _refused_as_a_whole(self, answer: Answer) -> None:
        if not answer.is_refusal:
            return
        if answer.status == 401:
            self._renew(answer)  # raises where the sign-in is over
            raise Busy("the server refused the token, which was renewed")
        if answer.status == SLOWED:
            raise error_of(answer)

    # --- batches ----------------------------------------------------------------------------

    def _batches(self, parts: Sequence[Part], *, is_read: bool) -> list[Answer]:
        """Where a part waits for one that fails, it wasn't done: it goes into the next batch. What was too
        much at once is read again with less at once, unless the server asks for patience."""
        answers: dict[int, Answer] = {}
        left = list(range(len(parts)))
        while left:
            now, lanes = left[: self.pace.parts], self.pace.lanes if is_read else 1
            try:
                got = self._batch([parts[number] for number in now], lanes, is_read=is_read)
            except SignInRefused as error:
                if is_read or not answers:
                    raise
                return self._with_the_rest(answers, len(parts), Answer(0, trouble=str(error)))
            if is_read or not answers:
                self._whole(got, is_read=is_read)
            done = {n: a for n, a in zip(now, got, strict=True) if a.status != DEPENDED}
            slowed = next((a for a in done.values() if a.status == SLOWED), None)
            is_whole = all(one is got[0] for one in got)
            goes_on = is_read and lanes > 1 and not is_whole and slowed is not None and slowed.wait is None
            if goes_on:
                done = {n: a for n, a in done.items() if a.status != SLOWED}
            answers |= done
            left = [number for number in left if number not in done]
            if (slowed is not None or not done) and not goes_on:
                rest = slowed or Answer(0, trouble="the batch wasn't done")
                return self._with_the_rest(answers, len(parts), rest)
        return [answers[number] for number in range(len(parts))]

    @staticmethod
    def _with_the_rest(answers: Mapping[int, Answer], count: int, rest: Answer) -> list[Answer]:
        """The answers, and one for those that weren't asked any more."""
        return [answers.get(number, rest) for number in range(count)]

    def _posted(self, part: Part) -> Answer:
        """A write, once; without a token because the sign-in can't be reached, nothing is known of it."""
        try:
            return self._once(part)
        except Unreachable as error:
            return Answer(0, trouble=str(error))

    def _whole(self, got: Sequence[Answer], *, is_read: bool) -> None:
        """Raise what concerns every part of a batch."""
        first = got[0]
        if not is_read and all(one is first for one in got):
            self._refused_as_a_whole(first)
            if len(got) > 1 and first.is_refusal and first.status == 403:
                raise error_of(first)
        if is_read and all(one is first for one in got) and first.trouble:
            raise first.no_answer

    def _batch(self, parts: Sequence[Part], lanes: int, *, is_read: bool) -> list[Answer]:
        """One `$batch`; a single part goes by itself."""
        if len(parts) == 1:
            return [self.ask(parts[0]) if is_read else self._posted(parts[0])]
        whole = Part(
            "POST", "/$batch", {"requests": [self._part(parts, n, lanes) for n in range(len(parts))]}
        )
        answer = self.ask(whole) if is_read else self._posted(whole)
        if not answer.ok:
            return [answer] * len(parts)
        found = {text(one, "id"): _part_answer(one) for one in entries(answer.value, "responses")}
        if any(one.status == SLOWED for one in found.values()):
            self.pace.slow_down()
        for one in found.values():
            _noted(one, answer.headers.get("client-request-id", ""))
        missing = Answer(0, trouble="the server's answer left this part out")
        return [found.get(str(number), missing) for number in range(len(parts))]

    def _part(self, parts: Sequence[Part], number: int, lanes: int) -> dict[str, Any]:
        part = parts[number]
        out: dict[str, Any] = {"id": str(number), "method": part.method, "url": self.below(part.url)}
        out["headers"] = part.headers
        if part.body is not None:
            out["body"] = part.body
        if number >= lanes:
            out["dependsOn"] = [str(number - lanes)]
        return out

    def below(self, link: str) -> str:
        """A link that Graph gave, below the version and otherwise as it is: so it is kept, since the same
        server may be reached by another address later. Raises Unreachable for one that leads elsewhere, where
        no token may go."""
        if not link.startswith("http"):
            return link
        own, other = _split(self.base), _split(link)
        if own.place != other.place or not other.rest.startswith(f"{own.rest}/"):
            raise Unreachable(f"the server linked to {link[:100]!r}: no token is sent there")
        return other.rest[len(own.rest) :]

    # --- HTTP -------------------------------------------------------------------------------

    def _once(self, part: Part) -> Answer:
        """One request of HTTP."""
        with transport.within(part.seconds):
            return self._in_time(part)

    def _in_time(self, part: Part) -> Answer:
        url = self.base + self.below(part.url)
        own_id = str(uuid.uuid4())
        headers = {
            "Authorization": f"Bearer {self._tokens.token()}",
            "User-Agent": f"ackd/{__version__}",
            "client-request-id": own_id,
            "Accept": "application/json",
            **part.headers,
        }
        data = part.raw if part.body is None else json.dumps(part.body).encode()
        if data is None and part.method != "GET":
            headers["Content-Length"] = "0"
        sent = {name: value.encode() for name, value in headers.items()}
        try:
            response = self._session.request(
                part.method, url, data=data, headers=sent, timeout=part.seconds, allow_redirects=False
            )
        except transport.TooLarge as error:
            return Answer(0, trouble=str(error))
        except (requests.RequestException, OSError, transport.TooSlow) as error:
            lost = no_connection(error, self.base)
            return Answer(0, trouble=str(lost), lost=lost)
        found = {name.lower(): value for name, value in response.headers.items()}
        self.server.saw_date(found.get("date"), found.get("age"))
        if response.status_code == SLOWED:
            self.pace.slow_down()
        else:
            self.pace.went_well()
        return _noted(_read(response.status_code, response.content, found), own_id)

    def _renew(self, answer: Answer) -> None:
        """Another token, with what the server asks of it. Raises SignInRefused."""
        self._tokens.token(anew=True, claims=claims_in(answer.headers.get("www-authenticate", "")))


def _noted(answer: Answer, own_id: str) -> Answer:
    """The answer; of one that isn't what was asked for the ids are logged by which administrators find it."""
    if answer.status >= 400:
        ids = (answer.headers.get("request-id", ""), own_id)
        shown = [one if re.fullmatch(r"[0-9a-fA-F-]{36}", one) else "none" for one in ids]
        log.debug("event=graph-refused %s request-id=%s client-request-id=%s", answer.words, *shown)
    return answer


@dataclass(frozen=True, slots=True)
class _Link:
    """A link's server, however that is spelled, and the rest of it as it is."""

    place: tuple[str, str, int | None]
    rest: str


def _split(link: str) -> _Link:
    scheme, _, behind = link.partition("://")
    netloc = re.split(r"[/?#]", behind, maxsplit=1)[0]
    try:
        url = urlsplit(f"{scheme}://{netloc}")
        port = url.port or {"https": 443, "http": 80}.get(url.scheme)
    except ValueError:
        return _Link(("", netloc, None), behind)
    return _Link((url.scheme, (url.hostname or "").rstrip("."), port), behind[len(netloc) :])


def _part_answer(part: Mapping[str, Any]) -> Answer:
    status, body, headers = part.get("status"), part.get("body"), part.get("headers")
    found = headers if isinstance(headers, dict) else {}
    fields = {str(name).lower(): str(value) for name, value in found.items()}
    if not isinstance(status, int):
        return Answer(0, trouble="the server's answer left a status out")
    if body is not None and not isinstance(body, dict):
        return Answer(0 if 200 <= status < 300 else status, {}, fields, "the answer can't be read")
    return Answer(status, body or {}, fields)


def _read(status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    if not body:
        return Answer(status, {}, headers)
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return Answer(0 if 200 <= status < 300 else status, {}, headers, "the answer can't be read as JSON")
    return Answer(status, value, headers)
