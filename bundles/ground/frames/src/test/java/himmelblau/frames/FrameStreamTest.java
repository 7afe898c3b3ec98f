package himmelblau.frames;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.frames.MalformedFrame.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameStreamTest {
  /** Hands out one byte at a time, as a slow peer does. */
  private static ReadableByteChannel drip(byte[] bytes) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer target) {
        int next = in.read();
        if (next < 0) {
          return -1;
        }
        target.put((byte) next);
        return 1;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  private static byte[] two() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    FrameOutput output = new FrameOutput(Channels.newChannel(bytes));
    output.write(Frame.of(Kind.SAY).text("one").build());
    output.write(Frame.of(Kind.GIVE_UP).build());
    return bytes.toByteArray();
  }

  @Test
  void readsFramesThatComeByteByByte() throws Exception {
    List<String> heard = new ArrayList<>();
    FrameInput input =
        new FrameInput(
            drip(two()),
            new FrameInput.Watch() {
              @Override
              public void begun() {
                heard.add("begun");
              }

              @Override
              public void finished() {
                heard.add("finished");
              }
            });
    assertEquals("one", input.read().orElseThrow().fields().text());
    assertEquals(Kind.GIVE_UP, input.read().orElseThrow().kind());
    assertTrue(input.read().isEmpty());
    assertEquals(List.of("begun", "finished", "begun", "finished"), heard);
  }

  @Test
  void anEndWithinAFrameIsMalformed() throws Exception {
    byte[] whole = Frame.of(Kind.SAY).text("one").build().encoded();
    for (int size = 1; size < whole.length; size++) {
      byte[] cut = java.util.Arrays.copyOf(whole, size);
      FrameInput input = new FrameInput(drip(cut));
      assertEquals(
          Reason.LENGTH,
          assertThrows(MalformedFrame.class, input::read, "cut at " + size).reason());
    }
  }

  @Test
  void anOversizedFrameIsRefusedBeforeItIsRead() {
    byte[] word = {0, 0, 0, (byte) 0x80};
    assertEquals(
        Reason.LENGTH,
        assertThrows(MalformedFrame.class, () -> new FrameInput(drip(word)).read()).reason());
  }

  @Test
  void writesAllWhenTheChannelTakesLittle() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WritableByteChannel narrow =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer source) {
            bytes.write(source.get());
            return 1;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    Frame frame = Frame.of(Kind.SAY).text("all of it").build();
    byte[] expected = frame.encoded();
    new FrameOutput(narrow).write(frame);
    assertArrayEquals(expected, bytes.toByteArray());
    assertArrayEquals(new byte[expected.length], frame.encoded(), "sent frames are wiped");
  }
}
