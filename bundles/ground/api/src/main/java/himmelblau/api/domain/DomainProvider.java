package himmelblau.api.domain;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.hsm.Key;
import himmelblau.api.secret.Secret;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One configured sign-in domain: an Entra tenant's domain or an OpenID Connect issuer. One service
 * for each domain, with the service properties below. Thread-safe; every method that reaches the
 * network blocks, honours {@code request_timeout} and ends early when its thread is interrupted.
 *
 * <p>A provider keeps its own device keys through {@link himmelblau.api.hsm.Machine} and its own
 * records through {@link himmelblau.api.store.Store}. It never interacts with a user: that is the
 * task of the login bundle and of {@link himmelblau.api.mfa.MfaMethod}s.
 *
 * <p>Every provider passes the kit in {@code testing/contract/domain}, which demands:
 *
 * <ul>
 *   <li>Proofs: a sign-in completes only after what it asked for was proven. A demanded second
 *       factor is asked for, also after a good password. Only a challenge of the same sign-in that
 *       was approved is a proof. {@link Session#multiFactor()} tells what was proven. Only methods
 *       in {@link SignInPolicy#methods()} are offered. What was not asked for, and what comes after
 *       {@link SignIn#close()}, ends with {@link IllegalStateException}.
 *   <li>Identity: {@link DirectoryUser#objectId()} of an account is the same at every sign-in,
 *       after a restart and under another display name, and no other account ever has it: not one
 *       that was deleted and created anew under the same name either. A renewal gives the account
 *       that it was made for, or is refused. An unknown name is empty for {@link #find} and {@link
 *       SignInRefused.Reason#NO_SUCH_ACCOUNT} for {@link #begin}, unless the directory confirms no
 *       names ({@link #confirmsNames}): then nothing but a completed sign-in gives an id. A name of
 *       another domain is {@link DomainUnavailable} and no question to anybody.
 *   <li>Outages: a directory that cannot be reached is {@link DomainUnavailable.Kind#NETWORK}, one
 *       that throttles is {@link DomainUnavailable.Kind#TEMPORARY}; neither is ever "no such
 *       account" or a refusal. {@link #renewalAlive} needs no network. A wait ends with {@link
 *       DomainUnavailable} when its thread is interrupted.
 *   <li>Secrets: what is borrowed is neither kept, changed nor closed. A renewal is a copy that
 *       outlives its session; a closed session holds none. A renewal that is none, or was changed,
 *       opens nothing. No password and no renewal is in a message or in {@code toString()}.
 * </ul>
 */
@ConsumerType
public interface DomainProvider {
  /** Service property: {@code entra}, {@code oidc} … */
  String KIND = "himmelblau.domain.kind";

  /** Service property: the domain as configured, lower case. */
  String DOMAIN = "himmelblau.domain";

  /** The domain as configured, lower case. */
  String domain();

  /** Other domains of the same tenant that sign in here, lower case; without {@link #domain()}. */
  List<String> aliases();

  /** The tenant id or issuer, if known by configuration, earlier discovery or the network. */
  Optional<String> tenantId();

  /**
   * Whether the service answers now, be it with an error: only a service that is not reached makes
   * a sign-in offline. Bounded by a few seconds; never throws.
   */
  boolean reachable();

  /** Whether this host is joined to the domain; always true where joining does not exist. */
  boolean joined();

  /**
   * Whether the directory tells this host which accounts exist. Where it does not, such as an
   * OpenID Connect issuer, the only word about a name is what a user signed in with, so:
   *
   * <ul>
   *   <li>{@link #find} takes every name of the domain, without an object id;
   *   <li>the host asks for accounts it does not know by their full name only, so that a short name
   *       that a program looks up does not become an account;
   *   <li>a name that an account has on this host never moves to another account known here: users
   *       may be able to change theirs.
   * </ul>
   *
   * The same at every call; never throws; does not reach the network.
   */
  default boolean confirmsNames() {
    return true;
  }

  /**
   * Whether the account exists. Never starts a push or any other prompt.
   *
   * @return empty only when the directory says that there is no such account
   * @throws DomainUnavailable when the directory cannot tell now
   */
  Optional<DirectoryUser> find(AccountName name) throws DomainUnavailable;

  /**
   * What can be read about an account without its user: as {@link #find}, its groups if the
   * provider may read them, and whether it is disabled if the directory says so.
   *
   * @return empty only when the directory says that there is no such account
   * @throws DomainUnavailable when the directory cannot tell now
   */
  Optional<UserWithGroups> findWithGroups(AccountName name) throws DomainUnavailable;

  /**
   * A group by its object id, before any member of it signed in.
   *
   * @return empty when the directory has no such group, or this provider may not read groups
   *     without a user
   * @throws DomainUnavailable when the directory cannot tell now
   */
  Optional<Group> group(UUID objectId) throws DomainUnavailable;

  /**
   * Begins an interactive sign-in.
   *
   * @throws DomainUnavailable when the service cannot be reached
   * @throws SignInRefused when the service refuses this account at once
   */
  SignIn begin(AccountName name, SignInPolicy policy) throws DomainUnavailable, SignInRefused;

  /**
   * Registers the public half of a new Hello key for the user of {@code session}.
   *
   * @return {@link HelloKind#REGISTERED} when the directory now knows the key, {@link
   *     HelloKind#LOCAL} when this sign-in or this directory does not allow it: the key then only
   *     protects what is stored on this device
   */
  HelloKind registerHello(Session session, Key key) throws DomainUnavailable, SignInRefused;

  /** Signs in with an unlocked key that {@link #registerHello} has registered. */
  Session signInWithHello(AccountName name, Key key) throws DomainUnavailable, SignInRefused;

  /**
   * Signs in with what an earlier {@link Session#renewal()} gave.
   *
   * @param renewal borrowed
   */
  Session renew(AccountName name, Secret renewal) throws DomainUnavailable, SignInRefused;

  /** Whether {@code renewal} still permits an offline sign-in; decided without the network. */
  boolean renewalAlive(Secret renewal);

  /**
   * Whether users may sign in offline according to the last state of this host in the directory;
   * false while the host is disabled there.
   */
  boolean opensOffline();

  /** Deletes the device registration (join state and device keys) on this host only. Idempotent. */
  void leave();
}
