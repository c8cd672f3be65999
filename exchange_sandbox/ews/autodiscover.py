"""Autodiscover: where a user's mailbox is served, as GetUserSettings over SOAP ([MS-OXWSADISC] 3.1.4.4)
and as plain XML ("POX", [MS-OXDSCLI] 2.2.4)."""

from __future__ import annotations

from lxml import etree

from exchange_sandbox.ews import soap, versions, xml
from exchange_sandbox.ews.xml import Element
from exchange_sandbox.store.mailboxes import Mailbox

SOAP_PATH, POX_PATH = "/autodiscover/autodiscover.svc", "/autodiscover/autodiscover.xml"
PATHS = (SOAP_PATH, POX_PATH)

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_A = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
_POX_ASKED = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
_POX = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
_POX_OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"


def answer(path: str, data: bytes, user: Mailbox, ews: str) -> bytes | None:
    """The answer to a request; ``ews`` is the address of this server's EWS. None for what is no
    request."""
    try:
        asked = xml.parse(data)
    except xml.XmlRefused:
        return None
    return _soap(asked, user, ews) if path == SOAP_PATH else _pox(asked, user, ews)


def _settings(user: Mailbox, ews: str) -> dict[str, str]:
    return {
        "AutoDiscoverSMTPAddress": user.address,
        "CasVersion": soap.build(),
        "EwsSupportedSchemas": ", ".join(versions.ORDER),
        "ExternalEwsUrl": ews,
        "GroupingInformation": "Sandbox",
        "InternalEwsUrl": ews,
        "UserDisplayName": user.name,
        "UserDN": f"/o=Sandbox/ou=Exchange Administrative Group/cn=Recipients/cn={user.id}",
    }


def _soap(asked: Element, user: Mailbox, ews: str) -> bytes | None:
    request = asked.find(f".//{{{_A}}}GetUserSettingsRequestMessage/{{{_A}}}Request")
    if request is None:
        return None
    wanted = [one.text or "" for one in request.iterfind(f"{{{_A}}}RequestedSettings/{{{_A}}}Setting")]
    envelope = etree.Element(f"{{{xml.SOAP}}}Envelope", nsmap={"s": xml.SOAP, "a": _A})
    info = _sub(_sub(envelope, "Header", xml.SOAP), "ServerVersionInfo")
    for name, value in (*soap.VERSION.items(), ("Version", versions.ORDER[-1])):
        _sub(info, name, text=value)
    message = _sub(_sub(envelope, "Body", xml.SOAP), "GetUserSettingsResponseMessage")
    response = _sub(message, "Response")
    _no_error(response)
    responses = _sub(response, "UserResponses")
    for mailbox in request.iterfind(f"{{{_A}}}Users/{{{_A}}}User/{{{_A}}}Mailbox"):
        _user(_sub(responses, "UserResponse"), (mailbox.text or "").strip(), user, ews, wanted)
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def _user(box: Element, address: str, user: Mailbox, ews: str, wanted: list[str]) -> None:
    """One user's settings; who signs in may ask for the own mailbox alone."""
    if address.lower() != user.address:
        _sub(box, "ErrorCode", text="InvalidUser")
        _sub(box, "ErrorMessage", text=f"Invalid user {address!a}.")
        return
    _no_error(box)
    known = _settings(user, ews)
    errors = _sub(box, "UserSettingErrors")
    for name in wanted:
        if name not in known:
            error = _sub(errors, "UserSettingError")
            _sub(error, "ErrorCode", text="SettingIsNotAvailable")
            _sub(error, "ErrorMessage", text=f"The setting {name!a} is not available.")
            _sub(error, "SettingName", text=name)
    settings = _sub(box, "UserSettings")
    for name in wanted:
        if name in known:
            setting = _sub(settings, "UserSetting")
            setting.set(f"{{{_XSI}}}type", "StringSetting")
            _sub(setting, "Name", text=name)
            _sub(setting, "Value", text=known[name])


def _no_error(box: Element) -> None:
    _sub(box, "ErrorCode", text="NoError")
    _sub(box, "ErrorMessage", text="")


def _pox(asked: Element, user: Mailbox, ews: str) -> bytes:
    address = asked.findtext(f"{{{_POX_ASKED}}}Request/{{{_POX_ASKED}}}EMailAddress", "").strip()
    root = etree.Element(f"{{{_POX}}}Autodiscover", nsmap={"r": _POX})
    if address.lower() != user.address:
        error = _sub(_sub(root, "Response", _POX), "Error", _POX)
        _sub(error, "ErrorCode", _POX, "500")
        _sub(error, "Message", _POX, "The email address can't be found.")
        return etree.tostring(root, xml_declaration=True, encoding="utf-8")
    response = _sub(root, "Response", _POX_OUTLOOK)
    about = _sub(response, "User", _POX_OUTLOOK)
    _sub(about, "DisplayName", _POX_OUTLOOK, user.name)
    _sub(about, "AutoDiscoverSMTPAddress", _POX_OUTLOOK, user.address)
    account = _sub(response, "Account", _POX_OUTLOOK)
    _sub(account, "AccountType", _POX_OUTLOOK, "email")
    _sub(account, "Action", _POX_OUTLOOK, "settings")
    protocol = _sub(account, "Protocol", _POX_OUTLOOK)
    _sub(protocol, "Type", _POX_OUTLOOK, "EXPR")
    _sub(protocol, "EwsUrl", _POX_OUTLOOK, ews)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def no_request() -> bytes:
    """The answer to whoever only looks at the plain address."""
    root = etree.Element(f"{{{_POX}}}Autodiscover", nsmap={"r": _POX})
    error = _sub(_sub(root, "Response", _POX), "Error", _POX)
    _sub(error, "ErrorCode", _POX, "600")
    _sub(error, "Message", _POX, "Invalid Request")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _sub(parent: Element, name: str, namespace: str = _A, text: str | None = None) -> Element:
    made = etree.SubElement(parent, f"{{{namespace}}}{name}")
    made.text = text
    return made
