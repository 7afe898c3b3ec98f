package himmelblau.domain.oidc.internal;

import himmelblau.contract.domain.DomainContract;
import himmelblau.contract.domain.DomainFixture;

/** What every provider must do. */
class OidcDomainContractTest extends DomainContract {
  @Override
  protected DomainFixture fixture() {
    return new OidcFixture();
  }
}
