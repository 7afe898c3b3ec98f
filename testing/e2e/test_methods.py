"""Each sign-in method through the real sshd: the person's first sign-in, up to a PIN that works."""

import re

import pytest

from stand import PASSWORD, PIN

DENIED = "Authentication failed. Please try again.\n"


def text_message(lab, user, door):
    door.see("We texted your phone +XX XXXXXXX42. Please enter the code to sign in:\nCode: ")
    door.say("000000")
    door.see("That code was not right.\nWe texted your phone +XX XXXXXXX42. Please enter the code to sign in:\nCode: ")
    door.say(re.findall(r"code=(\d+)", lab.tenant("sms", user.upn).stdout)[-1])


def one_time_code(lab, user, door):
    door.see("Please enter the code shown in your authenticator app:\nCode: ")
    code = lab.tenant("otp", user.upn).stdout.strip()
    door.say(f"{(int(code) + 1) % 1000000:06}")
    door.see("That code was not right.\nPlease enter the code shown in your authenticator app:\nCode: ")
    door.say(lab.tenant("otp", user.upn).stdout.strip())


def call(lab, user, door):
    door.see("We're calling your phone +XX XXXXXXX42. Please answer it to continue.\nPress enter to continue")
    user.await_prompt()
    lab.tenant("phone", "approve", user.upn)
    door.enter()


METHODS = {"OneWaySMS": text_message, "PhoneAppOTP": one_time_code, "TwoWayVoiceMobile": call}


@pytest.mark.parametrize("method", METHODS)
def test_a_second_factor_signs_in_and_sets_a_pin(lab, method):
    user = lab.person(mfa=method)
    with user.ssh() as door:
        door.password(PASSWORD)
        METHODS[method](lab, user, door)
        door.new_pin(PIN)
        door.shell()
        assert door.ask("id -un") == user.name
        assert door.leave() == 0
    with user.ssh() as door:
        door.pin(PIN)
        door.shell()
        assert door.leave() == 0


def test_three_wrong_codes_are_refused_and_leave_nothing(lab):
    user = lab.person(mfa="PhoneAppOTP")
    with user.ssh() as door:
        door.password(PASSWORD)
        before = ""
        for _ in range(3):
            door.see(before + "Please enter the code shown in your authenticator app:\nCode: ")
            door.say(f"{(int(lab.tenant('otp', user.upn).stdout) + 1) % 1000000:06}")
            before = "That code was not right.\n"
        door.password(PASSWORD, before="Too many wrong codes. Please try again.\n")
    assert lab.run("test", "-e", f"/home/{user.upn}").returncode != 0


def test_a_call_that_is_declined_is_refused(lab):
    user = lab.person(mfa="TwoWayVoiceMobile")
    with user.ssh() as door:
        door.password(PASSWORD)
        door.see("We're calling your phone +XX XXXXXXX42. Please answer it to continue.\nPress enter to continue")
        user.deny()
        door.enter()
        door.password(PASSWORD, before=DENIED)


def test_a_temporary_access_pass_signs_in_once_and_without_a_password(lab):
    user = lab.person()
    access = lab.tenant("tap", user.upn).stdout.strip()
    with user.ssh() as door:
        door.see("Please enter your Temporary Access Pass:\nCode: ")
        door.say("not-the-pass")
        door.see("That Temporary Access Pass was not right.\nPlease enter your Temporary Access Pass:\nCode: ")
        door.say(access)
        door.new_pin(PIN)
        door.shell()
        assert door.leave() == 0
    assert access not in lab.log()


def test_an_access_pass_that_was_used_is_good_for_nothing(lab):
    user = lab.person()
    access = lab.tenant("tap", user.upn).stdout.strip()
    with user.ssh() as door:
        door.see("Please enter your Temporary Access Pass:\nCode: ")
        door.say(access)
        door.see(door.SET_UP.format(length=6) + "New PIN: ")
    with user.ssh() as door:
        door.password(access)
        door.password(PASSWORD, before="Authentication failed (AADSTS50126)\n")
        user.approve(door.number())


def test_sign_in_on_the_phone_alone(lab):
    user = lab.person(mfa="RemoteNGC")
    with user.ssh() as door:
        door.see("Press enter to send a sign-in request to your phone")
        door.enter()
        number = door.terminal.match(
            re.escape(door.prefix)
            + r"Open your Authenticator app, and enter the number '(\d+)' to sign in\."
            + "\nPress enter to continue"
        )[1]
        user.approve(number)
        door.enter()
        door.new_pin(PIN)
        door.shell()
        assert door.leave() == 0


def test_a_browser_elsewhere_signs_in_with_a_device_code(another):
    lab = another("enable_experimental_mfa = false", name="e2e-code")
    user = lab.person()
    with user.ssh() as door:
        said = door.terminal.until("Press enter to continue")
        code = re.search(r"open the page https://microsoft\.com/devicelogin and enter the code (\w+) to authenticate\.", said)[1]
        assert "\u2588" in said, "a picture of the address for a phone's camera"
        lab.tenant("devicecode", "approve", code, "--user", user.upn)
        door.enter()
        door.new_pin(PIN)
        door.shell()
        assert door.leave() == 0
