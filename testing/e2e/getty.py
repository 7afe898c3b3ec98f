"""Run inside a host: a terminal with a real getty of systemd's on it, as a screen and a keyboard would be. It lives until its caller hangs up."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
import tty


DUMB = "/run/systemd/system/container-getty@.service.d/50-dumb.conf"


def main():
    os.makedirs(os.path.dirname(DUMB), exist_ok=True)
    with open(DUMB, "w", encoding="ascii") as file:
        file.write("[Service]\nEnvironment=TERM=dumb\n")
    subprocess.run(["systemctl", "daemon-reload"], check=True)
    screen, line = pty.openpty()
    unit = f"container-getty@{os.ttyname(line).rpartition('/')[2]}.service"
    ours = termios.tcgetattr(0)
    tty.setraw(0)  # the line has its own echo
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        subprocess.run(["systemctl", "start", unit], check=True)
        relay(screen)
    finally:
        subprocess.run(["systemctl", "stop", unit], check=False)
        termios.tcsetattr(0, termios.TCSANOW, ours)


def relay(screen):
    while True:
        for source in select.select([0, screen], [], [])[0]:
            try:
                data = os.read(source, 4096)
            except OSError:  # agetty and login hang the line up and open it anew
                time.sleep(0.02)
                continue
            if not data:
                return
            os.write(1 if source == screen else screen, data)


main()
