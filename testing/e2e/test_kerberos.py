"""Kerberos tickets from sign-in to sign-out, with MIT's KDC, library and programs."""

import re
import time

import pytest

from conftest import here
from kerberos_lab import AD_REALM, HOST, REALM, SECOND_SSHD, KerberosLab, principal, session

TGT = f"krbtgt/{REALM}@{REALM}"


@pytest.fixture(scope="module")
def lab(conf):
    running_lab = KerberosLab(here("e2e-krb"), conf())
    running_lab.lab("down", check=False)
    running_lab.up().begin()
    yield running_lab
    running_lab.down()


@pytest.fixture(scope="module")
def ada(lab):
    return lab.new_user(local="ada").enrol()


@pytest.fixture(scope="module")
def bob(lab):
    return lab.new_user(local="bob").enrol()


@pytest.fixture(autouse=True)
def usual(lab):
    """Each test begins without sessions, faults and tickets."""
    yield
    lab.setting("kerberos-fault", "")
    lab.setting("kerberos-ad-realm", "")
    lab.setting("kerberos-seconds", "36000")


def uid(lab, user):
    return int(lab.out("id", "-u", user.name))


def gone(lab, user):
    lab.await_tickets(user.name, 0, 40)


def test_a_ticket_that_the_kdc_accepts(lab, ada):
    """klist, a service ticket through the directory's own address, and SSH to another server without a password."""
    lab.second_sshd()
    with session(ada) as shell:
        [(cache, owner, services)] = lab.await_tickets(ada.name)
        assert cache == f"FILE:/tmp/krb5cc_{uid(lab, ada)}"
        assert owner == principal(ada) and services == [TGT]
        assert lab.out("stat", "-c", "%a %U %F", cache.removeprefix("FILE:")) == f"600 {ada.name} regular file"
        assert "KVNO" not in shell.ask("true")
        assert re.search(rf"host/{HOST}@{REALM}: kvno = \d+", shell.ask(f"kvno host/{HOST}"))
        assert [services for _, _, services in lab.klist(ada.name)] == [[TGT, f"host/{HOST}@{REALM}"]]
        shell.ask(f"echo '{principal(ada)}' > ~/.k5login")
        words = f"ssh -p {SECOND_SSHD} -o StrictHostKeyChecking=no -o PreferredAuthentications=gssapi-with-mic -o GSSAPIAuthentication=yes -o BatchMode=yes"
        assert "in as ada" in shell.ask(f"{words} ada@{HOST} echo in as '$USER'")
        asked = [one for one in lab.requests() if one["path"].endswith("/kerberos")]
        assert asked, "the KDC was reached through the directory"
        shell.leave()
    gone(lab, ada)


def test_the_realm_is_configured(lab, ada):
    with session(ada) as shell:
        lab.await_tickets(ada.name)
        [file] = lab.out("sh", "-c", "ls /etc/krb5.conf.d/himmelblau_*").split()
        assert lab.out("stat", "-c", "%a %U", file) == "644 root"
        text = lab.out("cat", file)
        assert ".windows.net = " in text and ":1433" not in text and "  dns_canonicalize_hostname = false" in text
        shell.leave()
    gone(lab, ada)


def test_two_users_apart(lab, ada, bob):
    with session(ada) as first, session(bob) as second:
        [(mine, owner, _)] = lab.await_tickets(ada.name)
        [(other, others_owner, _)] = lab.await_tickets(bob.name)
        assert owner == principal(ada) and others_owner == principal(bob)
        assert lab.run("klist", "-c", other, user=ada.name).returncode != 0
        with session(ada) as again:
            again.leave()
        time.sleep(12)
        assert lab.klist(ada.name), "one session is left"
        first.leave()
        gone(lab, ada)
        assert lab.klist(bob.name)
        second.leave()
    gone(lab, bob)
    assert lab.run("test", "-e", mine.removeprefix("FILE:")).returncode != 0


@pytest.mark.parametrize("name", ["DIR:/run/user/%{uid}/krb5cc", "KEYRING:persistent:%{uid}", "KCM:"])
def test_other_kinds_of_cache(lab, ada, name):
    """Both tickets, each in a cache of its own, the organization's first; the next sign-in leaves no more behind."""
    lab.default_cache(name)
    lab.setting("kerberos-ad-realm", AD_REALM)
    try:
        if name == "KCM:":
            lab.out("systemctl", "start", "sssd-kcm.socket")
        for _ in range(2):
            with session(ada) as shell:
                caches = lab.await_tickets(ada.name, 2)
                assert all(cache.startswith(name.partition(":")[0]) for cache, _, _ in caches), caches
                assert {owner for _, owner, _ in caches} == {principal(ada), f"ada@{AD_REALM}"}
                assert f"Default principal: ada@{AD_REALM}" in shell.ask("klist")
                with session(ada) as again:
                    again.leave()
                time.sleep(2)
                assert len(lab.klist(ada.name)) == 2
                shell.leave()
            gone(lab, ada)
    finally:
        lab.default_cache("")


def test_a_renewal_brings_new_tickets(lab, ada):
    lab.setting("kerberos-seconds", "60")
    with session(ada) as shell:
        lab.await_tickets(ada.name)
        since = len(lab.log())
        lab.setting("kerberos-seconds", "36000")
        until = lab.await_log(r"kerberos\.kept .*until=(\S+)", since, 75)[1]
        assert "kvno = " in shell.ask(f"kvno host/{HOST}"), until
        shell.leave()
    gone(lab, ada)


def test_offline_nothing_is_broken(lab, ada):
    with session(ada) as shell:
        before = lab.await_tickets(ada.name)
        with lab.offline():
            with session(ada) as again:
                assert lab.klist(ada.name) == before, "the old ticket stays"
                again.leave()
        shell.leave()
    gone(lab, ada)
    with lab.offline():
        with session(ada) as shell:
            assert lab.klist(ada.name) == []
            shell.leave()


@pytest.mark.parametrize("fault, why", [
    ("truncated", "cut off"), ("wrong-key", "cannot be decrypted"), ("wrong-type", "only 18"), ("wrong-realm", "different realms"), ("no-json", "not JSON"),
])
def test_a_spoilt_ticket_costs_only_the_ticket(lab, ada, fault, why):
    lab.setting("kerberos-fault", fault)
    since = len(lab.log())
    with session(ada) as shell:
        lab.await_log(why, since)
        time.sleep(1)
        assert lab.klist(ada.name) == []
        assert lab.run("sh", "-c", f"ls /tmp/krb5cc_{uid(lab, ada)}").returncode != 0
        shell.leave()


def test_the_same_client_for_two_accounts(lab, ada, bob):
    lab.setting("kerberos-fault", "same-client")
    with session(ada) as first:
        lab.await_tickets(ada.name)
        since = len(lab.log())
        with session(bob) as second:
            lab.await_log("as that of ada", since)
            assert lab.klist(bob.name) == []
            second.leave()
        first.leave()
    gone(lab, ada)


def test_what_is_in_the_way_is_not_followed(lab, ada):
    """A link of the user's own is replaced; a file of somebody else is left alone."""
    place = f"/tmp/krb5cc_{uid(lab, ada)}"
    lab.out("touch", "/tmp/target")
    lab.out("chmod", "666", "/tmp/target")
    lab.out("setpriv", f"--reuid={uid(lab, ada)}", "--clear-groups", "ln", "-s", "/tmp/target", place)
    with session(ada) as shell:
        lab.await_tickets(ada.name)
        assert lab.out("stat", "-c", "%F", place) == "regular file"
        assert lab.out("stat", "-c", "%s", "/tmp/target") == "0"
        shell.leave()
    gone(lab, ada)
    lab.local("eve")
    lab.out("runuser", "-u", "eve", "--", "sh", "-c", f"echo mine > {place}")
    since = len(lab.log())
    try:
        with session(ada) as shell:
            lab.await_log(r"kerberos\.task", since, 40)
            assert lab.out("cat", place) == "mine"
            shell.leave()
    finally:
        lab.out("rm", place)


def test_a_ticket_of_the_users_own_stays(lab, ada):
    lab.kadmin("addprinc -pw secret own")
    with session(ada) as shell:
        lab.await_tickets(ada.name)
        shell.ask(f"echo secret | kinit own@{REALM}")
        since = len(lab.log())
        with session(ada) as again:
            lab.await_log("somebody else", since, 30)
            again.leave()
        assert [owner for _, owner, _ in lab.klist(ada.name)] == [f"own@{REALM}"]
        shell.leave()
    time.sleep(15)
    assert lab.klist(ada.name), "it is not ours"
    lab.run("kdestroy", user=ada.name)


def test_a_restart_forgets_nobody(lab, ada):
    with session(ada) as shell:
        lab.await_tickets(ada.name)
        lab.restart()
        lab.await_daemon()
        assert lab.klist(ada.name)
        time.sleep(12)
        shell.leave()
    gone(lab, ada)


def test_off_takes_everything_back(lab, ada):
    with session(ada) as shell:
        lab.await_tickets(ada.name)
        lab.out("sh", "-c", "printf 'enable_kerberos_cache = false\\n' >>/etc/himmelblau/himmelblau.conf")
        lab.out("systemctl", "reload", "himmelblaud")
        gone(lab, ada)
        lab.await_log(r"kerberos\.withdrawn")
        assert "himmelblau" not in lab.out("ls", "/etc/krb5.conf.d")
        shell.leave()
    with session(ada) as shell:
        time.sleep(3)
        assert lab.klist(ada.name) == []
        shell.leave()
