"""Graph, and what goes wrong on purpose."""

import json
import time
import uuid

import requests

from cases import case, refused
from signin import BROKER, LOGIN, SignIn, ctl, token
from test_signin import PASSWORD, TENANT, claims, user

GRAPH = "https://graph.microsoft.com"
LINUX = "b743a22d-6705-4147-8670-d92fa515ee2b"


def get(bearer, path, **more):
    return requests.get(path if path.startswith("https") else GRAPH + path, headers={"Authorization": "Bearer " + bearer}, **more)


def user_token(name, client=LINUX):
    return token(TENANT, {"client_id": client, "grant_type": "password", "username": name, "password": PASSWORD,
                          "scope": "openid offline_access https://graph.microsoft.com/.default"}, v2=True)["access_token"]


@case
def graph_users():
    """oneself and others, by name and id; RFC 2307 attributes; who may not"""
    name = user("reader", "", "--uid", 4711, "--gid", 100, "--home", "/home/r", "--shell", "/bin/zsh", "--gecos", "Reader", "--name", "Rea der")
    bearer = user_token(name)
    me = get(bearer, "/v1.0/me").json()
    assert me["displayName"] == "Rea der" and me["userPrincipalName"] == name
    beta = get(bearer, "/beta/users/" + me["id"]).json()
    assert [v for k, v in beta.items() if k.endswith("_uidNumber")] == [4711]
    assert get(bearer, "/v1.0/users/user01@" + TENANT).json()["displayName"] == "user01"
    assert get(bearer, "/v1.0/users/nobody@" + TENANT).json()["error"]["code"] == "Request_ResourceNotFound"
    assert get(bearer, "/v1.0/users/user01@0pndv.onmicrosoft.com").status_code == 404
    found = get(bearer, "/v1.0/users", params={"$filter": f"userPrincipalName eq '{name}'", "$select": "id"}).json()["value"]
    assert found == [{"id": me["id"]}]
    weak = user_token(name, BROKER)
    assert get(weak, "/v1.0/me").status_code == 200
    assert get(weak, "/v1.0/users/user01@" + TENANT).json()["error"]["code"] == "Authorization_RequestDenied"
    assert get("x.y.z", "/v1.0/me").status_code == 401
    other = token(TENANT, {"client_id": LINUX, "grant_type": "password", "username": name, "password": PASSWORD,
                           "resource": "https://graph.windows.net"})["access_token"]
    assert "audience" in get(other, "/v1.0/me").text
    refused(65002, token, TENANT, {"client_id": BROKER, "grant_type": "password", "username": name, "password": PASSWORD,
                                   "scope": "GroupMember.Read.All"}, v2=True)


@case
def graph_groups():
    """memberships: paged, direct and transitive, roles, names that are null; group by id"""
    name = user("member")
    ctl("bulk", "add", "groups", 30, "--tenant", TENANT, "--member", name)
    role, nameless, outer = (str(uuid.uuid4()) for _ in range(3))
    ctl("group", "add", "Global Reader", "--id", role, "--type", "directoryRole", "--member", name)
    ctl("group", "add", "", "--id", nameless, "--member", name)
    ctl("group", "add", "outer", "--id", outer, "--member", nameless, "--tenant", TENANT)
    bearer = user_token(name)
    seen, link, pages = [], "/v1.0/me/memberOf?$top=9", 0
    while link:
        page = get(bearer, link).json()
        seen, link, pages = seen + page["value"], page.get("@odata.nextLink"), pages + 1
    assert pages == 4 and len(seen) == 32 == len({g["id"] for g in seen})
    kinds = {g["id"]: g["@odata.type"] for g in seen}
    assert kinds[role] == "#microsoft.graph.directoryRole"
    assert [g["displayName"] for g in seen if g["id"] == nameless] == [None]
    assert outer not in kinds
    assert outer in {g["id"] for g in get(bearer, "/v1.0/me/transitiveMemberOf?$top=999").json()["value"]}
    assert get(bearer, "/v1.0/groups/" + outer).json()["displayName"] == "outer"
    assert get(bearer, "/v1.0/groups/bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6/members").json()["value"]
    assert get(bearer, "/v1.0/me/memberOf?$top=1000").status_code == 400
    assert all(g["displayName"] is None for g in get(user_token(name, BROKER), "/v1.0/me/memberOf").json()["value"])


@case
def graph_renamed():
    """a renamed user keeps the object id; a deleted one is gone"""
    name, other = user("before"), "after@" + TENANT
    bearer = user_token(name)
    before = get(bearer, "/v1.0/me").json()["id"]
    ctl("user", "rename", name, other)
    assert get(bearer, "/v1.0/users/" + before).json()["userPrincipalName"] == other
    ctl("user", "del", other)
    refused(50034, token, TENANT, {"client_id": LINUX, "grant_type": "password", "username": other, "password": PASSWORD,
                                   "resource": GRAPH})


@case
def faults():
    """status with Retry-After, AADSTS numbers in each family's own shape, delay, count"""
    name = user("faulty")
    bearer = user_token(name)
    ctl("fault", "add", "--host", "graph.*", "--path", "/v1.0/me", "--status", 429, "--retry-after", 7, "--count", 1)
    answer = get(bearer, "/v1.0/me")
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "7"
    assert get(bearer, "/v1.0/me").status_code == 200
    ctl("fault", "add", "--path", "*/oauth2/*token", "--aadsts", 90055, "--count", 1)
    refused(90055, user_token, name)
    ctl("fault", "add", "--path", "*/login", "--aadsts", 53003, "--count", 1)
    refused(53003, SignIn(TENANT).open().password, name, PASSWORD)
    ctl("fault", "add", "--path", "*/Discover", "--delay", 0.3, "--count", 1)
    start = time.monotonic()
    requests.get("https://enterpriseregistration.windows.net/" + TENANT + "/Discover?api-version=1.9")
    assert time.monotonic() - start >= 0.3
    ctl("fault", "add", "--path", "/v1.0/me", "--bad-signature")
    ctl("fault", "clear")
    assert ctl("fault", "list") == ""


@case
def faults_on_the_wire():
    """reset, malformed, bad signature, stall, huge"""
    name = user("wirefault")
    ctl("fault", "add", "--path", "/*/oauth2/v2.0/token", "--malformed", "--count", 1)
    try:
        user_token(name)
        raise AssertionError("a malformed body was read")
    except (json.JSONDecodeError, requests.exceptions.RequestException, KeyError, ValueError):
        pass
    ctl("fault", "add", "--path", "/*/oauth2/v2.0/token", "--bad-signature", "--count", 1)
    assert get(user_token(name), "/v1.0/me").status_code == 401
    ctl("fault", "add", "--path", "/", "--reset", "--count", 1)
    try:
        requests.get(LOGIN + "/")
        raise AssertionError("the connection was not reset")
    except requests.exceptions.ConnectionError:
        pass
    ctl("fault", "add", "--path", "/common/discovery/keys", "--stall", "--count", 1)
    try:
        requests.get(LOGIN + "/common/discovery/keys", timeout=1)
        raise AssertionError("the answer did not stall")
    except (requests.exceptions.Timeout, requests.exceptions.ConnectionError):
        pass
    ctl("fault", "add", "--path", "/common/discovery/keys", "--huge", "--count", 1)
    with requests.get(LOGIN + "/common/discovery/keys", stream=True, timeout=20) as answer:
        assert sum(len(chunk) for _, chunk in zip(range(64), answer.iter_content(1 << 20))) > 32 << 20
    assert requests.get(LOGIN + "/common/discovery/keys").json()["keys"]


@case
def requests_are_recorded():
    """the record contains the requests without their secrets"""
    ctl("requests", "--clear")
    name = user("recorded")
    refused(50126, SignIn(TENANT).open().password, name, "not-the-Passw0rd")
    text = ctl("requests") + ctl("requests", "--json")
    assert "not-the-Passw0rd" not in text and 'passwd="***"' in text and "AADSTS50126" in text


@case
def unreachable_and_back():
    """stopped: no answer; started: the same tenant as before"""
    name = user("survivor")
    ctl("stop")
    try:
        requests.get(LOGIN + "/", timeout=5)
        raise AssertionError("it still answers")
    except requests.exceptions.RequestException:
        pass
    finally:
        ctl("start")
    assert user_token(name)
