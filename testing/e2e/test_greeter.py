"""GDM's greeter and the lock screen of GNOME Shell: the extension as its package turns it on, real texts of our PAM module, codes read off the screen."""

import json
import os
import re
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from browser import Browser
from conftest import here
from greeter import ACTIVE, OS, UUID, Greeter
from running_lab import LAB, PIN, RunningLab
from test_new_user import CHOSEN, INITIAL, change_password, new_user, set_up_other_app, sign_in, totp

PAGE = "https://microsoft.com/devicelogin"
# One after the other: (message, text that is shown if it is another, panel, what the QR codes say).
MESSAGES = (
    ("Use the password for your Office 365 or Microsoft online login.", None, [], []),
    (f"Using a browser on another device, visit:\n{PAGE}\nAnd enter the code:\nABCD-EFGH", None, ["QrPicture", "Scan with your phone", "ABCD-EFGH"], [PAGE]),
    (
        "Visit https://a.example/link or https://a.example/link?user_code=WXYZ-1234.", None,
        ["QrPicture", "Scan to continue sign-in", "WXYZ-1234"], ["https://a.example/link?user_code=WXYZ-1234"],
    ),
    ("No host: https:///a or http://user@evil.example/", None, [], []),
    ("Too long: https://a.example/" + "x" * 500, None, [], []),
    ("[FIDO_INSERT] Please insert your key.", "Please insert your key.", ["KeyPicture"], []),
    ("[FIDO_TOUCH] Please touch your key.", "Please touch your key.", ["KeyPicture"], []),
    ("[QR_BT_LABEL] Scan with your app\n[QR_BT] FIDO:/0123456789", "Scan with your app", ["QrPicture", "Scan with your app"], ["FIDO:/0123456789"]),
    ("[FIDO_TOUCH] Or touch your key.", "Or touch your key.", ["KeyPicture", "QrPicture", "Scan with your app"], ["FIDO:/0123456789"]),
    (
        "[TOTP_QR] otpauth://totp/M\u00fcller?secret=ABCDEFGH234567",
        "Scan this QR code with your authenticator app, or enter the key ABCD EFGH 2345 67 there. Then type the code that the app shows.",
        ["QrPicture", "Scan to set up TOTP"], ["otpauth://totp/M\u00fcller?secret=ABCDEFGH234567"],
    ),
    ("Success", None, [], []),
)


@pytest.fixture(scope="module")
def lab(conf):
    # The root takes minutes when it has to be made first.
    subprocess.run([LAB, "prepare", "--os", OS], stdout=subprocess.DEVNULL, check=True)
    running_lab = RunningLab(here("e2e-greeter"), conf("enable_hello_totp = true\nallow_console_password_only = false"), os=OS)
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    yield running_lab.up()
    running_lab.down()


@pytest.fixture(scope="module")
def greeter(lab):
    return Greeter(lab).start()


def display(greeter, message):
    """Has the prompt of the running greeter show a message, as for one of PAM."""
    greeter.evaluate(f"(prompt => {{ prompt.setMessage({json.dumps(message)}, 0); return true; }})(Main.screenShield._dialog._authPrompt)")
    return greeter.shown()


def test_each_message_is_drawn_as_agreed(greeter, tmp_path):
    assert greeter.extension() == [ACTIVE, []], "the package turns it on"
    for number, (message, shown, panel, codes) in enumerate(MESSAGES):
        seen = display(greeter, message)
        assert (seen["message"], seen["panel"]) == (shown or message, panel)
        assert greeter.codes(tmp_path / f"{number}.png") == codes, message
    assert greeter.complaints() == []


def test_an_extension_that_is_turned_off_leaves_the_prompt_as_it_was(greeter):
    assert display(greeter, PAGE)["panel"] == ["QrPicture", "Scan with your phone"]
    greeter.evaluate(f"Main.extensionManager.disableExtension('{UUID}')")
    greeter.until(lambda shown: shown["panel"] == [], "the panel stays")
    seen = display(greeter, PAGE)
    assert (seen["message"], seen["panel"]) == (PAGE, [])
    greeter.evaluate(f"Main.extensionManager.enableExtension('{UUID}')")
    greeter.wait(lambda: greeter.extension()[0] == ACTIVE, 20, "not on again")
    assert display(greeter, PAGE)["panel"] == ["QrPicture", "Scan with your phone"]
    assert display(greeter, "")["panel"] == []
    assert greeter.complaints() == []


def test_a_new_user_at_the_sign_in_screen_and_then_the_lock_screen(lab, greeter, tmp_path):
    user = new_user(lab)
    greeter.user(user.name)
    greeter.asks("Entra Id Password")
    greeter.answer(INITIAL)
    message = greeter.says("enter the code")
    address, code = re.fullmatch(r"To sign in, use a web browser to open the page (\S+) and enter the code (\w+) to authenticate\.", message["message"]).groups()
    assert message["panel"] == ["QrPicture", "Scan with your phone", code]
    # The picture of docs/greeter.md is made here.
    assert greeter.codes(os.environ.get("HIMMELBLAU_GREETER_PICTURE", tmp_path / "greeter.png")) == [address] == [PAGE]

    browser = Browser(lab)
    sign_in(browser, user, address, code, INITIAL)
    change_password(browser)
    at_the_directory = set_up_other_app(browser)
    assert greeter.asks("New PIN")["panel"] == []
    greeter.answer(PIN)
    greeter.asks("Confirm PIN")
    greeter.answer(PIN)
    greeter.asks("TOTP Code")
    message = greeter.says("Scan this QR code with your authenticator app")
    assert message["panel"] == ["QrPicture", "Scan to set up Hello TOTP"]
    (address,) = greeter.codes(tmp_path / "totp.png")
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    assert address.startswith("otpauth://totp/") and secret in message["message"].replace(" ", "")
    greeter.answer(totp(secret))

    session = Greeter(lab).attach(user.name, lambda: True)
    session.until_mode("user")
    lab.tenant("revoke", user.upn)
    session.lock()
    session.asks("PIN")
    assert session.extension() == [ACTIVE, []]
    session.answer(PIN)
    message = session.says("enter the code")
    code = re.search(r"enter the code (\w+) to authenticate", message["message"])[1]
    assert message["panel"] == ["QrPicture", "Scan with your phone", code]
    assert session.codes(tmp_path / "lock.png") == [PAGE]
    browser = Browser(lab)
    sign_in(browser, user, PAGE, code, CHOSEN)
    browser.second_factor("PhoneAppOTP", totp(at_the_directory, later=1))
    session.asks("TOTP Code")
    session.answer(totp(secret, later=1))
    session.until_mode("user")
    assert greeter.complaints() == []
