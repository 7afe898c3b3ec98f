package himmelblau.config.internal;

import java.util.Set;

/**
 * Options that the configuration accepts, since Himmelblau has them, and that no bundle reads yet.
 * {@code testing/docs} compares the list with the code and with himmelblau.conf(5).
 */
final class UnusedOptions {
  static final Set<String> NAMES =
      Set.of(
          "apply_policy",
          "enable_passwordless_qr_bluetooth",
          "experimental_orchestrator_enabled",
          "orchestrator_poll_secs",
          "orchestrator_provider",
          "orchestrator_socket",
          "orchestrator_timeout_secs",
          "policies_db_path",
          "qr_bluetooth_prompt");

  private UnusedOptions() {}
}
