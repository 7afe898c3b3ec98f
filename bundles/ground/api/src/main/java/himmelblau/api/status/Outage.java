package himmelblau.api.status;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Registered as long as no user can sign in and waiting does not help, for example because the keys
 * of the host cannot be opened. Sign-ins are then refused at once with {@link #text}, and the
 * service manager is told that the daemon runs, so that lookups and {@code aad-tool} work and the
 * boot of the host does not wait for it. Details for administrators are in {@link Trouble}.
 */
@ConsumerType
public interface Outage {
  /**
   * The text shown at a prompt: what does not work and who can repair it, in one or two sentences.
   * Anyone can read it, so it must not contain names of files or users.
   */
  String text();
}
