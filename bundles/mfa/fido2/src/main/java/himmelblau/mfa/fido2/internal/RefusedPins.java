package himmelblau.mfa.fido2.internal;

import himmelblau.api.secret.Secret;
import java.util.ArrayList;
import java.util.List;

/** PINs that the key refused, wiped at the end. Used by one thread. */
final class RefusedPins implements AutoCloseable {
  /** Bytes of UTF-8 (CTAP 2.0, 5.5.5). */
  private static final int SHORTEST = 4;

  private static final int LONGEST = 63;

  private final List<Secret> refused = new ArrayList<>();

  /** Whether {@code pin} (borrowed) has the length of a PIN and was not refused before. */
  boolean possible(Secret pin) {
    return pin.length() >= SHORTEST
        && pin.length() <= LONGEST
        && refused.stream().noneMatch(pin::matches);
  }

  void add(Secret pin) {
    refused.add(pin.copy());
  }

  @Override
  public void close() {
    refused.forEach(Secret::close);
  }
}
