package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyOwner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What becomes of the keys that only their PINs open, one line each. A PIN is known during its
 * sign-in alone, so no command can move such a key: its keeper does, when it is next unlocked.
 */
record PinProtectedKeys(List<String> moving, List<String> fixed, List<String> lost) {
  /** As it is once {@code machines} are in use. */
  static PinProtectedKeys of(List<KeyOwner.Kept> keys, OpenMachines machines) {
    List<String> moving = new ArrayList<>();
    List<String> fixed = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    for (KeyOwner.Kept kept : sorted(keys)) {
      String pin = "PIN of " + kept.owner();
      switch (machines.place(kept.key())) {
        case CURRENT -> {}
        case MOVABLE -> moving.add(pin + ": moves at the next PIN sign-in of " + kept.owner());
        case FIXED ->
            fixed.add(
                pin
                    + ": cannot move from the store \"%s\" to \"%s\". It works as long as the store \"%s\" "
                    + "is available; set a new PIN with `passwd` before you remove that store"
                        .formatted(
                            kept.key().store(), machines.current().store(), kept.key().store()));
        case UNREACHABLE ->
            lost.add(
                pin
                    + ": its machine key is not on this host (store \"%s\"). It must be enrolled again, "
                    + "which the next sign-in does".formatted(kept.key().store()));
      }
    }
    return new PinProtectedKeys(List.copyOf(moving), List.copyOf(fixed), List.copyOf(lost));
  }

  private static List<KeyOwner.Kept> sorted(List<KeyOwner.Kept> keys) {
    return keys.stream().sorted(Comparator.comparing(KeyOwner.Kept::owner)).toList();
  }
}
