"""The bare Debian that labs and virtual machines boot: one root for each release and purpose, made once with mmdebstrap."""

import hashlib
import os
import subprocess
import time

from . import LabError, cache

# With -gnome: with a graphical greeter; with -browsers: with what users open pages in; with -msal: with what Microsoft's own library for programs loads;
# with -kerberos: with a KDC and all kinds of credential cache.
RELEASES = {"debian-13": "trixie", "debian-12": "bookworm", "debian-13-gnome": "trixie", "debian-13-browsers": "trixie", "debian-13-msal": "trixie", "debian-13-kerberos": "trixie"}
DEFAULT = "debian-13"

# What a server has and what the tests use inside. Our own packages come later; all they depend on is here, for a lab has no network.
_PACKAGES = (
    "systemd", "systemd-sysv", "dbus", "dbus-user-session", "libpam-systemd", "libnss-systemd", "systemd-userdbd", "polkitd", "pkexec",
    "libargon2-1",  # our packages recommend it
    "libjansson4", "jq",
    "openssh-server", "openssh-client", "sudo", "cron", "at", "rsync", "login", "passwd", "util-linux",
    "libpam-runtime", "pamtester", "debconf", "ca-certificates", "openssl", "iproute2", "procps", "psmisc", "python3",
    "tpm2-tools", "softhsm2", "nscd", "uidmap", "podman", "fail2ban", "logrotate", "python3-apt",
)
_ONLY = {
    "trixie": ("libtss2-tcti-swtpm0t64", "libtss2-tctildr0t64"),
    "bookworm": ("libtss2-tcti-swtpm0", "libtss2-tctildr0"),
}
# What shows a greeter and a lock screen (testing/verify greeter). gnome-session and icons: the greeter does not start without them.
_GNOME = (
    "gdm3", "gnome-shell", "gnome-session", "adwaita-icon-theme", "fonts-dejavu-core", "dconf-cli", "libglib2.0-bin",
    "locales",  # a greeter in other languages
    # What a PIN opens, and a lock for a terminal.
    "gnome-keyring", "libpam-gnome-keyring", "libsecret-tools", "vlock",
)
# What gives and takes Kerberos tickets (testing/e2e/test_kerberos.py). krb5-k5tls: a KDC behind https, as Entra ID's is.
_KERBEROS = ("krb5-kdc", "krb5-admin-server", "krb5-user", "krb5-k5tls", "libgssapi-krb5-2", "sssd-kcm")
# Browsers, each with the program that drives it if it needs one (testing/verify sso-browsers).
_BROWSERS = ("chromium", "chromium-driver", "firefox-esr", "fonts-dejavu-core")
# What MSALRuntime loads, and the keyring where it keeps accounts (testing/verify msal).
_MSAL = ("libwebkit2gtk-4.1-0", "libfido2-1", "libubsan1", "libuuid1", "libx11-6", "gnome-keyring", "xvfb")
_PURPOSES = {"gnome": _GNOME, "browsers": _BROWSERS, "msal": _MSAL, "kerberos": _KERBEROS}
# What a virtual machine (testing/vm) has besides: a kernel of its own, and both of Linux's systems of mandatory access control.
_MACHINE = (
    "linux-image-amd64", "initramfs-tools", "kmod", "udev", "tpm-udev", "apparmor", "auditd",
    "selinux-policy-default", "selinux-policy-dev", "policycoreutils", "semodule-utils",
)
# Programs that nothing is installed of but their PAM files: tests play their part in the conversation under the real profile.
_PROFILES = {
    "vsftpd": "vsftpd", "cups-daemon": "cups", "xrdp": "xrdp-sesman", "cockpit-ws": "cockpit", "sddm": "sddm", "lightdm": "lightdm", "gdm3": "gdm-password",
}
# In a lab nothing can be fetched; nscd is there for the tests that start it, fail2ban for its filters.
_NOT_AT_BOOT = (
    "apt-daily.timer", "apt-daily-upgrade.timer", "logrotate.timer", "nscd.service", "fail2ban.service",
    # Without storage that it can use, podman's own units fail.
    "podman.service", "podman.socket", "podman-auto-update.service", "podman-auto-update.timer", "podman-restart.service",
)


def root(release, machine=False):
    """Context manager: the root's directory, which is never written to again. machine: for one with its own kernel."""
    if release not in RELEASES:
        raise LabError(f"no root of '{release}'; there are: {', '.join(RELEASES)}")
    packages = sorted(
        (*_PACKAGES, *_ONLY[RELEASES[release]], *(_MACHINE if machine else ()), *_PURPOSES.get(purpose(release), ()))
    )
    digest = hashlib.sha256(" ".join((*packages, *_NOT_AT_BOOT, *_PROFILES)).encode()).hexdigest()[:12]
    name = f"{release}{'-vm' if machine else ''}-{digest}"
    return cache.made("roots", name, lambda directory: _make(release, packages, directory))


def purpose(release):
    """What it has besides: gnome, browsers, msal, kerberos, or "" for a server."""
    return release.split("-", 2)[2] if release.count("-") > 1 else ""


def _make(release, packages, directory):
    begin = time.monotonic()
    cache.say(f"making the root of {release} with mmdebstrap: once for this machine, about a minute")

    def progress(line):
        if line.startswith("I: "):
            cache.say(f"  {time.monotonic() - begin:3.0f} s  {line[3:]}")

    try:
        cache.run(
            ["mmdebstrap", "--mode=root", "--variant=minbase", f"--include={','.join(packages)}", f"--customize-hook={_profiles()}", RELEASES[release], directory, *mirror()],
            progress,
        )
    except FileNotFoundError:
        raise LabError("mmdebstrap is missing: install what the lab needs with testing/install-deps lab") from None
    cache.run(["chroot", directory, "systemctl", "disable", *_NOT_AT_BOOT])
    # Each lab gets one of its own.
    (directory / "etc/machine-id").unlink(missing_ok=True)
    # Those of the build machine, which mmdebstrap copies.
    for name in ("hostname", "resolv.conf"):
        (directory / "etc" / name).unlink(missing_ok=True)
    cache.say(f"the root of {release} is made")


def _profiles():
    """A hook of mmdebstrap that takes the PAM files out of packages."""
    script = (
        "set -e; mkdir /tmp/profiles; cd /tmp/profiles; apt-get download -q " + " ".join(_PROFILES) + "; "
        "for deb in *.deb; do dpkg-deb --fsys-tarfile $deb | tar x -C / --skip-old-files --wildcards './etc/pam.d/?*' './usr/lib/pam.d/?*' 2>/dev/null || true; done; "
        "cd /; rm -r /tmp/profiles; "
        + "; ".join(f"test -e /etc/pam.d/{name} || test -e /usr/lib/pam.d/{name}" for name in _PROFILES.values())
    )
    return f'chroot "$1" sh -c "{script.replace("$", chr(92) + "$")}"'


def mirror():
    """HIMMELBLAU_LAB_MIRROR, else the Debian archive that this machine's apt uses, else none: mmdebstrap knows Debian's own."""
    chosen = os.environ.get("HIMMELBLAU_LAB_MIRROR")
    if chosen:
        return [chosen]
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(ORIGIN) $(LABEL)", "Created-By: Packages"],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )
    for line in done.stdout.splitlines():
        site, _, named = line.partition(" ")
        if named == "Debian Debian" and site.startswith(("http://", "https://")):
            return [site]
    return []
