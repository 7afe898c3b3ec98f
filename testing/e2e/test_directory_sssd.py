"""`aad-tool idmap check --against`: another machine's list, from a real SSSD, and files that are none."""

import importlib.util
import subprocess
import sys

import pytest

from running_lab import DOMAIN, ROOT

SSSD = ROOT / "testing/bench/nss/sssd.py"
DOMAINS = {"plain": "", "0PNDV": r"full_name_format = %2$s\%1$s", DOMAIN: "full_name_format = %1$s@%2$s"}
GROUPS = {name: f"0a0b0c0d-0000-4000-8000-00000000000{i}" for i, name in enumerate(("Same Group", "Other Group", "Unknown There"))}
LIST = "/srv/elsewhere"


def usable():
    spec = importlib.util.spec_from_file_location("sssd", SSSD)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.usable()


@pytest.fixture(scope="module")
def known(directory):
    """Users and groups that this host knows, with the ids that it gives them."""
    names = ("sd-same", "sd-short", "sd-full", "sd-flat", "sd-gid", "sd-victim")
    for name in names:
        directory.add(name)
    for group, object_id in GROUPS.items():
        directory.tenant("group", "add", group, "--id", object_id, "--member", f"sd-same@{DOMAIN}")
    directory.await_names(*names)
    assert directory.sign_in("sd-same")[0]
    ids = {line.split(":")[0]: line.split(":")[2] for line in directory.out("getent", "passwd", *names).splitlines()}
    ids.update({line.split(":")[0]: line.split(":")[2] for line in directory.out("getent", "group", *GROUPS.values()).splitlines()})
    assert len(ids) == len(names) + len(GROUPS)
    yield ids
    for object_id in GROUPS.values():
        directory.tenant("group", "del", object_id)


def served(folder, ids):
    """What a real SSSD says: three domains, each with its way to write names, of the same accounts."""
    conf = "[sssd]\nservices = nss\ndomains = " + ", ".join(DOMAINS) + "\n[nss]\nfilter_users =\nfilter_groups =\n"
    for domain, form in DOMAINS.items():
        conf += f"[domain/{domain}]\nid_provider = proxy\nproxy_lib_name = files\nauth_provider = none\naccess_provider = permit\nmin_id = 500\n"
        conf += f"use_fully_qualified_names = true\n{form}\n" if form else ""
    (folder / "conf").write_text(conf)
    users = {
        "SD-Same": (ids["sd-same"],) * 2, "sd-short": ("70001", "70001"), "SD-Full": ("70002", "70002"), "sd-flat": ("70003", "70003"),
        "sd-gid": (ids["sd-gid"], "70013"), "sd-alone": ("70099", "70099"), "sd-thief": (ids["sd-victim"],) * 2,
    }
    lines = "".join(f"{name}:x:{uid}:{gid}::/home/{name}:/bin/bash\n" for name, (uid, gid) in users.items())
    (folder / "passwd").write_text("root:x:0:0:root:/root:/bin/bash\n" + lines)
    (folder / "group").write_text(f"root:x:0:\nSame Group:x:{ids['Same Group']}:SD-Same\nother group:x:70020:SD-Same\nelse:x:70021:\n")
    words = ["SD-Same", "sd-short", f"SD-Full@{DOMAIN}", "sd-flat@0PNDV", "sd-gid", "sd-alone", "sd-thief", "--", "Same Group", "other group@0PNDV", "else"]
    command = ["unshare", "--mount", "--propagation", "private", sys.executable, SSSD, *(folder / file for file in ("conf", "passwd", "group")), *words]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not usable(), reason="no SSSD here: testing/install-deps bench")
def test_every_difference_from_an_sssd_is_named_and_nothing_else(directory, known, tmp_path):
    text = served(tmp_path, known)
    assert rf"0PNDV\sd-flat:*:70003:" in text and f"SD-Full@{DOMAIN}:*:70002:" in text and r"0PNDV\other group:" in text, text
    before = directory.admin("idmap", "check").stdout.splitlines()
    directory.write(LIST, text)
    done = directory.admin("idmap", "check", "--against", LIST)
    assert done.returncode == 1
    assert set(done.stdout.splitlines()) - set(before) == {
        f"sd-short@{DOMAIN} has uid {known['sd-short']} here and 70001 there",
        f"sd-full@{DOMAIN} has uid {known['sd-full']} here and 70002 there",
        f"sd-flat@{DOMAIN} has uid {known['sd-flat']} here and 70003 there",
        f"sd-gid@{DOMAIN} has gid {known['sd-gid']} here and 70013 there",
        f"uid {known['sd-victim']} is that of sd-victim@{DOMAIN} here and of sd-thief there: two users, or one user with two names",
        f"group {GROUPS['Other Group']} (Other Group) has gid {known['Other Group']} here and 70020 there",
    }
    assert "2 users and 1 groups of the other machine are not known here and were not compared: sd-alone, sd-thief, else" in done.stderr


def test_a_list_of_ours_differs_in_nothing(directory, known):
    """As it is on another host that has the packages."""
    directory.out("sh", "-c", f"(getent passwd; getent group) >{LIST}")
    before = directory.admin("idmap", "check").stdout.splitlines()
    done = directory.admin("idmap", "check", "--against", LIST)
    assert set(done.stdout.splitlines()) <= {*before, "no collisions and no differences among what this host knows"}
    assert "not compared" not in done.stderr


def test_a_file_that_is_no_list_changes_nothing(directory, known):
    before, pid = directory.passwd("sd-same"), directory.daemon_pid()
    cases = {
        "garbage": ("head -c 100000 /usr/bin/bash", "line 1 of"),
        "large": ("yes somebody:x:70000:70000:Some:/home/somebody:/bin/bash | head -c 100M", "compare it in several parts"),
        "columns": (r"printf 'sd-short:x:70001:70001::/:/bin/sh\nsd-full:x:70002\n'", "line 2 of"),
        "latin1": (r"printf 'm\374ller:x:70001:70001::/:/bin/sh\n'", "not UTF-8"),
        "pipe": ("", "not a regular file"),
        "private": ("echo sd-short:x:70001:70001::/:/bin/sh", "cannot be read by the daemon"),
        "strangers": ("echo nobody-here:x:70001:70001::/:/bin/sh", "nothing was compared"),
    }
    script = "cd /srv; " + "".join(f"({command}) >{name}; " for name, (command, _) in cases.items() if command)
    directory.out("bash", "-c", script + "mkfifo pipe; chmod 600 private")
    for name, (_, message) in cases.items():
        done, seconds = directory.timed("aad-tool", "idmap", "check", "--against", f"/srv/{name}")
        assert done.returncode == 1 and message in done.stderr, (name, done.stdout, done.stderr)
        assert done.stdout == "" or name == "strangers", "an empty comparison proves nothing"
        assert seconds < 5, name
    assert directory.passwd("sd-same") == before and directory.daemon_pid() == pid
