"""Two tenants of Entra ID and two realms of a real Keycloak serve one host: what belongs to one never shows in another, and a change of configuration adds and removes them."""

import contextlib
import re
import subprocess
import sys
import threading
import time
import uuid

import pytest

import frames
from conftest import here
from running_lab import DOMAIN, LAB, PASSWORD, PIN, ROOT, RunningLab

sys.path.insert(0, str(ROOT / "testing/keycloak"))
from keycloak import Keycloak, issuer  # noqa: E402

CONF = "/etc/himmelblau/himmelblau.conf"
OTHER, CORP, LABS = "example.onmicrosoft.com", "corp.example", "lab.example"
ALL = (DOMAIN, OTHER, CORP, LABS)
RANGES = {DOMAIN: (200000, 2000200000), OTHER: (2000300000, 2000399999), CORP: (2000400000, 2000499999), LABS: (2000500000, 2000599999)}
SHELLS = {DOMAIN: "/bin/bash", OTHER: "/bin/sh", CORP: "/bin/dash", LABS: "/bin/rbash"}
CODE = r"Using a browser on another device, visit:\s+(https://\S+)"
# Each user has a PIN of their own, so that one which opens another's key would be noticed.
PINS = {f"user02@{DOMAIN}": "471125", f"user02@{OTHER}": "582236", f"alice@{CORP}": "693347", f"alice@{LABS}": "704458"}
# How many of each of three directories sign in at once, and what their names begin with.
MANY = {DOMAIN: (17, "e"), CORP: (17, "c"), LABS: (16, "l")}
SAY, ASK_HIDDEN, END = 0x20, 0x23, 0x2F


def sections(domains=ALL, ranges=RANGES, **more):
    """himmelblau.conf with these domains; more: further lines of a domain's section, by the word before its first dot."""
    # The issuer of all, but for who has one of its own, or says to be of Entra ID.
    text = f"[global]\ndomain = {','.join(domains)}\noidc_issuer_url = {issuer('corp')}\n"
    for domain in domains:
        word = domain.split(".")[0]
        text += f"[{domain}]\nidmap_range = {'-'.join(map(str, ranges[domain]))}\nshell = {SHELLS[domain]}\nhome_prefix = /home/{word}\n"
        if domain == LABS:
            text += f"oidc_issuer_url = {issuer(word)}\n"
        text += f"app_id = hosts-{word}\noidc_multi_factor_acr = 1\n" if domain in (CORP, LABS) else "domain_kind = entra\n"
        text += more.get(word.replace("0pndv", "first"), "") + "\n"
    return text


def many(domain):
    count, letter = MANY[domain]
    return [f"{letter}{number:02d}" for number in range(count)]


class Host(RunningLab):
    def configure(self, *domains, **more):
        self.write(CONF, sections(domains or ALL, **more))

    def passwd(self, name):
        done = self.run("getent", "-s", "himmelblau", "passwd", name)
        return done.stdout.rstrip("\n").split(":") if done.returncode == 0 else None

    def eventually(self, check, what, seconds=20):
        end = time.monotonic() + seconds
        while not (result := check()):
            assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
            time.sleep(0.2)
        return result

    def with_pin(self, name, refused=None):
        """Signs in; with a text, is refused with it."""
        with self.ssh(name, timeout=60, level="INFO") as session:
            session.terminal.until("PIN: ")
            session.say(PINS[name])
            if refused:
                session.terminal.until(re.escape(refused))
                return None
            session.shell()
            who = session.ask("id -un; id -u").split()
            session.leave()
        return who

    def account_phase(self, name):
        """Whether pam_allow_groups lets the user in."""
        return self.run("pamtester", "login", name, "acct_mgmt").returncode == 0


@pytest.fixture(scope="module")
def realms(conf, tmp_path_factory):
    """(host, Keycloak)"""
    file = conf()
    file.write_text(sections(ALL[:3]), encoding="utf-8")
    lab = Host(here("e2e-several"), file)
    subprocess.run([LAB, "down", "--name", lab.name], capture_output=True, check=False)
    lab.up()
    lab.out("mkdir", *(f"/home/{domain.split('.')[0]}" for domain in ALL))
    keycloak = Keycloak(lab, tmp_path_factory.mktemp("keycloak"), {"corp": many(CORP), "lab": many(LABS)})
    try:
        keycloak.start()
        lab.restart()  # for the authority of the issuers
        lab.await_daemon()
        yield lab, keycloak
    finally:
        keycloak.close()
        lab.down()


@contextlib.contextmanager
def code_shown(lab, name):
    with lab.ssh(name, timeout=90) as session:
        address = session.terminal.until(CODE, want_match=True)[1]
        session.terminal.until("Press enter to continue")
        yield session, address


def test_a_domain_that_is_added_with_ids_of_another_is_refused_with_the_reason(realms):
    lab, _ = realms
    lab.write(CONF, sections(ranges=RANGES | {LABS: (2000450000, 2000599999)}))
    line = 1 + sections().splitlines().index(f"[{LABS}]") + 1
    why = f"{CONF}:{line}: idmap_range = 2000450000-2000599999 of [{LABS}] overlaps 2000400000-2000499999 of [{CORP}]: users of both would have the same ids."
    lab.eventually(lambda: why in lab.run("aad-tool", "status").stderr, "the reason in aad-tool status")
    assert lab.passwd(f"carol@{LABS}") is None and lab.passwd(f"carol@{CORP}")
    lab.configure()
    lab.eventually(lambda: lab.passwd(f"carol@{LABS}"), "the domain that is added")
    assert "idmap_range" not in lab.run("aad-tool", "status").stderr
    assert LABS in lab.out("aad-tool", "plugins")


@pytest.fixture(scope="module")
def everybody(realms):
    """One user of each directory has signed in and has a PIN: what `id` said then, by name."""
    lab, keycloak = realms
    lab.configure()
    lab.eventually(lambda: lab.passwd(f"carol@{LABS}"), "all four domains")
    said = {}
    for name, pin in PINS.items():
        if name.startswith("alice"):
            with code_shown(lab, name) as (session, address):
                keycloak.complete(address, "alice")
                session.enter()
                said[name] = first_pin(session, pin)
        else:
            lab.await_name(name)
            with lab.ssh(name, timeout=60) as session:
                session.terminal.until("Entra Id Password: ")
                session.say(PASSWORD)
                number = session.terminal.until(r"enter the number '(\d+)'", want_match=True)[1]
                session.terminal.until("Press enter to continue")
                lab.tenant("phone", "approve", name, "--wait", "20", "--number", number)
                session.enter()
                said[name] = first_pin(session, pin)
    return said


def first_pin(session, pin):
    session.terminal.until("New PIN: ")
    session.say(pin)
    session.terminal.until("Confirm PIN: ")
    session.say(pin)
    session.shell()
    said = {word: session.ask(f"id -{word}").strip() for word in ("un", "u", "Gn", "G")}
    said["pwd"] = session.ask("pwd").strip()
    session.leave()
    return said


def shown(name):
    """As the host calls the user: in short in the first domain only."""
    return name.removesuffix(f"@{DOMAIN}")


def test_each_has_a_name_ids_a_home_and_a_shell_of_its_own(realms, everybody):
    lab, _ = realms
    for name, said in everybody.items():
        local, domain = name.split("@")
        fields = lab.passwd(name)
        low, high = RANGES[domain]
        assert fields[0] == said["un"] == shown(name)
        assert low <= int(fields[2]) <= high and fields[2] == said["u"], name
        assert fields[6] == SHELLS[domain], name
        assert said["pwd"].startswith(f"/home/{domain.split('.')[0]}/"), said
    assert len({said["u"] for said in everybody.values()}) == len(PINS)
    assert len({said["pwd"] for said in everybody.values()}) == len(PINS)


def test_groups_of_one_name_are_two_groups(realms, everybody):
    lab, _ = realms
    gids = {}
    for name in (f"alice@{CORP}", f"alice@{LABS}"):
        low, high = RANGES[name.split("@")[1]]
        mine = {int(gid) for gid in everybody[name]["G"].split()}
        assert all(low <= gid <= high for gid in mine), (name, mine)
        gids[name] = mine
    assert not gids[f"alice@{CORP}"] & gids[f"alice@{LABS}"]
    assert not {"crew"} & set(everybody[f"user02@{DOMAIN}"]["Gn"].split())


def test_each_tenant_has_a_device_of_its_own(realms, everybody):
    lab, _ = realms
    devices = lab.tenant("device", "list").stdout.splitlines()
    assert len(devices) == 2, devices


def test_each_pin_opens_its_own_account_only(realms, everybody):
    lab, _ = realms
    for name in PINS:
        assert lab.with_pin(name) == [shown(name), everybody[name]["u"]]
    with lab.ssh(f"alice@{LABS}", timeout=60) as session:
        session.terminal.until("PIN: ")
        session.say(PINS[f"alice@{CORP}"])
        session.terminal.until("Failed to authenticate with Hello PIN.")
    assert lab.with_pin(f"alice@{CORP}") and lab.with_pin(f"alice@{LABS}")


def test_a_short_name_that_two_domains_know_is_ambiguous_and_said_so(realms, everybody):
    lab, _ = realms
    said = f"The name user02 is ambiguous; here it means user02@{DOMAIN}. If that is not you, sign in with your full name."
    with lab.ssh("user02", timeout=60) as session:
        session.terminal.until(re.escape(said))
        session.terminal.until("PIN: ")
        session.say(PINS[f"user02@{DOMAIN}"])
        session.shell()
        session.leave()
    for name in (f"user02@{DOMAIN}", f"user02@{OTHER}"):
        with lab.ssh(name, timeout=60) as session:
            assert "ambiguous" not in session.terminal.until("PIN: ")
            session.say(PINS[name])
            session.shell()
            assert session.ask("id -u").strip() == everybody[name]["u"]
            session.leave()
    assert f"user02 is ambiguous: user02@{OTHER} is known here, too" in lab.run("aad-tool", "explain", "user02").stdout


def test_a_user_who_is_disabled_in_one_signs_in_at_the_other(realms, everybody):
    lab, keycloak = realms
    keycloak.admin("disable", "alice", realm="lab")
    try:
        lab.with_pin(f"alice@{LABS}", refused="Your account is disabled at the identity provider.")
        assert lab.with_pin(f"alice@{CORP}")
    finally:
        keycloak.admin("enable", "alice", realm="lab")
    # What was disabled has lost its session: a code once more, and the PIN stays.
    with lab.ssh(f"alice@{LABS}", timeout=90) as session:
        session.terminal.until("PIN: ")
        session.say(PINS[f"alice@{LABS}"])
        address = session.terminal.until(CODE, want_match=True)[1]
        session.terminal.until("Press enter to continue")
        keycloak.complete(address, "alice")
        session.enter()
        session.shell()
        session.leave()
    assert lab.with_pin(f"alice@{LABS}")


def test_the_list_of_who_may_sign_in_takes_no_group_for_another_of_its_name(realms, everybody):
    lab, _ = realms
    crew = group_id("corp", "crew")
    lab.configure(corp=f"pam_allow_groups = {crew}\n", first=f"pam_allow_groups = user02@{DOMAIN}\n")
    try:
        lab.eventually(lambda: not lab.account_phase(f"alice@{LABS}"), "a refusal")
        allowed = {name for name in PINS if lab.account_phase(shown(name))}
        assert allowed == {f"alice@{CORP}", f"user02@{DOMAIN}"}
        # The realm's own list replaces nothing: all sections together are the list.
        other = group_id("lab", "crew")
        assert other != crew
        lab.configure(corp=f"pam_allow_groups = {crew}\n", lab=f"pam_allow_groups = {other}\n")
        lab.eventually(lambda: lab.account_phase(f"alice@{LABS}"), "admission")
        assert lab.account_phase(f"alice@{CORP}") and not lab.account_phase("user02")
    finally:
        lab.configure()
    lab.eventually(lambda: lab.account_phase("user02"), "the end of the list")


def group_id(realm, group):
    """Its object id, as an administrator computes it (docs/openid-connect.md)."""
    issuers = uuid.UUID("e669513b-1345-4853-96a7-596243184319")
    return str(uuid.uuid5(uuid.uuid5(issuers, issuer(realm)), group))


def test_while_one_realm_is_away_its_users_sign_in_by_pin_and_nobody_else_notices(realms, everybody):
    lab, keycloak = realms
    with keycloak.others_away():
        asked = len(lab.requests())
        for name in PINS:
            assert lab.with_pin(name) == [shown(name), everybody[name]["u"]]
        assert len(lab.requests()) > asked, "users of Entra ID sign in online"
        with lab.ssh(f"bob@{LABS}", timeout=60, level="INFO") as session:
            session.terminal.until("Permission denied|Network outage")
        with code_shown(lab, f"bob@{CORP}") as (session, address):
            keycloak.complete(address, "bob")
            session.enter()
            first_pin(session, PIN)
    assert f"login.ok account=bob@{LABS}" not in lab.log()


def test_while_entra_is_away_the_realms_answer(realms, everybody):
    lab, keycloak = realms
    with lab.offline():
        for name in PINS:
            assert lab.with_pin(name) == [shown(name), everybody[name]["u"]]
        keycloak.admin("logout", "alice", realm="lab")
        with lab.ssh(f"alice@{LABS}", timeout=90) as session:
            session.terminal.until("PIN: ")
            session.say(PINS[f"alice@{LABS}"])
            address = session.terminal.until(CODE, want_match=True)[1]
            session.terminal.until("Press enter to continue")
            keycloak.complete(address, "alice")
            session.enter()
            session.shell()
            session.leave()
        assert lab.run("getent", "passwd", f"nobody-knows@{DOMAIN}").returncode != 0
    assert lab.with_pin(f"user02@{OTHER}")


def test_a_range_that_overlaps_later_takes_no_id_from_anybody(realms, everybody):
    lab, _ = realms
    before = {name: lab.passwd(name) for name in PINS}
    lab.write(CONF, sections(ranges=RANGES | {LABS: RANGES[CORP]}))
    said = f"of [{LABS}] overlaps 2000400000-2000499999 of [{CORP}]: users of both would have the same ids."
    lab.eventually(lambda: said in lab.run("aad-tool", "status").stderr, "a complaint")
    assert {name: lab.passwd(name) for name in PINS} == before, "the running configuration stays in effect"
    lab.configure()
    lab.eventually(lambda: "idmap" not in lab.run("aad-tool", "status").stderr, "the end of the complaint")
    assert lab.with_pin(f"alice@{LABS}")


def test_a_domain_is_removed_and_added_on_the_running_host(realms, everybody):
    lab, keycloak = realms
    name, uid = f"alice@{LABS}", everybody[f"alice@{LABS}"]["u"]
    pid = lab.daemon_pid()
    lab.configure(DOMAIN, OTHER, CORP)
    lab.eventually(lambda: lab.passwd(name) is None, "the end of the domain")
    assert lab.passwd(uid) is None, "its ids are nobody's"
    with lab.ssh(name, timeout=60, level="INFO") as session:
        session.terminal.until("Password: ")  # of pam_unix, as for any name that nobody has
    assert LABS not in lab.out("aad-tool", "plugins")
    for other in PINS.keys() - {name}:
        assert lab.with_pin(other) == [shown(other), everybody[other]["u"]]
    lab.configure()
    lab.eventually(lambda: lab.passwd(name), "its return")
    assert lab.with_pin(name) == [name, uid], "with uid and PIN of before"
    assert lab.daemon_pid() == pid


def test_a_domain_that_comes_first_changes_names_but_no_ids(realms, everybody):
    lab, _ = realms
    lab.configure(CORP, DOMAIN, OTHER, LABS)
    try:
        lab.eventually(lambda: (lab.passwd("alice") or [""])[0] == "alice", "a short name")
        assert lab.passwd("alice")[2] == everybody[f"alice@{CORP}"]["u"]
        for name, said in everybody.items():
            assert lab.passwd(name)[2] == said["u"]
        assert lab.passwd(f"user02@{DOMAIN}")[0] == f"user02@{DOMAIN}"
        assert lab.passwd("user02") is None
    finally:
        lab.configure()
    lab.eventually(lambda: lab.passwd("user02"), "the names of before")


def test_fifty_users_of_three_directories_sign_in_at_once(realms, everybody):
    lab, keycloak = realms
    for name in many(DOMAIN):
        lab.tenant("user", "add", f"{name}@{DOMAIN}", "--password", PASSWORD)
    lab.out("sh", "-c", 'for n; do for i in $(seq 100); do getent passwd $n >/dev/null && break; sleep 0.1; done || exit 1; done', "await", *many(DOMAIN))
    browsers, ended = threading.Semaphore(4), {}

    def sign_in(name, domain, number):
        said = []
        with frames.Peer(lab, "socket") as peer:
            peer.limit(240)
            peer.send(frames.start(f"{name}@{domain}", service=b"login", _3=f"tty{number}".encode()))
            while (got := peer.receive()) is not None:
                kind, fields = got
                if kind == ASK_HIDDEN:
                    peer.send(frames.frame(frames.ANSWER, PASSWORD))
                elif kind == SAY and (address := re.search(r"https://\S+", fields[0].decode())):
                    with browsers:
                        keycloak.complete(address[0], name)
                elif kind == END:
                    ended[name, domain] = fields, said
                    return
                said.append((kind, fields))
        ended[name, domain] = None, said

    everyone = [(name, domain) for domain in MANY for name in many(domain)]
    threads = [threading.Thread(target=sign_in, args=(*who, number)) for number, who in enumerate(everyone)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = {who: end for who, end in ended.items() if not end[0] or end[0][0] != frames.u32(0)}
    assert len(ended) == 50 and not failed, failed
    uids = {}
    for name, domain in everyone:
        fields = lab.passwd(f"{name}@{domain}")
        low, high = RANGES[domain]
        assert low <= int(fields[2]) <= high, fields
        uids[fields[2]] = fields[0]
    assert len(uids) == 50
