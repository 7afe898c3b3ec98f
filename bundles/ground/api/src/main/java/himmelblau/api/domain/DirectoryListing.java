package himmelblau.api.domain;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import java.util.function.Consumer;

/**
 * Lists a whole directory, with its POSIX attributes, for {@code aad-tool enumerate}. Registered
 * beside its {@link DomainProvider}, with the same {@link DomainProvider#DOMAIN}, by those that
 * have something to read with without a user. Blocking; may take minutes and hand over millions,
 * each as it is read. A failure half-way is a {@link DomainUnavailable} that says what to do; what
 * was handed over until then is not the whole.
 */
public interface DirectoryListing {
  /** The domain as configured, lower case. */
  String domain();

  /** Hands over every user once. */
  void users(Consumer<DirectoryUser> to) throws DomainUnavailable;

  /** Hands over every group once. */
  void groups(Consumer<Group> to) throws DomainUnavailable;
}
