package himmelblau.contract.keystore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A software TPM (swtpm) with its state in a directory; a test may stop, kill and start it. */
public final class Swtpm implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path state;
  private final int port;
  private @Nullable Process process;

  private Swtpm(Path state, int port) {
    this.state = state;
    this.port = port;
  }

  /** Starts one; {@code state} is an empty directory, or that of an earlier one. */
  public static Swtpm start(Path state) throws IOException, InterruptedException {
    IOException taken = new IOException("swtpm was not started");
    for (int attempt = 0; attempt < 5; attempt++) {
      Swtpm swtpm = new Swtpm(state, freePort());
      try {
        swtpm.start();
        return swtpm;
      } catch (IOException e) { // another process has taken the port meanwhile
        swtpm.kill();
        taken = e;
      }
    }
    throw taken;
  }

  /** Whether swtpm is installed. */
  public static boolean installed() {
    try {
      Process version = new ProcessBuilder("swtpm", "--version").start();
      return version.waitFor(10, TimeUnit.SECONDS) && version.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Of the TPM itself; the next one is its control port. */
  public int port() {
    return port;
  }

  /** How tpm2-tss and tpm2-tools reach it. */
  public String tcti() {
    return "swtpm:host=127.0.0.1,port=" + port;
  }

  /** Starts it again after {@link #stop} or {@link #kill}. */
  public void start() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                "swtpm",
                "socket",
                "--tpm2",
                "--tpmstate",
                "dir=" + state,
                "--server",
                "type=tcp,bindaddr=127.0.0.1,port=" + port,
                "--ctrl",
                "type=tcp,bindaddr=127.0.0.1,port=" + (port + 1),
                "--flags",
                "not-need-init,startup-clear")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!listens()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new IOException("swtpm did not come up on port " + port);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  // The control port: a connection to the TPM's own port would take its only place.
  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port + 1), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it in order. */
  public void stop() throws InterruptedException {
    end(false);
  }

  /** Ends it at once, as a crash would. */
  public void kill() throws InterruptedException {
    end(true);
  }

  private void end(boolean forcibly) throws InterruptedException {
    Process running = process;
    if (running != null) {
      if (forcibly) {
        running.destroyForcibly();
      } else {
        running.destroy();
      }
      running.waitFor();
      process = null;
    }
  }

  /** Runs one of the tpm2 tools on it and gives what it wrote. */
  public String tool(String... command) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("TPM2TOOLS_TCTI", tcti());
    Process tool = builder.start();
    String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (tool.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  /** Brings it into lockout, like an attacker who guesses; {@code --clear-lockout} ends it. */
  public void lockOut() throws IOException, InterruptedException {
    tool("tpm2_dictionarylockout", "--setup-parameters", "--max-tries=1");
    Path parent = state.resolve("guessed.ctx");
    tool(
        "tpm2_createprimary",
        "-C",
        "o",
        "-G",
        "ecc",
        "-p",
        "right",
        "-a",
        "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|decrypt",
        "-c",
        parent.toString());
    tool("tpm2_flushcontext", "-t");
    boolean guessed;
    try {
      tool(
          "tpm2_create",
          "-C",
          parent.toString(),
          "-P",
          "wrong",
          "-G",
          "ecc",
          "-u",
          state.resolve("guessed.pub").toString(),
          "-r",
          state.resolve("guessed.priv").toString());
      guessed = true;
    } catch (IOException e) {
      guessed = false; // as it should be, and counted
    }
    tool("tpm2_flushcontext", "-t");
    if (guessed) {
      throw new IOException("The software TPM took a wrong auth value");
    }
  }

  /** Below those that the kernel gives to connections, which come and go at any time. */
  private static int freePort() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (free(port) && free(port + 1)) {
        return port;
      }
    }
    throw new IOException("No two neighbouring ports are free");
  }

  private static boolean free(int port) {
    try {
      new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while swtpm was ending", e);
    }
  }
}
