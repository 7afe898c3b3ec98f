package himmelblau.domain.oidc.internal;

import himmelblau.contract.domain.DomainContract;
import himmelblau.contract.domain.DomainFixture;
import himmelblau.domain.oidc.internal.OidcSettings.UserNameForm;
import java.util.Set;

/** What every provider must do, where users type their password at this host. */
class PasswordDomainContractTest extends DomainContract {
  @Override
  protected DomainFixture fixture() {
    return OidcFixture.passwords(UserNameForm.SHORT, Set.of());
  }
}
