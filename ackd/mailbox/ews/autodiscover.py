"""Autodiscover's question and answer: GetUserSettings over SOAP ([MS-OXWSADISC] 3.1.4.4). No request is
made here."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

PATH, POX_PATH = "/autodiscover/autodiscover.svc", "/autodiscover/autodiscover.xml"
_A = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
_NAMES = {"a": _A}
_SETTINGS = ("ExternalEwsUrl", "InternalEwsUrl")
_QUESTION = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="{a}"
 xmlns:wsa="http://www.w3.org/2005/08/addressing"><s:Header>
<a:RequestedServerVersion>Exchange2016</a:RequestedServerVersion>
<wsa:Action>{a}/Autodiscover/GetUserSettings</wsa:Action><wsa:To>{to}</wsa:To></s:Header>
<s:Body><a:GetUserSettingsRequestMessage><a:Request>
<a:Users><a:User><a:Mailbox>{address}</a:Mailbox></a:User></a:Users>
<a:RequestedSettings>{settings}</a:RequestedSettings>
</a:Request></a:GetUserSettingsRequestMessage></s:Body></s:Envelope>"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a server told of a mailbox: the addresses of its EWS, the outer one first, or where else to
    ask: at another address (`url`), or for another mail address. `error` is the code of a refusal."""

    ews: tuple[str, ...] = ()
    url: str = ""
    address: str = ""
    error: str = ""


def question(address: str, to: str) -> bytes:
    """The request that asks for a mailbox's EWS."""
    settings = "".join(f"<a:Setting>{name}</a:Setting>" for name in _SETTINGS)
    return _QUESTION.format(a=_A, to=escape(to), address=escape(address), settings=settings).encode()


def read(body: bytes) -> Told | None:
    """The answer; None for what isn't one."""
    if b"<!DOCTYPE" in body[:1000]:
        return None
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.LxmlError, ValueError):
        return None
    response = root.find(".//a:Response", _NAMES)
    if response is None:
        return None
    user = response.find("a:UserResponses/a:UserResponse", _NAMES)
    codes = [one.findtext("a:ErrorCode", "", _NAMES).strip() for one in (response, user) if one is not None]
    error = next((code for code in codes if code not in ("", "NoError")), "")
    if user is None or error not in ("", "RedirectAddress", "RedirectUrl"):
        return Told(error=error or "NoUserResponse")
    target = user.findtext("a:RedirectTarget", "", _NAMES).strip()
    if error:
        return Told(address=target) if error == "RedirectAddress" else Told(url=target)
    settings = {
        one.findtext("a:Name", "", _NAMES).strip(): one.findtext("a:Value", "", _NAMES).strip()
        for one in user.iterfind("a:UserSettings/a:UserSetting", _NAMES)
    }
    return Told(ews=tuple(settings[name] for name in _SETTINGS if settings.get(name)))
