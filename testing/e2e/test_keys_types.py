"""Each hsm_type: enrol, sign in by PIN, restart everything, sign in again; and nothing stays in the TPM."""

import pytest

from keys import signs_in

SAYS = {
    "tpm_bound_soft_if_possible": ("Soft HSM, but HSM PIN is TPM-bound", "soft, in use, can be opened only with machine key 1"),
    "tpm": ("TPM in use", "tpm, in use, can be opened only with this TPM and the HSM PIN file"),
    "tpm_if_possible": ("TPM in use", "tpm, in use, can be opened only with this TPM and the HSM PIN file"),
    "soft": ("Soft HSM, but HSM PIN is TPM-bound", "soft, in use, can be opened only with machine key 1"),
}


@pytest.mark.parametrize("hsm_type", SAYS)
def test_enrol_restart_sign_in(keys, hsm_type):
    lab = keys.lab
    keys.begin(hsm_type)
    for words in SAYS[hsm_type]:
        assert words in keys.tpm()
    user = lab.new_user().enrol()
    signs_in(user)
    keys.restart_everything()
    signs_in(user)
    assert keys.handles() == {}
    assert "hsm_type = soft is the old name of tpm_bound_soft_if_possible" in lab.log() or hsm_type != "soft"


@pytest.mark.parametrize("hsm_type", ["tpm_bound_soft_if_possible", "tpm_if_possible"])
def test_without_a_tpm_they_are_software(keys, hsm_type):
    keys.begin(hsm_type, tpm=False)
    assert "soft, in use, can be opened with the HSM PIN file alone" in keys.tpm()
    user = keys.lab.new_user().enrol()
    keys.lab.restart()
    signs_in(user)


def test_tpm_without_a_tpm_is_refused(keys):
    keys.begin("tpm", tpm=False)
    assert "hsm_type = tpm" in keys.status()
    assert not keys.open()
    assert keys.lab.run("test", "-s", "/var/lib/himmelblaud/hsm-pin").returncode == 0


def test_pkcs11(keys):
    """A token that appears after the daemon has started, and stays through a restart."""
    lab = keys.lab
    module = lab.out("sh", "-c", "ls /usr/lib/*/softhsm/libsofthsm2.so /usr/lib/softhsm/libsofthsm2.so 2>/dev/null | head -1")
    # As himmelblau.conf(5) says: this module keeps its tokens in files.
    lab.write("/etc/systemd/system/himmelblaud.service.d/softhsm.conf", "[Service]\nReadWritePaths=/var/lib/softhsm\n")
    lab.out("systemctl", "daemon-reload")
    keys.begin("pkcs11", f"pkcs11_module = {module}\n", tpm=False)
    assert "pkcs11" in keys.status()
    assert not keys.open()
    script = """
    chmod o+rx /etc/softhsm && chmod o+r /etc/softhsm/softhsm2.conf  # else: the service's user in group softhsm
    install -o himmelblaud -m 0700 -d /var/lib/softhsm /var/lib/softhsm/tokens
    printf 739184 | install -o himmelblaud -m 0600 /dev/stdin /var/lib/himmelblaud/pkcs11-pin
    setpriv --reuid=himmelblaud --clear-groups --inh-caps=-all softhsm2-util --init-token --free --label e2e --so-pin 918273 --pin 739184
    """
    lab.out("sh", "-ec", script)
    keys.await_open()
    assert "pkcs11, in use" in keys.tpm()
    user = lab.new_user().enrol()
    signs_in(user)
    lab.restart()
    lab.restart("tasks")
    signs_in(user)
    lab.lab("stop", "daemon")
    lab.out("mv", "/var/lib/softhsm/tokens", "/var/lib/softhsm/away")
    lab.start()
    assert "PKCS#11 token" in keys.status()
    assert not keys.open()
    lab.out("mv", "/var/lib/softhsm/away", "/var/lib/softhsm/tokens")
    keys.await_open()
    signs_in(user)
