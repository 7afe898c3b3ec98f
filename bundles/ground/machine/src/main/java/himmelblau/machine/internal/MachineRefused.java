package himmelblau.machine.internal;

/**
 * The machine key cannot be opened or created. Nothing was changed. The message says what to do.
 */
final class MachineRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  MachineRefused(String reason) {
    super(reason);
    this.reason = reason;
  }

  MachineRefused(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
