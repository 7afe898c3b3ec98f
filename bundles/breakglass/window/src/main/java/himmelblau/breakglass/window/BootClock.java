package himmelblau.breakglass.window;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The time since the host was started: it cannot be set back, and it is the same for all processes.
 */
public interface BootClock {
  /** Since the boot, time asleep included. */
  Duration now();

  /** Identifies this boot. */
  String boot();

  /** The kernel's (proc_uptime(5), proc_sys_kernel(5)). */
  BootClock KERNEL =
      new BootClock() {
        @Override
        public Duration now() {
          String seconds = read("/proc/uptime").split(" ")[0];
          return Duration.ofMillis(new BigDecimal(seconds).movePointRight(3).longValue());
        }

        @Override
        public String boot() {
          return read("/proc/sys/kernel/random/boot_id");
        }

        private static String read(String file) {
          try {
            return Files.readString(Path.of(file)).strip();
          } catch (IOException e) {
            throw new UncheckedIOException("The kernel does not tell the time since the boot", e);
          }
        }
      };
}
