package himmelblau.api.secret;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that must stay secret: a password, a PIN, a token, a key.
 *
 * <p>Prints as {@code ***}, compares in constant time and is wiped by {@link #close()}. The owner
 * closes it; a method that receives one only borrows it unless its documentation says otherwise.
 * Thread-safe.
 */
public final class Secret implements AutoCloseable {
  private final byte[] bytes;
  private boolean closed;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes over {@code bytes}: the caller must not use the array again. */
  public static Secret taking(byte[] bytes) {
    return new Secret(bytes);
  }

  /** Copies {@code bytes}; the caller still has to wipe its own array. */
  public static Secret copyOf(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** The UTF-8 bytes of {@code chars}; the caller still has to wipe its own characters. */
  public static Secret ofChars(char[] chars) {
    ByteBuffer encoded = ByteBuffer.allocate(chars.length * 3); // UTF-8 of one UTF-16 unit
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(chars), encoded, true);
    byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
    return new Secret(bytes);
  }

  /** For values that a library returns as a String only; prefer the other factories. */
  public static Secret ofText(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Lends the bytes for the duration of {@code use}. The array must neither be kept nor changed.
   *
   * @throws IllegalStateException if this secret was closed
   */
  public synchronized <R extends @Nullable Object, X extends Exception> R use(Use<R, X> use)
      throws X {
    requireOpen();
    return use.apply(bytes);
  }

  /** A copy of the bytes, which the caller wipes. */
  public synchronized byte[] copyBytes() {
    requireOpen();
    return bytes.clone();
  }

  /** A second secret with the same bytes, which is closed separately. */
  public synchronized Secret copy() {
    requireOpen();
    return new Secret(bytes.clone());
  }

  /**
   * The bytes as UTF-8 characters, which the caller wipes.
   *
   * @throws CharacterCodingException if they are not UTF-8
   */
  public synchronized char[] copyChars() throws CharacterCodingException {
    requireOpen();
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), decoded, true);
    char[] chars = Arrays.copyOf(decoded.array(), decoded.position());
    Arrays.fill(decoded.array(), '\0');
    if (result.isError()) {
      Arrays.fill(chars, '\0');
      result.throwException();
    }
    return chars;
  }

  /** As text, for a library that insists on a String: the copy cannot be wiped. */
  public synchronized String revealText() {
    requireOpen();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Compares in time that depends on the lengths only. */
  public boolean matches(Secret other) {
    byte[] theirs = other.copyBytes();
    try {
      synchronized (this) {
        requireOpen();
        return MessageDigest.isEqual(bytes, theirs);
      }
    } finally {
      Arrays.fill(theirs, (byte) 0);
    }
  }

  /** Wipes the bytes. Idempotent. */
  @Override
  public synchronized void close() {
    Arrays.fill(bytes, (byte) 0);
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This secret was wiped already");
    }
  }

  @Override
  public String toString() {
    return "***";
  }

  /** Work on borrowed bytes. */
  @FunctionalInterface
  public interface Use<R extends @Nullable Object, X extends Exception> {
    R apply(byte[] bytes) throws X;
  }
}
