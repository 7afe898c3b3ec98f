"""A key store is stopped, started and replaced while users sign in; PINs move to the store that hsm_type names."""

import re
import threading
import time

import pytest

from conftest import here
from running_lab import DOMAIN, PIN, TerminalSession, RunningLab
from test_swap import shell

BUNDLES = "/usr/lib/himmelblau/bundles/daemon"


@pytest.fixture(scope="module", params=["soft", "tpm"])
def host(request, conf):
    """A lab whose keys are in that store, with an enrolled user; (lab, user, symbolic name of the store)."""
    types = {"soft": "tpm_bound_soft_if_possible", "tpm": "tpm"}
    lab = RunningLab(here(f"e2e-{request.param}"), conf(f"hsm_type = {types[request.param]}\n"), tpm="swtpm")
    lab.lab("down", check=False)
    lab.up()
    yield lab, lab.new_user(local="enrolled").enrol(), f"himmelblau.hsm.{request.param}"
    lab.down()


def sign_in(lab, user):
    return lab.run("aad-tool", "auth-test", "--name", user.name, text=f"{PIN}\n", timeout=90)


class Users:
    """Signs in again and again in the background, on several threads."""

    def __init__(self, lab, user, count=2):
        self._stop, self.results = threading.Event(), []
        self._threads = [threading.Thread(target=self._run, args=(lab, user)) for _ in range(count)]

    def _run(self, lab, user):
        while not self._stop.is_set():
            self.results.append(sign_in(lab, user))

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def assert_none_failed(self, lab):
        failed = [done.stdout + done.stderr for done in self.results if done.returncode != 0]
        assert failed == [], "\n".join(line for line in lab.log().splitlines() if " error " in line)


def test_sign_ins_wait_and_none_fails(host):
    lab, user, name = host
    pid = lab.daemon_pid()
    with Users(lab, user) as users:
        for pause in (0, 0.5, 2):
            shell(lab, f"stop {name}")
            time.sleep(pause)
            shell(lab, f"start {name}")
            time.sleep(1)
    users.assert_none_failed(lab)
    assert len(users.results) >= 4
    assert lab.daemon_pid() == pid


def test_another_version_takes_over(host):
    lab, user, name = host
    with Users(lab, user) as users:
        jar = lab.out("sh", "-c", f"ls {BUNDLES}/{name}*.jar")
        shell(lab, f"uninstall {name}")
        shell(lab, f"start file:{jar}")
        time.sleep(2)
    users.assert_none_failed(lab)
    assert f"file:{jar}" in shell(lab, "lb -l")
    assert sign_in(lab, user).returncode == 0


def test_a_dialogue_in_progress_goes_on(host):
    """passwd has opened the old key, and asks for the new PIN while the store is replaced."""
    lab, _, name = host
    user = lab.new_user().enrol()
    with TerminalSession(lab.terminal("passwd", user.name, timeout=60)) as session:
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.terminal.until("New PIN: ")
        shell(lab, f"stop {name}", f"start {name}")
        session.say("564738")
        session.terminal.until("Confirm PIN: ")
        session.say("564738")
        assert session.terminal.end() == 0
    with user.ssh(timeout=60) as session:
        session.pin("564738")
        session.shell()


def test_one_that_does_not_come_back_is_named(host):
    lab, user, name = host
    kind = name.rsplit(".", 1)[1]
    settings = lab.out("cat", "/etc/himmelblau/himmelblau.conf")
    lab.write("/etc/himmelblau/himmelblau.conf", settings + "\nconnection_timeout = 2\n")
    time.sleep(2)  # read again
    shell(lab, f"stop {name}")
    try:
        begin = time.monotonic()
        done = sign_in(lab, user)
        assert done.returncode == 1
        assert "Security hardware error." in done.stdout + done.stderr
        assert time.monotonic() - begin < 30, "bounded"
        end = time.monotonic() + 20
        expected = f'No key store of type "{kind}" is installed. Install or start the bundle {name}'
        while expected not in (said := lab.out("aad-tool", "tpm")) and time.monotonic() < end:
            time.sleep(0.5)
        assert expected in said
        assert "Machine key: NOT open" in said
    finally:
        shell(lab, f"start {name}")
        lab.write("/etc/himmelblau/himmelblau.conf", settings)
    time.sleep(2)
    assert sign_in(lab, user).returncode == 0


def test_keys_stay_out_of_cores_and_of_the_sight_of_others(host):
    lab, _, _ = host
    pid = lab.daemon_pid()
    assert re.search(r"^Max core file size +0 +0 ", lab.out("cat", f"/proc/{pid}/limits"), re.MULTILINE)
    assert lab.out("stat", "-c", "%U", f"/proc/{pid}/mem") == "root", "it is dumpable, so its own user may read it"
    assert lab.run("cat", f"/proc/{pid}/maps", user="himmelblaud").returncode != 0


def provisioned(lab):
    return sum("/EnrollmentServer/key" in str(entry) for entry in lab.requests())


def test_a_pin_moves_at_its_next_sign_in(another):
    """Enrolled in software, then hsm_type = tpm: the same PIN, the same key for the directory, but in the TPM."""
    lab = another("hsm_type = tpm_bound_soft_if_possible\n", name="e2e-move", tpm="swtpm")
    user, sleeper = lab.new_user().enrol(), lab.new_user().enrol()
    migrate = ("aad-tool", "hsm", "migrate", "--to", "tpm", "--dry-run")
    keys = provisioned(lab)
    said = lab.out(*migrate)
    for each in (user, sleeper):
        assert f"PIN of {each.upn}: moves at the next PIN sign-in of {each.upn}" in said
    lab.write("/etc/himmelblau/himmelblau.conf", f"[global]\ndomain = {DOMAIN}\nhsm_type = tpm\n")
    lab.restart()
    assert "Himmelblau TPM state: TPM in use" in lab.out("aad-tool", "tpm")
    with user.ssh(timeout=60) as session:
        session.pin(PIN)
        session.shell()
    said = lab.out(*migrate)
    assert f"PIN of {user.upn}" not in said
    assert f"PIN of {sleeper.upn}: moves" in said
    assert any("hello.moved" in line and "to=tpm" in line for line in lab.log().splitlines())
    lab.restart()
    assert sign_in(lab, user).returncode == 0
    assert sign_in(lab, sleeper).returncode == 0
    assert "PIN of" not in lab.out(*migrate)
    assert provisioned(lab) == keys, "the directory knows the key already"
