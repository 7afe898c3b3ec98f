package himmelblau.domain.entra.internal;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainUnavailable;
import java.util.function.Consumer;

/** Lists the directory of one domain, page by page, with the token of the confidential client. */
record EntraListing(String domain, EntraLookups lookups, Tenants tenants)
    implements DirectoryListing {
  /** Finds the tenant. */
  interface Tenants {
    Tenant find() throws DomainUnavailable;
  }

  @Override
  public void users(Consumer<DirectoryUser> to) throws DomainUnavailable {
    lookups.users(tenants.find(), to);
  }

  @Override
  public void groups(Consumer<Group> to) throws DomainUnavailable {
    lookups.groups(tenants.find(), to);
  }
}
