package himmelblau.domain.oidc.internal.issuer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Name-based UUIDs, version 5 (RFC 9562 section 5.5): the same on every host. */
public final class NameUuid {
  private NameUuid() {}

  /** The id of {@code name} in {@code space}. */
  public static UUID of(UUID space, String name) {
    ByteBuffer input = ByteBuffer.allocate(16);
    input.putLong(space.getMostSignificantBits()).putLong(space.getLeastSignificantBits());
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(input.array());
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
      long high = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L;
      long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
