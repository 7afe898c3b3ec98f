package himmelblau.api.graph;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where Microsoft Graph of one domain's tenant is, and the token of the host's own application.
 * Registered beside its {@link himmelblau.api.domain.DomainProvider}, with the same {@link
 * himmelblau.api.domain.DomainProvider#DOMAIN}, by a provider whose directory has Graph.
 * Thread-safe; a method that reaches the network blocks, honours {@code request_timeout} and ends
 * early when its thread is interrupted.
 */
@ConsumerType
public interface GraphAccess {
  /** The domain as configured, and the other domains of the tenant that sign in here. */
  Set<String> domains();

  /**
   * The address of Graph in the cloud of the tenant, https, without a trailing slash. Tokens of the
   * tenant are sent to this host and no other.
   *
   * @throws DomainUnavailable if the tenant was not discovered yet and cannot be now
   */
  URI address() throws DomainUnavailable;

  /**
   * The page on which an administrator of the tenant consents to what an application asks for.
   *
   * @param clientId the application
   * @throws DomainUnavailable if the tenant was not discovered yet and cannot be now
   */
  URI consentPage(String clientId) throws DomainUnavailable;

  /**
   * The application whose credential this host has ({@code aad-tool cred}), by its client id.
   *
   * @return empty if there is none
   * @throws DomainUnavailable if the key store cannot open it now; says what to do
   */
  Optional<String> application() throws DomainUnavailable;

  /**
   * A token of that application for Graph. It may do what the application has permission for,
   * whoever asks: for root only.
   *
   * @return the caller closes it
   * @throws DomainUnavailable if there is none; says why and what to do
   */
  Secret applicationToken() throws DomainUnavailable;
}
