"""Mailboxes that move to another database, and ids that one part of Exchange has and another doesn't take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from exchange_sandbox import Quirks, Sandbox

from ..conftest import ALICE
from ..stored import outlook_id
from ..wire import Wire
from .graph_client import PASSWORD, Graph, fetch, signed_in

APP, SECRET = "11111111-0000-4000-8000-000000000001", "app-secret"
TASK = "<t:Task><t:Subject>Help</t:Subject></t:Task>"
TASKS = "/me/todo/lists/defaultList/tasks"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Sandbox]]:
    made: list[Sandbox] = []

    def started(**quirks: Any) -> Sandbox:
        made.append(Sandbox(tmp_path, {ALICE: PASSWORD}, quirks=Quirks(**quirks), apps={APP: SECRET}))
        return made[-1].start()

    yield started
    for one in made:
        one.stop()


def translated(graph: Graph, own_id: str, target: str = "restId", **options: Any) -> dict[str, Any]:
    body = {"inputIds": [own_id], "sourceIdType": "ewsId", "targetIdType": target}
    (found,) = graph.post("/me/translateExchangeIds", body, **options).value
    return dict(found)


def test_a_mailbox_that_moved_has_other_ids_and_the_same_things(start: Callable[..., Sandbox]) -> None:
    place = start()
    ews, graph = Wire(place.url, ALICE), signed_in(place, ALICE)
    old = ews.create(TASK).ids[0][0]
    state = ews.sync("tasks").text("m:SyncState")
    link = graph.get(f"{TASKS}/delta").json["@odata.deltaLink"]
    person = graph.get("/me").id
    place.move_mailboxes()
    assert ews.get(old).codes == ["ErrorItemNotFound"]
    assert ews.sync("tasks", state).codes == ["ErrorInvalidSyncStateData"]
    assert graph.get(link).status == 410
    assert translated(graph, old)["errorDetails"]["code"] == "ErrorItemNotFound"
    (task,) = graph.get(TASKS).value
    assert task["title"] == "Help"
    assert translated(graph, outlook_id(task["id"]))["targetId"] == task["id"]
    assert ews.get(outlook_id(task["id"])).codes == ["NoError"]
    assert graph.get("/me").id == person
    place.stop()
    assert signed_in(place.start(), ALICE).get(f"{TASKS}/{task['id']}").json["title"] == "Help"


def test_to_do_may_have_ids_of_its_own(start: Callable[..., Sandbox]) -> None:
    place = start(graph_todo_own_ids=True)
    own = Wire(place.url, ALICE).create(TASK).ids[0][0]
    graph = signed_in(place, ALICE)
    rest = translated(graph, own)["targetId"]
    assert graph.get(f"{TASKS}/{rest}").code == "ErrorInvalidIdMalformed"
    told = graph.get(f"{TASKS}/delta").json
    (task,) = told["value"]
    assert task["id"] != rest
    assert graph.delete(f"{TASKS}/{task['id']}").status == 204
    (gone,) = graph.get(told["@odata.deltaLink"]).value
    assert gone["id"] == task["id"]


def test_binary_ids_tell_their_padding_and_apps_get_none(start: Callable[..., Sandbox]) -> None:
    place = start()
    own = Wire(place.url, ALICE).create(TASK).ids[0][0]
    entry = translated(signed_in(place, ALICE), own, "entryId")["targetId"]
    assert entry[-1] in "012"
    assert "=" not in entry
    form = {
        "grant_type": "client_credentials",
        "client_id": APP,
        "client_secret": SECRET,
        "scope": "https://graph.microsoft.com/.default",
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    got = fetch("POST", f"{place.sign_in_url}/oauth2/v2.0/token", urlencode(form).encode(), kind)
    app = Graph(place.graph_url, got.json["access_token"])
    body = {"inputIds": [own], "sourceIdType": "ewsId", "targetIdType": "restId"}
    assert app.post(f"/users/{ALICE}/translateExchangeIds", body).code == "ErrorAccessDenied"
