"""GDM's greeter and the lock screen of GNOME Shell: the extension as its package turns it on, real texts of our PAM module, codes read off the screen."""

import importlib.machinery
import importlib.util
import json
import os
import re
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from browser import Browser
from conftest import here
from greeter import ACTIVE, OS, UUID, Greeter
from running_lab import LAB, PASSWORD, PIN, ROOT, RunningLab
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
# What stands beside the code of a web page, what is asked first, and what an authenticator app's new entry leads to.
LANGUAGES = {
    "de_DE.UTF-8": (
        "Mit Ihrem Telefon scannen", "Entra-ID-Passwort", "Scannen, um TOTP einzurichten",
        "Scannen Sie diesen QR-Code mit Ihrer Authenticator-App, oder geben Sie dort den Schlüssel 2345 ABCD EFGH 67 ein. Geben Sie dann den Code ein, den die App zeigt.",
    ),
    "ja_JP.UTF-8": (
        "電話で読み取ってください", "Entra ID パスワード", "読み取って TOTP を設定してください",
        "この QR コードを認証アプリで読み取るか、アプリにキー 2345 ABCD EFGH 67 を入力してください。次に、アプリに表示されたコードを入力してください。",
    ),
    "ar_EG.UTF-8": (
        "امسح الرمز بهاتفك", "كلمة مرور Entra ID", "امسح الرمز لإعداد \u2066TOTP\u2069",
        "امسح رمز QR هذا باستخدام تطبيق المصادقة، أو أدخل فيه المفتاح \u20662345 ABCD EFGH 67\u2069. ثم أدخل الرمز الذي يعرضه التطبيق.",
    ),
}
EXTENSION = f"/usr/share/gnome-shell/extensions/{UUID}"
DOMAIN = "himmelblau-qr-greeter"
# What the extension makes of messages, in the language that the environment says, without a shell.
SHOWN = f"""
import Gettext from 'gettext';
import GLib from 'gi://GLib';
import {{shown}} from 'file://{EXTENSION}/messages.js';
Gettext.setlocale(Gettext.LocaleCategory.ALL, '');
Gettext.bindtextdomain('{DOMAIN}', '{EXTENSION}/locale');
const messages = JSON.parse(GLib.getenv('MESSAGES'));
print(JSON.stringify(messages.map(message => shown(message, text => Gettext.dgettext('{DOMAIN}', text)))));
"""


def catalogues():
    """cnf/texts, which reads them."""
    loader = importlib.machinery.SourceFileLoader("texts", str(ROOT / "cnf/texts"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("texts", loader))
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lab(conf):
    # The root takes minutes when it has to be made first.
    subprocess.run([LAB, "prepare", "--os", OS], stdout=subprocess.DEVNULL, check=True)
    running_lab = RunningLab(here("e2e-greeter"), conf("enable_hello_totp = true\nallow_console_password_only = false"), os=OS)
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    running_lab.up()
    for locale in LANGUAGES:
        running_lab.out("localedef", "-i", locale.partition(".")[0], "-f", "UTF-8", locale)
    yield running_lab
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


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_greeter_in_another_language(lab, greeter, tmp_path, locale):
    label, question, set_up, instruction = LANGUAGES[locale]
    user = lab.new_user(mfa="")
    greeter.speak(locale)
    assert greeter.extension() == [ACTIVE, []]
    greeter.user(user.name)
    greeter.asks(question)
    greeter.answer(PASSWORD)
    message = greeter.until(lambda shown: PAGE in shown["message"], "no address")
    # The directory's own sentence stays as it is.
    code = re.search(r"enter the code (\w+) to authenticate", message["message"])[1]
    assert message["panel"] == ["QrPicture", label, code]
    assert greeter.codes(tmp_path / "page.png") == [PAGE]
    seen = display(greeter, "[TOTP_QR] otpauth://totp/M?secret=2345ABCDEFGH67")
    assert (seen["message"], seen["panel"]) == (instruction, ["QrPicture", set_up])
    assert greeter.codes(tmp_path / "totp.png") == ["otpauth://totp/M?secret=2345ABCDEFGH67"]
    assert greeter.complaints() == []


def test_a_new_user_at_the_sign_in_screen_and_then_the_lock_screen(lab, greeter, tmp_path):
    """The last one at the greeter, which offers a list of those who have signed in."""
    greeter.speak("C.UTF-8")
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
    greeter.asks("New PIN")
    # The shell leaves each message for as long as it takes to read it.
    assert greeter.says("Set up a PIN")["panel"] == []
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


def test_each_language_has_the_words_and_finds_address_and_code_in_its_messages(lab):
    texts = catalogues()
    address, secret = "https://microsoft.com/devicelogin", "otpauth://totp/M?secret=2345ABCDEFGH67"
    visit = "Using a browser on another device, visit:\n{link}\nAnd enter the code:\n{code}"
    wanted, commands = {}, []
    for name, others in texts.languages().items():
        entries = {} if name == "en" else texts.entries_of(name)

        def words(key, entries=entries):
            return entries.get(key, [key])[0]

        message = words(visit).format(link=address, code="DG94ZUCB2")
        for locale in (name, *others):
            wanted[locale] = (message, [words(key) for key in ("Scan with your phone", "Scan to continue sign-in", "Scan to set up {name}")], words(
                "Scan this QR code with your authenticator app, or enter the key {key} there. Then type the code that the app shows."))
            messages = json.dumps([message, f"{message}\n{address}?user_code=DG94ZUCB2", "[QR_BT] FIDO:/1", secret, "otpauth://totp/M"])
            lab.write(f"/root/messages/{locale}", messages)
            commands.append(f"LANGUAGE={locale} MESSAGES=$(cat /root/messages/{locale}) gjs -m /root/shown.js || exit")
    assert len(wanted) > 50
    lab.write("/root/shown.js", SHOWN)
    said = lab.run("env", "LANG=de_DE.UTF-8", "sh", "-c", "\n".join(commands), timeout=300)
    assert said.returncode == 0, said.stderr
    for (locale, (message, (phone, go_on, set_up), typed)), line in zip(wanted.items(), said.stdout.splitlines(), strict=True):
        plain, complete, passkey, with_key, without = json.loads(line)
        begin, end = ("\u2066", "\u2069") if locale.partition("_")[0] in ("ar", "he", "iw", "ur") else ("", "")
        assert plain == {"text": message, "code": {"content": address, "level": "M", "label": phone, "userCode": "DG94ZUCB2"}, "key": None}, locale
        assert (complete["code"]["label"], passkey["code"]["label"]) == (go_on, phone), locale
        assert with_key["text"] == typed.replace("{key}", f"{begin}2345 ABCD EFGH 67{end}"), locale
        assert with_key["code"]["label"] == set_up.replace("{name}", f"{begin}Hello TOTP{end}"), locale
        assert "{" not in without["text"] and (without["text"] != with_key["text"]), locale
