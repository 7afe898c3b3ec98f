package himmelblau.api.domain;

/**
 * The directory could not be asked: no network, time-out, throttling, a 5xx, an invalid reply.
 * Nothing was decided. The message names what failed, without secrets.
 */
public final class DomainUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kind of failure. */
  public enum Kind {
    /** Not reached: offline sign-in may be tried. */
    NETWORK,
    /** Reached, but busy or broken: trying again later helps. */
    TEMPORARY,
    /** Reached, but its reply cannot be trusted or understood. */
    PROTOCOL
  }

  private final Kind kind;

  public DomainUnavailable(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public DomainUnavailable(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
