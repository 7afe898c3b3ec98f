"""A daemon that is stopped while it starts, as by a host that reboots right after its boot: it stops, and systemd need not kill it."""

import time

UNITS = ("himmelblaud.service", "himmelblaud-tasks.service")


def test_it_stops_at_any_time_of_its_start(lab):
    lab.lab("stop", "daemon")
    try:
        for number in range(24):
            lab.out("systemctl", "reset-failed", *UNITS)  # and their limits of starts
            lab.out("systemctl", "start", "--no-block", "himmelblaud")
            time.sleep(number * 0.06)  # a start takes about a second
            lab.out("systemctl", "stop", "himmelblaud")
            state = lab.out("systemctl", "show", "--property=Result", "--property=ExecMainStatus", "himmelblaud").split()
            assert "Result=success" in state, (number, state)
        assert "timed out. Killing" not in lab.out("journalctl", "-b", "-u", "himmelblaud", "--no-pager", "-o", "cat")
    finally:
        lab.out("systemctl", "reset-failed", *UNITS)
        lab.start()
