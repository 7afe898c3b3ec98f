package himmelblau.frames;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.secret.Secret;
import himmelblau.frames.MalformedFrame.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTest {
  static Stream<List<String>> good() throws IOException {
    return Vectors.lines("frames.txt").stream().filter(line -> line.get(0).equals("good"));
  }

  static Stream<List<String>> bad() throws IOException {
    return Vectors.lines("frames.txt").stream().filter(line -> line.get(0).equals("bad"));
  }

  @ParameterizedTest
  @MethodSource("good")
  void readsGoodVectors(List<String> vector) throws Exception {
    Frame frame = Frame.decode(Vectors.hex(vector.get(3)));
    assertEquals(Integer.parseInt(vector.get(2), 16), frame.kind());
    assertEquals(vector.size() - 4, frame.fieldCount());
    Fields fields = frame.fields();
    for (String field : vector.subList(4, vector.size())) {
      assertArrayEquals(Vectors.hex(field), fields.bytes());
    }
    assertEquals(0, fields.left());
    assertEquals(Reason.FIELD, assertThrows(MalformedFrame.class, fields::bytes).reason());
  }

  @ParameterizedTest
  @MethodSource("good")
  void writesGoodVectors(List<String> vector) {
    FrameBuilder builder = Frame.of(Integer.parseInt(vector.get(2), 16));
    for (String field : vector.subList(4, vector.size())) {
      builder.bytes(Vectors.hex(field));
    }
    assertArrayEquals(Vectors.hex(vector.get(3)), builder.build().encoded());
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refusesBadVectors(List<String> vector) {
    MalformedFrame refusal =
        assertThrows(MalformedFrame.class, () -> Frame.decode(Vectors.hex(vector.get(3))));
    assertEquals(Reason.valueOf(vector.get(2).toUpperCase(Locale.ROOT)), refusal.reason());
  }

  @Test
  void refusesBadTexts() throws Exception {
    for (List<String> vector : Vectors.lines("texts.txt")) {
      Fields fields = Frame.of(Kind.OUT).bytes(Vectors.hex(vector.get(1))).build().fields();
      if (vector.get(0).equals("good")) {
        fields.text();
      } else {
        assertEquals(
            Reason.TEXT, assertThrows(MalformedFrame.class, fields::text, vector.get(1)).reason());
      }
    }
  }

  @Test
  void numbersKeepAllBits() throws Exception {
    Fields fields = Frame.of(Kind.TASK).u32(0xfffffffeL).u64(-2).text("ä").build().fields();
    assertEquals(0xfffffffeL, fields.u32());
    assertEquals(-2, fields.u64());
    assertEquals("ä", fields.text());
  }

  @Test
  void aNumberOfTheWrongSizeIsRefused() throws Exception {
    Frame frame = Frame.of(Kind.TASK).u64(1).build();
    assertEquals(
        Reason.FIELD, assertThrows(MalformedFrame.class, () -> frame.fields().u32()).reason());
  }

  @Test
  void theBuilderRefusesWhatDoesNotFit() {
    FrameBuilder builder = Frame.of(Kind.OUT);
    assertTrue(builder.fits(Frame.MAX_LENGTH - 8));
    assertFalse(builder.fits(Frame.MAX_LENGTH - 7));
    assertThrows(
        IllegalArgumentException.class, () -> builder.bytes(new byte[Frame.MAX_LENGTH - 7]));
    assertThrows(IllegalArgumentException.class, () -> builder.text("a\0b"));
    assertThrows(IllegalArgumentException.class, () -> builder.u32(-1));
    assertEquals(0, builder.build().fieldCount());
  }

  @Test
  void closingWipesAndPrintingTellsNothing() throws Exception {
    try (Secret pin = Secret.ofText("123456")) {
      Frame frame = Frame.of(Kind.ANSWER).secret(pin).build();
      assertFalse(frame.toString().contains("123456"));
      frame.close();
      assertArrayEquals(new byte[18], frame.encoded());
    }
  }

  @Test
  void randomBytesNeverDoMoreThanBeRefused() {
    Random random = new Random(20261122);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length >= 8 && random.nextBoolean()) { // past the first checks, to reach the fields
        System.arraycopy(new byte[] {(byte) (bytes.length - 4), 0, 0, 0, 1}, 0, bytes, 0, 5);
        bytes[7] = 0;
        bytes[6] = (byte) random.nextInt(4);
      }
      try {
        Frame frame = Frame.decode(bytes);
        Fields fields = frame.fields();
        while (fields.left() > 0) {
          fields.bytes();
        }
      } catch (MalformedFrame expected) {
        // refused: that is all that may happen
      }
    }
  }
}
