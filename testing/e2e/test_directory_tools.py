"""POSIX attributes written to the directory by aad-tool, and shown by the host; who may, and who may not."""

import json

import pytest

from conftest import here
from running_lab import DOMAIN, PASSWORD, PIN, RunningLab

HOST_APP = "00001111-aaaa-2222-bbbb-3333cccc4444"
AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"
PERMISSIONS = "Application.ReadWrite.All,User.ReadWrite.All,Group.ReadWrite.All,Directory.Read.All"
NO_TOKEN = "Failed to obtain any access token"


class Host(RunningLab):
    def tool(self, *words, user=None, text=None):
        done = self.run("aad-tool", *words, user=user, text=text)
        return done.returncode, done.stdout, done.stderr

    def changes(self):
        """What was written to Graph."""
        return [entry for entry in self.requests() if entry["host"] == "graph.microsoft.com" and entry["method"] in ("POST", "PATCH")]

    def schema(self, client=HOST_APP, user=None):
        """(object id, appId) of the application that defines the attributes; made if there is none."""
        words = ("--client-id", client, "--display-name", "POSIX attributes", "--user-read-write", "--group-read-write")
        code, out, err = self.tool("application", "create", *words, user=user)
        assert (code, out) == (0, ""), err
        code, out, err = self.tool("application", "list", "--client-id", client, user=user)
        assert code == 0, err
        (made,) = (one for one in json.loads(out) if one["displayName"] == "POSIX attributes")
        return made["id"], made["appId"]


@pytest.fixture(scope="module")
def host(conf):
    running_lab = Host(here("e2e-tools"), conf("id_attr_map = rfc2307\n"))
    running_lab.lab("down", check=False)
    running_lab.up()
    yield running_lab
    running_lab.down()


@pytest.fixture(scope="module")
def ready(host):
    """Its application may write."""
    host.tenant("app", "add", "host", "--tenant", DOMAIN, "--id", HOST_APP, "--secret", "s3cret", "--permission", PERMISSIONS)
    host.out("aad-tool", "cred", "secret", "--client-id", HOST_APP, "--domain", DOMAIN, "--secret", "s3cret")
    object_id, app_id = host.schema()
    words = ("application", "add-schema-extensions", "--client-id", HOST_APP, "--schema-app-object-id", object_id)
    assert host.tool(*words) == (0, "", "")
    before = len(host.changes())
    code, out, err = host.tool(*words)
    assert (code, out) == (0, "") and err.startswith("Nothing to change"), err
    assert host.schema() == (object_id, app_id)
    assert len(host.changes()) == before, "what is there is not made again"
    host.schema_id = app_id
    return host


def test_what_the_tool_sets_the_host_shows(ready):
    ready.tenant("user", "add", f"ada@{DOMAIN}", "--password", PASSWORD, "--name", "ada", "--mfa", "PhoneAppNotification")
    ready.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", f"ada@{DOMAIN}")
    assert ready.run("getent", "passwd", "ada").returncode == 2, "without a uidNumber there is no user"
    words = ("--schema-client-id", ready.schema_id, "--user-id", f"ada@{DOMAIN}", "--uid", "471100", "--gid", "500000",
             "--home", "/home/lovelace", "--shell", "/bin/sh", "--gecos", "Ada Lovelace")
    code, out, _ = ready.tool("user", "set-posix-attrs", *words, "--dry-run")
    assert code == 0 and "uidNumber: unset -> 471100" in out
    before = len(ready.changes())
    assert ready.tool("user", "set-posix-attrs", *words) == (0, "", "")
    assert ready.tool("group", "set-posix-attrs", "--schema-client-id", ready.schema_id, "--group-id", GROUP, "--gid", "500000") == (0, "", "")
    assert len(ready.changes()) == before + 2
    code, out, err = ready.tool("user", "set-posix-attrs", *words)
    assert (code, out) == (0, "") and err.startswith("Nothing to change"), err
    assert len(ready.changes()) == before + 2
    ready.out("aad-tool", "cache-clear")
    ready.await_name("ada")
    assert ready.out("getent", "passwd", "ada") == "ada:x:471100:500000:Ada Lovelace:/home/lovelace:/bin/sh"
    assert ready.out("getent", "group", GROUP).split(":")[2] == "500000"
    assert ready.log().count("graphtools.changed") >= 2


def test_wrong_values_and_ids_of_others_are_refused(ready):
    ready.tenant("user", "add", f"bob@{DOMAIN}", "--password", PASSWORD, "--name", "bob")
    ready.tenant("user", "add", f"eve@{DOMAIN}", "--password", PASSWORD, "--name", "eve")
    bob = ("user", "set-posix-attrs", "--schema-client-id", ready.schema_id, "--user-id", f"bob@{DOMAIN}")
    assert ready.tool(*bob, "--uid", "471200") == (0, "", "")
    asked = len(ready.requests())
    for words in (("--uid", "61184"), ("--uid", "65519"), ("--uid", "0"), ("--uid", "2147483648"), ("--home", "home"), ("--gecos", "a:b"), ()):
        assert ready.tool(*bob, *words)[0] == 2, words
    assert len(ready.requests()) == asked, "nothing was sent"
    eve = [word.replace("bob@", "eve@") for word in bob]
    before = len(ready.changes())
    code, _, err = ready.tool(*eve, "--uid", "471200")
    assert code == 1 and f"The uidNumber 471200 belongs to user bob@{DOMAIN}" in err
    code, _, err = ready.tool(*[word.replace("bob@", "nobody@") for word in bob], "--uid", "471300")
    assert code == 1 and f"The directory has no user nobody@{DOMAIN}" in err
    assert len(ready.changes()) == before


def test_a_busy_graph_is_waited_for(ready):
    ready.tenant("fault", "add", "--host", "graph.*", "--path", "/v1.0/applications*", "--status", "429", "--retry-after", "1", "--count", "2")
    code, out, err = ready.tool("application", "list", "--client-id", HOST_APP)
    assert code == 0 and json.loads(out), err


def test_local_users_and_wrong_applications_get_no_token(ready):
    neighbour = ready.local("neighbour")
    code, out, err = ready.tool("application", "list", "--client-id", HOST_APP, user=neighbour)
    assert (code, out) == (1, "") and err.startswith(NO_TOKEN), err
    code, _, err = ready.tool("application", "list", "--client-id", AZURE_CLI)
    assert code == 1 and "--name" in err


def test_a_user_needs_consent_and_a_role(ready):
    """By single sign-on, with the user's own rights."""
    upn = f"grace@{DOMAIN}"
    ready.tenant("user", "add", upn, "--password", PASSWORD, "--name", "grace", "--mfa", "PhoneAppNotification")
    own = ("user", "set-posix-attrs", "--schema-client-id", ready.schema_id, "--user-id", upn)
    assert ready.tool(*own, "--uid", "471400", "--gid", "471400", "--shell", "/bin/bash") == (0, "", "")
    ready.out("aad-tool", "cache-clear")
    ready.await_name("grace")
    sign_in(ready, "grace", upn)
    code, out, err = ready.tool("application", "list", "--client-id", AZURE_CLI, user="grace")
    assert code == 0 and any(one["appId"] == ready.schema_id for one in json.loads(out)), err

    words = (*own, "--gecos", "Grace Hopper")
    code, _, err = ready.tool(*words, user="grace")
    assert code == 1 and "nobody has consented" in err and f"adminconsent?client_id={ready.schema_id}" in err, err
    ready.tenant("app", "consent", ready.schema_id)
    before = len([one for one in ready.changes() if one["status"] < 300])
    code, _, err = ready.tool(*words, user="grace")
    assert code == 1 and "needs a role of the directory: User Administrator" in err, err
    assert len([one for one in ready.changes() if one["status"] < 300]) == before, "nothing was changed"
    ready.tenant("group", "add", "User Administrator", "--type", "directoryRole", "--tenant", DOMAIN, "--member", upn)
    assert ready.tool(*words, user="grace") == (0, "", "")
    ready.out("aad-tool", "cache-clear")
    ready.await_name("grace")
    assert ready.out("getent", "passwd", "grace").split(":")[4] == "Grace Hopper"


def sign_in(host, name, upn):
    with host.ssh(name, timeout=60) as session:
        session.password(PASSWORD)
        number = session.number()
        host.tenant("phone", "approve", upn, "--number", number)
        session.enter()
        session.new_pin(PIN)
        session.shell()
        session.leave()


def test_root_signs_a_user_in_at_the_terminal(ready):
    """Without the host's credential; nothing of the sign-in stays."""
    upn = f"alan@{DOMAIN}"
    ready.tenant("user", "add", upn, "--password", PASSWORD, "--name", "alan", "--mfa", "PhoneAppNotification")
    ready.out("aad-tool", "cred", "delete", "--domain", DOMAIN)
    with ready.terminal("aad-tool", "application", "list", "--client-id", AZURE_CLI, "--name", upn, timeout=60) as terminal:
        terminal.until(f"{upn} password: ")
        terminal.type(PASSWORD)
        number = terminal.until(r"enter the number '(\d+)' to sign in", want_match=True)[1]
        ready.tenant("phone", "approve", upn, "--number", number)
        terminal.until('"appId"')
    assert "alan" not in ready.out("aad-tool", "sso", "list")
    code, out, err = ready.tool("application", "list", "--client-id", AZURE_CLI, "--name", upn, text="wrong\n")
    assert (code, out) == (1, f"{upn} password: ") and err.startswith(NO_TOKEN), err
