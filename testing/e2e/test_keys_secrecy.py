"""Nothing that we know to be secret is in a file, a log, a core, or in memory that anybody but root can read."""

import base64
import json
import urllib.parse
from pathlib import Path

import pytest

from keys import PIN_FILE, signs_in
from running_lab import TerminalSession

HERE = Path(__file__).parent
PASSWORD = "Qv7!lattice+Ombre %1"
PINS = {"pin": "zk93-Wmulberry", "wrong pin": "wr0ng-Cinnabar", "new pin": "Teasel-0614-vex"}
CLIENT_SECRET = "c1~Gantry.Sextant_80817"
UNPRIVILEGED = ("mallory", "himmelblaud")


@pytest.fixture(scope="module")
def used(keys):
    """A host on which somebody has done everything once, wrongly and rightly."""
    keys.begin("soft", tpm=False)  # where most is in software
    lab = keys.lab
    lab.run("useradd", "-m", "mallory")
    user = lab.new_user(password=PASSWORD).enrol(PINS["pin"])
    with user.ssh(timeout=30) as session:
        session.pin(PINS["wrong pin"])
        session.pin(PINS["pin"], before="Failed to authenticate with Hello PIN.\n")
        session.shell()
    with TerminalSession(lab.terminal("passwd", user.name, timeout=30)) as session:
        session.terminal.until("PIN: ")
        session.say(PINS["pin"])
        for prompt in ("New PIN: ", "Confirm PIN: "):
            session.terminal.until(prompt)
            session.say(PINS["new pin"])
        session.terminal.end()
    words = ("--client-id", "0e6f4f0c-2f2c-4d8e-9d53-31b1a7a1c001", "--domain", "0pndv.onmicrosoft.com")
    lab.out("aad-tool", "cred", "secret", *words, "--secret", CLIENT_SECRET)
    signs_in(user, PINS["new pin"])
    return user


@pytest.fixture(scope="module")
def needles(keys, used):
    """Each secret in the forms in which it might lie around."""
    secrets = {"password": PASSWORD, **PINS, "client secret": CLIENT_SECRET, "hsm-pin": keys.lab.out("cat", PIN_FILE)}
    found = {}
    for name, text in secrets.items():
        plain = text.encode()
        forms = {
            "": plain, " in UTF-16": text.encode("utf-16-le"), " in base64": base64.b64encode(plain)[:-2],
            " in hexadecimal": plain.hex().encode(), " in a form": urllib.parse.quote_plus(text).encode(),
            " in a URL": urllib.parse.quote(text).encode(),
        }
        found.update({name + form: needle for form, needle in forms.items()})
    return found


def search_files(lab, needles, *places):
    """(needle's name, file) of all that is found below the places inside the lab."""
    script = """
import json, os, sys
needles = {name: bytes.fromhex(text) for name, text in json.load(sys.stdin).items()}
found, looked, begin = [], 0, os.stat("/etc/machine-id").st_mtime  # what was there before the lab is not ours
for place in sys.argv[1:]:
    for top, folders, files in os.walk(place) if os.path.isdir(place) else [(os.path.dirname(place), [], [os.path.basename(place)])]:
        for file in files:
            path = os.path.join(top, file)
            if os.path.isfile(path) and not os.path.islink(path) and os.stat(path).st_mtime > begin:
                data = open(path, "rb").read()
                looked += 1
                found += [(name, path) for name, needle in needles.items() if needle in data]
print(json.dumps([looked, found]))
"""
    text = json.dumps({name: needle.hex() for name, needle in needles.items()})
    done = lab.run("python3", "-c", script, *places, text=text)
    assert done.returncode == 0, done.stderr
    looked, found = json.loads(done.stdout)
    assert looked > 0
    return [tuple(each) for each in found]


def test_the_search_finds(keys, needles):
    """What the tests below rest on."""
    lab = keys.lab
    lab.write("/tmp/planted", f"x{PASSWORD}y")
    assert ("password", "/tmp/planted") in search_files(lab, needles, "/tmp/planted")
    lab.out("rm", "/tmp/planted")
    assert ("hsm-pin", PIN_FILE) in search_files(lab, needles, "/var/lib/himmelblaud")


def test_no_file_has_a_secret(keys, needles):
    """State, database and its log, caches, homes, what is left in temporary directories; while the daemon runs and after."""
    places = ("/var/lib", "/var/cache", "/var/tmp", "/etc/himmelblau", "/tmp", "/home", "/run/himmelblaud")
    for running in (True, False):
        found = set(search_files(keys.lab, needles, *places)) - {("hsm-pin", PIN_FILE), ("hsm-pin in a form", PIN_FILE), ("hsm-pin in a URL", PIN_FILE)}
        assert not found, f"with the daemon {'running' if running else 'stopped'}"
        if running:
            keys.lab.lab("stop", "daemon")
    keys.lab.start()


def test_no_log_has_a_secret(keys, needles):
    lab = keys.lab
    for part in ("daemon", "tasks", "sshd", "syslog", "tpm", "lab"):
        text = lab.log(part).encode()
        assert not [name for name, needle in needles.items() if needle in text], part
    assert "login.ok" in lab.log() and lab.log("syslog")


def test_debug_log_has_none_either(keys, needles, used):
    lab = keys.lab
    keys.configure("soft", "debug = true\n")
    lab.restart()
    before = len(lab.log())
    signs_in(used, PINS["new pin"])
    with lab.new_user(local="aloud", password=PASSWORD).ssh() as session:
        session.password(PASSWORD)
        session.number()
    text = lab.log()[before:].encode()
    assert lab.out("journalctl", "-u", "himmelblaud", "-b", "-p", "debug..debug", "-o", "cat"), "nothing more was logged than without it"
    assert not [name for name, needle in needles.items() if needle in text]
    keys.configure("soft")
    lab.restart()


def pid(lab):
    return lab.out("pgrep", "-u", "himmelblaud", "-x", "java")


def as_user(lab, user, *command):
    return lab.run("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *command)


@pytest.mark.parametrize("user", UNPRIVILEGED)
def test_no_other_user_reads_the_memory(keys, used, user):
    """Neither another user nor a second process of the service's own user, which may read each other otherwise."""
    lab = keys.lab
    signs_in(used, PINS["new pin"])
    script = "/tmp/intruder.py"  # where the user can read it, wherever this repository is
    lab.write(script, (HERE / "intruder.py").read_text(encoding="utf-8"))
    lab.out("chmod", "644", script)
    done = as_user(lab, user, "python3", script, pid(lab))
    found = json.loads(done.stdout)
    assert set(found.values()) == {"refused"}, found
    other = lab.out("sh", "-c", f"setpriv --reuid={user} --regid={user} --clear-groups sleep 60 >/dev/null 2>&1 & echo $!")
    control = json.loads(as_user(lab, user, "python3", script, other).stdout)
    assert {control[way] for way in ("mem", "process_vm_readv", "ptrace")} == {"open"}, "the test can see what is open"
    done = as_user(lab, user, "gcore", "-o", "/tmp/stolen", pid(lab))
    assert done.returncode != 0 and lab.run("sh", "-c", "ls /tmp/stolen*").returncode != 0


def test_root_finds_none_in_the_memory_a_moment_later(keys, used, needles):
    """Root can read the memory of every process, so what is no longer needed must not be there."""
    lab = keys.lab
    keys.lab.restart()
    with used.ssh(timeout=30) as session:
        session.pin(PINS["wrong pin"])
        session.pin(PINS["new pin"], before="Failed to authenticate with Hello PIN.\n")
        session.shell()
    other = lab.new_user(password=PASSWORD).enrol(PINS["pin"])
    signs_in(other, PINS["pin"])
    lab.out("sleep", "6")
    found = search_memory(lab, needles)
    assert not found, json.dumps(found, indent=1)


def search_memory(lab, needles):
    script = lab.put(HERE / "memory.py")
    done = lab.run("python3", script, pid(lab), text="\n".join(needle.hex() for needle in needles.values()), timeout=120)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(needles)
    return {name: places for name, places in zip(needles, lines) if places}


def test_the_search_sees_the_memory(keys, used):
    """A word that is in the daemon's memory for good."""
    assert search_memory(keys.lab, {"a name of ours": b"himmelblau.machine"})




@pytest.mark.parametrize("number", ["ABRT", "SEGV"])
def test_no_core_is_written(keys, used, needles, number):
    """The kernel writes none for a process that is not dumpable, wherever cores go on this host."""
    lab = keys.lab
    signs_in(used, PINS["new pin"])
    limits = lab.out("cat", f"/proc/{pid(lab)}/limits")
    assert [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core")] == [["0", "0"]]
    lab.out("touch", "/root/before")
    old = pid(lab)
    lab.lab("kill", "--signal", number, "daemon")
    lab.out("sh", "-c", f"for i in $(seq 100); do [ -e /proc/{old} ] || exit 0; sleep 0.1; done; exit 1")
    lab.lab("kill", "daemon")
    script = "find / /tmp /var/tmp /run /dev/shm -xdev -newer /root/before -type f \\( -name 'core*' -o -name 'hs_err*' -o -name '*.mdmp' \\) 2>/dev/null"
    written = [line for line in lab.run("sh", "-c", script).stdout.split() if not line.startswith(("/proc", "/sys"))]
    assert not [path for path in written if "hs_err" not in path], "no core"
    for path in written:  # the virtual machine's own report
        assert search_files(lab, needles, path) == []
        assert lab.out("stat", "-c", "%a", path) in ("600", "640")
    lab.start()
    signs_in(used, PINS["new pin"])
