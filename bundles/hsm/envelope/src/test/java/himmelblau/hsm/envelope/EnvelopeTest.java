package himmelblau.hsm.envelope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final byte[] KEY = Box.random(32);
  private static final byte[] CONTEXT = BlobFrame.context("test", 1);

  @Test
  void derivesAsRfc5869TestCase3() {
    byte[] key = new byte[22];
    Arrays.fill(key, (byte) 0x0b);
    assertEquals(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        HexFormat.of().formatHex(Hkdf.derive(key, "", 42)));
  }

  @Test
  void opensWhatItClosed() throws DamagedBlob {
    byte[] plain = "a key".getBytes(StandardCharsets.UTF_8);
    byte[] box = Box.close(KEY, plain, CONTEXT);
    assertEquals(plain.length + Box.OVERHEAD, box.length);
    assertArrayEquals(plain, Box.open(KEY, box, CONTEXT));
    assertFalse(Arrays.equals(box, Box.close(KEY, plain, CONTEXT)));
  }

  @Test
  void refusesAnyChangedByteAnotherKeyAndAnotherContext() {
    byte[] box = Box.close(KEY, new byte[40], CONTEXT);
    for (int i = 0; i < box.length; i++) {
      byte[] changed = box.clone();
      changed[i] ^= 1;
      assertThrows(DamagedBlob.class, () -> Box.open(KEY, changed, CONTEXT), "byte " + i);
      byte[] cut = Arrays.copyOf(box, i);
      assertThrows(DamagedBlob.class, () -> Box.open(KEY, cut, CONTEXT), "cut to " + i);
    }
    assertThrows(DamagedBlob.class, () -> Box.open(Box.random(32), box, CONTEXT));
    assertThrows(DamagedBlob.class, () -> Box.open(KEY, box, BlobFrame.context("test", 2)));
  }

  @Test
  void contextsCannotBeShiftedIntoEachOther() {
    assertFalse(Arrays.equals(BlobFrame.context("ab", "c"), BlobFrame.context("a", "bc")));
  }

  @Test
  void framesSurviveHostileLengths() throws DamagedBlob {
    byte[] frame = BlobFrame.of(1, new byte[] {1, 2}, new byte[0], BlobFrame.number(7));
    BlobFrame read = BlobFrame.read(frame, 1);
    assertArrayEquals(new byte[] {1, 2}, read.field());
    assertArrayEquals(new byte[0], read.field());
    assertEquals(7, read.number());
    read.end();
    assertThrows(DamagedBlob.class, () -> BlobFrame.read(frame, 2));
    assertThrows(DamagedBlob.class, () -> BlobFrame.read(new byte[0], 1));
    for (int cut = 1; cut < frame.length; cut++) {
      byte[] shorter = Arrays.copyOf(frame, cut);
      assertThrows(
          DamagedBlob.class,
          () -> {
            BlobFrame rest = BlobFrame.read(shorter, 1);
            rest.field();
            rest.field();
            rest.number();
          });
    }
    byte[] huge = {1, (byte) 0x7f, -1, -1, -1, 0};
    assertThrows(DamagedBlob.class, () -> BlobFrame.read(huge, 1).field());
    byte[] negative = {1, -1, -1, -1, -1, 0};
    assertThrows(DamagedBlob.class, () -> BlobFrame.read(negative, 1).field());
    assertThrows(DamagedBlob.class, () -> BlobFrame.read(frame, 1).end());
  }

  @Test
  void stretchesAsRfc9106AsksWithoutAssociatedData() throws DamagedBlob {
    // Made with the reference implementation: argon2 saltsaltsaltsalt -id -v 13 -k 256 -t 2 -p 1 -l
    // 32.
    PinStretch stretch =
        new PinStretch("saltsaltsaltsalt".getBytes(StandardCharsets.US_ASCII), 256, 2);
    byte[] pin = "123456".getBytes(StandardCharsets.US_ASCII);
    assertEquals(ARGON2, HexFormat.of().formatHex(stretch.stretch(pin, new byte[0], 32)));
    assertNotEquals(ARGON2, HexFormat.of().formatHex(stretch.stretch(pin, KEY, 32)));
    PinStretch again = PinStretch.decoded(stretch.encoded());
    assertArrayEquals(stretch.stretch(pin, KEY, 32), again.stretch(pin, KEY, 32));
  }

  @Test
  void refusesCostsThatWouldStallTheMachine() {
    PinStretch absurd = new PinStretch(new byte[16], Integer.MAX_VALUE, 1);
    assertThrows(DamagedBlob.class, () -> PinStretch.decoded(absurd.encoded()));
    PinStretch none = new PinStretch(new byte[16], 1024, 0);
    assertThrows(DamagedBlob.class, () -> PinStretch.decoded(none.encoded()));
    PinStretch unsalted = new PinStretch(new byte[8], 1024, 1);
    assertThrows(DamagedBlob.class, () -> PinStretch.decoded(unsalted.encoded()));
  }

  @Test
  void choosesPassesWithinItsBounds() {
    assertEquals(PinStretch.FEWEST_PASSES, PinStretch.passesFor(Duration.ofSeconds(5)));
    assertEquals(5, PinStretch.passesFor(Duration.ofMillis(50)));
    assertEquals(PinStretch.MOST_PASSES, PinStretch.passesFor(Duration.ZERO));
  }

  private static final String ARGON2 =
      "e13233bb713073e820e1eb63dcc7fff1fcfce53dcc7b33d68ec1e7a284408ee9";
}
