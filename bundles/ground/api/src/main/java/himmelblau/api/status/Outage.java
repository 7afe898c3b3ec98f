package himmelblau.api.status;

/**
 * Registered for as long as nobody can sign in at all and waiting does not mend it: the keys of the
 * host do not open, say. Sign-ins are then refused at once with {@link #text}, and the service
 * manager is told that the daemon runs, so that lookups and {@code aad-tool} answer and nothing
 * else of the host waits for it. Details for operators are in {@link Trouble}.
 */
public interface Outage {
  /**
   * What a user at a prompt reads: what does not work and who can mend it, in one or two sentences.
   * Strangers read it too, so it names no file and no user.
   */
  String text();
}
