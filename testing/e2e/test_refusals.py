"""Each kind of refusal: the message, the PAM code, and no incomplete step."""

import re
import time

import pytest

from running_lab import DOMAIN, PASSWORD, PIN, TerminalSession, User


@pytest.fixture(scope="module", autouse=True)
def services(lab):
    """PAM services that show the module's own code, with and without ignore_unknown_user."""
    lab.write("/etc/pam.d/e2e", "auth required pam_himmelblau.so mfa_poll_prompt\naccount required pam_himmelblau.so\n")
    lab.write(
        "/etc/pam.d/e2e-ignore",
        "auth [ignore=1 default=die] pam_himmelblau.so ignore_unknown_user\nauth requisite pam_deny.so\n"
        "auth required pam_permit.so\n",
    )


def reason(session):
    """What stands above the password prompt that comes again; leaves it there."""
    text = session.terminal.peek(re.escape("Use the password for your Office 365"))
    said = text.split(session.prefix, 1)[-1]
    assert said.strip(), "a refusal says why"
    return said


def has_no_pin(lab, user):
    with user.ssh() as session:
        session.see(TerminalSession.PASSWORD)


def refused_with(lab, user, service="e2e"):
    """The text of the PAM code for a user who types nothing."""
    done = lab.run("pamtester", service, user, "authenticate")
    return (done.stdout + done.stderr).strip().splitlines()[-1]


def test_wrong_password(lab):
    user = lab.new_user()
    with user.ssh() as session:
        wrong = "Authentication failed (AADSTS50126)\n"
        session.password("not the password")
        session.password(PASSWORD + "x", before=wrong)
        session.password(PASSWORD, before=wrong)
        number = session.number()
        assert number


def test_denied_on_the_phone(lab):
    user = lab.new_user()
    with user.ssh() as session:
        session.password(PASSWORD)
        session.number()
        user.deny()
        session.enter()
        assert reason(session) == "Authentication failed. Please try again.\n"
    has_no_pin(lab, user)


def test_wrong_number(lab):
    user = lab.new_user()
    with user.ssh() as session:
        session.password(PASSWORD)
        number = session.number()
        user.approve(f"{(int(number) + 1) % 90 + 10:02d}")
        session.enter()
        assert reason(session) == "Authentication failed. Please try again.\n"
    has_no_pin(lab, user)


def test_the_phone_is_not_answered(lab):
    lab.tenant("setting", "push-timeout-seconds", "3")
    try:
        user = lab.new_user()
        with user.ssh(timeout=30) as session:
            session.password(PASSWORD)
            session.number()
            session.enter()
            assert "Authentication timed out. Please try again." in reason(session)
    finally:
        lab.tenant("setting", "push-timeout-seconds", "60")
    has_no_pin(lab, user)


def test_the_service_is_asked_no_more_often_than_its_page_allows(lab):
    """The phone still rings, but the attempts are used up: then the sign-in is over, before the time-out."""
    lab.tenant("setting", "max-poll-attempts", "2")
    try:
        user = lab.new_user()
        asked = len(lab.requests())
        with user.ssh(timeout=30) as session:
            session.password(PASSWORD)
            session.number()
            begin = time.monotonic()
            session.enter()
            assert reason(session) == "Authentication timed out. Please try again.\n"
            assert 1.5 < time.monotonic() - begin < 15
        polls = [entry for entry in lab.requests()[asked:] if entry["path"].endswith("/SAS/EndAuth")]
        assert len(polls) == 3, "the first one is number 0"
    finally:
        lab.tenant("setting", "max-poll-attempts", "60")
    user.deny()
    has_no_pin(lab, user)


def test_pin_confirmation_differs_then_fits(lab):
    user = lab.new_user()
    with user.ssh() as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.new_pin(PIN, confirm="471126")
        session.new_pin(PIN, before="Inputs did not match. Try again.\n")
        session.shell()
    with user.ssh() as session:
        session.pin(PIN)
        session.shell()


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
    user = lab.new_user()
    with user.ssh() as session:
        session.password(PASSWORD)
        user.approve(session.number())
        session.enter()
        session.see(TerminalSession.SET_UP.format(length=6) + "New PIN: ")
        session.say(pin)
        text = session.terminal.until(re.escape("New PIN: "))
        assert message in text.replace("\n", " ") or message in text
    has_no_pin(lab, user)


def test_pin_of_another_user(lab, enrolled):
    user = lab.new_user().enrol(pin="918273")
    with user.ssh() as session:
        session.pin(PIN)
        session.pin("918273", before="Failed to authenticate with Hello PIN.\n")
        session.shell()
    with enrolled.ssh() as session:
        session.pin("918273")
        session.pin(PIN, before="Failed to authenticate with Hello PIN.\n")
        session.shell()


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
    with lab.ssh(other) as session:
        session.terminal.until(r"Password: ")
        session.say(PASSWORD)
        session.terminal.until(r"Password: ")
    asked = lab.requests()[before:]
    assert not [entry for entry in asked if PASSWORD in str(entry)], "the password went out to a tenant that is not ours"


def test_the_prompt_is_cancelled(lab):
    """An empty answer at the PIN: the failure banner, and PAM_ABORT."""
    user = lab.new_user().enrol()
    with TerminalSession(lab.terminal("pamtester", "e2e", user.name, "authenticate")) as session:
        session.pin("")
        text = session.terminal.until("pamtester: .*")
        assert "No Entra Id Hello PIN was supplied." in text
        assert "If you are now prompted for a password from pam_unix, please disregard the prompt" in text
        assert "Critical error" in session.terminal.transcript()


def test_a_closed_window_leaves_nothing(lab):
    user = lab.new_user()
    for stage in range(3):
        with user.ssh() as session:
            session.see(TerminalSession.PASSWORD)
            if stage > 0:
                session.say(PASSWORD)
                number = session.number()
            if stage > 1:
                user.approve(number)
                session.enter()
                session.see(TerminalSession.SET_UP.format(length=6) + "New PIN: ")
        if stage == 1:
            user.deny()  # the service lets nobody have two prompts at once
    user.enrol()


def test_access_list_ends_the_sign_in(another):
    """Also after a correct PIN; by object id and UPN, in any letter case, never by a group's name."""
    lab = another("pam_allow_groups = USER01@0pndv.onmicrosoft.com\n")
    lab.await_name("user01")
    lab.await_name("user02")
    allowed = User(lab, "user01", f"user01@{DOMAIN}", PASSWORD)
    allowed.enrol()
    denied = User(lab, "user02", f"user02@{DOMAIN}", PASSWORD)
    with denied.ssh() as session:
        session.password(PASSWORD)
        denied.approve(session.number())
        session.enter()
        session.new_pin(PIN)
        assert session.terminal.end() == 255
        assert "$ " not in session.terminal.transcript()
    assert lab.run("getent", "passwd", "user02").returncode == 0


def test_without_a_domain_no_user_signs_in(another):
    """The daemon does not even start, and says what to do."""
    with pytest.raises(AssertionError, match=r"No domain is configured.*Set domain"):
        another(domain=None, name="e2e-none")


def test_refusals_are_not_instant(lab, enrolled):
    """Two seconds before the next try, so that guessing at a prompt is slow."""
    with enrolled.ssh() as session:
        session.pin("000111")
        begin = time.monotonic()
        session.pin(PIN, before="Failed to authenticate with Hello PIN.\n")
        assert time.monotonic() - begin > 1.5
        session.shell()
