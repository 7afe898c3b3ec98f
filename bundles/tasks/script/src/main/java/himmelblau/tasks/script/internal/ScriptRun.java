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

/** Runs a program in a process group of its own, with an environment of its own, for so long. */
final class ScriptRun {
  private static final String NEW_SESSION = "/usr/bin/setsid";
  private static final int SIGKILL = 9;
  private static final int MOST_OUTPUT = 4096;

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
  record Ended(boolean timedOut, int status, String output) {}

  static Ended run(List<String> words, Map<String, String> environment, Duration longest)
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
    Output output = new Output(process.getInputStream());
    Thread reader = Thread.ofVirtual().start(output);
    try {
      boolean ended = process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
      killGroup(process.pid()); // also what it left behind in the background
      int status = process.waitFor();
      reader.join(Duration.ofSeconds(1));
      return new Ended(!ended, status, output.text());
    } finally {
      killGroup(process.pid());
      reader.interrupt();
    }
  }

  private static void killGroup(long pid) {
    try {
      kill((int) -pid, SIGKILL);
    } catch (LastErrorException none) {
      // nobody is left in it
    }
  }

  /** Drains a pipe and keeps its beginning. */
  private static final class Output implements Runnable {
    private final InputStream from;
    private final StringBuilder text = new StringBuilder();

    Output(InputStream from) {
      this.from = from;
    }

    @Override
    public void run() {
      byte[] block = new byte[1024];
      try (from) {
        for (int size = from.read(block); size >= 0; size = from.read(block)) {
          keep(new String(block, 0, size, StandardCharsets.UTF_8));
        }
      } catch (IOException closed) {
        // the program is gone
      }
    }

    private synchronized void keep(String more) {
      if (text.length() < MOST_OUTPUT) {
        text.append(more);
      }
    }

    synchronized String text() {
      return text.toString().strip();
    }
  }
}
