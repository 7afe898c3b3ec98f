package himmelblau.notify.internal;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The time since this process was started. Both times are counted from the boot (proc_pid_stat(5),
 * proc_uptime(5)): {@link ProcessHandle} uses the wall-clock time of the boot, which the kernel
 * gives in whole seconds only, and a clock that may have been set since.
 */
final class ProcessAge {
  private static final int TICKS_PER_SECOND = 100; // USER_HZ, part of the kernel's interface
  private static final int START_TIME = 22; // its field
  private static final int STATE = 3; // the first field behind the name

  private ProcessAge() {}

  /** Exact to 20 ms; zero when the kernel does not tell. */
  static Duration now() {
    try {
      return of(
          Files.readString(Path.of("/proc/self/stat")), Files.readString(Path.of("/proc/uptime")));
    } catch (IOException | RuntimeException unreadable) {
      return Duration.ZERO;
    }
  }

  static Duration of(String stat, String uptime) {
    // a program's name may have blanks and brackets
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[START_TIME - STATE]);
    Duration start = Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
    BigDecimal seconds = new BigDecimal(uptime.split(" ", -1)[0]);
    Duration age = Duration.ofMillis(seconds.movePointRight(3).longValue()).minus(start);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
