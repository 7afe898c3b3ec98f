package himmelblau.domain.entra.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.contract.domain.DomainFixture;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.login.Phone;
import himmelblau.testing.tenant.web.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The provider in front of the emulated tenant, for the contract kit. */
final class EntraDomainFixture implements DomainFixture {
  private static final String LOGIN = "login.microsoftonline.com";
  private static final String PAGE = "/*/oauth2/authorize";
  private static final AccountName OTHER = new AccountName("other", EntraFixture.DOMAIN);

  private final EntraFixture lab;
  private final DomainProvider provider;

  EntraDomainFixture(Path folder) throws Exception {
    lab = new EntraFixture(folder);
    provider = lab.domain();
    lab.tenant.directory().put(copy(lab.user(), OTHER.upn()));
  }

  private static User copy(User user, String upn) {
    return new User(
        user.tenant(),
        UUID.randomUUID(),
        upn,
        user.name(),
        user.password(),
        user.methods(),
        true,
        false,
        user.unix(),
        user.tokensValidFrom());
  }

  @Override
  public DomainProvider provider() {
    return provider;
  }

  @Override
  public DomainProvider restarted() {
    return lab.domain();
  }

  @Override
  public AccountName user() {
    return EntraFixture.USER;
  }

  @Override
  public AccountName otherUser() {
    return OTHER;
  }

  @Override
  public AccountName nobody() {
    return new AccountName("nobody", EntraFixture.DOMAIN);
  }

  @Override
  public Secret password() {
    return EntraFixture.password();
  }

  @Override
  public Set<String> methods() {
    return Set.of("PhoneAppNotification");
  }

  @Override
  public int messagesSent() {
    return lab.tenant.phone().pending().size() + lab.tenant.phone().messages().size();
  }

  @Override
  public Challenge.Progress prove(AccountName user, Challenge challenge, Prompt prompt)
      throws Exception {
    answer(user, true, prompt);
    return challenge.poll();
  }

  @Override
  public Challenge.Progress fail(AccountName user, Challenge challenge, Prompt prompt)
      throws Exception {
    answer(user, false, prompt);
    return challenge.poll();
  }

  private void answer(AccountName user, boolean approve, Prompt prompt) {
    UUID id = lab.tenant.directory().user(user.upn()).orElseThrow().id();
    List<Phone.Prompt> open = lab.tenant.phone().open(id);
    lab.tenant.phone().answer(open.get(0), approve, prompt.number().map(Integer::valueOf));
  }

  @Override
  public void changeDisplayName(String name) {
    lab.tenant.directory().put(lab.user().withName(name));
  }

  @Override
  public void createAnew() {
    User old = lab.user();
    lab.tenant.directory().remove(old);
    lab.tenant.directory().put(copy(old, old.upn()));
  }

  @Override
  public void unreachable() throws Exception {
    lab.stop();
  }

  @Override
  public void reachable() throws Exception {
    lab.start();
  }

  @Override
  public void throttleOnce() {
    lab.fault(LOGIN, "*", Fault.Kind.STATUS, 429);
  }

  @Override
  public void stallOnce() {
    lab.fault(LOGIN, PAGE, Fault.Kind.STALL, 120);
  }

  @Override
  public boolean stalled() {
    return lab.tenant.faults().list().isEmpty();
  }

  @Override
  public void close() throws Exception {
    lab.close();
  }
}
