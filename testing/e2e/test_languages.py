"""The texts of a sign-in in the language of the PAM application: whole dialogues through the real sshd, and through login on a getty."""

import re
import subprocess
from pathlib import Path

import pytest

from conftest import here
from running_lab import LAB, PASSWORD, PIN, RunningLab, TerminalSession

ENGLISH = "en_GB.UTF-8"
SERVICES = ("himmelblaud.service", "container-getty@.service")


class German(TerminalSession):
    PASSWORD = "Geben Sie das Passwort Ihrer Office-365- oder Microsoft-Online-Anmeldung ein.\nEntra-ID-Passwort: "
    NUMBER = (
        r"Öffnen Sie Ihre Authenticator-App, und geben Sie die Zahl '(\d+)' ein, um sich anzumelden.",
        "Keine Anfrage? Prüfen Sie die Internetverbindung Ihres Mobilgeräts.",
    )
    ENTER = "Weiter mit der Eingabetaste"
    SET_UP = (
        "PIN einrichten\n"
        "Mit einer Hello-PIN melden Sie sich schnell und sicher bei Gerät, Apps und Diensten an.\n"
        "Die PIN muss mindestens 6 Zeichen haben.\n"
    )
    NEW, CONFIRM = "Neue PIN: ", "PIN bestätigen: "
    ENROLLING = "Die Hello-PIN wird registriert. Bitte warten..."
    ASK_PIN = "Geben Sie die Linux-Hello-PIN für dieses Gerät ein.\nPIN: "
    WRONG_PIN = "Die Anmeldung mit der Hello-PIN ist fehlgeschlagen.\n"
    UNREACHABLE = "Der Himmelblau-Anmeldedienst war nicht rechtzeitig verfügbar."


class Japanese(TerminalSession):
    PASSWORD = "Office 365 または Microsoft オンラインのパスワードを使用してください。\nEntra ID パスワード: "
    NUMBER = (
        r"認証アプリを開き、番号 '(\d+)' を入力してサインインしてください。",
        "通知が届きませんか? モバイル デバイスのインターネット接続を確認してください。",
    )
    ENTER = "続けるには Enter キーを押してください"
    SET_UP = (
        "PIN の設定\n"
        "Hello PIN を使うと、デバイス、アプリ、サービスにすばやく安全にサインインできます。\n"
        "PIN は 6 文字以上にしてください。\n"
    )
    NEW, CONFIRM = "新しい PIN: ", "PIN の確認: "
    ENROLLING = "Hello PIN を登録しています。お待ちください..."
    ASK_PIN = "このデバイスの Linux Hello PIN を使用してください。\nPIN: "
    WRONG_PIN = "Hello PIN で認証できませんでした。\n"
    UNREACHABLE = "Himmelblau 認証サービスが時間内に利用可能になりませんでした。"


class Arabic(TerminalSession):
    PASSWORD = "استخدم كلمة مرور Office 365 أو Microsoft عبر الإنترنت.\nكلمة مرور Entra ID: "
    NUMBER = (
        r"افتح تطبيق المصادقة وأدخل الرقم '(\d+)' لتسجيل الدخول.",
        "لم يصلك إشعار؟ تحقق من اتصال جهازك المحمول بالإنترنت.",
    )
    ENTER = "اضغط Enter للمتابعة"
    SET_UP = (
        "إعداد رمز PIN\n"
        "رمز Hello PIN طريقة سريعة وآمنة لتسجيل الدخول إلى جهازك وتطبيقاتك وخدماتك.\n"
        "الحد الأدنى لطول رمز PIN هو 6 أحرف.\n"
    )
    NEW, CONFIRM = "رمز PIN الجديد: ", "تأكيد رمز PIN: "
    ENROLLING = "جارٍ تسجيل رمز Hello PIN. يرجى الانتظار..."
    ASK_PIN = "استخدم رمز Linux Hello PIN لهذا الجهاز.\nرمز PIN: "
    WRONG_PIN = "فشلت المصادقة برمز Hello PIN.\n"
    UNREACHABLE = "لم تصبح خدمة مصادقة Himmelblau متاحة في الوقت المحدد."


LANGUAGES = {"de_DE.UTF-8": German, "ja_JP.UTF-8": Japanese, "ar_EG.UTF-8": Arabic}


@pytest.fixture(scope="module")
def host(conf):
    """A host of its own: its services get another locale."""
    running_lab = RunningLab(here("languages"), conf())
    subprocess.run([LAB, "down", "--name", running_lab.name], capture_output=True, check=False)
    running_lab.up()
    running_lab.await_name("user02")
    yield running_lab
    running_lab.down()


@pytest.fixture(scope="module")
def with_pin(host):
    speak(host, ENGLISH)
    return host.new_user().enrol()


@pytest.fixture(scope="module")
def getty(host):
    return host.put(Path(__file__).with_name("getty.py"))


def speak(host, locale):
    """The administrator sets the locale, as docs/languages.md says: for users of other hosts, and for the consoles."""
    for service in SERVICES:
        host.write(f"/etc/systemd/system/{service}.d/50-language.conf", f"[Service]\nUnsetEnvironment=\nEnvironment=LANG={locale}\n")
    host.out("systemctl", "daemon-reload")
    host.restart("daemon")
    host.await_name("user02")


def sign_in(session, user):
    """The first sign-in, up to a shell."""
    session.see(session.PASSWORD)
    session.say(PASSWORD)
    first, second = session.NUMBER
    number = session.terminal.match(re.escape(session.prefix) + first + "\n" + re.escape(second) + "\n" + re.escape(session.ENTER))[1]
    user.approve(number)
    session.say("")
    session.see(session.SET_UP + session.NEW)
    session.say(PIN)
    session.see(session.SET_UP + session.CONFIRM)
    session.say(PIN)
    assert session.ENROLLING in session.shell()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_dialogue_through_sshd(host, locale):
    speak(host, locale)
    user = host.new_user()
    language = LANGUAGES[locale]
    with user.ssh(timeout=60) as plain:
        session = language(plain.terminal, plain.prefix)
        sign_in(session, user)
        assert session.ask("id -un") == user.name
        session.leave()
    before = len(host.log())
    with user.ssh() as plain:
        session = language(plain.terminal, plain.prefix)
        session.see(session.ASK_PIN)
        session.say("999999")
        session.see(session.WRONG_PIN + session.ASK_PIN, timeout=15)
        session.say(PIN)
        session.shell()
        session.leave()
    log = host.log()[before:]
    assert "Failed to authenticate with Hello PIN." in log, "the log is in English"
    assert session.WRONG_PIN.strip() not in log


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_dialogue_through_login(host, getty, with_pin, locale):
    speak(host, locale)
    with host.terminal("python3", getty, timeout=30) as terminal:
        session = LANGUAGES[locale](terminal)
        terminal.until("login: ")
        session.say(with_pin.name)
        terminal.until(re.escape(session.ASK_PIN))
        session.say("999999")
        terminal.until(re.escape(session.WRONG_PIN + session.ASK_PIN))
        session.say(PIN)
        session.shell()
        assert session.ask("id -un") == with_pin.name


@pytest.mark.parametrize("locale", ["C.UTF-8", ENGLISH, "de_DE.ISO-8859-1", "../../x", "/etc/passwd", "xx_XX.UTF-8"])
def test_all_else_is_english(host, with_pin, locale):
    speak(host, locale)
    with with_pin.ssh() as session:
        session.pin(PIN)
        session.shell()
        session.leave()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_module_itself_speaks_it_too(host, with_pin, locale):
    """While the daemon does not run, nothing can be asked for a translation."""
    host.lab("stop", "daemon")
    try:
        host.write("/etc/pam.d/e2e-languages", "auth required pam_himmelblau.so\naccount required pam_permit.so\n")
        with host.terminal("env", f"LANG={locale}", "pamtester", "e2e-languages", with_pin.name, "authenticate", timeout=30) as terminal:
            terminal.until(re.escape(LANGUAGES[locale].UNREACHABLE))
    finally:
        host.start("daemon")
        host.await_name(with_pin.name)


def test_a_console_without_a_locale_is_english(host, getty, with_pin):
    """As systemd's consoles are: the language of the host does not count there."""
    speak(host, "de_DE.UTF-8")
    host.write("/etc/systemd/system/container-getty@.service.d/50-language.conf", "[Service]\nUnsetEnvironment=LANG\n")
    host.out("systemctl", "daemon-reload")
    with host.terminal("python3", getty, timeout=30) as terminal:
        terminal.until("login: ")
        terminal.type(with_pin.name)
        terminal.until(re.escape(TerminalSession.ASK_PIN))
