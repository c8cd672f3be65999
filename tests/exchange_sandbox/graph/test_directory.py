"""People, distribution lists, and who belongs to what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from exchange_sandbox import Quirks, Sandbox

from ..conftest import ALICE, BOB
from .graph_client import Graph, signed_in

CARL, DORA = "carl.cox@corp.example", "dora@partner.example"
TEAM, INNER, OTHER = "team@corp.example", "inner.circle@corp.example", "other@corp.example"
GROUPS = {TEAM: [BOB, INNER, DORA], INNER: [CARL, TEAM, BOB], OTHER: [CARL]}
EVENTUAL = {"ConsistencyLevel": "eventual"}


@pytest.fixture
def sandbox(make: Callable[..., Sandbox]) -> Sandbox:
    return make(mailboxes=(ALICE, BOB, CARL), groups=GROUPS)


def group_id(graph: Graph, address: str) -> str:
    (found,) = graph.get("/groups", params={"$filter": f"mail eq '{address}'"}).value
    return str(found["id"])


def mails(entries: list[dict[str, Any]]) -> list[str]:
    return [one["mail"] for one in entries]


# people


def test_oneself_and_others_by_id_and_by_address(alice: Graph) -> None:
    me = alice.get("/me").json
    assert (me["mail"], me["displayName"], me["userPrincipalName"]) == (ALICE, "Alice", ALICE)
    card = alice.get("/me", params={"$select": "displayName,mail,userPrincipalName,proxyAddresses"}).json
    assert card["proxyAddresses"] == [f"SMTP:{ALICE}"]
    carl = alice.get(f"/users/{CARL.upper()}").json
    assert (carl["givenName"], carl["surname"]) == ("Carl", "Cox")
    assert alice.get(f"/users/{carl['id']}").json["mail"] == CARL
    assert alice.get(f"/users('{carl['id'].upper()}')").json["mail"] == CARL
    for name in ("nobody@corp.example", "nix", TEAM, "00000000-0000-4000-8000-000000000000"):
        got = alice.get(f"/users/{name}")
        assert (got.status, got.code) == (404, "Request_ResourceNotFound")


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (f"mail eq '{BOB.upper()}'", [BOB]),
        (f"userPrincipalName eq '{BOB}'", [BOB]),
        (f"proxyAddresses/any(p:p eq 'smtp:{BOB}')", [BOB]),
        ("startswith(displayName,'ca')", [CARL]),
        ("startsWith(mail,'nobody')", []),
        (f"mail in ('{ALICE}','{CARL}')", [ALICE, CARL]),
        (f"mail eq '{TEAM}'", []),
    ],
)
def test_people_are_filtered(alice: Graph, condition: str, found: list[str]) -> None:
    assert mails(alice.get("/users", params={"$filter": condition}).value) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ('"displayName:cox"', [CARL]),
        ('"mail:bob"', [BOB]),
        ('"displayName:ali" OR "mail:carl"', [ALICE, CARL]),
        ('"displayName:carl" AND "mail:bob"', []),
        ('"displayName:ox"', []),
    ],
)
def test_people_are_searched(alice: Graph, search: str, found: list[str]) -> None:
    got = alice.get("/users", params={"$search": search, "$count": "true"}, headers=EVENTUAL)
    assert mails(got.value) == found
    assert got.json["@odata.count"] == len(found)


@pytest.mark.parametrize(
    "params",
    [
        {"$search": '"displayName:cox"'},
        {"$filter": "endswith(mail,'corp.example')"},
        {"$filter": "displayName ne 'Alice'"},
        {"$filter": "not(startswith(mail,'a'))", "$count": "true"},
        {"$filter": "startswith(mail,'a')", "$orderby": "displayName"},
    ],
)
def test_what_is_advanced_needs_its_header(alice: Graph, params: dict[str, str]) -> None:
    got = alice.get("/users", params=params)
    assert (got.status, got.code) == (400, "Request_UnsupportedQuery")
    assert alice.get("/users", params={**params, "$count": "true"}, headers=EVENTUAL).status == 200


def test_a_search_that_is_none_is_refused(alice: Graph) -> None:
    for search in ("cox", '"cox"', '"mail:a" XOR "mail:b"', '"mail:a" OR "mail:b" AND "mail:c"', '"nix:a"'):
        assert alice.get("/users", params={"$search": search}, headers=EVENTUAL).status == 400, search


def test_a_count_comes_only_with_the_header(alice: Graph) -> None:
    params = {"$count": "true", "$top": 2}
    assert "@odata.count" not in alice.get("/users", params=params).json
    got = alice.get("/users", params=params, headers=EVENTUAL)
    assert (got.json["@odata.count"], len(got.value)) == (3, 2)
    assert len(alice.all("/users", params=params)) == 3


# lists


def test_a_list_is_found_by_its_address(alice: Graph) -> None:
    (team,) = alice.get("/groups", params={"$filter": f"mail eq '{TEAM}'"}).value
    assert (team["displayName"], team["mailEnabled"], team["securityEnabled"]) == ("Team", True, False)
    assert alice.get(f"/groups/{team['id']}").json["mail"] == TEAM
    assert alice.get("/groups", params={"$filter": f"mail eq '{BOB}'"}).value == []
    assert alice.get("/groups/nix").code == "Request_ResourceNotFound"
    assert mails(alice.get("/groups").value) == [INNER, OTHER, TEAM]


def test_members_and_those_of_lists_in_it(alice: Graph) -> None:
    team = group_id(alice, TEAM)
    direct = alice.get(f"/groups/{team}/members").value
    assert [(one["@odata.type"], one["mail"]) for one in direct] == [
        ("#microsoft.graph.user", BOB), ("#microsoft.graph.group", INNER), ("#microsoft.graph.user", DORA),
    ]  # fmt: skip
    every = f"/groups/{team}/transitiveMembers"
    assert sorted(mails(alice.get(every).value)) == sorted([BOB, INNER, DORA, CARL])
    params = {"$select": "mail,proxyAddresses", "$count": "true"}
    people = alice.get(f"{every}/microsoft.graph.user", params=params, headers=EVENTUAL)
    assert people.json["@odata.count"] == 3
    assert sorted(mails(people.value)) == sorted([BOB, CARL, DORA])
    assert all(set(one) == {"id", "mail", "proxyAddresses"} for one in people.value)
    assert mails(alice.get(f"{every}/microsoft.graph.group").value) == [INNER]
    assert alice.get(f"{every}/microsoft.graph.user/$count", headers=EVENTUAL).raw == b"3"
    assert alice.get(f"{every}/$count").code == "Request_UnsupportedQuery"


def test_what_a_type_lacks_is_left_out(alice: Graph) -> None:
    params = {"$select": "mail,userType,groupTypes"}
    found = alice.get(f"/groups/{group_id(alice, TEAM)}/members", params=params).value
    assert [set(one) - {"@odata.type", "id", "mail"} for one in found] == [
        {"userType"}, {"groupTypes"}, {"userType"},
    ]  # fmt: skip
    assert found[2]["userType"] == "Guest"
    nix = alice.get(f"/groups/{group_id(alice, TEAM)}/members", params={"$select": "nix"})
    assert nix.status == 400


def test_members_from_elsewhere_may_be_no_users(make: Callable[..., Sandbox]) -> None:
    quirks = Quirks(graph_guests_are_contacts=True)
    alice = signed_in(make(mailboxes=(ALICE, BOB, CARL), groups=GROUPS, quirks=quirks), ALICE)
    every = f"/groups/{group_id(alice, TEAM)}/transitiveMembers"
    assert sorted(mails(alice.get(f"{every}/microsoft.graph.user").value)) == [BOB, CARL]
    kinds = [one["@odata.type"] for one in alice.get(every, checked=False).value if one["mail"] == DORA]
    assert kinds == ["#microsoft.graph.orgContact"]


def test_whom_somebody_belongs_to(alice: Graph, sandbox: Sandbox) -> None:
    assert alice.get("/me/memberOf").value == []
    direct = alice.get(f"/users/{CARL}/memberOf").value
    assert mails(direct) == [INNER, OTHER]
    assert {one["@odata.type"] for one in direct} == {"#microsoft.graph.group"}
    assert sorted(mails(alice.get(f"/users/{CARL}/transitiveMemberOf/microsoft.graph.group").value)) == [
        INNER, OTHER, TEAM,
    ]  # fmt: skip
    inner = group_id(alice, INNER)
    assert mails(alice.get(f"/groups/{inner}/memberOf").value) == [TEAM]
    expanded = alice.get(f"/groups/{inner}", params={"$expand": "members($select=mail)"}).json
    assert mails(expanded["members"]) == [CARL, TEAM, BOB]


def test_lists_need_a_permission_of_their_own(sandbox: Sandbox) -> None:
    person = signed_in(sandbox, ALICE, scope="User.Read Mail.ReadWrite")
    assert person.get("/groups").code == "ErrorAccessDenied"
    assert person.get("/me").status == 200
    assert signed_in(sandbox, ALICE, scope="GroupMember.Read.All").get("/groups").status == 200
