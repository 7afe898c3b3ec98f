"""Chromium and Firefox in the session of a user who signed in by PIN, with the policies and the native messaging host of our packages: signed in to web pages without a question, until that ends."""

import subprocess

import pytest

from conftest import here
from real_host import sign_in
from running_lab import LAB, RunningLab
from session_browser import OS, STORE, SessionBrowsers, prepare

APP = "https://myapps.microsoft.com/"
SIGNED_IN = "single sign-on"
kinds = pytest.mark.parametrize("kind", ["chromium", "firefox"])


@pytest.fixture(scope="module")
def lab(conf):
    # The root takes minutes when it has to be made first.
    subprocess.run([LAB, "prepare", "--os", OS], stdout=subprocess.DEVNULL, check=True)
    running_lab = RunningLab(here("e2e-sso-browsers"), conf(), os=OS)
    running_lab.lab("down", check=False)
    yield running_lab.up()
    running_lab.down()


@pytest.fixture(scope="module")
def prepared(lab):
    prepare(lab)


@pytest.fixture(scope="module")
def user(lab):
    """With an open session, after a sign-in by PIN over SSH."""
    user = lab.new_user(local="alice").enrol()
    with sign_in(user):
        yield user


@pytest.fixture(scope="module")
def browsers(lab, user, prepared):
    return SessionBrowsers(lab, user.name)


def sign_in_again(user):
    with sign_in(user) as session:
        session.leave()


def is_in(browser, user):
    return browser.open(APP).texts.get("who") == user.upn


def is_asked(browser):
    return browser.open(APP).title == "Sign in"


def user_manager(lab, user, *words):
    uid = lab.out("id", "-u", user.name)
    lab.out("env", f"XDG_RUNTIME_DIR=/run/user/{uid}", "systemctl", "--user", *words, user=user.name)


@kinds
def test_in_without_a_question(lab, user, browsers, kind):
    session = lab.out("sh", "-c", f"loginctl show-session -p Service -p Class -p State $(loginctl show-user -P Sessions {user.name})")
    assert {"Service=sshd", "Class=user", "State=active"} <= set(session.splitlines())
    with browsers.open(kind) as browser:
        assert browser.state() == SIGNED_IN
        assert is_in(browser, user)
        assert browser.page.texts["device"] in lab.tenant("device", "list").stdout
        assert browser.open(APP + "?prompt=login").title == "Sign in", "an application may ask all the same"


def test_chromium_looks_for_the_extension_of_the_packages_policy(lab, browsers):
    """Only its publisher can sign it, so that here it finds nothing."""
    with browsers.open("chromium"):
        assert "jlnfnnolkbjieggibinobhkjdfbpcohn" in lab.out("cat", f"{STORE}/log")


@kinds
def test_asked_while_the_broker_is_stopped(lab, user, browsers, kind):
    user_manager(lab, user, "mask", "--runtime", "--now", "himmelblau-broker.service")
    try:
        with browsers.open(kind) as browser:
            assert browser.state().startswith("none: ")
            assert is_asked(browser)
            user_manager(lab, user, "unmask", "--runtime", "himmelblau-broker.service")
            assert browser.state() == SIGNED_IN
            assert is_in(browser, user)
    finally:
        user_manager(lab, user, "unmask", "--runtime", "himmelblau-broker.service")


@kinds
def test_asked_after_the_sign_out(lab, user, browsers, kind):
    """The browser has a session of its own, which single sign-on leaves alone; who signs out of it is asked from then on."""
    with browsers.open(kind) as browser:
        assert is_in(browser, user)
        lab.out("aad-tool", "sso", "forget", "--name", user.name)
        assert browser.state() == "none: Failed to fetch prt sso cookie"
        assert is_in(browser, user)
        assert browser.open(APP + "signout").texts["message"] == "You signed out of My Apps"
        assert is_asked(browser)
        sign_in_again(user)
        assert browser.state() == SIGNED_IN
        assert is_in(browser, user)


@kinds
def test_a_sign_out_of_the_pages_alone_ends_with_the_next_page(user, browsers, kind):
    with browsers.open(kind) as browser:
        assert is_in(browser, user)
        assert browser.open(APP + "signout").texts["message"] == "You signed out of My Apps"
        assert is_in(browser, user)


@kinds
def test_asked_after_a_revocation(lab, user, browsers, kind):
    with browsers.open(kind) as browser:
        assert is_in(browser, user)
        lab.tenant("revoke", user.upn)
        assert not is_in(browser, user)
    with browsers.open(kind) as browser:
        assert not is_in(browser, user)
    sign_in_again(user)
    with browsers.open(kind) as browser:
        assert is_in(browser, user)


def test_asked_after_the_device_is_deleted(lab, user, browsers):
    with browsers.open("chromium") as browser:
        assert is_in(browser, user)
        lab.tenant("device", "del", browser.page.texts["device"])
        assert not is_in(browser, user)
    for kind in ("chromium", "firefox"):
        with browsers.open(kind) as browser:
            assert not is_in(browser, user)
