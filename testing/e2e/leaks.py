"""The resources of a daemon, and that they are released again."""

import time


def state(lab):
    """(pid, descriptors, threads, resident KiB)"""
    pid = lab.daemon_pid()
    text = lab.out("sh", "-c", f"ls /proc/{pid}/fd | wc -l; grep Threads /proc/{pid}/status; grep VmRSS /proc/{pid}/status")
    files, threads, memory = text.split("\n")
    return pid, int(files), int(threads.split()[1]), int(memory.split()[1])


def settles(lab, before, seconds=45):
    """Descriptors and threads come back to what they were (a few pool threads may stay)."""
    end = time.monotonic() + seconds
    while True:
        now = state(lab)
        assert now[0] == before[0], "the daemon was replaced"
        if now[1] <= before[1] + 3 and now[2] <= before[2] + 8:
            return
        assert time.monotonic() < end, f"leaked: descriptors and threads were {before[1:3]}, are {now[1:3]}"
        time.sleep(1)
