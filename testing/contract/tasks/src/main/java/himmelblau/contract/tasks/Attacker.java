package himmelblau.contract.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * An attacker who replaces a file or directory by a link, continuously and as fast as possible. A
 * link that the task replaces is put back. Not thread-safe.
 */
public final class Attacker implements AutoCloseable {
  /** A uid that no account here has. */
  public static final int FOREIGN = 4711;

  private static final int ROUNDS = 200;
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final String EXCHANGE =
      """
      import ctypes, os, sys
      libc = ctypes.CDLL(None)
      a, b = sys.argv[1].encode(), sys.argv[2].encode()
      print('on', flush=True)
      while True:
          for _ in range(50):
              libc.renameat2(-100, a, -100, b, 2)  # RENAME_EXCHANGE
          if not os.path.islink(a) and not os.path.islink(b):
              os.symlink(sys.argv[3], b + b'.new')
              os.lchown(b + b'.new', int(sys.argv[4]), -1)
              os.rename(b + b'.new', b)
      """;

  private final Process process;

  private Attacker(Process process) {
    this.process = process;
  }

  /** One round of the task under attack. */
  @FunctionalInterface
  public interface Round<T> {
    /** Does it and says what came of it; {@code number} counts from 0. */
    T run(int number) throws Exception;
  }

  /**
   * Begins.
   *
   * @param honest what the task means to use; exists
   * @param trap where the link is kept when it is not in its place; made here
   * @param victim where the link leads
   */
  public static Attacker exchanging(Path honest, Path trap, Path victim) throws IOException {
    foreignLink(trap, victim);
    Process process =
        new ProcessBuilder(
                "python3",
                "-c",
                EXCHANGE,
                honest.toString(),
                trap.toString(),
                victim.toString(),
                String.valueOf(FOREIGN))
            .start();
    assertEquals("on", process.inputReader().readLine(), "python3 is needed");
    return new Attacker(process);
  }

  /** A link that belongs to another user. */
  public static Path foreignLink(Path link, Path target) throws IOException {
    Files.createSymbolicLink(link, target);
    Files.setAttribute(link, "unix:uid", FOREIGN, LinkOption.NOFOLLOW_LINKS);
    return link;
  }

  /**
   * Runs the task at least 200 times, and on until both {@code one} and {@code other} have come of
   * it; fails after a minute without.
   */
  public <T> void race(Round<T> task, T one, T other) throws Exception {
    Map<T, Integer> seen = new HashMap<>();
    long end = System.nanoTime() + LONGEST.toNanos();
    for (int i = 0; i < ROUNDS || !seen.keySet().containsAll(Set.of(one, other)); i++) {
      assertTrue(System.nanoTime() < end, "Only " + seen + " came of it");
      seen.merge(task.run(i), 1, Integer::sum);
    }
    assertTrue(process.isAlive(), "the attacker gave up");
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
