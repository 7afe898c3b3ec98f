package himmelblau.kerberos.internal;

/** A ticket that is not kept; the message says why and holds no secret. */
final class TicketRefused extends Exception {
  private static final long serialVersionUID = 1L;

  TicketRefused(String why) {
    super(why);
  }
}
