"""``$batch``: up to 20 requests in one (json-batching).

Parts that depend on others wait for them, and fail with 424 where one of those failed. The others are done
four at a time: where concurrency is limited more of them fail with 429, as in any other request.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from exchange_sandbox.graph.errors import GraphError, bad_request
from exchange_sandbox.web import Answer, Request, plain_headers

NAME = "batch"
MOST = 20
_AT_ONCE = 4
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")

Perform = Callable[[Request], Answer]


def is_one(request: Request) -> bool:
    """Whether a request is a batch."""
    segments = [part for part in request.path.split("/") if part]
    return request.method == "POST" and len(segments) == 2 and segments[1].lower() in ("$batch", "%24batch")


def perform(request: Request, single: Perform) -> dict[str, Any]:
    """Do all parts; raises GraphError if the batch as a whole can't be read, and then nothing was done."""
    parts = _read(request)
    answers: dict[str, dict[str, Any]] = {}
    left = dict(parts)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while left:
            ready = [key for key, part in left.items() if not set(part.get("dependsOn", ())) - answers.keys()]
            if not ready:
                raise bad_request("The parts of the batch depend on each other in a circle.")
            due = [(key, left.pop(key)) for key in ready]
            free = [(key, part) for key, part in due if not _failed(part, answers)]
            done = pool.map(lambda one: _performed(request, one[1], single), free)
            answers |= dict(zip((key for key, _ in free), done, strict=True))
            answers |= {key: _not_done(key) for key, _ in due if key not in answers}
    return {"responses": [answers[key] for key in parts]}


def _failed(part: dict[str, Any], answers: dict[str, dict[str, Any]]) -> bool:
    return any(answers[key]["status"] >= 400 for key in part.get("dependsOn", ()))


def _not_done(key: str) -> dict[str, Any]:
    text = "A request that this one depends on failed."
    error = {"error": {"code": "FailedDependency", "message": text}}
    return {"id": key, "status": 424, "headers": {"Content-Type": "application/json"}, "body": error}


def _read(request: Request) -> dict[str, dict[str, Any]]:
    try:
        value = json.loads(request.body)
        parts = value["requests"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise bad_request("Invalid batch payload format.") from error
    if not isinstance(parts, list) or not parts:
        raise bad_request("Invalid batch payload format.")
    if len(parts) > MOST:
        raise GraphError(
            400, "BadRequest", f"Number of batch request steps exceeds the maximum value of {MOST}."
        )
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        _check(part, found)
        found[part["id"]] = part
    for part in parts:
        unknown = set(part.get("dependsOn", ())) - found.keys()
        if unknown:
            raise bad_request(f"A part depends on '{min(unknown)[:40]}', which isn't in the batch.")
    return found


def _check(part: Any, found: dict[str, Any]) -> None:
    if not isinstance(part, dict) or not all(
        isinstance(part.get(name), str) for name in ("id", "method", "url")
    ):
        raise bad_request("Each part of a batch needs an id, a method and a url.")
    if part["id"] in found:
        raise bad_request(f"The id '{part['id'][:40]}' is in the batch twice.")
    if part["method"].upper() not in _METHODS:
        raise bad_request(f"The method '{part['method'][:20]}' isn't taken in a batch.")
    headers = part.get("headers") or {}
    depends = part.get("dependsOn") or []
    if not isinstance(headers, dict) or not isinstance(depends, list):
        raise bad_request("Invalid batch payload format.")
    if not all(isinstance(one, str) for one in (*headers.values(), *depends)):
        raise bad_request("Invalid batch payload format.")
    names = {name.lower() for name in headers}
    if part.get("body") is not None and "content-type" not in names:
        raise bad_request(f"The part '{part['id'][:40]}' has a body and no Content-Type among its headers.")
    part["dependsOn"] = depends


def _performed(request: Request, part: dict[str, Any], single: Perform) -> dict[str, Any]:
    headers = plain_headers(part.get("headers") or {})
    url = part["url"]
    target = f"/v1.0/{url.lstrip('/')}" if not url.startswith(request.origin) else url[len(request.origin) :]
    body = part.get("body")
    kind = headers.get("Content-Type", "")
    data = b"" if body is None else _data(body, kind)
    answer = single(Request(part["method"].upper(), target, headers, data, request.origin))
    out: dict[str, Any] = {"id": part["id"], "status": answer.status or 504, "headers": dict(answer.headers)}
    if answer.body:
        is_json = "json" in answer.headers.get("Content-Type", "")
        out["body"] = _value(answer.body) if is_json else base64.b64encode(answer.body).decode()
    return out


def _value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _data(body: Any, kind: str) -> bytes:
    if isinstance(body, str) and "json" not in kind.lower():
        return body.encode("utf-8", "replace")
    return json.dumps(body).encode()
