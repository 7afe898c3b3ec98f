"""The story of a new user with real browsers, Chromium and Firefox: every page of the tenant that a new user sees, and the codes read off the screen."""

import contextlib
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from real_browser import real_browser
from running_lab import PIN
from test_new_user import (  # noqa: F401
    CHOSEN, ENDED, INITIAL, change_password, device_code, finish, fresh, new_user, sign_in, signs_in_with_pin, totp,
)

kinds = pytest.mark.parametrize("kind", ["chromium", "firefox"])


@contextlib.contextmanager
def first_sign_in(lab, user, kind):
    """The whole of it but the set-up of the second factor, which the caller does in the browser."""
    with user.ssh(timeout=90) as session, real_browser(lab, kind) as browser:
        session.password(INITIAL)
        address, code = device_code(session)
        session.terminal.until("Press enter to continue")
        sign_in(browser, user, address, code, INITIAL)
        change_password(browser)
        yield browser
        finish(browser)
        session.enter()
        session.new_pin(PIN)
        session.shell()
        assert session.leave() == 0


@kinds
def test_a_new_user_and_an_authenticator_app(fresh, kind):  # noqa: F811
    lab = fresh()
    user = new_user(lab)
    with first_sign_in(lab, user, kind) as browser:
        browser.submit("I want to use a different authenticator app")
        link = urlsplit(browser.qr_code())
        secret = parse_qs(link.query)["secret"][0]
        assert (link.scheme, secret) == ("otpauth", browser.page.texts["secret"])
        browser.submit("Next", otc="000000")
        assert browser.page.texts["text"].startswith("Wrong code")
        browser.submit("Next", otc=totp(secret))
    signs_in_with_pin(user)

    lab.tenant("revoke", user.upn)
    with user.ssh(timeout=90) as session, real_browser(lab, kind) as browser:
        session.pin(PIN)
        before = session.terminal.until(re.escape("Press enter to continue"))
        assert ENDED in before
        address, code = re.search(r"open the page (\S+) and enter the code (\w+) to authenticate", before).groups()
        sign_in(browser, user, address, code, CHOSEN)
        assert browser.page.title == "Verify your identity"
        browser.submit("Use a code of my authenticator app")
        browser.submit("Next", otc=totp(secret, later=1))
        assert browser.page.texts["message"].startswith("You have signed in")
        session.enter()
        session.shell()
        assert session.leave() == 0
    signs_in_with_pin(user)


@kinds
def test_a_new_user_and_microsofts_app(fresh, kind):  # noqa: F811
    lab = fresh()
    user = new_user(lab)
    with first_sign_in(lab, user, kind) as browser:
        browser.submit("Microsoft Authenticator")
        assert browser.qr_code() == browser.page.texts["link"]
        browser.submit("Next")
        user.approve(browser.page.texts["number"])
        browser.submit("Next")
    signs_in_with_pin(user)
