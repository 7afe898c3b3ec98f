package himmelblau.contract.checks;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.contract.domain.DomainFixture;
import java.util.Set;

/** The provider in memory and what happens around it. */
final class MemoryFixture implements DomainFixture {
  private final MemoryDirectory directory;

  MemoryFixture(Defect defect) {
    directory = new MemoryDirectory(defect);
  }

  @Override
  public DomainProvider provider() {
    return new MemoryDomain(directory);
  }

  @Override
  public DomainProvider restarted() {
    return new MemoryDomain(directory);
  }

  @Override
  public AccountName user() {
    return new AccountName("ada", MemoryDirectory.DOMAIN);
  }

  @Override
  public AccountName otherUser() {
    return new AccountName("grace", MemoryDirectory.DOMAIN);
  }

  @Override
  public AccountName nobody() {
    return new AccountName("nobody", MemoryDirectory.DOMAIN);
  }

  @Override
  public Secret password() {
    return Secret.ofText(MemoryDirectory.PASSWORD);
  }

  @Override
  public Set<String> methods() {
    return Set.of(MemorySignIn.METHOD);
  }

  @Override
  public int messagesSent() {
    return directory.sent;
  }

  @Override
  public Progress prove(AccountName user, Challenge challenge, Prompt prompt) {
    return answer(challenge, Progress.APPROVED);
  }

  @Override
  public Progress fail(AccountName user, Challenge challenge, Prompt prompt) {
    return answer(challenge, Progress.DENIED);
  }

  private static Progress answer(Challenge challenge, Progress progress) {
    ((MemorySignIn.Push) challenge).progress = progress;
    return progress;
  }

  @Override
  public void changeDisplayName(String name) {
    MemoryDirectory.User ada = directory.users.get("ada");
    directory.users.put("ada", new MemoryDirectory.User("ada", ada.id(), name));
  }

  @Override
  public void createAnew() {
    directory.put("ada", "Ada");
  }

  @Override
  public void unreachable() {
    directory.unreachable = true;
  }

  @Override
  public void reachable() {
    directory.unreachable = false;
  }

  @Override
  public void throttleOnce() {
    directory.throttled = true;
  }

  @Override
  public void stallOnce() {
    directory.stalling = true;
  }

  @Override
  public boolean stalled() {
    return directory.stalled;
  }

  @Override
  public void close() {}
}
