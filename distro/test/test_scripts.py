"""distro/scripts, on files that administrators might have."""

import os
import subprocess

import pytest
from debs import ROOT

NSSWITCH = """# comment
passwd:         files systemd
group: files [SUCCESS=merge] systemd # of the host
shadow:\tfiles
gshadow: files
initgroups: files [SUCCESS=continue] sss
hosts:          files dns
"""


@pytest.fixture
def nsswitch(scripts, tmp_path):
    file = tmp_path / "nsswitch.conf"
    file.write_text(NSSWITCH)
    file.chmod(0o644)

    def run(action):
        subprocess.run([scripts / "nsswitch", action, file], check=True)
        return file.read_text()

    run.file = file
    return run


def test_adds_our_word_last_and_takes_it_away_again(nsswitch):
    added = nsswitch("add")
    assert added == NSSWITCH.replace("files systemd\n", "files systemd himmelblau\n").replace(
        "systemd # of", "systemd himmelblau # of").replace("shadow:\tfiles", "shadow:\tfiles himmelblau").replace(" sss", " sss himmelblau")
    assert nsswitch("add") == added
    assert nsswitch("remove") == NSSWITCH
    assert nsswitch("remove") == NSSWITCH


def test_keeps_mode_links_and_what_the_administrator_changed(nsswitch, tmp_path):
    real = tmp_path / "real"
    nsswitch.file.rename(real)
    nsswitch.file.symlink_to(real)
    real.chmod(0o640)
    real.write_text("passwd: himmelblau [NOTFOUND=return] files\ngroup: files himmelblau [UNAVAIL=return] sss\n")
    assert nsswitch("add") == real.read_text()
    assert nsswitch("remove") == "passwd: files\ngroup: files sss\n"
    assert nsswitch.file.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.fixture
def domain(scripts, tmp_path):
    vendor = tmp_path / "vendor.conf"
    vendor.write_text("[global]\n# domain = example.onmicrosoft.com\nhome_attr = CN\n")

    def run(*words):
        return subprocess.run(
            [scripts / "configure-domain", *words], capture_output=True, text=True, check=False,
            env={**os.environ, "HIMMELBLAU_ETC": str(tmp_path / "etc"), "HIMMELBLAU_VENDOR": str(vendor)},
        )

    run.file = tmp_path / "etc/himmelblau.conf"
    return run


def test_new_configuration_keeps_the_vendors_values(domain):
    assert domain("example.com").returncode == 0
    assert domain.file.read_text() == "[global]\ndomain = example.com\n# domain = example.onmicrosoft.com\nhome_attr = CN\n"
    assert domain("--show").stdout == "example.com\n"


def test_a_domain_that_is_set_stays(domain):
    domain.file.parent.mkdir()
    for text in ("[global]\n  domains = one.example, two.example\n", "[global]\ndomain=one.example # ours\n"):
        domain.file.write_text(text)
        assert domain("example.com").returncode == 0
        assert domain.file.read_text() == text


def test_other_settings_stay(domain):
    domain.file.parent.mkdir()
    domain.file.write_text("[global]\ndebug = true\n[example.org]\nshell = /bin/sh\n")
    assert domain("example.com, example.org").returncode == 0
    assert domain.file.read_text() == "[global]\ndomain = example.com, example.org\ndebug = true\n[example.org]\nshell = /bin/sh\n"


@pytest.mark.parametrize("bad", ["", "a b", "x\ny", "x\n", "-x", "a;b", "[global]", "x=y", "../x"])
def test_what_is_no_domain_changes_nothing(domain, bad):
    assert domain(bad).returncode != 0
    assert not domain.file.exists()


@pytest.mark.parametrize(
    ("libraries", "reloads"),
    [
        ((), False),
        (("lib/x86_64-linux-gnu/systemd/libsystemd-shared-252.so",), False),
        (("lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so",), True),
        (("lib/systemd/libsystemd-shared-252-48.el9.so",), False),
        (("lib/systemd/libsystemd-shared-256.11-1.fc41.so",), True),
        (("lib64/systemd/libsystemd-shared-254.so",), True),
        (("lib/systemd/libsystemd-shared-252.so", "lib/systemd/libsystemd-shared-253.so"), True),
        (("lib/systemd/libsystemd-shared-x.so",), False),
    ],
)
def test_the_generator_knows_the_version_of_systemd(tmp_path, libraries, reloads):
    """By the names that Debian, RHEL, Fedora and SUSE give to systemd's library."""
    for name in libraries:
        path = tmp_path / "usr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    script = (ROOT / "distro/systemd/himmelblau-generator").read_text().replace("/usr/lib", f"{tmp_path}/usr/lib")
    done = subprocess.run(["sh", "-c", script, "generator", tmp_path / "units"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    drop_in = tmp_path / "units/himmelblaud.service.d/10-notify-reload.conf"
    assert drop_in.exists() == reloads
    assert not reloads or "Type=notify-reload" in drop_in.read_text()


@pytest.fixture
def krb5(scripts, tmp_path):
    def run(action):
        return subprocess.run(
            [scripts / "krb5-include", action], capture_output=True, text=True, check=False, env={**os.environ, "KRB5_INCLUDE_ETC": str(tmp_path)},
        ).returncode

    run.file = tmp_path / "krb5.conf"
    run.folder = tmp_path / "krb5.conf.d"
    return run


def test_krb5_conf_reads_the_folder_and_is_as_before_without(krb5):
    text = "[libdefaults]\n  default_realm = EXAMPLE.COM\n"
    krb5.file.write_text(text)
    krb5.file.chmod(0o640)
    assert krb5("add") == 0 and krb5("add") == 0
    assert krb5.file.read_text().startswith(text)
    assert krb5.file.read_text().count("\nincludedir /etc/krb5.conf.d\n") == 1
    assert krb5.folder.is_dir(), "the library does not start without it"
    assert krb5.file.stat().st_mode & 0o777 == 0o640
    ours = krb5.folder / "himmelblau_11111111-2222-3333-4444-555555555555.conf"
    ours.write_text("")
    (krb5.folder / "himmelblau_notes").write_text("")
    assert krb5("remove") == 0 and krb5("remove") == 0
    assert krb5.file.read_text() == text
    assert [file.name for file in krb5.folder.iterdir()] == ["himmelblau_notes"]


@pytest.mark.parametrize("line", ["includedir /etc/krb5.conf.d/", "  includedir\t/etc/krb5.conf.d"])
def test_a_krb5_conf_that_reads_the_folder_stays(krb5, line):
    text = f"{line}\n[libdefaults]\n"
    krb5.file.write_text(text)
    for action in ("add", "remove"):
        assert krb5(action) == 0
        assert krb5.file.read_text() == text


def test_no_krb5_conf_is_made(krb5):
    assert krb5("add") == 0 and not krb5.file.exists()
    assert krb5("remove") == 0 and not krb5.folder.exists()
    assert krb5("else") == 2


def test_a_last_line_without_an_end_stays_whole(krb5):
    krb5.file.write_text("[libdefaults]")
    assert krb5("add") == 0
    assert krb5.file.read_text().splitlines()[0] == "[libdefaults]"
    assert "includedir /etc/krb5.conf.d" in krb5.file.read_text().splitlines()
