"""Users and groups whom nobody has signed in for, read by the host's own application in the tenant."""

import re
import subprocess
import time

import pytest

from conftest import here
from running_lab import DOMAIN, LAB, RunningLab

CONF = "/etc/himmelblau/himmelblau.conf"
CLIENT = "00001111-aaaa-2222-bbbb-3333cccc4444"
GROUP = "bb845f7f-8f6a-4101-b4c7-8db3cb94c9e6"
GROUP_GID = "145696387"
OUTER = "0f0f0f0f-0000-4000-8000-000000000001"
CRED = ("--client-id", CLIENT, "--domain", DOMAIN)


class Host(RunningLab):
    """A lab whose operator sets up lookups without a user."""

    def add(self, name, *more):
        self.tenant("user", "add", f"{name}@{DOMAIN}", "--name", f"The {name}", *more)
        return name

    def gecos(self, name):
        self.await_name(name)
        return self.out("getent", "passwd", name).split(":")[4]

    def certificate(self, file, days=30):
        """Made on the host; its path on the outside."""
        self.out("aad-tool", "cred", "cert", *CRED, "--valid-days", str(days), "--cert-out", "/root/host.pem")
        file.write_text(self.out("cat", "/root/host.pem") + "\n")
        return file

    def upload(self, *credential):
        self.tenant("app", "add", "host", "--tenant", DOMAIN, "--id", CLIENT, *credential)

    def clean(self):
        self.out("aad-tool", "cred", "delete", "--domain", DOMAIN)
        self.tenant("app", "remove", CLIENT, check=False)
        self.tenant("fault", "clear")
        self.tenant("clock", "skew", "0")
        self.out("aad-tool", "cache-clear")

    def status(self):
        done = self.run("aad-tool", "status")
        assert (done.returncode, done.stdout) == (0, "working!\n")
        return done.stderr

    def await_status(self, wanted, seconds=40):
        """Until root's status says (or, for None, no longer says anything of) lookups without a user."""
        end = time.monotonic() + seconds
        while True:
            text = self.status()
            if (wanted is None and "Lookups of" not in text) or (wanted and wanted in text):
                return text
            assert time.monotonic() < end, f"{wanted!r} is not in {text!r}"
            time.sleep(1)


@pytest.fixture(scope="module")
def host(conf):
    running_lab = Host(here("e2e-client"), conf())
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    try:
        running_lab.up()
        running_lab.await_name("user02")
        yield running_lab
    finally:
        subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)


@pytest.fixture
def clean(host):
    host.clean()
    return host


@pytest.fixture
def ready(clean):
    """With a credential that works from the first try on."""
    clean.upload("--secret", "s3cret")
    clean.out("aad-tool", "cred", "secret", *CRED, "--secret", "s3cret")
    clean.await_status(None)
    return clean


def test_without_a_credential_only_the_name_is_known(clean):
    assert clean.gecos(clean.add("nobody01")) == ""
    assert clean.run("getent", "group", GROUP).returncode == 2
    done = clean.run("aad-tool", "enumerate")
    assert done.returncode == 1
    assert "aad-tool cred" in done.stderr
    assert clean.status() == ""


def test_from_the_certificate_to_a_lookup(clean, tmp_path):
    """The whole way an operator goes, with the tool's own words."""
    assert clean.out("aad-tool", "cred", "list", "--domain", DOMAIN) == "Client secret: Not present\nClient certificate: Not present"
    file = clean.certificate(tmp_path / "host.pem")
    assert file.read_text().startswith("-----BEGIN CERTIFICATE-----\n")
    assert clean.out("aad-tool", "cred", "list", "--domain", DOMAIN) == "Client secret: Not present\nClient certificate: Present"
    clean.await_status("the tenant has no application")
    clean.upload("--certificate", file)
    clean.await_status(None)

    name = clean.add("never01", "--uid", "4711", "--shell", "/bin/sh")
    clean.tenant("group", "add", "datengruppe", "--id", GROUP, "--member", f"{name}@{DOMAIN}")
    clean.tenant("group", "add", "outer", "--id", OUTER, "--member", GROUP, "--tenant", DOMAIN)
    assert clean.gecos(name) == "The never01"
    uid = clean.out("id", "-u", name)
    gids = clean.out("id", "-G", name).split()
    outer = clean.out("getent", "group", OUTER).split(":")
    assert set(gids) == {uid, GROUP_GID, outer[2]}, "direct and nested"
    assert (outer[0], outer[3]) == ("outer", name)
    assert clean.run("getent", "group", "outer").returncode == 2, "never by display name"

    clean.out("aad-tool", "cred", "delete", "--domain", DOMAIN)
    assert clean.gecos(clean.add("never02")) == ""
    assert clean.gecos(name) == "The never01", "what is known stays"


def account_phase(host, name, wanted, seconds=60):
    """Until PAM says so to cron, which asks nobody anything."""
    end = time.monotonic() + seconds
    while True:
        done = host.run("pamtester", "cron", name, "acct_mgmt")
        text = done.stdout + done.stderr
        if (done.returncode == 0) == (wanted is None) and (wanted is None or wanted in text):
            return
        assert time.monotonic() < end, text
        time.sleep(1)


def test_a_user_whom_a_lookup_calls_disabled_gets_no_session_until_one_calls_them_enabled(ready):
    before = ready.out("cat", CONF)
    ready.write(CONF, f"[global]\ndomain = {DOMAIN}\ncache_timeout = 2\n")
    try:
        name = ready.add("paused01")
        assert ready.gecos(name) == "The paused01"
        account_phase(ready, name, None)
        ready.tenant("fault", "add", "--host", "graph.*", "--path", "*", "--status", "503")
        time.sleep(8)
        account_phase(ready, name, None, seconds=0)
        ready.tenant("fault", "clear")
        ready.tenant("user", "disable", f"{name}@{DOMAIN}")
        ready.out("aad-tool", "cache-invalidate")
        account_phase(ready, name, "expired", seconds=120)
        assert ready.out("getent", "passwd", name), "still shown: files have an owner"
        ready.tenant("user", "enable", f"{name}@{DOMAIN}")
        account_phase(ready, name, None)
    finally:
        ready.tenant("fault", "clear")
        ready.write(CONF, before + "\n")


def test_a_group_without_known_members(ready):
    group, gid = "0f0f0f0f-0000-4000-8000-000000000002", None
    ready.tenant("group", "add", "nobody-here", "--id", group, "--tenant", DOMAIN)
    for _ in range(40):
        done = ready.run("getent", "group", group)
        if done.returncode == 0:
            name, _, gid, members = done.stdout.strip().split(":")
            assert (name, members) == ("nobody-here", "")
            break
        time.sleep(0.25)
    assert gid, "not found by its object id"
    assert ready.out("getent", "group", gid).startswith(f"nobody-here:x:{gid}:")
    unknown, seconds = ready.timed("getent", "group", "0f0f0f0f-0000-4000-8000-00000000dead")
    assert unknown.returncode == 2 and seconds < 1


def test_five_thousand_memberships(ready):
    name = ready.add("member01")
    ready.tenant("bulk", "add", "groups", "5000", "--tenant", DOMAIN, "--member", f"{name}@{DOMAIN}")
    ready.await_name(name, 60)
    done, seconds = ready.timed("id", "-G", name)
    gids = done.stdout.split()
    assert len(gids) == len(set(gids)) >= 4990, "a few hashes may meet"
    assert seconds < 1, "one lookup"
    command = ("env", "SYSTEMD_BYPASS_USERDB=1", "id", name)  # else nss-systemd looks up each of 5,000 names
    end = time.monotonic() + 30
    while ready.run(*command).stdout.count("(") < 4990 and time.monotonic() < end:
        pass  # until the map that has their names is published; a lookup before that shows numbers
    with ready.stuck():
        # A name that is not in the map would be asked of the daemon, which does not answer: its number would be shown.
        assert ready.out(*command).count("(") >= 4990, "one lookup for each name, all in the map"


def test_a_secret_and_what_is_wrong_with_it(clean):
    assert clean.out("aad-tool", "cred", "secret", *CRED, "--secret", "s3cret") == ""
    clean.upload("--secret", "other")
    clean.await_status("is wrong")
    assert clean.gecos(clean.add("secret01")) == "", "lookups go on"
    clean.upload("--secret", "s3cret", "--expires", "-5")
    text = clean.await_status("has expired")
    assert f"aad-tool cred secret --domain {DOMAIN} --client-id {CLIENT}" in text
    assert "s3cret" not in text + clean.log()
    clean.upload("--secret", "new")
    clean.out("aad-tool", "cred", "secret", *CRED, "--secret", "new")
    clean.await_status(None)
    assert clean.gecos(clean.add("secret02")) == "The secret02"


def test_an_expired_certificate_and_one_of_another_application(clean, tmp_path):
    clean.upload("--certificate", clean.certificate(tmp_path / "first.pem"))
    clean.await_status(None)
    clean.certificate(tmp_path / "second.pem")  # replaces the first, and is not uploaded
    text = clean.await_status("does not accept the certificate")
    assert "AADSTS700027" in text and "upload" in text
    clean.upload("--certificate", clean.certificate(tmp_path / "short.pem", days=1))
    clean.await_status("expires on")
    clean.tenant("clock", "skew", str(3 * 86400))
    clean.restart()
    text = clean.await_status("has expired")
    assert f"aad-tool cred cert --domain {DOMAIN} --client-id {CLIENT}" in text
    assert clean.gecos(clean.add("expired01")) == "", "lookups go on"
    assert "entra.credential_refused" in clean.log()


def test_a_busy_graph_blocks_nobody(ready):
    names = [ready.add(f"busy{i:02d}") for i in range(4)]
    ready.tenant("fault", "add", "--host", "graph.*", "--path", "*", "--status", "429", "--retry-after", "6", "--count", "50")
    for name in names[:3]:
        done, seconds = ready.timed("getent", "passwd", name)
        assert done.returncode in (0, 2) and seconds < 1
        ready.await_name(name)
    asked = [r for r in ready.requests() if r["host"].startswith("graph.") and r["status"] == 429]
    assert 1 <= len(asked) <= 3, "left alone while it asks for that"
    ready.tenant("fault", "clear")
    time.sleep(7)
    assert ready.gecos(names[3]) == "The busy03"


def test_rfc2307_and_the_whole_directory(ready):
    ready.tenant("user", "add", f"posix01@{DOMAIN}", "--name", "Posix", "--uid", "7001", "--gid", "7100", "--shell", "/bin/sh", "--gecos", "Room 7")
    ready.tenant("group", "add", "posixgroup", "--id", OUTER, "--gid", "7200", "--member", f"posix01@{DOMAIN}", "--tenant", DOMAIN)
    ready.tenant("bulk", "add", "users", "1500", "--tenant", DOMAIN)
    ready.write(CONF, f"[global]\ndomain = {DOMAIN}\nid_attr_map = rfc2307\n")
    ready.restart()
    ready.await_status(None)
    ready.await_name("posix01")
    assert ready.out("getent", "passwd", "posix01").split(":")[:5] == ["posix01", "x", "7001", "7100", "Room 7"]
    assert ready.out("getent", "passwd", "posix01").endswith(":/bin/sh")
    assert "7200" in ready.out("id", "-G", "posix01").split()
    done = ready.run("aad-tool", "enumerate")
    assert (done.returncode, done.stderr) == (0, "")
    assert ready.out("getent", "passwd", "7001").startswith("posix01:")
    done = ready.run("aad-tool", "idmap", "check")
    assert "has no uidNumber in the directory" in done.stdout and "is also that of" not in done.stdout, "no collisions, but many without a number"
    assert re.fullmatch(r"[0-9]+ objects cannot be shown on this host and were left out\n", done.stderr), "those without numbers"
    pages = [r for r in ready.requests() if r["path"] == "/beta/users"]
    assert len(pages) >= 2
