"""Several methods of one account, and what happens to each method when it fails: refused, no response, the service gone, the user gone."""

import re
import time

import pytest

from leaks import settles, state
from running_lab import PASSWORD, PIN

HINT = "For another way to sign in, type ? and press Enter.\n"
TEXTED = "We texted your phone +XX XXXXXXX42. Please enter the code to sign in:\nCode: "
OTP = "Please enter the code shown in your authenticator app:\nCode: "
CALL = "We're calling your phone +XX XXXXXXX42. Please answer it to continue.\nPress enter to continue"
PUSH = r"Open your Authenticator app, and enter the number '(\d+)' to sign in\." + "\n" + r"No push\? Check your mobile device's internet connection\." + "\nPress enter to continue"
DENIED = "Authentication failed. Please try again.\n"
LATE = "Authentication timed out. Please try again.\n"
GONE = "Unable to reach authentication server|Network outage detected"


def code_of(lab, user):
    return re.findall(r"code=(\d+)", lab.tenant("sms", user.upn).stdout)[-1]


@pytest.fixture
def impatient(lab):
    """Requests to a phone and device codes end soon; a sign-in on the phone alone is waited for 15 s."""
    short = {"push-timeout-seconds": "4", "device-code-seconds": "4", "max-poll-attempts": "2"}
    settings = dict(re.findall(r"^(\S+) = (\S+)", lab.tenant("setting").stdout, re.MULTILINE))
    for name, value in short.items():
        lab.tenant("setting", name, value)
    yield
    for name in short:
        lab.tenant("setting", name, settings[name])


# --- several methods ----------------------------------------------------------------------------

def test_a_denied_request_leads_to_the_next_method(lab):
    user = lab.new_user(mfa="PhoneAppNotification,OneWaySMS")
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        session.terminal.match(re.escape(session.prefix + HINT) + PUSH)
        user.deny()
        session.enter()
        session.see(DENIED + TEXTED)
        session.say(code_of(lab, user))
        session.new_pin(PIN)
        session.shell()


def test_a_request_without_response_leads_to_the_next_method(lab, impatient):
    user = lab.new_user(mfa="PhoneAppNotification,PhoneAppOTP,OneWaySMS")
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        session.terminal.match(re.escape(session.prefix + HINT) + PUSH)
        session.enter()
        session.see(LATE + HINT + OTP)
        session.say("?")
        session.see("Other ways to sign in:\nWay 1: Text message (+XX XXXXXXX42)\nNumber of the way: ")
        session.say("1")
        session.terminal.until(re.escape(TEXTED))
        session.say("000000")
        session.terminal.until(re.escape("That code was not correct.\n" + TEXTED))
        session.say(code_of(lab, user))
        session.new_pin(PIN)
        session.shell()


def test_three_refusals_end_the_call_whatever_the_methods(lab):
    """And no method is left for a guess after them; nothing is sent to the phone again."""
    user = lab.new_user(mfa="PhoneAppNotification,TwoWayVoiceMobile,OneWaySMS,PhoneAppOTP")
    with user.ssh(timeout=60, level="INFO") as session:
        session.password(PASSWORD)
        session.terminal.until(PUSH)
        user.deny()
        session.enter()
        session.see(DENIED + HINT + CALL)
        user.deny()
        session.enter()
        session.see(DENIED + HINT + TEXTED)
        for code in ("000000", "000001", "000002"):
            session.say(code)
            said = session.terminal.until("Code: |Permission denied|Too many")
        session.terminal.until("Permission denied|PAM_MAXTRIES|$")
        assert session.terminal.end() != 0
        assert "authenticator app" not in session.terminal.transcript() + said
    assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0


def test_no_factor_is_left_out_after_a_refusal(another):
    """enable_sfa_fallback admits by password alone where no factor can be used, not where one was denied."""
    lab = another("enable_sfa_fallback = true", name="e2e-choice")
    lab.new_user().enrol()
    user = lab.new_user(mfa="PhoneAppNotification,TwoWayVoiceMobile")
    with user.ssh(timeout=60, level="INFO") as session:
        session.password(PASSWORD)
        session.terminal.until(PUSH)
        user.deny()
        session.enter()
        session.terminal.until(re.escape(CALL))
        user.deny()
        session.enter()
        assert "$ " not in session.terminal.until("Password: |Permission denied")


def test_a_method_of_the_administrator_comes_first(another):
    lab = another("mfa_method = PhoneAppOTP", name="e2e-choice")
    user = lab.new_user(mfa="PhoneAppNotification,PhoneAppOTP")
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        session.see(HINT + OTP)
        session.say("")
        session.see("Other ways to sign in:\nWay 1: Request to the Authenticator app (+XX XXXXXXX42)\nNumber of the way: ")
        session.say("x")
        session.terminal.until(re.escape("Number of the way: "))
        session.say("1")
        user.approve(session.terminal.until(PUSH, want_match=True)[1])
        session.enter()
        session.new_pin(PIN)
        session.shell()


def test_in_german(lab):
    user = lab.new_user(mfa="PhoneAppOTP,OneWaySMS")
    with lab.terminal("env", "LANG=de_DE.UTF-8", "pamtester", "something", user.name, "authenticate", timeout=60) as terminal:
        terminal.until("Entra-ID-Passwort: ")
        terminal.type(PASSWORD)
        terminal.until(re.escape("Um sich auf einem anderen Weg anzumelden, geben Sie ? ein"))
        terminal.until("Code: ")
        terminal.type("?")
        terminal.until(re.escape("Andere Wege der Anmeldung:\nWeg 1: SMS-Nachricht (+XX XXXXXXX42)\nNummer des Wegs: "))


# --- each method --------------------------------------------------------------------------------

def before_push(lab, user, session):
    session.password(PASSWORD)
    session.terminal.match(re.escape(session.prefix) + PUSH)
    user.await_prompt()


def before_call(lab, user, session):
    session.password(PASSWORD)
    session.see(CALL)
    user.await_prompt()


def before_text(lab, user, session):
    session.password(PASSWORD)
    session.see(TEXTED)


def before_otp(lab, user, session):
    session.password(PASSWORD)
    session.see(OTP)


def before_phone(lab, user, session):
    session.see("Press enter to send a sign-in request to your phone")
    session.enter()
    session.terminal.until("Press enter to continue")
    user.await_prompt()


def before_pass(lab, user, session):
    session.see("Please enter your Temporary Access Pass:\nCode: ")


def before_browser(lab, user, session):
    session.password(PASSWORD)
    session.terminal.until("Press enter to continue")


# What is typed at the method's prompt: Enter, or a code of six digits.
METHODS = {
    "PhoneAppNotification": (before_push, ""),
    "TwoWayVoiceMobile": (before_call, ""),
    "RemoteNGC": (before_phone, ""),
    "DeviceCode": (before_browser, ""),
    "OneWaySMS": (before_text, "123456"),
    "PhoneAppOTP": (before_otp, "123456"),
    "AccessPass": (before_pass, "not-the-pass"),
}
# Those that wait for no longer than the tenant is told.
POLLED = ("PhoneAppNotification", "TwoWayVoiceMobile", "RemoteNGC", "DeviceCode")


def at_the_method(lab, method, session_of):
    """(user, session), at the prompt of the method."""
    user = lab.new_user(mfa="" if method == "DeviceCode" else "PhoneAppNotification" if method == "AccessPass" else method)
    if method == "AccessPass":
        lab.tenant("tap", user.upn)
    session = session_of(user)
    METHODS[method][0](lab, user, session)
    return user, session


def let_nobody_in(lab, user):
    assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0
    assert f"login.ok account={user.upn}" not in lab.log()


@pytest.mark.parametrize("method", POLLED)
def test_no_response(lab, impatient, method):
    user, session = at_the_method(lab, method, lambda user: user.ssh(timeout=60))
    with session:
        session.enter()
        session.terminal.until("Authentication timed out. Please try again.|AADSTS")
        session.terminal.until("Password: |Press enter|Code: ")
    let_nobody_in(lab, user)


def test_a_sign_in_on_the_phone_alone_that_is_denied(lab):
    user, session = at_the_method(lab, "RemoteNGC", lambda user: user.ssh(timeout=60))
    with session:
        user.deny()
        session.enter()
        session.terminal.until(re.escape(DENIED))
    let_nobody_in(lab, user)


@pytest.mark.parametrize("method", METHODS)
def test_the_service_goes_away_midway(lab, method):
    user, session = at_the_method(lab, method, lambda user: user.ssh(timeout=90, level="INFO"))
    with session:
        with lab.offline():
            session.say(METHODS[method][1])
            session.terminal.until(GONE)
            assert "$ " not in session.terminal.transcript()
    let_nobody_in(lab, user)


@pytest.mark.parametrize("method", METHODS)
def test_the_user_goes_away_midway(lab, method):
    before = state(lab)
    user, session = at_the_method(lab, method, lambda user: user.ssh(timeout=60))
    session.terminal.close()
    settles(lab, before)
    let_nobody_in(lab, user)


def test_the_user_of_a_choice_goes_away(lab):
    before = state(lab)
    user = lab.new_user(mfa="PhoneAppOTP,OneWaySMS")
    with user.ssh(timeout=60) as session:
        session.password(PASSWORD)
        session.see(HINT + OTP)
        session.say("?")
        session.terminal.until("Number of the way: ")
    settles(lab, before)
    let_nobody_in(lab, user)


@pytest.fixture
def forgetful(lab):
    """The service forgets a sign-in under way after some seconds."""
    before = dict(re.findall(r"^(\S+) = (\S+)", lab.tenant("setting").stdout, re.MULTILINE))["flow-seconds"]
    lab.tenant("setting", "flow-seconds", "6")
    yield
    lab.tenant("setting", "flow-seconds", before)


@pytest.mark.parametrize("method", ["OneWaySMS", "PhoneAppOTP"])
def test_a_code_that_is_typed_too_late(lab, forgetful, method):
    user, session = at_the_method(lab, method, lambda user: user.ssh(timeout=60))
    with session:
        code = code_of(lab, user) if method == "OneWaySMS" else METHODS[method][1]
        time.sleep(8)
        session.say(code)
        session.terminal.until(re.escape(LATE))
        session.terminal.until("Password: ")
    let_nobody_in(lab, user)
