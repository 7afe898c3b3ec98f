package himmelblau.api.domain;

import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Lists a whole directory, with its POSIX attributes, for {@code aad-tool enumerate}. Registered
 * beside its {@link DomainProvider}, with the same {@link DomainProvider#DOMAIN}, by providers that
 * can read the directory without a signed-in user. Blocking; may take minutes and deliver millions
 * of entries, each as soon as it is read. A failure in the middle is a {@link DomainUnavailable}
 * that says what to do; what was delivered until then is incomplete.
 */
@ConsumerType
public interface DirectoryListing {
  /** The domain as configured, lower case. */
  String domain();

  /** Delivers every user once. */
  void users(Consumer<DirectoryUser> to) throws DomainUnavailable;

  /** Delivers every group once. */
  void groups(Consumer<Group> to) throws DomainUnavailable;
}
