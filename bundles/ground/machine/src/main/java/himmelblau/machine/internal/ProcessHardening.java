package himmelblau.machine.internal;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import himmelblau.api.log.Log;

/**
 * Keeps keys out of core dumps and, if permitted, out of swap: RLIMIT_CORE 0, not dumpable
 * (prctl(2), which also denies /proc/PID/mem and maps to other processes of the same uid), and
 * mlockall(2) if RLIMIT_MEMLOCK is unlimited.
 */
final class ProcessHardening {
  private static final Log LOG = Log.of(ProcessHardening.class);
  private static final int RLIMIT_CORE = 4;
  private static final int RLIMIT_MEMLOCK = 8;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int MCL_CURRENT_FUTURE_ONFAULT = 7;
  private static final long UNLIMITED = -1;

  private ProcessHardening() {}

  /** The C library; rlim_t and the arguments of prctl are 64 bits wide on the systems we run on. */
  interface LibC extends Library {
    int prctl(int option, long value, long a, long b, long c);

    int getrlimit(int resource, Memory limit);

    int setrlimit(int resource, Memory limit);

    int mlockall(int flags);
  }

  /** Does what can be done; what cannot is logged and does not stop the daemon. */
  static void apply() {
    try {
      LibC libc = Native.load("c", LibC.class);
      boolean cores;
      boolean locked = false;
      try (Memory limit = new Memory(16)) {
        limit.clear();
        cores =
            libc.setrlimit(RLIMIT_CORE, limit) == 0 && libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
        // A lower limit would make a later mmap of the virtual machine fail, and end it.
        if (libc.getrlimit(RLIMIT_MEMLOCK, limit) == 0 && limit.getLong(0) == UNLIMITED) {
          locked = libc.mlockall(MCL_CURRENT_FUTURE_ONFAULT) == 0;
        }
      }
      if (!cores) {
        LOG.warn("machine.core_dumps_possible", "todo", "set LimitCORE=0 in the service unit");
      }
      LOG.debug("machine.hardened", "cores", cores ? "off" : "on", "memory_locked", locked);
    } catch (LinkageError | RuntimeException e) {
      LOG.warn("machine.not_hardened", "reason", e.toString());
    }
  }
}
