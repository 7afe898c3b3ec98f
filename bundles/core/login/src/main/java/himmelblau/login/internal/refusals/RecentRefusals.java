package himmelblau.login.internal.refusals;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.SignInRefused;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last refusals of the users who were refused last, until this service ends. Bounded: who tries
 * many names displaces older entries and nothing else. What a user typed is not kept. Thread-safe.
 */
public final class RecentRefusals {
  static final int USERS = 256;
  static final int EACH = 5;
  private static final int LONGEST = 300;

  private final InstantSource clock;
  private final Instant since;
  private final Map<AccountName, List<Refusal>> byUser =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AccountName, List<Refusal>> eldest) {
          return size() > USERS;
        }
      };

  public RecentRefusals(InstantSource clock) {
    this.clock = clock;
    this.since = clock.instant();
  }

  /**
   * One refusal.
   *
   * @param text as the user read it, or for the log; one line; may be empty
   * @param reason what the directory said; empty if this host refused
   * @param code what the directory calls it, such as {@code AADSTS50057}
   */
  public record Refusal(
      Instant at, String text, Optional<SignInRefused.Reason> reason, Optional<String> code) {}

  /** Since when they are kept. */
  public Instant since() {
    return since;
  }

  /** The directory refused, or a check of its answer. */
  public void byDirectory(AccountName name, SignInRefused refused) {
    add(
        name,
        new Refusal(
            clock.instant(),
            line(refused.text()),
            Optional.of(refused.reason()),
            refused.code().map(RecentRefusals::line)));
  }

  /**
   * This host refused. The same text as in the last entry tells no more: a refusal of the directory
   * ends the sign-in with its text.
   */
  public synchronized void here(AccountName name, String text) {
    Refusal refusal = new Refusal(clock.instant(), line(text), Optional.empty(), Optional.empty());
    List<Refusal> before = of(name);
    if (before.isEmpty() || !tells(before.getLast(), refusal.text())) {
      add(name, refusal);
    }
  }

  private static boolean tells(Refusal last, String text) {
    return last.text().equals(text) || last.code().filter(text::contains).isPresent();
  }

  private synchronized void add(AccountName name, Refusal refusal) {
    List<Refusal> before = byUser.remove(name); // it is the last one now
    List<Refusal> kept = before == null ? new ArrayList<>() : before;
    byUser.put(name, kept);
    kept.add(refusal);
    if (kept.size() > EACH) {
      kept.removeFirst();
    }
  }

  /** The last ones of a user, the oldest first. */
  public synchronized List<Refusal> of(AccountName name) {
    return List.copyOf(byUser.getOrDefault(name, List.of()));
  }

  private static String line(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) : line;
  }
}
