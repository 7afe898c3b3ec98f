"""Users of a real Keycloak realm complete the code in Chromium, on Keycloak's own pages, and set up a one-time code there."""

import re

import pytest

from real_browser import real_browser
from running_lab import PIN
from test_new_user import totp
from test_oidc import DOMAIN, ENDED, OTHER, PASSWORD, realm, with_pin  # noqa: F401

PROMPT = r"Using a browser on another device, visit:\s+(https://\S+)\s+And enter the code:\s+(\S+)"
DONE = "Device Login Successful"


def led_to_the_page(session, browser):
    """Opens the address that the terminal shows, as somebody who types it off, and types the code."""
    address, code = session.terminal.until(PROMPT, want_match=True).groups()
    session.terminal.until("Press enter to continue")
    assert browser.open(address.partition("?")[0]).title == "Device Login"
    return browser.submit("Submit", device_user_code=code)


def password(browser, user):
    assert browser.page.title == "Sign in to your account"
    return browser.submit("Sign In", username=user, password=PASSWORD)


def consent(browser):
    assert browser.page.title == "Grant Access to hosts-corp"
    assert browser.submit("Yes").title == DONE


def new_pin(session):
    """The sign-in goes on by itself."""
    session.enter()
    for prompt in ("New PIN: ", "Confirm PIN: "):
        session.terminal.until(prompt)
        session.say(PIN)
    session.shell()
    assert session.leave() == 0


@pytest.fixture(scope="module")
def secret(realm):  # noqa: F811
    """Of the one-time codes of dave, whom the realm makes set one up at his first sign-in."""
    lab, keycloak = realm
    keycloak.admin("require-otp", "dave")
    with lab.ssh(f"dave@{DOMAIN}", timeout=240) as session, real_browser(lab, "chromium") as browser:
        led_to_the_page(session, browser)
        assert password(browser, "dave").title == "Mobile Authenticator Setup"
        found = browser.follow("Unable to scan?").texts["kc-totp-secret-key"].replace(" ", "")
        assert browser.submit("Submit", totp="000000").texts["input-error-otp-code"].strip() == "Invalid authenticator code."
        assert browser.page.texts["kc-totp-secret-key"].replace(" ", "") == found
        assert f"login.ok account=dave@{DOMAIN}" not in lab.log(), "not before the page is done"
        browser.submit("Submit", totp=totp(found), userLabel="phone")
        consent(browser)
        new_pin(session)
    return found


def test_a_user_who_sets_up_a_one_time_code_in_the_browser_signs_in_by_pin(realm, secret):  # noqa: F811
    assert "dave" in with_pin(realm[0], "dave")


def test_the_one_time_code_is_asked_for_in_the_next_browser(realm, secret):  # noqa: F811
    lab, keycloak = realm
    keycloak.admin("logout", "dave")
    with lab.ssh("dave", timeout=240) as session, real_browser(lab, "chromium") as browser:
        session.terminal.until("PIN: ")
        session.say(PIN)
        session.terminal.until(re.escape(ENDED))
        led_to_the_page(session, browser)
        password(browser, "dave")
        assert "otp" in browser.page.texts, browser.page
        browser.submit("Sign In", otp=totp(secret, later=1))
        consent(browser)
        session.enter()
        session.shell()
        assert session.leave() == 0
    assert "dave" in with_pin(lab, "dave")


def test_a_wrong_user_in_the_browser_is_refused_and_the_right_one_is_not(realm):  # noqa: F811
    lab, _ = realm
    begin = len(lab.log())
    for user in ("bob", "alice"):
        with lab.ssh(f"alice@{DOMAIN}", timeout=240) as session, real_browser(lab, "chromium") as browser:
            led_to_the_page(session, browser)
            password(browser, user)
            consent(browser)
            if user == "bob":
                session.enter()
                session.terminal.until(re.escape(OTHER))
                assert f"login.ok account=alice@{DOMAIN}" not in lab.log()[begin:]
                assert lab.run("test", "-e", f"/home/alice@{DOMAIN}").returncode != 0
            else:
                new_pin(session)
