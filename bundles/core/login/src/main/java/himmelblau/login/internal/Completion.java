package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.log.Log;
import himmelblau.api.login.PamCode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What is done with the directory's answer before anybody is let in. */
final class Completion {
  private static final Log LOG = Log.of(Completion.class);

  private final Host host;

  Completion(Host host) {
    this.host = host;
  }

  /** Checks that the right account signed in, and makes it known to the host. */
  Account record(Attempt attempt, DomainProvider domain, Session session) throws Ended {
    Optional<UUID> known = host.directory().account(attempt.name()).flatMap(Account::objectId);
    boolean replaced = AccountMatch.replaced(attempt.name(), known, session.user());
    if (!replaced) {
      AccountMatch.check(attempt.name(), known, session.user(), domain);
    }
    try {
      Account account = host.directory().record(session.user(), session.groups());
      host.clock().online();
      host.shutOut().remove(attempt.name());
      return account;
    } catch (DirectoryConflict e) {
      LOG.warn("login.conflict", "account", attempt.name(), "why", e.getMessage());
      if (replaced) {
        // Nobody can prove any more to be the account that these belonged to.
        known.ifPresent(host.verifiers()::forget);
        host.hello().ifPresent(hello -> hello.remove(attempt.name()));
        throw Ended.refused(PamCode.AUTH_ERR, Texts.MADE_ANEW);
      }
      throw Ended.refused(PamCode.ABORT, Texts.ADMINISTRATOR);
    }
  }

  /** Whoever has proven a second factor is the person: what others tried is over. */
  void reopenPin(Attempt attempt, Proven proven) {
    if (proven.session().multiFactor() && !proven.fallback()) {
      host.hello().ifPresent(hello -> hello.reopen(attempt.name()));
    }
  }

  /** Takes note of a password for the next outage. */
  void remember(Account account, Proven proven) {
    if (account.objectId().isEmpty()) {
      return;
    }
    UUID user = account.objectId().get();
    boolean keep = host.breakglass().get().stream().anyMatch(policy -> policy.keepVerifiers());
    host.verifiers().signedIn(user, proven.password(), proven.session().multiFactor(), keep);
  }

  /** Words a refusal, and cleans up after a device that the directory has thrown out. */
  Ended refused(Attempt attempt, DomainProvider domain, SignInRefused refusal) {
    LOG.info(
        "login.refused",
        "account",
        attempt.name(),
        "reason",
        refusal.reason(),
        "code",
        refusal.code().isPresent() ? refusal.code().getAsInt() : "-");
    if (LastWord.shutsOut(refusal)) {
      host.shutOut().add(attempt.name());
      host.directory()
          .account(attempt.name())
          .flatMap(Account::objectId)
          .ifPresent(host.verifiers()::forget);
    }
    if (refusal.reason() == SignInRefused.Reason.DEVICE_REMOVED) {
      // Its keys are dead in the directory; the next round joins again and sets a new PIN.
      LostPlace.heard(host, domain);
      host.hello().ifPresent(hello -> hello.remove(attempt.name()));
    }
    if (refusal.reason() == SignInRefused.Reason.DEVICE_DISABLED) {
      // Whatever anybody types, the answer is the same; and nothing of it is for ever.
      return Ended.refused(PamCode.AUTH_ERR, refusal.text());
    }
    if (refusal.reason() == SignInRefused.Reason.NOT_SUPPORTED) {
      List<String> gone = host.methods().gone();
      if (!gone.isEmpty()) {
        return Ended.refused(
            PamCode.AUTH_ERR,
            Ended.of(refusal).text()
                + "\n"
                + Texts.METHOD_MISSING.formatted(String.join(", ", gone)));
      }
    }
    return Ended.of(refusal);
  }
}
