package himmelblau.login.internal.offline;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Vault;
import himmelblau.argon2.Argon2id;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Verifies passwords offline (host-behaviour 7.3): Argon2id, then HMAC with a key of this machine,
 * bound to the object id of the user. A verifier is useless on any other machine and for any other
 * user.
 */
public final class Verifiers {
  private static final Log LOG = Log.of(Verifiers.class);
  private static final String KEY = "login/verifier";

  private final VerifierTable table;
  private final Machine machine;
  private final Vault vault;
  private final Argon2id cost;
  private final PasswordAttempts passwordAttempts;
  private final SecureRandom random = new SecureRandom();

  public Verifiers(VerifierTable table, Machine machine, Vault vault) {
    this(table, machine, vault, Argon2.COST);
  }

  /**
   * For tests, which check hundreds of passwords.
   *
   * @param cost of verifiers that are made from now on
   */
  public Verifiers(VerifierTable table, Machine machine, Vault vault, Argon2id cost) {
    this.table = table;
    this.machine = machine;
    this.vault = vault;
    this.cost = cost;
    this.passwordAttempts = new PasswordAttempts(table.passwordAttempts(), this);
  }

  public PasswordAttempts passwordAttempts() {
    return passwordAttempts;
  }

  /** Whose password is kept, and what it is good for. */
  public enum Standing {
    /** None is kept. */
    NONE,
    /** The password was enough at every sign-in so far. */
    PASSWORD_ONLY,
    /**
     * Second factors were proven: the password alone is accepted only when breakglass is active.
     */
    MULTI_FACTOR
  }

  public Standing standing(UUID user) {
    return table
        .find(user)
        .filter(row -> row.mac().length > 0)
        .map(row -> row.multiFactor() ? Standing.MULTI_FACTOR : Standing.PASSWORD_ONLY)
        .orElse(Standing.NONE);
  }

  /**
   * Records a successful online sign-in. A user who has proven a second factor once counts as a
   * multi-factor account from then on.
   *
   * @param password as typed (borrowed); empty if none was
   * @param keepMultiFactor whether breakglass wants verifiers of multi-factor accounts
   */
  public void signedIn(
      UUID user, Optional<Secret> password, boolean multiFactor, boolean keepMultiFactor) {
    Optional<VerifierTable.Row> before = table.find(user);
    boolean second = multiFactor || before.map(VerifierTable.Row::multiFactor).orElse(false);
    if (second && !keepMultiFactor) {
      table.keep(new VerifierTable.Row(user, true, new byte[0], new byte[0]));
      return;
    }
    if (password.isEmpty()) {
      before.ifPresent(
          row -> table.keep(new VerifierTable.Row(user, second, row.recipe(), row.mac())));
      return;
    }
    Argon2.Recipe recipe = Argon2.Recipe.fresh(cost, random);
    try {
      byte[] mac = mac(user, recipe, password.get(), true);
      table.keepFresh(new VerifierTable.Row(user, second, recipe.encoded(), mac));
    } catch (KeyStoreUnavailable e) {
      // The sign-in itself was good; only the next outage will be harder.
      LOG.warn("login.verifier.not_kept", "user", user, "why", e.getMessage());
    }
  }

  /**
   * Whether it is the one that is kept. A sign-in asks through {@link #passwordAttempts} only,
   * which bounds the guesses.
   */
  boolean matches(UUID user, Secret password) throws KeyStoreUnavailable {
    Optional<VerifierTable.Row> row = table.find(user).filter(r -> r.mac().length > 0);
    if (row.isEmpty()) {
      return false;
    }
    byte[] mac = mac(user, Argon2.Recipe.decoded(row.get().recipe()), password, false);
    return MessageDigest.isEqual(mac, row.get().mac());
  }

  /** Forgets a password, not that the user has proven a second factor. */
  public void forget(UUID user) {
    table
        .find(user)
        .ifPresent(
            row ->
                table.keep(
                    new VerifierTable.Row(user, row.multiFactor(), new byte[0], new byte[0])));
  }

  /**
   * The directory has refused {@code password} (borrowed): if it is the one that is kept, the user
   * has a new one, and the old one must not open anything in the next outage.
   */
  public void refused(UUID user, Secret password) {
    try {
      if (matches(user, password)) {
        forget(user);
        LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
            .info(
                "login.verifier.ended", "user", user, "why", "the directory refused the password");
      }
    } catch (KeyStoreUnavailable e) {
      LOG.warn("login.verifier.not_checked", "user", user, "why", e.getMessage());
    }
  }

  /** Forgets the passwords of all users who have proven a second factor. */
  void forgetMultiFactor() {
    int forgotten = table.emptyMultiFactor();
    if (forgotten > 0) {
      LOG.audit(AuditKind.CREDENTIAL, AuditOutcome.SUCCESS)
          .info("login.verifier.ended", "users", forgotten, "why", "breakglass is disabled");
    }
  }

  /**
   * Forgets the passwords of all but {@code spared}, not who has proven a second factor. Returns
   * how many there were.
   */
  public int endOffline(Set<UUID> spared) {
    return table.empty(spared);
  }

  public void forgetAll() {
    table.forgetAll();
    vault.delete(KEY);
  }

  private byte[] mac(UUID user, Argon2.Recipe recipe, Secret password, boolean mayCreate)
      throws KeyStoreUnavailable {
    byte[] hash = Argon2.hash(recipe, password);
    byte[] message =
        ByteBuffer.allocate(16 + hash.length)
            .putLong(user.getMostSignificantBits())
            .putLong(user.getLeastSignificantBits())
            .put(hash)
            .array();
    try (Key key = key(mayCreate)) {
      return key.hmac(message);
    } finally {
      Arrays.fill(hash, (byte) 0);
      Arrays.fill(message, (byte) 0);
    }
  }

  private synchronized Key key(boolean mayCreate) throws KeyStoreUnavailable {
    Optional<WrappedKey> kept = vault.readKey(KEY);
    try {
      if (kept.isPresent()) {
        return machine.load(kept.get(), null);
      }
    } catch (KeyRefused | WrongPin e) {
      if (!mayCreate) {
        throw new KeyStoreUnavailable(
            "The key of the password verifiers belongs to another key store", e);
      }
      LOG.audit(AuditKind.KEY, AuditOutcome.SUCCESS)
          .warn(
              "login.verifier.key_replaced",
              "why",
              e.getMessage(),
              "effect",
              "existing password verifiers are invalid");
    }
    try {
      WrappedKey fresh = machine.create(KeySpec.HMAC_SHA256, null);
      vault.writeKey(KEY, fresh);
      return machine.load(fresh, null);
    } catch (KeyRefused | WrongPin e) {
      throw new KeyStoreUnavailable(
          "The key store cannot open the key that it has just created", e);
    }
  }
}
