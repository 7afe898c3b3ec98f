package himmelblau.breakglass.window;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.breakglass.window.WindowTable.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The time window in which cached passwords are accepted. It may be opened while the directory can
 * be reached (an administrator expects an outage); it then takes effect when the outage begins, and
 * ends after it. Its time is measured by a clock that cannot be set, and survives a restart of the
 * daemon but not a boot. Who asks changes nothing: that its time is up is recorded by {@link
 * DirectoryWatch}. Thread-safe.
 */
public final class BreakglassWindow {
  private static final Log LOG = Log.of(BreakglassWindow.class);

  private final WindowTable table;
  private final BootClock clock;
  private Optional<Window> window;

  /** The window as it was left in {@code table}. */
  public BreakglassWindow(WindowTable table, BootClock clock) {
    this.table = table;
    this.clock = clock;
    this.window = table.read();
  }

  /** Opens it for {@code length} from now, or closes it if that is nothing. */
  public synchronized void open(Duration length) {
    if (length.isZero()) {
      close("by hand");
      return;
    }
    Window fresh = new Window(clock.boot(), clock.now().plus(length), false);
    table.write(fresh);
    window = Optional.of(fresh);
    LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.SUCCESS)
        .warn("breakglass.open", "seconds", length.toSeconds());
  }

  /** How long it is still open; empty if it is not. */
  public synchronized Optional<Duration> left() {
    if (window.isEmpty()) {
      return Optional.empty();
    }
    Duration left = window.get().ends().minus(clock.now());
    return left.isPositive() && window.get().boot().equals(clock.boot())
        ? Optional.of(left)
        : Optional.empty();
  }

  /** Closes it if its time is up. Returns how long it is still open; empty if it is not. */
  synchronized Optional<Duration> expire() {
    Optional<Duration> left = left();
    if (left.isEmpty()) {
      close("its time is up");
    }
    return left;
  }

  /** Until when it is open, by the clock that administrators see; empty if it is not. */
  public Optional<Instant> until() {
    return left().map(Instant.now()::plus);
  }

  /** For administrators, that it is open; empty if it is not. */
  public Optional<String> notice() {
    return left()
        .map(
            left ->
                "Breakglass is active until "
                    + EndTime.of(left)
                    + ": while the directory cannot be reached, a cached password is enough to"
                    + " sign in. End it with aad-tool offline-breakglass --ttl 0.");
  }

  /** Called when the directory cannot be reached: the window ends when it answers again. */
  public synchronized void outage() {
    if (left().isEmpty()) {
      return;
    }
    Window now = window.orElseThrow();
    if (!now.outage()) {
      Window seen = new Window(now.boot(), now.ends(), true);
      table.write(seen);
      window = Optional.of(seen);
    }
  }

  /** Called when the directory answers: ends the window if there was an outage. */
  public synchronized void reconnected() {
    if (expire().isPresent() && window.orElseThrow().outage()) {
      close("the directory can be reached again");
    }
  }

  /**
   * Closes it, if it is open. It is closed for this process also if the store cannot write that.
   *
   * @param why for the log
   */
  public synchronized void close(String why) {
    if (window.isPresent()) {
      window = Optional.empty();
      LOG.audit(AuditKind.BREAKGLASS, AuditOutcome.SUCCESS).warn("breakglass.closed", "why", why);
      table.delete();
    }
  }
}
