"""Finding the server: autodiscover ([MS-OXDISCO]), with the password held back.

Every host is asked without credentials first. Only one that asks for a sign-in (401) and that the owner
confirmed gets it; a redirect, a DNS record or an answer that names another host leads to the same two
questions there. Own places come first: autodiscover.DOMAIN, then the SRV record, then where plain http at
autodiscover.DOMAIN leads to, and last the bare domain, which is often a hoster's web site. A refused
password ends the search: the next host would be asked with it too, and accounts get locked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ackd.errors import (
    AccessBlocked,
    AckdError,
    ConfigError,
    NoConnection,
    SignInRefused,
    Unreachable,
    Untrusted,
)
from ackd.mailbox.ews import autodiscover, sign_in_offers
from ackd.mailbox.ews.connect import BLOCKED, prepare
from ackd.mailbox.ews.sign_in_offers import Answer, Secret
from ackd.model import hosts
from ackd.model.access import Access, Auth
from ackd.model.hosts import Asking, Confirm, Place, Unconfirmed

MOST_PLACES = 20  # that are asked in one search

REMEDY = (
    "write mailbox.endpoint yourself: Outlook shows it (Ctrl and a right click on its icon beside the "
    "clock, Test E-mail AutoConfiguration), or your administrators know it"
)


@dataclass(frozen=True, slots=True)
class Srv:
    """A record of DNS that tells where a service is (RFC 2782)."""

    priority: int
    weight: int
    port: int
    target: str


#: Looks up the SRV records of a name; none where there are none, or nobody can be asked.
SrvLookup = Callable[[str], list[Srv]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where EWS is, and the sign-in that it asks for and that is meant (basic, ntlm or kerberos)."""

    endpoint: str
    auth: Auth


def look_up_srv(name: str) -> list[Srv]:
    """By the machine's own DNS servers."""
    import dns.exception
    import dns.resolver

    try:
        found = dns.resolver.resolve(f"{name}.", "SRV", lifetime=sign_in_offers.SECONDS / 2)
    except (dns.exception.DNSException, OSError):
        return []
    return [Srv(one.priority, one.weight, one.port, one.target.to_text()) for one in found]


def discover(access: Access, confirm: Confirm, secret: Secret, srv: SrvLookup = look_up_srv) -> Door:
    """The address of EWS for a mailbox. `secret` is asked for the password when a host that was
    confirmed needs it.

    Raises SignInRefused; ConfigError for an address that the server doesn't know or a sign-in that it
    doesn't offer; Unconfirmed where hosts ask that aren't confirmed; and Unreachable with what to do where
    no server is found.
    """
    prepare(access)
    search = _Search(access, confirm, secret, srv)
    door = search.run(access.address)
    if door is not None:
        return door
    if search.unconfirmed:
        raise Unconfirmed(tuple(search.unconfirmed.values()))
    told = "; ".join(search.notes) or "nobody answers"
    words = f"autodiscover found no server for {access.address} ({told})."
    if search.mismatched and access.auth is Auth.AUTO:
        raise ConfigError(f"{words} ackd signs in by Basic, NTLM or Kerberos alone")
    if search.mismatched:
        raise ConfigError(f"{words} Set mailbox.auth to a sign-in that is offered (in ackd init: --auth)")
    if search.untrusted:
        raise Untrusted(words.removesuffix("."), REMEDY, search.untrusted[0])
    raise Unreachable(f"{words} {REMEDY[0].upper()}{REMEDY[1:]}")


def askers(access: Access, srv: SrvLookup = look_up_srv) -> tuple[str, ...]:
    """The hosts that ask for a sign-in where autodiscover leads to first, by which way ever; none gets one.
    Raises ConfigError."""
    prepare(access)
    search = _Search(access, hosts.nobody, lambda: "", srv)
    search.knock_only()
    return tuple(dict.fromkeys(search.askers))


def look(access: Access) -> Door:
    """The door at the address that the owner named: asked without credentials which sign-in it wants.

    Raises AccessBlocked; ConfigError for a sign-in that isn't offered; NoConnection; Unreachable where
    it asks for none.
    """
    prepare(access)
    answer = sign_in_offers.knock(access, access.endpoint, b"")
    if answer.status == 403:
        raise AccessBlocked(BLOCKED)
    if not answer.asks:
        leads = f" and leads to {answer.location!a}" if answer.location else ""
        raise Unreachable(
            f"{access.endpoint} answered {answer.status} instead of asking for a sign-in (401){leads}; "
            "the password wasn't sent: check mailbox.endpoint"
        )
    auth = sign_in_offers.choose(
        access.auth, answer.offers, ticket=sign_in_offers.has_ticket() and not access.password
    )
    if auth is None:
        raise ConfigError(f"mailbox.auth: {_offered(answer, access.auth)}")
    return Door(access.endpoint, auth)


def _offered(answer: Answer, wanted: Auth) -> str:
    offers = ", ".join(sorted(answer.offers)) or "no way to sign in"
    asked = "none that ackd knows" if wanted is Auth.AUTO else f"not {wanted}"
    return f"it offers {offers}, {asked}"


class _Search:
    """One search: what was asked already, and what each place said."""

    def __init__(self, access: Access, confirm: Confirm, secret: Secret, srv: SrvLookup) -> None:
        self.notes: list[str] = []
        self.unconfirmed: dict[str, Asking] = {}
        self.mismatched = False
        self.untrusted: list[str] = []
        self.askers: list[str] = []
        self._access, self._confirm, self._secret, self._srv = access, confirm, secret, srv
        self._domain = hosts.domain_of(access.address)
        self._visited: set[str] = set()
        self._ticket = sign_in_offers.has_ticket() and not access.password

    def run(self, address: str) -> Door | None:
        """Ask at the places of an address's domain, until one tells."""
        domain = hosts.domain_of(address)
        if not domain or not self._is_new(f"mailto:{address.lower()}"):
            return None
        for place, named_by in self._places(domain):
            door = self._ask(place, named_by, address)
            if door is not None:
                return door
        return None

    def knock_only(self) -> None:
        """Ask at the places of the domain, until one asks for a sign-in."""
        for place, named_by in self._places(self._domain) if self._domain else ():
            self._ask(place, named_by, self._access.address)
            if self.askers:
                return

    def _places(self, domain: str) -> Iterator[tuple[Place, str]]:
        own = Place(f"autodiscover.{domain}", hosts.HTTPS, autodiscover.PATH)
        yield own, f"autodiscover asks there for {domain}"
        record = f"_autodiscover._tcp.{domain}"
        for srv in sorted(self._srv(record), key=lambda srv: (srv.priority, -srv.weight)):
            host = hosts.ascii_host(srv.target)
            if host and srv.port:
                yield Place(host, srv.port, autodiscover.PATH), f"the DNS record {record} names it"
        leads = self._by_plain_http(own)
        if leads is not None:
            yield leads, f"http://{own.host} leads there"
        yield Place(domain, hosts.HTTPS, autodiscover.PATH), f"autodiscover asks there for {domain}"

    def _by_plain_http(self, own: Place) -> Place | None:
        """Where plain http leads to; nothing else of its answer counts, and it is sent nothing."""
        try:
            answer = sign_in_offers.knock(self._access, f"http://{own.host}{autodiscover.POX_PATH}", None)
        except NoConnection:
            return None
        return _soap(hosts.place_of(answer.location))

    def _ask(self, place: Place | None, named_by: str, address: str) -> Door | None:
        """Ask a place, and wherever it leads to, where this mailbox is."""
        while place is not None and self._is_new(f"{place.url} for {address.lower()}"):
            answer = self._knock(place, autodiscover.question(f"nobody@{self._domain}", place.url))
            if answer is None:
                return None
            if answer.asks:
                self.askers.append(place.host)
                auth = self._may_enter(place, answer, named_by)
                if auth is None:
                    return None
                answer = self._enter(place, autodiscover.question(address, place.url), auth)
                if answer is None:
                    return None
                if answer.status == 200:
                    told = autodiscover.read(answer.body)
                    if told is None or not told.url:
                        return self._told(told, place, address)
                    answer = replace(answer, location=told.url)
            if not answer.location:
                self._note(place, f"answered {answer.status} and asked for no sign-in")
                return None
            named_by = f"{hosts.shown(place.name)} leads there"
            place = _soap(self._led(answer.location, place))
        if place is not None:
            self._note(place, "was asked already")
        return None

    def _told(self, told: autodiscover.Told | None, place: Place, address: str) -> Door | None:
        """What follows from an answer that leads to no other place to ask."""
        if told is None:
            self._note(place, "its answer can't be read")
        elif told.error == "InvalidUser":
            raise ConfigError(f"mailbox.address: the server knows no mailbox {address}")
        elif told.error:
            self._note(place, f"refused ({told.error[:60]!a})")
        elif told.address:
            self._note(place, f"says that the mailbox is {told.address[:120]!a}")
            return self.run(told.address)
        else:
            for url in told.ews:
                door = self._ews(url, place)
                if door is not None:
                    return door
            if not told.ews:
                self._note(place, "names no address of EWS")
        return None

    def _ews(self, url: str, by: Place) -> Door | None:
        """The door at an address of EWS that an answer names."""
        place = self._led(url, by)
        answer = self._knock(place, b"") if place is not None else None
        if place is None or answer is None:
            return None
        if not answer.asks:
            self._note(place, f"answered {answer.status} and asked for no sign-in")
            return None
        auth = self._may_enter(place, answer, f"{hosts.shown(by.name)} names it as the place of your mailbox")
        return Door(place.url, auth) if auth else None

    def _may_enter(self, place: Place, answer: Answer, named_by: str) -> Auth | None:
        """The sign-in to use there; None where it isn't offered or the owner doesn't confirm it."""
        auth = sign_in_offers.choose(self._access.auth, answer.offers, ticket=self._ticket)
        if auth is None:
            self.mismatched = True
            self._note(place, _offered(answer, self._access.auth))
            return None
        is_own = hosts.is_below(place.host, self._domain)
        asking = Asking(place.name, self._domain, named_by, auth, is_own)
        if place.name not in self.unconfirmed and self._confirm(asking):
            return auth
        self.unconfirmed[place.name] = asking
        return None

    def _enter(self, place: Place, data: bytes, auth: Auth) -> Answer | None:
        access = replace(self._access, auth=auth)
        prepare(access)
        try:
            answer = sign_in_offers.enter(access, place.url, data, self._secret)
        except NoConnection as error:
            self.notes.append(error.words)
            return None
        if answer.asks:
            raise _refused(place, auth)
        if answer.status != 200 and not answer.location:
            self._note(place, f"answered {answer.status} after the sign-in")
            return None
        return answer

    def _knock(self, place: Place, data: bytes) -> Answer | None:
        try:
            return sign_in_offers.knock(self._access, place.url, data)
        except NoConnection as error:
            self.notes.append(error.words)
            self.untrusted += [error.url] if isinstance(error, Untrusted) else []
            return None

    def _led(self, url: str, by: Place) -> Place | None:
        place = hosts.place_of(url)
        if place is None:
            self._note(by, f"leads to {url[:120]!a}, which is no address by https")
        return place

    def _is_new(self, what: str) -> bool:
        """Whether it wasn't asked yet: answers lead in circles, or on for ever."""
        if what in self._visited or len(self._visited) >= MOST_PLACES:
            return False
        self._visited.add(what)
        return True

    def _note(self, place: Place, words: str) -> None:
        self.notes.append(f"{hosts.shown(place.name)}: {words}")


def _soap(place: Place | None) -> Place | None:
    """The SOAP service beside the plain one that redirects name."""
    is_plain = place is not None and place.path.lower() == autodiscover.POX_PATH
    return replace(place, path=autodiscover.PATH) if place is not None and is_plain else place


def _refused(place: Place, auth: Auth) -> AckdError:
    if auth is Auth.KERBEROS:  # a new ticket may come any time, and no account is locked
        return Unreachable(
            f"{place.name} refused the Kerberos ticket (401): look at klist, renew it by kinit"
        )
    return SignInRefused(
        f"{hosts.shown(place.name)} refused the sign-in (401) when asked where the mailbox is: check "
        f"username and password; if that is no mail server, {REMEDY}"
    )
