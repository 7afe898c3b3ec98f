package himmelblau.tasks.script.internal;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program in its own process group and with its own environment, for a limited time. */
final class ScriptRun {
  private static final String NEW_SESSION = "/usr/bin/setsid";
  private static final int SIGKILL = 9;
  private static final int MOST_OUTPUT = 4096;
  private static final int PIPE = 65_536;
  private static final long POLL_MILLIS = 5;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  static {
    Native.register(ScriptRun.class, "c");
  }

  private ScriptRun() {}

  private static native int kill(int process, int signal) throws LastErrorException;

  /**
   * How it ended.
   *
   * @param timedOut it was killed, with all that it had started and that stayed in its group
   * @param status exit status, 128 and more if a signal ended it
   * @param output the beginning of what it printed
   */
  record ScriptResult(boolean timedOut, int status, String output) {
    /**
     * Whether the program was never started: reported by setsid(1); exit status 127 of the script
     * itself does not mean that.
     */
    boolean notRun() {
      return (status == NOT_EXECUTABLE || status == NOT_FOUND) && output.startsWith("setsid: ");
    }
  }

  static ScriptResult run(List<String> words, Map<String, String> environment, Duration longest)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(NEW_SESSION); // becomes the program: one process id for both, and for the group
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    long end = System.nanoTime() + longest.toNanos();
    try (InputStream from = process.getInputStream()) {
      Output output = new Output(from);
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() - end < 0) {
        output.take();
      }
      boolean ended = !process.isAlive();
      killGroup(process.pid()); // also its background processes
      int status = process.waitFor();
      output.take();
      return new ScriptResult(!ended, status, output.text());
    } finally {
      killGroup(process.pid());
    }
  }

  private static void killGroup(long pid) {
    try {
      kill((int) -pid, SIGKILL);
    } catch (LastErrorException none) {
      // no process is left in it
    }
  }

  /**
   * What is in a pipe, without ever waiting for more: a process that left the group may keep the
   * other end open for as long as it likes.
   */
  private static final class Output {
    private final InputStream from;
    private final StringBuilder text = new StringBuilder();
    private final byte[] block = new byte[PIPE];

    Output(InputStream from) {
      this.from = from;
    }

    void take() throws IOException {
      int size = Math.min(from.available(), block.length);
      if (size > 0 && from.read(block, 0, size) > 0 && text.length() < MOST_OUTPUT) {
        text.append(new String(block, 0, Math.min(size, MOST_OUTPUT), StandardCharsets.UTF_8));
      }
    }

    String text() {
      return text.toString().strip();
    }
  }
}
