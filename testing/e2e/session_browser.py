"""Chromium or Firefox without a screen, as a program of a signed-in user: started by the user's own systemd, with the host's policies, and our extension from where the policies say it is."""

import base64
import contextlib
import json
import subprocess
import tempfile
import time
from pathlib import Path

import extension_store
from extension_store import ChromiumPackage, openssl, packed
from real_browser import RealBrowser
from real_host import wait_for
from running_lab import LAB, ROOT

OS = "debian-13-browsers"
STORE = "/opt/store"
DRIVER = "/opt/browser/browser_driver.py"
CHROMIUM_UPDATES = "extensions.example/update.xml"
# The extension puts what it knows into this page.
STATE = "extensions.example/state"
STATE_PAGE = b"<!DOCTYPE html><title>State</title><h1>State</h1><p id=state>nothing</p>"
NATIVE_HOST = "/etc/chromium/native-messaging-hosts/linux_entra_sso.json"
UPDATES = """<?xml version="1.0"?>
<gupdate xmlns="http://www.google.com/update2/response" protocol="2.0"><app appid="{id}"><updatecheck codebase="https://extensions.example/extension.crx" version="1.0"/></app></gupdate>
"""


def prepare(lab):
    """
    The store answers at the addresses of the policies. Firefox gets our extension under the very id and address of the packages' policy; its own entries of that file are an administrator's who had
    them before the package came. Chromium takes an extension of the store's id only with a signature of the publisher, so ours has another id, a policy beside the packages', and a line of its own in
    the native host's manifest.
    """
    authority = Path(f"/run/himmelblau-lab/{lab.name}/tenant")
    lab.out("mkdir", "-p", STORE, "/opt/browser")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = ChromiumPackage(folder)
        firefox = json.loads(lab.out("cat", "/usr/share/himmelblau-sso-policies/firefox.json"))["policies"]["ExtensionSettings"][extension_store.FIREFOX_ID]["install_url"]
        offers = {firefox.removeprefix("https://"): "firefox.xpi", CHROMIUM_UPDATES: "update.xml", "extensions.example/extension.crx": "extension.crx", STATE: "state"}
        hosts = sorted({offer.split("/")[0] for offer in offers} | {"clients2.google.com"})
        _certify(folder, authority, hosts)
        for file, content in {
            "offers": json.dumps(offers).encode(), "firefox.xpi": packed("firefox"), "extension.crx": package.crx, "update.xml": UPDATES.format(id=package.id).encode(), "state": STATE_PAGE,
        }.items():
            (folder / file).write_bytes(content)
        for file in ("offers", *set(offers.values()), "server.pem", "server.key"):
            lab.put(folder / file, STORE)
        der = openssl("x509", "-in", authority / "ca.pem", "-outform", "DER")
    lab.put(ROOT / "testing/e2e/extension_store.py", STORE)
    lab.put(ROOT / "testing/e2e/browser_driver.py", "/opt/browser")
    lab.out("chmod", "-R", "a+rX", "/opt/browser")
    lab.out("sh", "-c", f"echo 127.0.0.2 {' '.join(hosts)} >>/etc/hosts")
    lab.out("systemd-run", "--unit=store", "/usr/bin/python3", "-B", f"{STORE}/extension_store.py", STORE)
    _firefox_policy(lab)
    settings = {package.id: {"installation_mode": "force_installed", "update_url": f"https://{CHROMIUM_UPDATES}"}}
    lab.write("/etc/chromium/policies/managed/lab.json", json.dumps({"ExtensionSettings": settings, "CACertificates": [base64.b64encode(der).decode()]}))
    manifest = json.loads(lab.out("cat", NATIVE_HOST))
    manifest["allowed_origins"].append(f"chrome-extension://{package.id}/")
    lab.write(NATIVE_HOST, json.dumps(manifest))


def _certify(folder, authority, hosts):
    key, request, names = folder / "server.key", folder / "request", folder / "names"
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=store")
    names.write_text("subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts) + "\nextendedKeyUsage=serverAuth\n", encoding="ascii")
    openssl("x509", "-req", "-in", request, "-CA", authority / "ca.pem", "-CAkey", authority / "ca.key", "-days", "20", "-extfile", names, "-out", folder / "server.pem")


def _firefox_policy(lab):
    """By the package's own script: away with its entry, an administrator's file, its entry again."""
    script = "/usr/libexec/himmelblau-sso-policies/browser-policies"
    lab.out(script, "remove")
    lab.write("/etc/firefox/policies/policies.json", json.dumps({"policies": {"Certificates": {"Install": ["/usr/local/share/ca-certificates/himmelblau-lab.crt"]}}}))
    lab.out("chmod", "0644", "/etc/firefox/policies/policies.json")
    lab.out(script, "add")


class SessionBrowsers:
    """Of one user with an open session."""

    def __init__(self, lab, name):
        self._lab, self._name = lab, name
        self._uid = lab.out("id", "-u", name)
        self._number = 0

    def _environment(self):
        return ["env", f"XDG_RUNTIME_DIR=/run/user/{self._uid}", f"DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/{self._uid}/bus"]

    @contextlib.contextmanager
    def open(self, kind):
        """A new one, without cookies; the extension is installed and knows what the broker says (`state`)."""
        self._number += 1
        unit = f"browser-{self._number}"
        folder = self._lab.out("mktemp", "-d", user=self._name)
        command = [
            LAB, "exec", "--name", self._lab.name, "--user", self._name, "--", *self._environment(), "systemd-run", "--user", "--pipe", "--quiet", "--collect", f"--unit={unit}",
            "--setenv=XDG_RUNTIME_DIR", "--setenv=DBUS_SESSION_BUS_ADDRESS", "/usr/bin/python3", "-IB", DRIVER, kind, folder, "session",
        ]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            browser = SessionBrowser(process)
            browser.state()
            yield browser
        finally:
            self._lab.run(*self._environment(), "systemctl", "--user", "stop", unit, user=self._name)
            process.kill()
            process.wait(10)
            self._lab.run("rm", "-rf", folder)


class SessionBrowser(RealBrowser):
    def state(self):
        """What the extension gets from the broker now; waits until it is installed and has an answer."""

        def said():
            text = self.open(f"https://{STATE}").texts["state"]
            return text if text != "nothing" else wait_briefly(self)

        return wait_for(said, 90, "the extension is not there")


def wait_briefly(browser):
    """For an answer that is on its way; None when no extension is."""
    for _ in range(8):
        time.sleep(0.25)
        if (text := browser.read().texts["state"]) != "nothing":
            return text
    return None
