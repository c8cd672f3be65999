"""The sandbox Exchange as one object: a data directory, a server on it, and a way to deliver mail."""

from __future__ import annotations

import sqlite3
import ssl
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from exchange_sandbox import faults
from exchange_sandbox.authority import consent as consenting
from exchange_sandbox.authority.apps import Apps
from exchange_sandbox.authority.bearer import Bearer
from exchange_sandbox.authority.service import TENANT, Authority
from exchange_sandbox.authority.tokens import Signer
from exchange_sandbox.calendar import workhours
from exchange_sandbox.calendar.workhours import WorkHours
from exchange_sandbox.clock import Clock, iso, system_clock
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import operations
from exchange_sandbox.ews.service import Service
from exchange_sandbox.ews.subscriptions import Subscriptions
from exchange_sandbox.ews.tracing import Tracer
from exchange_sandbox.faults import Faults
from exchange_sandbox.graph import resources
from exchange_sandbox.graph import service as graph_service
from exchange_sandbox.graph.routing import Router
from exchange_sandbox.graph.service import Service as Graph
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.server import http
from exchange_sandbox.server.request_log import RequestLog
from exchange_sandbox.server.slowing import Delays, is_loopback
from exchange_sandbox.server.throttle import Limits, Throttle
from exchange_sandbox.store import grants, kept, mailboxes, sharing
from exchange_sandbox.store import groups as lists
from exchange_sandbox.store.database import ServingLock, Store, StoreError
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.transport.transport import Transport


class SandboxError(Exception):
    """The sandbox cannot do what was asked. The text says why, and what to do."""


class Sandbox:
    """An Exchange server in this process, for trying out and for tests.

    ``data`` is its directory; ``mailboxes`` (address: password) are added to those already in it, or get a
    new password; ``groups`` are distribution lists (address: members), likewise. ``port`` 0
    takes a free one, see :attr:`url`. ``clock`` gives an aware UTC datetime. ``log`` is a directory for the
    SOAP traffic as files, ``tls`` the files of a certificate and its key (PEM), or True for a self-made one,
    see :attr:`authority`. ``limits`` throttle. ``language`` is that of the
    folders of new mailboxes. ``apps`` (client id: secret) and ``app_certificates`` (client id: file, PEM) may
    reach all mailboxes by Graph and EWS. Wrong passwords cost time by ``delays``; where nothing is said, only
    on a ``host`` that other machines may reach. May be started again after it was stopped.
    """

    def __init__(
        self,
        data: Path,
        mailboxes: Mapping[str, str] | None = None,
        *,
        groups: Mapping[str, Collection[str]] | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock | None = None,
        quirks: Quirks | None = None,
        limits: Limits | None = None,
        log: Path | None = None,
        tls: tuple[Path, Path] | bool = False,
        language: str = "en",
        apps: Mapping[str, str] | None = None,
        app_certificates: Mapping[str, Path] | None = None,
        delays: Delays | None = None,
    ) -> None:
        self.data = Path(data)
        self.faults = Faults(self.data / faults.FILE_NAME)
        self.requests = RequestLog()
        self._mailboxes = dict(mailboxes or {})
        self._groups = dict(groups or {})
        self._address = (host, port)
        self._clock = clock or system_clock
        self._quirks = quirks or Quirks()
        self._limits = limits or Limits()
        self._log = log
        self._tls = tls
        self._language = language
        self._delays = delays or (None if is_loopback(host) else Delays())
        self._apps = Apps(dict(apps or {}), dict(app_certificates or {}))
        self._store: Store | None = None
        self._lock: ServingLock | None = None
        self._server: http.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Serve from a thread of its own; raises :class:`SandboxError`."""
        if self._server is not None:
            return self
        try:
            store = Store(self.data)
            self._lock = ServingLock(self.data)
        except StoreError as error:
            raise SandboxError(str(error)) from error
        try:
            self._prepare(store)
        except ValueError as error:
            self._lock.release()
            store.close()
            raise SandboxError(str(error)) from error
        try:
            subscriptions = Subscriptions(store.guid, self._limits.subscriptions)
            store.on_write = subscriptions.wake
            service = Service(
                store, self._clock, self._quirks, self.faults, operations.scan(), subscriptions,
                Throttle(self._limits),
            )  # fmt: skip
            tracer = Tracer(self._log) if self._log is not None else None
            graph, authority = self._web(store, service.throttle)
            self._server = http.Server(
                self._address, service, graph, authority, self._clock, self.requests, tracer,
                self._tls_context(store), self._delays,
            )  # fmt: skip
        except (OSError, OverflowError, ValueError, SandboxError) as error:
            self._lock.release()
            store.close()
            if isinstance(error, SandboxError):
                raise
            raise SandboxError(
                f"{self._address[0]}:{self._address[1]}: cannot serve there ({error})"
            ) from error
        self._address = (self._address[0], self._server.server_address[1])
        self._store = store
        self._thread = threading.Thread(  # looks that often whether it is to stop: tests stop many
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def _web(self, store: Store, throttle: Throttle) -> tuple[Graph, Authority]:
        """The Graph face and the authority that signs in for it."""
        signer = Signer(self.data)
        bearer = Bearer(store, self._clock, signer)
        router = Router(resources.scan())
        graph = Graph(store, self._clock, self._quirks, self.faults, router, bearer, throttle)
        return graph, Authority(store, self._clock, self._quirks, self.faults, self._apps, signer)

    def _prepare(self, store: Store) -> None:
        self._apps.check()
        with store.write() as db:
            for address, password in self._mailboxes.items():
                if lists.find(db, address):
                    raise ValueError(f"{address!r}: is a list already, and can't be a mailbox too")
                mailboxes.put(db, address, password, self._clock(), self._language)
            for address, members in self._groups.items():
                lists.put(db, address, members)

    def stop(self) -> None:
        """End all connections, after the answers that are being made, and let go of the directory."""
        if self._server is None or self._store is None or self._thread is None or self._lock is None:
            return
        self._server.end()
        self._thread.join(5)
        self._store.close()
        self._lock.release()
        self._server = self._store = self._thread = self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it serves; with port 0 known once it was started."""
        return f"{self._base}{http.PATH}"

    @property
    def _base(self) -> str:
        host, port = self._address
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def graph_url(self) -> str:
        """Where Graph is served, with its version."""
        return f"{self._base}{graph_service.VERSION}"

    @property
    def sign_in_url(self) -> str:
        """The authority that gives tokens: what MSAL calls ``authority``."""
        return f"{self._base}/{TENANT}"

    def revoke_sign_ins(self, address: str) -> None:
        """End all sign-ins of a person: refresh tokens are worth nothing any more, access tokens live on
        until they expire, unless their client knows claims challenges (CP1). Raises :class:`SandboxError`."""
        self._on_mailbox(address, lambda db, one: grants.revoke(db, one.id, str(self._clock().timestamp())))

    def _on_mailbox(self, address: str, act: Callable[[sqlite3.Connection, Mailbox], object]) -> None:
        place = self._store or Store(self.data)
        try:
            with place.write() as db:
                mailbox = mailboxes.find(db, address)
                if mailbox is None:
                    raise SandboxError(f"{address}: there is no such mailbox in {self.data}")
                act(db, mailbox)
        except ValueError as error:
            raise SandboxError(str(error)) from error
        finally:
            if place is not self._store:
                place.close()

    @property
    def authority(self) -> Path | None:
        """The certificate of the authority that clients have to trust, where it is self-made."""
        return self.data / "tls" / "ca.pem" if self._tls is True else None

    def _tls_context(self, store: Store) -> ssl.SSLContext | None:
        """Raises SandboxError for files that can't be used."""
        if self._tls is False:
            return None
        files = self._tls
        if files is True:
            from exchange_sandbox.server import (
                certificates,  # few need it, and cryptography takes time to load
            )

            with store.read() as db:
                domains = {one.domain for one in mailboxes.everyone(db)}
            named = [name for one in sorted(domains) for name in (one, f"autodiscover.{one}")]
            names = ["localhost", "127.0.0.1", "::1", self._address[0], *named]
            files = certificates.make(self.data / "tls", names)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for file in files:
            if not Path(file).is_file():
                raise SandboxError(f"{file}: there is no such file")
        try:
            context.load_cert_chain(*files)
        except OSError as error:  # ssl.SSLError among it
            both = " and ".join(map(str, files))
            raise SandboxError(
                f"{both}: no certificate and its key that can be used (PEM): {error}"
            ) from error
        return context

    def set_work_hours(self, address: str, hours: WorkHours) -> None:
        """Set when the owner of a mailbox works, while it serves or before. Raises :class:`SandboxError` for
        an address without a mailbox, and for hours that can't be some."""
        self._on_mailbox(address, lambda db, one: workhours.put(db, one.id, hours, self._clock()))

    def name_person(self, address: str, name: str, given: str = "", surname: str = "") -> None:
        """Set how the directory calls a mailbox and its person; without ``given`` and ``surname`` it is
        nobody's, as a shared one. Raises :class:`SandboxError`."""
        self._on_mailbox(address, lambda db, one: mailboxes.name_person(db, one, name, given, surname))

    def share(self, address: str, person: str, *rights: str) -> None:
        """Let a person work in another's mailbox; ``rights`` are ``full-access``, ``send-as`` and
        ``send-on-behalf``, in place of those that were given before. Raises :class:`SandboxError`."""

        def act(db: sqlite3.Connection, mailbox: Mailbox) -> None:
            guest = mailboxes.find(db, person)
            if guest is None:
                raise ValueError(f"{person}: there is no such mailbox in {self.data}")
            sharing.put(db, mailbox.id, guest.id, [sharing.named(one) for one in rights])

        self._on_mailbox(address, act)

    def allow_impersonation(self, address: str) -> None:
        """Let who signs in as this mailbox work by EWS in everybody's name, as the role
        ApplicationImpersonation does. Raises :class:`SandboxError`."""
        self._on_mailbox(address, lambda db, one: kept.put(db, one.id, kept.IMPERSONATES, True))

    def set_password_end(self, address: str, at: datetime | None) -> None:
        """Set when the password of a mailbox ends (None: never), while it serves. Raises
        :class:`SandboxError` for an address without a mailbox."""
        if self._store is None:
            raise SandboxError("the sandbox isn't started")
        with self._store.write() as db:
            mailbox = mailboxes.find(db, address)
            if mailbox is None:
                raise SandboxError(f"{address}: there is no such mailbox in {self.data}")
            kept.put(db, mailbox.id, kept.PASSWORD_ENDS, iso(at) if at else None)

    def move_mailboxes(self) -> None:
        """Move all mailboxes to another database while it serves, as when they go to the cloud: what is in
        them stays, and all ids and sync states of before are worth nothing. Raises :class:`SandboxError`."""
        if self._store is None:
            raise SandboxError("the sandbox isn't started")
        self._store.move()

    def put_group(self, address: str, members: Collection[str]) -> None:
        """Add a distribution list while it serves, or give one other members. Raises
        :class:`SandboxError`."""
        if self._store is None:
            raise SandboxError("the sandbox isn't started")
        try:
            with self._store.write() as db:
                lists.put(db, address, members)
        except ValueError as error:
            raise SandboxError(str(error)) from error

    def deliver(self, raw: bytes, to: str, *, from_outside: bool = False) -> None:
        """Deliver a mail as transport does; ``from_outside`` it passes the edge first, which strips what only
        the organisation may say. To a list it reaches each member. Raises :class:`SandboxError` for an
        address without a mailbox."""
        deliver(
            self.data,
            [raw],
            to,
            clock=self._clock,
            from_outside=from_outside,
            store=self._store,
            quirks=self._quirks,
        )


def deliver(
    data: Path,
    mails: list[bytes],
    to: str,
    *,
    clock: Clock = system_clock,
    from_outside: bool = False,
    signed_in: bool = False,
    store: Store | None = None,
    quirks: Quirks = Quirks(),  # noqa: B008  (a frozen value)
) -> None:
    """Deliver mails into a sandbox's data directory, whether it is being served or not. ``signed_in``: those
    from the organisation's own addresses get its stamp, as if their authors had sent them."""
    try:
        place = store or Store(data)
    except StoreError as error:
        raise SandboxError(str(error)) from error
    try:
        for raw in mails:
            with place.write() as db:
                Transport(db, clock(), quirks).arrive(to, raw, from_outside=from_outside, signed_in=signed_in)
    except Refused as error:
        raise SandboxError(f"{data}: {error}") from error
    finally:
        if store is None:
            place.close()


def consent(
    data: Path, code: str, address: str, *, clock: Clock | None = None, refused: bool = False
) -> None:
    """Agree to a device's code as the person with a mailbox, or refuse it, whether the directory is being
    served or not. With the sandbox's ``clock`` a code that has expired is refused here, else at the device.
    Raises :class:`SandboxError`."""
    try:
        place = Store(data)
    except StoreError as error:
        raise SandboxError(str(error)) from error
    try:
        with place.write() as db:
            consenting.decide(db, code, address, clock() if clock else None, refused=refused)
    except ValueError as error:
        raise SandboxError(str(error)) from error
    finally:
        place.close()
