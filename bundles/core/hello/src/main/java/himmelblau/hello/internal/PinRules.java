package himmelblau.hello.internal;

import himmelblau.api.secret.Secret;
import java.util.Optional;

/** Which PINs may be chosen (host-behaviour 2.8). Lengths are in bytes. */
final class PinRules {
  static final int FLOOR = 6;
  static final int CEILING = 32;

  private static final String SIMPLE =
      "PIN must not use repeating or predictable sequences. Avoid patterns like '111111', '123456', or '135791'.";

  private static final String SHORT = "Chosen pin is too short! {length} chars required.";
  private static final String LONG = "Chosen pin is too long! At most {length} chars are possible.";

  private PinRules() {}

  /** The configured minimum, limited to the range of possible PIN lengths. */
  static int minimum(int configured) {
    return Math.clamp(configured, FLOOR, CEILING);
  }

  static Optional<String> objection(Secret pin, int minimum) {
    if (pin.length() < minimum) {
      return Optional.of(SHORT.replace("{length}", Integer.toString(minimum)));
    }
    if (pin.length() > CEILING) {
      return Optional.of(LONG.replace("{length}", Integer.toString(CEILING)));
    }
    return pin.use(PinRules::simple) ? Optional.of(SIMPLE) : Optional.empty();
  }

  /** Too short for anything, or digits that go up or down in equal steps (modulo 10). */
  static boolean simple(byte[] pin) {
    if (pin.length < FLOOR) {
      return true;
    }
    int step = Math.floorMod(pin[1] - pin[0], 10);
    boolean even = true;
    for (int i = 0; i < pin.length; i++) {
      if (pin[i] < '0' || pin[i] > '9') {
        return false;
      }
      even &= i == 0 || Math.floorMod(pin[i] - pin[i - 1], 10) == step;
    }
    return even;
  }
}
