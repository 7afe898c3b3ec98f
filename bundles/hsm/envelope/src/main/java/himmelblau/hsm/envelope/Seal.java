package himmelblau.hsm.envelope;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.secret.Secret;

/** Seals values under one key; the label is authenticated with them. */
public final class Seal implements AutoCloseable {
  private static final int VERSION = 1;

  private final byte[] key;
  private final String owner;

  /**
   * Takes over {@code key}.
   *
   * @param owner separates the seals of one store and purpose from those of others
   */
  public Seal(byte[] key, String owner) {
    this.key = key;
    this.owner = owner;
  }

  /** Seals {@code plain} (borrowed) under {@code label}. */
  public byte[] seal(Secret plain, String label) {
    byte[] box = plain.use(bytes -> Box.close(key, bytes, context(label)));
    return BlobFrame.of(VERSION, box);
  }

  /**
   * Opens what {@link #seal} made; the caller closes the result.
   *
   * @throws KeyRefused if key, label or a byte is not the one it was sealed with
   */
  public Secret open(byte[] sealed, String label) throws KeyRefused {
    try {
      BlobFrame frame = BlobFrame.read(sealed, VERSION);
      byte[] box = frame.field();
      frame.end();
      return Secret.taking(Box.open(key, box, context(label)));
    } catch (DamagedBlob e) {
      throw new KeyRefused(
          "The value sealed as \""
              + label
              + "\" cannot be opened: it was sealed with another key or label, or was changed ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private byte[] context(String label) {
    return BlobFrame.context("himmelblau.seal", VERSION, owner, label);
  }

  /** Wipes the key. */
  @Override
  public void close() {
    BlobFrame.wipe(key);
  }
}
