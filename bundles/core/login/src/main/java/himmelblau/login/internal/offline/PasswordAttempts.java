package himmelblau.login.internal.offline;

import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.secret.Secret;
import himmelblau.login.internal.conversation.StepConversation;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Limits attempts on cached passwords: one at a time for each user, whatever the PAM service. An
 * attempt is counted on the disk as wrong before it is made, and a wrong one delays the next,
 * whoever makes it; a delay that was cut short (disconnect, kill) is still due. Independent of the
 * clock.
 */
public final class PasswordAttempts {
  /** NIST SP 800-63B allows 100 in a row. */
  static final int LIMIT = 50;

  private static final Log LOG = Log.of(PasswordAttempts.class);
  private static final int SECONDS_EACH = 3;
  private static final int LONGEST = 30; // seconds; sshd disconnects after 120
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final PasswordAttemptTable table;
  private final Verifiers verifiers;
  private final ConcurrentHashMap<UUID, UserAttempts> attemptsByUser = new ConcurrentHashMap<>();

  PasswordAttempts(PasswordAttemptTable table, Verifiers verifiers) {
    this.table = table;
    this.verifiers = verifiers;
  }

  private static final class UserAttempts {
    private final ReentrantLock lock = new ReentrantLock();
    private boolean waited;
  }

  /**
   * Tries {@code password} (borrowed), one at a time for each user. At the limit only the cached
   * password is deleted, until the next online sign-in.
   */
  public boolean right(StepConversation conversation, UUID user, Secret password)
      throws ConversationClosed, KeyStoreUnavailable {
    UserAttempts attempts = attemptsByUser.computeIfAbsent(user, id -> new UserAttempts());
    while (!attempts.lock.tryLock()) {
      conversation.pause(ASK_AGAIN); // ends when the user goes away
    }
    try {
      int before = table.wrong(user);
      if (before > 0 && before < LIMIT && !attempts.waited) {
        conversation.pause(due(before));
      }
      attempts.waited = false;
      return tried(conversation, attempts, user, password);
    } finally {
      attempts.lock.unlock();
    }
  }

  private boolean tried(
      StepConversation conversation, UserAttempts attempts, UUID user, Secret password)
      throws ConversationClosed, KeyStoreUnavailable {
    int wrong = table.count(user, LIMIT);
    boolean right;
    try {
      right = wrong > 0 && verifiers.matches(user, password);
    } catch (KeyStoreUnavailable e) {
      table.takeBack(user);
      throw e;
    }
    if (right) {
      table.clear(user);
      return true;
    }
    LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.DENIED)
        .warn("login.wrong", "user", user, "what", "cached_password", "attempts", wrong);
    if (wrong == 0 || wrong == LIMIT) {
      verifiers.forget(user);
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .warn("login.verifier.destroyed", "user", user, "attempts", LIMIT);
    }
    conversation.pause(due(wrong == 0 ? LIMIT : wrong));
    attempts.waited = true;
    return false;
  }

  private static Duration due(int wrong) {
    return Duration.ofSeconds(Math.min(LONGEST, (long) SECONDS_EACH * wrong));
  }
}
