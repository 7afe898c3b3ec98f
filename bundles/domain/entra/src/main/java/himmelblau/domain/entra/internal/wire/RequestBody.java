package himmelblau.domain.entra.internal.wire;

import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A form or JSON object to be sent, built as bytes so that a secret in it never becomes a String
 * and everything can be wiped.
 */
public final class RequestBody implements AutoCloseable {
  private final boolean form;
  private byte[] bytes = new byte[512];
  private int length;
  private boolean first = true;

  private RequestBody(boolean form) {
    this.form = form;
    if (!form) {
      append('{');
    }
  }

  public static RequestBody form() {
    return new RequestBody(true);
  }

  public static RequestBody json() {
    return new RequestBody(false);
  }

  public RequestBody with(String name, String value) {
    return with(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a secret (borrowed). */
  public RequestBody with(String name, Secret value) {
    return value.use(raw -> with(name, raw));
  }

  private RequestBody with(String name, byte[] value) {
    name(name);
    if (form) {
      encode(value);
    } else {
      quote(value);
    }
    return this;
  }

  public RequestBody with(String name, long value) {
    return raw(name, Long.toString(value));
  }

  public RequestBody with(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  public RequestBody withNull(String name) {
    return raw(name, "null");
  }

  /** Adds a value that is JSON (or a form value) already. */
  public RequestBody raw(String name, String value) {
    name(name);
    append(value);
    return this;
  }

  private void name(String name) {
    if (!first) {
      append(form ? '&' : ',');
    }
    first = false;
    if (form) {
      encode(name.getBytes(StandardCharsets.UTF_8));
      append('=');
    } else {
      quote(name.getBytes(StandardCharsets.UTF_8));
      append(':');
    }
  }

  private void encode(byte[] value) {
    for (byte b : value) {
      int c = b & 0xff;
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "-._~".indexOf(c) >= 0) {
        append(c);
      } else {
        append('%');
        append("0123456789ABCDEF".charAt(c >> 4));
        append("0123456789ABCDEF".charAt(c & 15));
      }
    }
  }

  private void quote(byte[] value) {
    append('"');
    for (byte b : value) {
      int c = b & 0xff;
      if (c == '"' || c == '\\') {
        append('\\');
        append(c);
      } else if (c < ' ') {
        append(String.format(Locale.ROOT, "\\u%04x", c));
      } else {
        append(c);
      }
    }
    append('"');
  }

  private void append(String text) {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
  }

  private void append(int c) {
    if (length == bytes.length) {
      byte[] larger = Arrays.copyOf(bytes, length * 2);
      Arrays.fill(bytes, (byte) 0);
      bytes = larger;
    }
    bytes[length++] = (byte) c;
  }

  /** The finished body; the caller wipes it. Wipes this builder. */
  public byte[] finish() {
    if (!form) {
      append('}');
    }
    byte[] finished = Arrays.copyOf(bytes, length);
    close();
    return finished;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
    length = 0;
  }
}
