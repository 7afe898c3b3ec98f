"""The web page that plays the phone, over HTTP as a browser speaks it: shows what waits, takes the number."""

import http.client
import json
import re
import socket

import pytest

from running_lab import PASSWORD, PIN


class Browser(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._path)

    def request(self, *arguments, **options):
        self.close()  # a refusal may leave the rest of a request unread
        super().request(*arguments, **options)

    def get(self, path):
        self.request("GET", path)
        reply = self.getresponse()
        return reply.status, reply.read().decode()

    def post(self, path, body, kind="application/json"):
        self.request("POST", path, body if isinstance(body, str) else json.dumps(body), {"Content-Type": kind})
        reply = self.getresponse()
        return reply.status, json.loads(reply.read())


@pytest.fixture
def browser(lab):
    browser = Browser(f"/run/himmelblau-lab/{lab.name}/tenant/admin")
    yield browser
    browser.close()


def prompts_of(browser, user):
    status, everything = browser.post("/api/phone-all", {})
    assert status == 200
    return [prompt for prompt in everything["prompts"] if prompt["upn"] == user.upn]


def test_the_page_asks_for_what_the_service_offers(browser):
    status, page = browser.get("/")
    assert status == 200 and "<title>Phone</title>" in page
    assert 'api("phone-all")' in page
    for command in ("phone-all", "phone-approve", "phone-deny"):
        assert command in page or re.search(rf'"phone-" \+ kind.*answer\("{command[6:]}"', page, re.DOTALL), command
        assert browser.post(f"/api/{command}", {})[0] != 404, command


def test_a_number_typed_on_the_page_lets_the_user_in(lab, browser):
    user = lab.new_user()
    with user.ssh() as session:
        session.password(PASSWORD)
        number = session.number()
        user.await_prompt()
        (prompt,) = prompts_of(browser, user)
        assert prompt["needsNumber"] and prompt["method"] == "PhoneAppNotification"
        assert set(prompt) == {"upn", "method", "created", "needsNumber"}, "the phone does not know the number; the user types it"
        status, said = browser.post("/api/phone-approve", {"upn": user.upn, "number": number})
        assert (status, said) == (200, "approved")
        assert prompts_of(browser, user) == []
        session.enter()
        session.new_pin(PIN)
        session.shell()


@pytest.mark.parametrize("answer", ["wrong number", "deny"])
def test_a_refusal_on_the_page(lab, browser, answer):
    user = lab.new_user()
    with user.ssh() as session:
        session.password(PASSWORD)
        number = int(session.number())
        user.await_prompt()
        if answer == "deny":
            status, _ = browser.post("/api/phone-deny", {"upn": user.upn})
        else:
            status, _ = browser.post("/api/phone-approve", {"upn": user.upn, "number": str((number + 1) % 90 + 10)})
        assert status == 200 or answer == "wrong number"
        session.enter()
        session.see("Authentication failed. Please try again.\n" + session.PASSWORD)
        assert prompts_of(browser, user) == []


def test_what_is_no_answer_changes_nothing(lab, browser):
    user = lab.new_user()
    with user.ssh() as session:
        session.password(PASSWORD)
        number = session.number()
        user.await_prompt()
        # A form of another page: the browser would send it without asking first.
        assert browser.post("/api/phone-approve", f"upn={user.upn}&number={number}", "application/x-www-form-urlencoded")[0] == 415
        assert browser.post("/api/phone-approve", json.dumps({"upn": user.upn, "number": number}), "text/plain")[0] == 415
        for body in ({}, {"upn": "nobody@nowhere.example"}, {"upn": user.upn, "number": "many"}, "{", "[]"):
            assert browser.post("/api/phone-approve", body)[0] == 400, body
        assert browser.get("/api/phone-all")[0] == 404
        assert len(prompts_of(browser, user)) == 1
        user.approve(number)
