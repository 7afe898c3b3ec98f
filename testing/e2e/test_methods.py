"""Each sign-in method through the real sshd: the user's first sign-in, up to a PIN that works."""

import re

import pytest

from running_lab import PASSWORD, PIN

DENIED = "Authentication failed. Please try again.\n"


def text_message(lab, user, session):
    session.see("We texted your phone +XX XXXXXXX42. Please enter the code to sign in:\nCode: ")
    session.say("000000")
    session.see("That code was not correct.\nWe texted your phone +XX XXXXXXX42. Please enter the code to sign in:\nCode: ")
    session.say(re.findall(r"code=(\d+)", lab.tenant("sms", user.upn).stdout)[-1])


def one_time_code(lab, user, session):
    session.see("Please enter the code shown in your authenticator app:\nCode: ")
    code = lab.tenant("otp", user.upn).stdout.strip()
    session.say(f"{(int(code) + 1) % 1000000:06}")
    session.see("That code was not correct.\nPlease enter the code shown in your authenticator app:\nCode: ")
    session.say(lab.tenant("otp", user.upn).stdout.strip())


def call(lab, user, session):
    session.see("We're calling your phone +XX XXXXXXX42. Please answer it to continue.\nPress enter to continue")
    user.await_prompt()
    lab.tenant("phone", "approve", user.upn)
    session.enter()


METHODS = {"OneWaySMS": text_message, "PhoneAppOTP": one_time_code, "TwoWayVoiceMobile": call}


@pytest.mark.parametrize("method", METHODS)
def test_a_second_factor_signs_in_and_sets_a_pin(lab, method):
    user = lab.new_user(mfa=method)
    with user.ssh() as session:
        session.password(PASSWORD)
        METHODS[method](lab, user, session)
        session.new_pin(PIN)
        session.shell()
        assert session.ask("id -un") == user.name
        assert session.leave() == 0
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()
        assert session.leave() == 0


def test_three_wrong_codes_are_refused_and_leave_nothing(lab):
    user = lab.new_user(mfa="PhoneAppOTP")
    with user.ssh() as session:
        session.password(PASSWORD)
        before = ""
        for off in (1, 2, 3):
            session.see(before + "Please enter the code shown in your authenticator app:\nCode: ")
            session.say(f"{(int(lab.tenant('otp', user.upn).stdout) + off) % 1000000:06}")
            before = "That code was not correct.\n"
        session.password(PASSWORD, before="Too many wrong codes. Please try again.\n")
    assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0


def test_a_call_that_is_declined_is_refused(lab):
    user = lab.new_user(mfa="TwoWayVoiceMobile")
    with user.ssh() as session:
        session.password(PASSWORD)
        session.see("We're calling your phone +XX XXXXXXX42. Please answer it to continue.\nPress enter to continue")
        user.deny()
        session.enter()
        session.password(PASSWORD, before=DENIED)


def test_a_temporary_access_pass_signs_in_once_and_without_a_password(lab):
    user = lab.new_user()
    access = lab.tenant("tap", user.upn).stdout.strip()
    with user.ssh() as session:
        session.see("Please enter your Temporary Access Pass:\nCode: ")
        session.say("not-the-pass")
        session.see("That Temporary Access Pass was not correct.\nPlease enter your Temporary Access Pass:\nCode: ")
        session.say(access)
        session.new_pin(PIN)
        session.shell()
        assert session.leave() == 0
    assert access not in lab.log()


def test_an_access_pass_that_was_used_is_good_for_nothing(lab):
    user = lab.new_user()
    access = lab.tenant("tap", user.upn).stdout.strip()
    with user.ssh() as session:
        session.see("Please enter your Temporary Access Pass:\nCode: ")
        session.say(access)
        session.see(session.SET_UP.format(length=6) + "New PIN: ")
    with user.ssh() as session:
        session.password(access)
        session.password(PASSWORD, before="Authentication failed (AADSTS50126)\n")
        user.approve(session.number())


def test_sign_in_on_the_phone_alone(lab):
    user = lab.new_user(mfa="RemoteNGC")
    with user.ssh() as session:
        session.see("Press enter to send a sign-in request to your phone")
        session.enter()
        number = session.terminal.match(
            re.escape(session.prefix)
            + r"Open your Authenticator app, and enter the number '(\d+)' to sign in\."
            + "\nPress enter to continue"
        )[1]
        user.approve(number)
        session.enter()
        session.new_pin(PIN)
        session.shell()
        assert session.leave() == 0


def test_a_browser_elsewhere_signs_in_with_a_device_code(another):
    lab = another("enable_experimental_mfa = false", name="e2e-code")
    user = lab.new_user()
    with user.ssh() as session:
        said = session.terminal.until("Press enter to continue")
        code = re.search(r"open the page https://microsoft\.com/devicelogin and enter the code (\w+) to authenticate\.", said)[1]
        assert "\u2588" in said, "a picture of the address for a phone's camera"
        lab.tenant("devicecode", "approve", code, "--user", user.upn)
        session.enter()
        session.new_pin(PIN)
        session.shell()
        assert session.leave() == 0
