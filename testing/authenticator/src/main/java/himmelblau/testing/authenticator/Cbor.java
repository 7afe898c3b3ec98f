package himmelblau.testing.authenticator;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of CBOR (RFC 8949) that CTAP 2 uses: integers, byte and text strings, arrays, maps,
 * booleans. Maps are written in the order of their entries.
 */
final class Cbor {
  private Cbor() {}

  static byte[] encode(Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, value);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, Object value) {
    switch (value) {
      case Integer number -> head(out, number < 0 ? 1 : 0, number < 0 ? -1 - number : number);
      case byte[] bytes -> {
        head(out, 2, bytes.length);
        out.writeBytes(bytes);
      }
      case String text -> {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(out, 3, bytes.length);
        out.writeBytes(bytes);
      }
      case List<?> list -> {
        head(out, 4, list.size());
        list.forEach(item -> write(out, item));
      }
      case Map<?, ?> map -> {
        head(out, 5, map.size());
        map.forEach(
            (key, item) -> {
              write(out, key);
              write(out, item);
            });
      }
      case Boolean flag -> out.write(flag ? 0xf5 : 0xf4);
      default -> throw new IllegalArgumentException("no CBOR for " + value.getClass());
    }
  }

  private static void head(ByteArrayOutputStream out, int major, int argument) {
    if (argument < 24) {
      out.write(major << 5 | argument);
    } else if (argument < 0x100) {
      out.write(major << 5 | 24);
      out.write(argument);
    } else {
      out.write(major << 5 | 25);
      out.write(argument >> 8);
      out.write(argument);
    }
  }

  /**
   * Reads one value; what follows it is ignored.
   *
   * @throws IllegalArgumentException if it is not the CBOR that CTAP 2 uses
   */
  static Object decode(byte[] bytes) {
    try {
      return read(ByteBuffer.wrap(bytes));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("CBOR ends too early", e);
    }
  }

  private static Object read(ByteBuffer in) {
    int first = in.get() & 0xff;
    int argument = argument(in, first & 31);
    return switch (first >> 5) {
      case 0 -> argument;
      case 1 -> -1 - argument;
      case 2 -> bytes(in, argument);
      case 3 -> new String(bytes(in, argument), StandardCharsets.UTF_8);
      case 4 -> {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < argument; i++) {
          list.add(read(in));
        }
        yield list;
      }
      case 5 -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < argument; i++) {
          map.put(read(in), read(in));
        }
        yield map;
      }
      case 7 -> argument == 21;
      default -> throw new IllegalArgumentException("unexpected CBOR " + first);
    };
  }

  private static int argument(ByteBuffer in, int info) {
    return switch (info) {
      case 24 -> in.get() & 0xff;
      case 25 -> in.getShort() & 0xffff;
      case 26 -> in.getInt();
      default -> info;
    };
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("CBOR ends too early");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
