package himmelblau.login.internal.offline;

import himmelblau.api.secret.Secret;
import himmelblau.argon2.Argon2id;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/** Argon2id (RFC 9106); the parameters are stored with the result. */
final class Argon2 {
  static final int LENGTH = 32;
  private static final int SALT = 16;
  private static final byte FORMAT = 1;
  // The result is useless without the machine key, so it need not withstand by itself
  // a stolen disk; 19 MiB keep the daemon small (OWASP's first choice of small parameters).
  static final Argon2id COST = new Argon2id(19 * 1024, 2);

  private Argon2() {}

  /**
   * How a hash was made; at rest next to it.
   *
   * @param kibibytes memory
   */
  record Recipe(int kibibytes, int passes, byte[] salt) {
    static Recipe fresh(Argon2id cost, SecureRandom random) {
      byte[] salt = new byte[SALT];
      random.nextBytes(salt);
      return new Recipe(cost.kibibytes(), cost.passes(), salt);
    }

    byte[] encoded() {
      return ByteBuffer.allocate(1 + 4 + 4 + SALT)
          .put(FORMAT)
          .putInt(kibibytes)
          .putInt(passes)
          .put(salt)
          .array();
    }

    static Recipe decoded(byte[] encoded) {
      ByteBuffer in = ByteBuffer.wrap(encoded);
      if (encoded.length != 1 + 4 + 4 + SALT || in.get() != FORMAT) {
        throw new IllegalArgumentException("Not a recipe of this version");
      }
      int kibibytes = in.getInt();
      int passes = in.getInt();
      byte[] salt = new byte[SALT];
      in.get(salt);
      return new Recipe(kibibytes, passes, salt);
    }
  }

  static byte[] hash(Recipe recipe, Secret password) {
    byte[] bytes = password.copyBytes();
    try {
      return new Argon2id(recipe.kibibytes(), recipe.passes()).derive(bytes, recipe.salt(), LENGTH);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
