"""Each way in which a sign-in is refused: the message, the PAM code, and nothing left half done."""

import re
import time

import pytest

from stand import DOMAIN, PASSWORD, PIN, Door, Person


@pytest.fixture(scope="module", autouse=True)
def services(lab):
    """PAM services that show the module's own code, with and without ignore_unknown_user."""
    lab.write("/etc/pam.d/e2e", "auth required pam_himmelblau.so mfa_poll_prompt\naccount required pam_himmelblau.so\n")
    lab.write(
        "/etc/pam.d/e2e-ignore",
        "auth [ignore=1 default=die] pam_himmelblau.so ignore_unknown_user\nauth requisite pam_deny.so\n"
        "auth required pam_permit.so\n",
    )


def reason(door):
    """What stands above the password prompt that comes again; leaves it there."""
    text = door.terminal.peek(re.escape("Use the password for your Office 365"))
    said = text.split(door.prefix, 1)[-1]
    assert said.strip(), "a refusal says why"
    return said


def has_no_pin(lab, user):
    with user.ssh() as door:
        door.see(Door.PASSWORD)


def refused_with(lab, user, service="e2e"):
    """The text of the PAM code for somebody who types nothing."""
    done = lab.run("pamtester", service, user, "authenticate")
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def test_wrong_password(lab):
    user = lab.person()
    with user.ssh() as door:
        wrong = "Authentication failed (AADSTS50126)\n"
        door.password("not the password")
        door.password(PASSWORD + "x", before=wrong)
        door.password(PASSWORD, before=wrong)
        number = door.number()
        assert number


def test_denied_on_the_phone(lab):
    user = lab.person()
    with user.ssh() as door:
        door.password(PASSWORD)
        door.number()
        user.deny()
        door.enter()
        assert reason(door) == "Authentication failed. Please try again.\n"
    has_no_pin(lab, user)


def test_wrong_number(lab):
    user = lab.person()
    with user.ssh() as door:
        door.password(PASSWORD)
        number = door.number()
        user.approve(f"{(int(number) + 1) % 90 + 10:02d}")
        door.enter()
        assert reason(door) == "Authentication failed. Please try again.\n"
    has_no_pin(lab, user)


def test_the_phone_is_not_answered(lab):
    lab.tenant("setting", "push-timeout-seconds", "3")
    try:
        user = lab.person()
        with user.ssh(timeout=30) as door:
            door.password(PASSWORD)
            door.number()
            door.enter()
            assert "Authentication timed out. Please try again." in reason(door)
    finally:
        lab.tenant("setting", "push-timeout-seconds", "60")
    has_no_pin(lab, user)


def test_the_service_is_asked_no_more_often_than_its_page_allows(lab):
    """The phone still rings, but the attempts are used up: then the sign-in is over, before the time-out."""
    lab.tenant("setting", "max-poll-attempts", "2")
    try:
        user = lab.person()
        asked = len(lab.requests())
        with user.ssh(timeout=30) as door:
            door.password(PASSWORD)
            door.number()
            begin = time.monotonic()
            door.enter()
            assert reason(door) == "Authentication timed out. Please try again.\n"
            assert 1.5 < time.monotonic() - begin < 15
        polls = [entry for entry in lab.requests()[asked:] if entry["path"].endswith("/SAS/EndAuth")]
        assert len(polls) == 3, "the first one is number 0"
    finally:
        lab.tenant("setting", "max-poll-attempts", "60")
    user.deny()
    has_no_pin(lab, user)


def test_pin_confirmation_differs_then_fits(lab):
    user = lab.person()
    with user.ssh() as door:
        door.password(PASSWORD)
        user.approve(door.number())
        door.enter()
        door.new_pin(PIN, confirm="471126")
        door.new_pin(PIN, before="Inputs did not match. Try again.\n")
        door.shell()
    with user.ssh() as door:
        door.pin(PIN)
        door.shell()


@pytest.mark.parametrize(
    "pin, message",
    [
        ("12345", "Chosen pin is too short! 6 chars required."),
        (
            "123456",
            "PIN must not use repeating or predictable sequences. Avoid patterns like '111111', '123456', or '135791'.",
        ),
    ],
)
def test_pins_that_are_not_good_enough(lab, pin, message):
    user = lab.person()
    with user.ssh() as door:
        door.password(PASSWORD)
        user.approve(door.number())
        door.enter()
        door.see(Door.SET_UP.format(length=6) + "New PIN: ")
        door.say(pin)
        text = door.terminal.until(re.escape("New PIN: "))
        assert message in text.replace("\n", " ") or message in text
    has_no_pin(lab, user)


def test_pin_of_somebody_else(lab, enrolled):
    user = lab.person().enrol(pin="918273")
    with user.ssh() as door:
        door.pin(PIN)
        door.pin("918273", before="Failed to authenticate with Hello PIN.\n")
        door.shell()
    with enrolled.ssh() as door:
        door.pin("918273")
        door.pin(PIN, before="Failed to authenticate with Hello PIN.\n")
        door.shell()


def test_unknown_user_by_pam_code(lab):
    assert "User not known" in refused_with(lab, "nobody-here")
    assert "User not known" in refused_with(lab, f"nobody-here@{DOMAIN}")


def test_unknown_user_with_ignore_unknown_user(lab):
    assert "successfully authenticated" in refused_with(lab, "nobody-here", "e2e-ignore")


def test_local_user_is_left_to_pam_unix(lab):
    assert "User not known" in refused_with(lab, "root")
    assert "successfully authenticated" in refused_with(lab, "root", "e2e-ignore")


def test_user_of_another_tenant(lab):
    other = "user02@example.onmicrosoft.com"
    assert lab.run("getent", "passwd", other).returncode == 2
    assert "User not known" in refused_with(lab, other)
    before = len(lab.requests())
    with lab.ssh(other) as door:
        door.terminal.until(r"Password: ")
        door.say(PASSWORD)
        door.terminal.until(r"Password: ")
    asked = lab.requests()[before:]
    assert not [entry for entry in asked if PASSWORD in str(entry)], "the password went out to a tenant that is not ours"


def test_the_prompt_is_cancelled(lab):
    """An empty answer at the PIN: the failure banner, and PAM_ABORT."""
    user = lab.person().enrol()
    with Door(lab.terminal("pamtester", "e2e", user.name, "authenticate")) as door:
        door.pin("")
        text = door.terminal.until("pamtester: .*")
        assert "No Entra Id Hello PIN was supplied." in text
        assert "If you are now prompted for a password from pam_unix, please disregard the prompt" in text
        assert "Critical error" in door.terminal.transcript()


def test_a_closed_window_leaves_nothing(lab):
    user = lab.person()
    for stage in range(3):
        with user.ssh() as door:
            door.see(Door.PASSWORD)
            if stage > 0:
                door.say(PASSWORD)
                number = door.number()
            if stage > 1:
                user.approve(number)
                door.enter()
                door.see(Door.SET_UP.format(length=6) + "New PIN: ")
        if stage == 1:
            user.deny()  # the service lets nobody have two prompts at once
    user.enrol()


def test_access_list_ends_the_sign_in(another):
    """Also after a right PIN; by object id and UPN, in any letter case, never by a group's name."""
    lab = another("pam_allow_groups = USER01@0pndv.onmicrosoft.com\n")
    lab.await_name("user01")
    lab.await_name("user02")
    allowed = Person(lab, "user01", f"user01@{DOMAIN}", PASSWORD)
    allowed.enrol()
    denied = Person(lab, "user02", f"user02@{DOMAIN}", PASSWORD)
    with denied.ssh() as door:
        door.password(PASSWORD)
        denied.approve(door.number())
        door.enter()
        door.new_pin(PIN)
        assert door.terminal.end() == 255
        assert "$ " not in door.terminal.transcript()
    assert lab.run("getent", "passwd", "user02").returncode == 0


def test_without_a_domain_nobody_signs_in(another):
    """The daemon does not even start, and says what to do."""
    with pytest.raises(AssertionError, match=r"No domain is configured.*Set domain"):
        another(domain=None, name="e2e-none")


def test_refusals_are_not_instant(lab, enrolled):
    """Two seconds before the next try, so that guessing at a prompt is slow."""
    with enrolled.ssh() as door:
        door.pin("000111")
        begin = time.monotonic()
        door.pin(PIN, before="Failed to authenticate with Hello PIN.\n")
        assert time.monotonic() - begin > 1.5
        door.shell()
