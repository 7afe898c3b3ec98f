#!/usr/bin/python3 -IB
"""Drives a real browser without a screen, in the network of a lab. Usage: browser_driver.py chromium|firefox FOLDER [session]

session: inside the lab, as a program of a user's session, with the host's names, trust, policies and extensions. Without: as somebody else's browser.

One command for each line on standard input, as JSON: ["open", ADDRESS], ["submit", BUTTON, {FIELD: TEXT}], ["read"], ["picture"] (PNG as base64).
The answer is one line: {"title": …, "texts": {ID: TEXT}}, {"picture": …}, or {"error": …}. Chromium is driven by chromedriver (W3C WebDriver), Firefox by its own
Marionette protocol, whose commands are those of WebDriver.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time

WAIT = 30
# All names are the tenant's, which answers on the loopback address with the lab's own certificate.
CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server", "--window-size=1200,1000"]
CHROMIUM_ELSEWHERE = ["--host-resolver-rules=MAP * 127.0.0.1"]
# Chromedriver has no extension installed otherwise.
CHROMIUM_SESSION = ["disable-background-networking"]
# An extension without a signature, which this build of Firefox allows.
FIREFOX_SESSION = """
user_pref("xpinstall.signatures.required", false);
user_pref("extensions.install.requireBuiltInCerts", false);
"""
# The names are the tenant's in the host's own table, too, which Firefox does not always find while it has no network but the loopback one.
FIREFOX = """
user_pref("network.dns.localDomains", "microsoft.com,www.microsoft.com,login.microsoftonline.com,mysignins.microsoft.com,myapps.microsoft.com,aka.ms");
user_pref("network.proxy.type", 0);
user_pref("network.captive-portal-service.enabled", false);
user_pref("app.update.auto", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("marionette.port", 2828);
"""
READ = """
const texts = {};
for (const element of document.querySelectorAll('[id]')) texts[element.id] = element.textContent;
return {title: document.querySelector('h1')?.textContent ?? '', texts, buttons: [...document.querySelectorAll('input[type=submit]')].map(b => b.value)};
"""
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Chromium:
    """By chromedriver's HTTP interface (W3C WebDriver)."""

    def __init__(self, folder, session):
        options = {"args": CHROMIUM, "excludeSwitches": CHROMIUM_SESSION} if session else {"args": CHROMIUM + CHROMIUM_ELSEWHERE}
        wanted = {"browserName": "chrome", "acceptInsecureCerts": not session, "goog:chromeOptions": options}
        environment = place(folder)
        with open(f"{folder}/log", "wb") as log:
            subprocess.Popen(["chromedriver", "--port=9515"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        connect(9515).close()
        self.session = ""
        self.session = "/" + self.call("POST", "", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def call(self, verb, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", 9515, timeout=120)
        connection.request(verb, f"/session{self.session}{path}", json.dumps(body) if verb == "POST" else None, {"Content-Type": "application/json"})
        value = json.loads(connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise LookupError(value["message"].splitlines()[0])
        return value

    def navigate(self, address):
        self.call("POST", "/url", {"url": address})

    def find(self, path):
        return self.call("POST", "/element", {"using": "xpath", "value": path})[ELEMENT]

    def type(self, element, text):
        self.call("POST", f"/element/{element}/value", {"text": text})

    def click(self, element):
        self.call("POST", f"/element/{element}/click", {})

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def picture(self):
        return self.call("GET", "/screenshot")


class Firefox:
    """By Marionette: messages with their length in front, as JSON arrays."""

    def __init__(self, folder, session):
        profile = f"{folder}/profile"
        os.mkdir(profile)
        with open(f"{profile}/user.js", "w", encoding="ascii") as file:
            file.write(FIREFOX + (FIREFOX_SESSION if session else ""))
        environment = place(folder) | {"MOZ_HEADLESS": "1", "MOZ_HEADLESS_WIDTH": "1200", "MOZ_HEADLESS_HEIGHT": "1000"}
        with open(f"{folder}/log", "wb") as log:
            subprocess.Popen(["firefox-esr", "--marionette", "--no-remote", "--profile", profile], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        self.stream = connect(2828).makefile("rwb")
        self.receive()
        self.number = 0
        self.call("WebDriver:NewSession", {"acceptInsecureCerts": not session})

    def receive(self):
        length = b""
        while not length.endswith(b":"):
            length += self.stream.read(1) or b":"
        return json.loads(self.stream.read(int(length[:-1])))

    def call(self, command, parameters):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters]).encode()
        self.stream.write(b"%d:%s" % (len(text), text))
        self.stream.flush()
        _, _, error, value = self.receive()
        if error:
            raise LookupError(error["message"])
        return value

    def navigate(self, address):
        self.call("WebDriver:Navigate", {"url": address})

    def find(self, path):
        return self.call("WebDriver:FindElement", {"using": "xpath", "value": path})["value"][ELEMENT]

    def type(self, element, text):
        self.call("WebDriver:ElementSendKeys", {"id": element, "text": text})

    def click(self, element):
        self.call("WebDriver:ElementClick", {"id": element})

    def run(self, script):
        return self.call("WebDriver:ExecuteScript", {"script": script, "args": []})["value"]

    def picture(self):
        return self.call("WebDriver:TakeScreenshot", {"full": False})["value"]


def place(folder):
    """The environment of a browser that keeps all its files there."""
    return {"PATH": "/usr/bin:/bin", "HOME": folder, "TMPDIR": folder, **{name: os.environ[name] for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS") if name in os.environ}}


def connect(port):
    end = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=120)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def submit(browser, button, fields):
    pressed = f"input[@type='submit' and @value='{button}']"
    for name, text in fields.items():
        browser.type(browser.find(f"//form[.//{pressed}]//input[@name='{name}']"), text)
    browser.run("window.before = true")
    browser.click(browser.find(f"//{pressed}"))
    end = time.monotonic() + WAIT
    while browser.run("return window.before === true || document.readyState !== 'complete'"):
        if time.monotonic() > end:
            raise LookupError(f"no new page after {button!r}")
        time.sleep(0.1)


def main(kind, folder, *session):
    browser = {"chromium": Chromium, "firefox": Firefox}[kind](folder, bool(session))
    for line in sys.stdin:
        command, *words = json.loads(line)
        try:
            if command == "picture":
                browser.run("document.querySelector('svg')?.scrollIntoView({block: 'center'})")
                answer = {"picture": browser.picture()}
            elif command == "read":
                answer = browser.run(READ)
            else:
                (browser.navigate if command == "open" else lambda *given: submit(browser, *given))(*words)
                answer = browser.run(READ)
        except LookupError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
