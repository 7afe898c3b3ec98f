package example.roster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInPolicy.OtherBrowser;
import himmelblau.api.domain.Step;
import himmelblau.api.secret.Secret;
import himmelblau.contract.domain.DomainContract;
import himmelblau.contract.domain.DomainFixture;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RosterDomainTest extends DomainContract {
  @TempDir Path folder;

  @Override
  protected DomainFixture fixture() throws Exception {
    return new RosterFixture(folder);
  }

  @Test
  void aPasswordAloneIsOneFactor() throws Exception {
    SignInPolicy passwordOnly = new SignInPolicy(false, OtherBrowser.WHERE_NEEDED, Set.of(), false);
    try (SignIn signIn = at().provider().begin(at().user(), passwordOnly);
        Secret password = at().password()) {
      Step.Complete complete = assertInstanceOf(Step.Complete.class, signIn.password(password));
      try (Session session = complete.session()) {
        assertFalse(session.multiFactor());
      }
    }
  }
}
