package himmelblau.argon2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Argon2idTest {
  private static final byte[] NONE = {};

  /** The build machine has libargon2: without it these tests would compare Java with itself. */
  static List<Argon2id.Computation> computations() {
    return List.of(LibArgon2.load(), new JavaArgon2());
  }

  /** The reference implementation's own test (phc-winner-argon2, test.c): v=0x13, t=2, p=1. */
  @ParameterizedTest
  @MethodSource("computations")
  void derivesAsTheReferenceImplementation(Argon2id.Computation computation) {
    byte[] out = new byte[32];
    computation.derive(
        new Argon2id(256, 2),
        "password".getBytes(US_ASCII),
        "somesalt".getBytes(US_ASCII),
        NONE,
        out);
    assertEquals(
        "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
        HexFormat.of().formatHex(out));
  }

  @Test
  void bothGiveTheSameBytesWhateverTheSecret() {
    for (int size : new int[] {0, 1, 16, 32, 200}) {
      byte[] secret = random(size);
      byte[] password = random(size);
      byte[] salt = random(16);
      byte[] here = new byte[64];
      byte[] there = new byte[64];
      LibArgon2.load().derive(new Argon2id(64, 3), password, salt, secret, here);
      new JavaArgon2().derive(new Argon2id(64, 3), password, salt, secret, there);
      assertArrayEquals(there, here, size + " bytes");
    }
  }

  @ParameterizedTest
  @MethodSource("computations")
  void leavesWhatItBorrows(Argon2id.Computation computation) {
    byte[] password = random(20);
    byte[] secret = random(32);
    byte[] salt = random(16);
    byte[] passwordBefore = password.clone();
    byte[] secretBefore = secret.clone();
    computation.derive(new Argon2id(64, 1), password, salt, secret, new byte[32]);
    assertArrayEquals(passwordBefore, password);
    assertArrayEquals(secretBefore, secret);
  }

  @ParameterizedTest
  @MethodSource("computations")
  void refusesACostThatArgon2DoesNotHave(Argon2id.Computation computation) {
    assertThrows(
        IllegalStateException.class,
        () -> computation.derive(new Argon2id(64, 0), NONE, random(16), NONE, new byte[32]));
  }

  @Test
  void anyoneMayAskForItsBytes() {
    byte[] salt = random(16);
    Argon2id cost = new Argon2id(64, 1);
    byte[] out = cost.derive("a".getBytes(US_ASCII), salt, 32);
    assertNotNull(out);
    assertArrayEquals(out, cost.derive("a".getBytes(US_ASCII), salt, NONE, 32));
    assertEquals(
        false, Arrays.equals(out, cost.derive("a".getBytes(US_ASCII), salt, random(4), 32)));
  }

  @Test
  void inJavaItsMemoryServesTheNextDerivationAndIsReleasedWhenIdle() throws InterruptedException {
    byte[] key = random(32);
    byte[] salt = random(16);
    byte[] first = new byte[32];
    new JavaArgon2().derive(new Argon2id(1024, 1), key, salt, key, first);
    assertEquals(1, Blocks.idle());
    byte[] again = new byte[32];
    new JavaArgon2().derive(new Argon2id(1024, 1), key, salt, key, again);
    assertArrayEquals(first, again, "with blocks that were used before");
    assertEquals(1, Blocks.idle(), "one after the other needs no more");
    for (int i = 0; i < 150 && Blocks.idle() > 0; i++) {
      Thread.sleep(100);
    }
    assertEquals(0, Blocks.idle());
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
