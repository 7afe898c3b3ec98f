package himmelblau.hsm.tpm.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Properties that a TPM reports (TCG TPM 2.0 part 2, 6.13). */
final class Capabilities {
  private static final int CAP_HANDLES = 1;
  private static final int CAP_PROPERTIES = 6;
  private static final int FIXED = 0x100;
  private static final int VARIABLE = 0x200;
  private static final int LOADED_SESSIONS = 0x02000000;
  private static final int SAVED_SESSIONS = 0x03000000;
  private static final int TRANSIENT = 0x80000000;

  private final Map<Integer, Integer> values;

  private Capabilities(Map<Integer, Integer> values) {
    this.values = values;
  }

  static Capabilities ask(TpmConnection connection) throws TpmError {
    Map<Integer, Integer> values = new HashMap<>();
    read(connection, FIXED, values);
    read(connection, VARIABLE, values);
    return new Capabilities(Map.copyOf(values));
  }

  /** Only what changes; cheaper. */
  static Capabilities askVariable(TpmConnection connection) throws TpmError {
    Map<Integer, Integer> values = new HashMap<>();
    read(connection, VARIABLE, values);
    return new Capabilities(Map.copyOf(values));
  }

  private static void read(TpmConnection connection, int from, Map<Integer, Integer> values)
      throws TpmError {
    ByteBuffer data = ByteBuffer.wrap(connection.capability(CAP_PROPERTIES, from, 64));
    data.getInt(); // which capability
    int count = data.getInt();
    for (int i = 0; i < count; i++) {
      values.put(data.getInt(), data.getInt());
    }
  }

  /** Sessions and objects in the TPM's memory. */
  static int[] handles(TpmConnection connection) throws TpmError {
    return IntStream.of(TRANSIENT, LOADED_SESSIONS, SAVED_SESSIONS)
        .mapToObj(first -> first)
        .<int[]>map(
            first -> {
              try {
                return handles(connection, first);
              } catch (TpmError e) {
                return new int[0];
              }
            })
        .flatMapToInt(IntStream::of)
        .toArray();
  }

  private static int[] handles(TpmConnection connection, int first) throws TpmError {
    ByteBuffer data = ByteBuffer.wrap(connection.capability(CAP_HANDLES, first, 64));
    data.getInt();
    int[] handles = new int[data.getInt()];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = data.getInt();
    }
    return handles;
  }

  private int value(int property) {
    return values.getOrDefault(property, 0);
  }

  boolean ownerPasswordSet() {
    return (value(0x200) & 1) != 0;
  }

  Lockout lockout() {
    return new Lockout(
        (value(0x200) & 0x200) != 0,
        Integer.toUnsignedLong(value(0x20e)),
        Integer.toUnsignedLong(value(0x20f)),
        Integer.toUnsignedLong(value(0x210)));
  }

  /** Four characters of a registered vendor. */
  String manufacturer() {
    return text(value(0x105));
  }

  String model() {
    return text(value(0x106)) + text(value(0x107)) + text(value(0x108)) + text(value(0x109));
  }

  String firmware() {
    int high = value(0x10b);
    int low = value(0x10c);
    return "%d.%d.%d.%d".formatted(high >>> 16, high & 0xffff, low >>> 16, low & 0xffff);
  }

  private static String text(int packed) {
    byte[] bytes = ByteBuffer.allocate(4).putInt(packed).array();
    StringBuilder text = new StringBuilder();
    for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
      if (c >= ' ' && c < 0x7f) {
        text.append(c);
      }
    }
    return text.toString().strip();
  }
}
