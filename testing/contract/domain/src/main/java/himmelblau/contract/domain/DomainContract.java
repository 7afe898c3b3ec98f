package himmelblau.contract.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** What holds for every domain provider, subject by subject. Extend it and run that one class. */
public abstract class DomainContract {
  private DomainFixture fixture;

  /** A new provider and directory; the kit closes it. */
  protected abstract DomainFixture fixture() throws Exception;

  /** How long {@link DomainProvider#reachable} and the end of an interrupted wait may take. */
  protected Duration atMost() {
    return Duration.ofSeconds(20);
  }

  @BeforeEach
  void open() throws Exception {
    fixture = fixture();
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  /** That of the running test. */
  protected final DomainFixture at() {
    return fixture;
  }

  /** With a second factor demanded. */
  SignInPolicy demanding() {
    return policy(fixture.methods());
  }

  static SignInPolicy policy(Set<String> methods) {
    return new SignInPolicy(true, OtherBrowser.WHERE_NEEDED, methods, false);
  }

  /** After the password, which is accepted; where there are none, at once. */
  Step.NeedFactor afterPassword(SignIn signIn) throws Exception {
    if (!fixture.passwords()) {
      return assertInstanceOf(Step.NeedFactor.class, signIn.step());
    }
    try (Secret password = fixture.password()) {
      return assertInstanceOf(Step.NeedFactor.class, signIn.password(password));
    }
  }

  /** A challenge that the user has completed. */
  Challenge approved(AccountName user, SignIn signIn, Step.NeedFactor need) throws Exception {
    Challenge challenge = signIn.challenge(need.offers().get(0));
    assertEquals(
        Challenge.Progress.APPROVED,
        fixture.prove(user, challenge, challenge.begin()),
        "the fixture");
    return challenge;
  }

  /** Password and second factor; the caller closes the session. */
  Session signIn(DomainProvider provider, AccountName user) throws Exception {
    try (SignIn signIn = provider.begin(user, demanding())) {
      Step.NeedFactor need = afterPassword(signIn);
      Step last = signIn.approved(approved(user, signIn, need));
      return assertInstanceOf(Step.Complete.class, last).session();
    }
  }

  /** The same for {@link DomainFixture#user}. */
  Session signIn() throws Exception {
    return signIn(fixture.provider(), fixture.user());
  }

  /** A call of the SPI. */
  interface Call {
    Object run() throws Exception;
  }

  /** The refusal that {@code call} ends with. */
  static SignInRefused refused(Call call) {
    return assertThrows(SignInRefused.class, call::run);
  }

  @Nested
  class Proofs extends ProofsContract {
    Proofs() {
      super(DomainContract.this);
    }
  }

  @Nested
  class Identities extends IdentitiesContract {
    Identities() {
      super(DomainContract.this);
    }
  }

  @Nested
  class Outages extends OutagesContract {
    Outages() {
      super(DomainContract.this);
    }
  }

  @Nested
  class Secrets extends SecretsContract {
    Secrets() {
      super(DomainContract.this);
    }
  }
}
