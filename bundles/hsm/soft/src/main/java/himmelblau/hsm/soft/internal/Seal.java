package himmelblau.hsm.soft.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.Box;
import himmelblau.hsm.envelope.Damaged;
import himmelblau.hsm.envelope.Frame;

/** Seals values under one key; the label is authenticated with them. */
final class Seal {
  private static final int VERSION = 1;

  private final byte[] key;
  private final String owner;

  /**
   * Takes over {@code key}.
   *
   * @param owner separates machine seals from key seals
   */
  Seal(byte[] key, String owner) {
    this.key = key;
    this.owner = owner;
  }

  byte[] close(Secret plain, String label) {
    byte[] box = plain.use(bytes -> Box.close(key, bytes, context(label)));
    return Frame.of(VERSION, box);
  }

  Secret open(byte[] sealed, String label) throws KeyRefused {
    try {
      Frame frame = Frame.read(sealed, VERSION);
      byte[] box = frame.field();
      frame.end();
      return Secret.taking(Box.open(key, box, context(label)));
    } catch (Damaged e) {
      throw new KeyRefused(
          "The value sealed as \""
              + label
              + "\" does not open: it was sealed by another key or under another label, or changed ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private byte[] context(String label) {
    return Frame.context("himmelblau.soft.seal", VERSION, owner, label);
  }

  void close() {
    Frame.wipe(key);
  }
}
