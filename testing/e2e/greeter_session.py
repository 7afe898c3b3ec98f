"""Run inside a host: what a display manager does with PAM. It signs a user in at a PAM service, prints what is said, answers each hidden question with the
next word of its standard input, opens the session, and runs a command in it as the user.

Usage: greeter_session.py SERVICE USER COMMAND [WORD...]      exit code: the command's, or 100 + what PAM returned
"""

import ctypes
import os
import pwd
import sys

PROMPT_ECHO_OFF, SUCCESS, CONV_ERR = 1, 0, 19
ESTABLISH_CRED, TTY = 2, 3

pam = ctypes.CDLL("libpam.so.0")
libc = ctypes.CDLL("libc.so.6")
libc.calloc.restype = libc.strdup.restype = ctypes.c_void_p
pam.pam_getenvlist.restype = ctypes.POINTER(ctypes.c_char_p)


class Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class Response(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


CONVERSATION = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.POINTER(Message)), ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p,
)


class Conv(ctypes.Structure):
    _fields_ = [("function", CONVERSATION), ("data", ctypes.c_void_p)]


def converse(count, messages, responses, _):
    made = libc.calloc(count, ctypes.sizeof(Response))
    answers = ctypes.cast(made, ctypes.POINTER(Response))
    for i in range(count):
        message = messages[i].contents
        print(message.style, message.text.decode(), flush=True)
        if message.style <= 2:
            answer = sys.stdin.readline()
            if not answer:
                return CONV_ERR
            answers[i].text = libc.strdup(answer.rstrip("\n").encode())
    responses[0] = made
    return SUCCESS


def must(result, what):
    if result != SUCCESS:
        print(f"{what}: {result}", flush=True)
        sys.exit(100 + result)


def run(handle, user, command):
    account = pwd.getpwnam(user)
    listed = pam.pam_getenvlist(handle)
    environment, i = {}, 0
    while listed[i]:
        name, _, value = listed[i].decode().partition("=")
        environment[name] = value
        i += 1
    environment |= {"HOME": account.pw_dir, "USER": user, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": f"/run/user/{account.pw_uid}"}
    environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path=/run/user/{account.pw_uid}/bus"
    child = os.fork()
    if child == 0:
        os.setsid()
        os.initgroups(user, account.pw_gid)
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        os.chdir(account.pw_dir)
        os.execvpe(command[0], command, environment)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(service, user, *command):
    handle = ctypes.c_void_p()
    conv = Conv(CONVERSATION(converse), None)
    must(pam.pam_start(service.encode(), user.encode(), ctypes.byref(conv), ctypes.byref(handle)), "pam_start")
    # As GDM without a virtual terminal of its own: the module sees a display.
    must(pam.pam_set_item(handle, TTY, b":0"), "pam_set_item")
    must(pam.pam_authenticate(handle, 0), "pam_authenticate")
    must(pam.pam_acct_mgmt(handle, 0), "pam_acct_mgmt")
    must(pam.pam_setcred(handle, ESTABLISH_CRED), "pam_setcred")
    must(pam.pam_open_session(handle, 0), "pam_open_session")
    try:
        return run(handle, user, command)
    finally:
        pam.pam_close_session(handle, 0)
        pam.pam_end(handle, SUCCESS)


sys.exit(main(*sys.argv[1:]))
