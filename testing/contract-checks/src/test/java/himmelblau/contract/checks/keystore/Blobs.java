package himmelblau.contract.checks.keystore;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What blobs stand for: each is a random name of its content, which itself stays in memory. */
final class Blobs<T> {
  private static final int NAME = 16;
  private static final int LENGTH = 24;

  private final Map<String, T> contents = new ConcurrentHashMap<>();
  private final boolean checked;

  /** Unless {@code checked}, a change in the last bytes of a blob is not noticed. */
  Blobs(boolean checked) {
    this.checked = checked;
  }

  byte[] keep(T content) {
    return keep(content, new byte[0]);
  }

  /** A blob that ends with these bytes. */
  byte[] keep(T content, byte[] end) {
    byte[] blob = new byte[LENGTH];
    new SecureRandom().nextBytes(blob);
    blob = Arrays.copyOf(blob, LENGTH + end.length);
    System.arraycopy(end, 0, blob, LENGTH, end.length);
    return keepAs(blob, content);
  }

  byte[] keepAs(byte[] blob, T content) {
    contents.put(name(blob), content);
    return blob;
  }

  Optional<T> get(byte[] blob) {
    return Optional.ofNullable(contents.get(name(blob)));
  }

  void clear() {
    contents.clear();
  }

  private String name(byte[] blob) {
    return HexFormat.of().formatHex(checked ? blob : Arrays.copyOf(blob, NAME));
  }
}
