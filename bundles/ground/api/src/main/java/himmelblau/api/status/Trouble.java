package himmelblau.api.status;

import java.util.List;

/**
 * Registered by whoever has something that does not work and that an operator should see in {@code
 * aad-tool status} and the shell: a domain that cannot start, a key store that is missing. The list
 * is asked each time; empty when all is well.
 */
public interface Trouble {
  /** One line each: what does not work, why, what to do. */
  List<String> troubles();

  /**
   * Whether sign-ins fail for it, or soon will: then {@code aad-tool status} does not say that all
   * is well, and fails.
   */
  default boolean urgent() {
    return false;
  }
}
