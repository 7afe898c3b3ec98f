"""The hsm-pin file missing, empty, cut short, open to others, a link, another one: refused, nothing overwritten."""

import pytest

from keys import DATABASE, PIN_FILE, refused, signs_in

ASIDE = PIN_FILE + ".right"
# What is done to the file, and what is said.
DAMAGE = {
    "missing": ("rm $0", "is missing"),
    "empty": (": > $0", "is empty"),
    "truncated": ("truncate -s 17 $0", "is truncated: it has 17 bytes"),
    "readable by all": ("chmod 0644 $0", "has mode rw-r--r--"),
    "readable by a group": ("chmod 0640 $0", "has mode rw-r-----"),
    "a link": ("mv $0 $0.target && ln -s $0.target $0", "is not a regular file"),
    "a link to nothing": ("rm $0 && ln -s nowhere $0", "is not a regular file"),
    "a pipe": ("rm $0 && mkfifo $0 && chmod 0600 $0", "is not a regular file"),
    "a directory": ("rm $0 && mkdir -m 0700 $0", "is not a regular file"),
    "another": ("head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \\n' > $0", "cannot be opened with the HSM PIN file"),
    "of another owner": ("chown root:root $0", "cannot be read"),
    "too long": ("head -c 5000 /dev/zero | tr '\\0' a > $0", "longer than 4096 bytes"),
}


@pytest.fixture(scope="module")
def user(keys):
    keys.begin("tpm_bound_soft_if_possible")
    user = keys.lab.new_user().enrol()
    keys.lab.lab("stop", "daemon")
    keys.lab.out("cp", "-a", PIN_FILE, ASIDE)
    keys.lab.start()
    return user


def put_back(lab):
    lab.out("sh", "-ec", f"rm -rf {PIN_FILE} {PIN_FILE}.target && cp -a {ASIDE} {PIN_FILE}")


def fingerprint(lab):
    """The file as it stands, whatever it is, and the machine keys."""
    script = f"stat -c '%F %a %U %s %Y' {PIN_FILE}; readlink {PIN_FILE}; test -f {PIN_FILE} && sha256sum < {PIN_FILE}"
    query = "SELECT id, store, hex(blob), opened_by, hex(auth), current FROM machine_key"
    rows = lab.out(
        "python3", "-c", f"import sqlite3; print(list(sqlite3.connect('file:{DATABASE}?mode=ro', uri=True).execute('{query}')))"
    )
    return lab.run("sh", "-c", script).stdout, rows


@pytest.mark.parametrize("damage", DAMAGE)
def test_refused_and_not_touched(keys, user, damage):
    script, said = DAMAGE[damage]
    lab = keys.lab
    lab.lab("stop", "daemon")
    put_back(lab)
    lab.out("sh", "-ec", script, PIN_FILE)
    before = fingerprint(lab)
    lab.start()
    assert not keys.open()
    for text in (keys.status(), keys.tpm(), lab.log()):
        assert said in text
        assert PIN_FILE in text
    assert "the keys of this computer cannot be opened" in refused(lab, user)
    assert fingerprint(lab) == before, "nothing was overwritten"


def test_and_the_right_file_makes_it_work_again(keys, user):
    """Put back under the daemon that waits: it notices by itself."""
    assert not keys.open()
    put_back(keys.lab)
    keys.await_open()
    signs_in(user)
    keys.restart_everything()
    signs_in(user)


def test_a_running_daemon_does_not_need_it(keys, user):
    """Nobody is locked out by a backup that was put back wrong, until the next start says so."""
    lab = keys.lab
    lab.out("mv", PIN_FILE, PIN_FILE + ".moved")
    try:
        signs_in(user)
        assert lab.run("test", "-e", PIN_FILE).returncode == 1, "none is made while keys exist"
    finally:
        lab.out("mv", PIN_FILE + ".moved", PIN_FILE)
