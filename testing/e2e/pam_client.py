"""Runs inside a lab and behaves towards PAM as a login program does: pam_client.py PROGRAM SERVICE USER [--rhost HOST] [--tty TTY].

Programs that take a password before they call PAM ask for it with "typed: ". What such a program shows its user is printed, what it drops is not.
Ends with a line "ended CODE", the result of pam_authenticate; with --account also of pam_acct_mgmt.
"""

import argparse
import ctypes
import ctypes.util
import getpass

OFF, ON, ERROR, INFO = 1, 2, 3, 4
CONV_ERR = 19


class Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class Response(ctypes.Structure):
    _fields_ = [("answer", ctypes.c_void_p), ("code", ctypes.c_int)]


CONVERSE = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.POINTER(Message)), ctypes.POINTER(ctypes.POINTER(Response)), ctypes.c_void_p
)


class Conversation(ctypes.Structure):
    _fields_ = [("converse", CONVERSE), ("data", ctypes.c_void_p)]


LIBC = ctypes.CDLL(None)
LIBC.calloc.restype = ctypes.c_void_p
LIBC.strdup.restype = ctypes.c_void_p
PAM = ctypes.CDLL("libpam.so.0")
for name in ("pam_authenticate", "pam_acct_mgmt", "pam_end"):
    getattr(PAM, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
PAM.pam_set_item.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p]
PAM_TTY, PAM_RHOST = 3, 4


class CannotAnswer(Exception):
    """The program ends the conversation."""


class Dialog:
    """Shows each text and each prompt: LightDM, KDE's lock screen, GDM, an agent of polkit."""

    def __init__(self, user):
        self.user = user

    def say(self, style, text):
        print(text, flush=True)

    def hidden(self, prompt):
        return getpass.getpass(prompt)

    def shown(self, prompt):
        return input(prompt)


class Typed(Dialog):
    """Has one field, for the password; every hidden prompt gets it, texts are dropped."""

    def __init__(self, user):
        super().__init__(user)
        self.password = getpass.getpass("typed: ")

    def say(self, style, text):
        pass

    def hidden(self, prompt):
        return self.password

    def shown(self, prompt):
        raise CannotAnswer


class Vsftpd(Typed):
    """Knows neither errors nor visible prompts."""

    def say(self, style, text):
        if style != INFO:
            raise CannotAnswer


class Cups(Typed):
    def shown(self, prompt):
        return self.user


class Sddm(Typed):
    """Shows texts; its one field answers every prompt."""

    def say(self, style, text):
        print(text, flush=True)

    def shown(self, prompt):
        return self.password


class Cockpit(Dialog):
    """The password of the login page answers the first prompt; texts are shown with the next one."""

    def __init__(self, user):
        super().__init__(user)
        self.password = getpass.getpass("typed: ")
        self.kept = ""

    def say(self, style, text):
        self.kept += text + "\n"

    def hidden(self, prompt):
        if self.password is not None:
            answer, self.password = self.password, None
            return answer
        kept, self.kept = self.kept, ""
        return getpass.getpass(kept + prompt)

    def shown(self, prompt):
        kept, self.kept = self.kept, ""
        return input(kept + prompt)


PROGRAMS = {"dialog": Dialog, "xrdp": Typed, "vsftpd": Vsftpd, "cups": Cups, "sddm": Sddm, "cockpit": Cockpit}


def converse(program):
    def call(count, messages, responses, _):
        array = LIBC.calloc(ctypes.c_size_t(count), ctypes.c_size_t(ctypes.sizeof(Response)))
        answers = ctypes.cast(array, ctypes.POINTER(Response))
        try:
            for i in range(count):
                style, text = messages[i][0].style, messages[i][0].text.decode()
                if style in (OFF, ON):
                    answer = program.hidden(text) if style == OFF else program.shown(text)
                    answers[i].answer = LIBC.strdup(answer.encode())
                else:
                    program.say(style, text)
        except (CannotAnswer, EOFError):
            return CONV_ERR
        responses[0] = answers
        return 0

    return CONVERSE(call)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("program", choices=PROGRAMS)
    words.add_argument("service")
    words.add_argument("user")
    words.add_argument("--rhost")
    words.add_argument("--tty")
    words.add_argument("--account", action="store_true")
    given = words.parse_args()
    function = converse(PROGRAMS[given.program](given.user))
    conversation = Conversation(function, None)
    handle = ctypes.c_void_p()
    assert PAM.pam_start(given.service.encode(), given.user.encode(), ctypes.byref(conversation), ctypes.byref(handle)) == 0
    for item, value in ((PAM_RHOST, given.rhost), (PAM_TTY, given.tty)):
        if value:
            PAM.pam_set_item(handle, item, value.encode())
    code = PAM.pam_authenticate(handle, 0)
    if code == 0 and given.account:
        code = PAM.pam_acct_mgmt(handle, 0)
    PAM.pam_end(handle, code)
    print(f"ended {code}", flush=True)


main()
