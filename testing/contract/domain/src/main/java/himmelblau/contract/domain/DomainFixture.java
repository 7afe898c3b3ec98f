package himmelblau.contract.domain;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import java.util.Set;

/**
 * A provider under test, a directory for it, and its users. The author of a provider writes one: in
 * front of an emulated directory, or of a real one made for tests. Each test gets a new one and
 * closes it.
 */
public interface DomainFixture {
  /** The provider. */
  DomainProvider provider() throws Exception;

  /** A new instance of the provider with the records of the first, as after a restart. */
  DomainProvider restarted() throws Exception;

  /**
   * Whether users have passwords that a sign-in on this host takes. Otherwise its first step is a
   * factor that is all of it, such as a browser on another device, and {@link #password} is any
   * text.
   */
  default boolean passwords() {
    return true;
  }

  /** A user with a password and a second factor. */
  AccountName user();

  /** Another user of the domain, with the same password and a second factor of their own. */
  AccountName otherUser();

  /** A name in the domain that no account has. */
  AccountName nobody();

  /** The password of both users; the caller closes it. */
  Secret password();

  /** Ids of the {@link himmelblau.api.mfa.MfaMethod}s that the users can use. */
  Set<String> methods();

  /** How many push messages, calls and text messages went to the users. */
  int messagesSent();

  /**
   * Does what the user does to prove the factor: approves on the phone, or hands in the right code.
   * After that {@link Challenge#poll} gives APPROVED, or the code was already accepted.
   */
  Challenge.Progress prove(AccountName user, Challenge challenge, Prompt prompt) throws Exception;

  /** Does what a user does who declines, or hands in a wrong code. */
  Challenge.Progress fail(AccountName user, Challenge challenge, Prompt prompt) throws Exception;

  /** Gives the account of {@link #user} another display name. */
  void changeDisplayName(String name) throws Exception;

  /** Deletes the account of {@link #user} and creates one with the same name and password. */
  void createAnew() throws Exception;

  /** From now on the directory cannot be reached. */
  void unreachable() throws Exception;

  /** The directory can be reached again. */
  void reachable() throws Exception;

  /** The directory answers the next request with "too many requests". */
  void throttleOnce() throws Exception;

  /** The directory takes the next request and does not answer it for two minutes. */
  void stallOnce() throws Exception;

  /** Whether a request of {@link #stallOnce} is being held now. */
  boolean stalled() throws Exception;

  /** Ends all that was started. */
  void close() throws Exception;
}
