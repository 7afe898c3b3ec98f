"""Accounts that are made anew, ids that become known late, a host that is disabled."""

import json
import re

from running_lab import PIN


def auth(lab, name, *answers, calls=("authenticate", "acct_mgmt", "open_session")):
    """At the console, where a password alone does once the host is joined."""
    return lab.run("pamtester", "login", name, *calls, text="".join(f"{a}\n" for a in answers), timeout=90)


def asked_about(lab, user):
    """Requests of sign-ins that name the user."""
    return sum(user.upn in json.dumps(request) for request in lab.requests())


def test_a_recreated_account_waits_for_an_administrator(lab):
    user = lab.new_user().enrol()
    uid = lab.out("id", "-u", user.name)
    subids = lab.out("grep", f"^{user.name}:", "/etc/subuid")
    lab.tenant("user", "del", user.upn)
    lab.tenant("user", "add", user.upn, "--password", "Another-1!", "--name", user.name, "--mfa", "PhoneAppNotification")
    with user.console() as session:
        session.pin(PIN)  # of the account before; it opens nothing of the new one
        session.password("Another-1!")
        user.approve(session.number(press_enter=False))
        assert "aad-tool idmap user-add" in session.terminal.until("Login incorrect")
    assert lab.out("id", "-u", user.name) == uid, "files keep their owner"
    status = lab.run("aad-tool", "status").stderr
    assert f"aad-tool idmap user-add --name {user.upn}" in status
    before = asked_about(lab, user)
    assert before > 0
    done = auth(lab, user.name, "Another-1!")
    assert done.returncode != 0 and "aad-tool status says why" in done.stdout + done.stderr
    assert asked_about(lab, user) == before, "neither a password goes out again nor does a phone ring"

    lab.out("aad-tool", "idmap", "user-add", "--name", user.upn, "--uid", "300123", "--gid", "300123")
    lab.await_name(user.name)
    user.password = "Another-1!"
    user.enrol()  # with a second factor and a PIN of its own
    assert lab.out("id", "-u", user.name) == "300123" != uid
    assert lab.out("grep", f"^{user.name}:", "/etc/subuid") != subids, "those of the account before"


def test_it_waits_also_when_the_host_has_noticed_the_deletion(directory):
    directory.configure("cache_timeout = 2")
    upn = directory.add("returner")
    directory.signed_in("returner")
    uid = directory.passwd("returner")[2]
    directory.tenant("user", "del", upn)
    directory.eventually(lambda: directory.passwd("returner") is None, what="the end of somebody deleted")
    directory.add("returner")
    directory.await_name("returner")
    assert directory.passwd("returner")[2] == uid, "ids by name"
    assert directory.run("pamtester", "login", "returner", "acct_mgmt").returncode != 0, "no session in a home that may be somebody else's"
    good, text = directory.sign_in("returner", once=True)
    assert not good and "aad-tool status says why" in text, text
    assert f"aad-tool idmap user-add --name {upn}" in directory.run("aad-tool", "status").stderr
    directory.out("aad-tool", "idmap", "user-add", "--name", upn, "--uid", "300124", "--gid", "300124")
    good, text = directory.sign_in("returner")
    assert good, text
    assert directory.passwd("returner")[2] == "300124"


def test_a_disabled_host_says_so_and_is_as_before_when_enabled(another):
    own = another(name="e2e-disabled")
    own.await_name("user02")
    user = own.new_user().enrol()
    devices = own.tenant("device", "list").stdout
    device = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", devices)[0]
    own.tenant("device", "disable", device)
    done = auth(own, user.name, PIN)
    assert done.returncode != 0
    assert "This computer was disabled in the directory." in done.stdout + done.stderr
    assert own.tenant("device", "list").stdout.count("\n") == devices.count("\n"), "nothing was joined"
    with own.offline():
        assert auth(own, user.name, PIN).returncode != 0, "not by pulling the plug either"
    own.tenant("device", "enable", device)
    done = auth(own, user.name, PIN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PIN" not in own.run("aad-tool", "status").stderr


def test_no_session_under_the_hash_of_a_name(directory):
    directory.fresh()
    directory.ids("id_attr_map = rfc2307")
    upn = directory.add("late", "--uid", "5017", "--gid", "5017")
    directory.await_name("late")
    hashed = directory.passwd("late")[2]
    assert hashed != "5017", "a stand-in until the directory has told"
    assert directory.run("pamtester", "login", "late", "acct_mgmt").returncode != 0, "a key begins no session under it"
    good, text = directory.sign_in("late", once=True)
    assert not good and "sign in once more" in text, (upn, text)
    assert directory.passwd("late")[2] == "5017"
    good, text = directory.sign_in("late", once=True)
    assert good, text


def test_ids_by_attribute_and_back(directory):
    """A verdict that a rule made ends with the rule."""
    directory.fresh()
    directory.add("plain")
    directory.signed_in("plain")
    uid = directory.passwd("plain")[2]
    directory.ids("id_attr_map = rfc2307")
    assert not directory.sign_in("plain")[0]
    directory.ids()
    directory.await_name("plain")
    good, text = directory.sign_in("plain")
    assert good, text
    assert directory.passwd("plain")[2] == uid


def test_the_home_of_a_first_session_by_key_is_that_of_the_first_sign_in(lab):
    user = lab.new_user()
    lab.out("pamtester", "login", user.name, "open_session")
    home = f"/home/{user.upn}"
    lab.out("install", "-o", user.name, "/dev/null", f"{home}/mine")
    user.enrol()
    assert lab.run("test", "-e", f"{lab.out('getent', 'passwd', user.name).split(':')[5]}/mine").returncode == 0
    assert lab.out("readlink", home) != "", "the first one is not left behind"
