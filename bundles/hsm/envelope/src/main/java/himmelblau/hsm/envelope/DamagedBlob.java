package himmelblau.hsm.envelope;

/** A box or frame is not what was made: another key, another context, or changed bytes. */
public final class DamagedBlob extends Exception {
  private static final long serialVersionUID = 1L;

  public DamagedBlob(String message) {
    super(message);
  }
}
