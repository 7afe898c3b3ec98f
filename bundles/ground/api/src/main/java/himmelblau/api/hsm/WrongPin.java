package himmelblau.api.hsm;

/** The PIN or auth value is not the right one. Only this counts as a wrong attempt. */
public final class WrongPin extends Exception {
  private static final long serialVersionUID = 1L;

  public WrongPin() {
    super("Wrong PIN or auth value");
  }
}
