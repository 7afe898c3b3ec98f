package himmelblau.machine.internal;

import himmelblau.api.hsm.KeyOwner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reports for each key that is protected by a PIN what happens to it in a migration. The PIN is
 * known only during its sign-in, so no command can move such a key: the bundle that owns it does,
 * when it is unlocked the next time.
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
                    + (": cannot move from the store \"%s\" to \"%s\". It works as long as the store \"%s\" "
                            + "is available; set a new PIN with `passwd` before you remove that store")
                        .formatted(
                            kept.key().store(), machines.current().store(), kept.key().store()));
        case UNREACHABLE ->
            lost.add(
                pin
                    + (": its machine key is not on this host (store \"%s\"). It must be enrolled again, "
                            + "which the next sign-in does")
                        .formatted(kept.key().store()));
      }
    }
    return new PinProtectedKeys(List.copyOf(moving), List.copyOf(fixed), List.copyOf(lost));
  }

  private static List<KeyOwner.Kept> sorted(List<KeyOwner.Kept> keys) {
    return keys.stream().sorted(Comparator.comparing(KeyOwner.Kept::owner)).toList();
  }
}
