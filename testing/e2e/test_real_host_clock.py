"""A boot with a wrong clock, until NTP sets it: local accounts sign in at once, enrolled users by PIN."""

from boots import right_clock, set_clock, wrong_clock
from real_host import sign_in
from running_lab import PIN
from test_real_host_boot import boots_as_without_us, lab, local_signs_in_at_once, somebody_new_is_asked, user  # noqa: F401

HOURS, YEARS = 3 * 3600, 20 * 365 * 86400


def services_clock(lab):
    """How far it is off for a service."""
    return int(lab.out("systemd-run", "--quiet", "--pipe", "--wait", "date", "+%s")) - int(lab.out("date", "+%s"))


def test_the_clock_is_wrong_until_ntp_sets_it(lab, user, tmp_path):
    """It stands where it stood at the last shutdown, hours ago: the tenant refuses what is signed with that time. A clock battery that is empty sets it back by years."""
    try:
        wrong_clock(lab, tmp_path, -HOURS)
        boots_as_without_us(lab)
        assert abs(services_clock(lab) + HOURS) < 30
        sign_in(user).leave()
        set_clock(lab, -YEARS)
        local_signs_in_at_once(lab)
        with lab.offline(), user.ssh(timeout=30) as session:  # decision 0612: or setting the clock back would prolong every PIN
            session.pin(PIN)
            assert "the clock of this computer" in session.terminal.until("(PIN|Password): ")
        somebody_new_is_asked(lab)
        sign_in(user).leave()  # online nothing is refused because of the clock
        set_clock(lab, 0)
        somebody_new_is_asked(lab)
        before = len(lab.requests())
        sign_in(user).leave()
        assert any(entry["host"] == "login.microsoftonline.com" for entry in lab.requests()[before:]), "it is not online again"
    finally:
        right_clock(lab)
        lab.lab("reboot")
