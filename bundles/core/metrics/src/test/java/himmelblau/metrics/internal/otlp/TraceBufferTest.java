package himmelblau.metrics.internal.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.metrics.Timing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceBufferTest {
  private static final Instant NOW = Instant.parse("2026-01-31T10:00:05Z");
  private final TraceBuffer buffer = new TraceBuffer(Clock.fixed(NOW, ZoneOffset.UTC));

  private void part(String conversation) {
    add("himmelblau_key_store_seconds", conversation);
  }

  private void end(String conversation) {
    add("himmelblau_sign_in_seconds", conversation);
  }

  private void add(String metric, String conversation) {
    buffer.add(
        new Timing(
            metric, Map.of("a", "b"), Duration.ofMillis(20), Optional.ofNullable(conversation)));
  }

  @Test
  void aSignInHasThePartsOfItsConversation() {
    part("1");
    part("2");
    part("1");
    part(null);
    end("1");
    List<Trace> traces = buffer.waiting(9);
    assertEquals(1, traces.size());
    assertEquals("1", traces.getFirst().conversation());
    Span part = new Span("key_store", Map.of("a", "b"), NOW, Duration.ofMillis(20));
    assertEquals(List.of(part, part), traces.getFirst().parts());
    assertEquals("sign_in", traces.getFirst().whole().name());
  }

  @Test
  void whatWasSentIsGoneAndTheRestWaits() {
    end("1");
    end("2");
    end("3");
    buffer.remove(buffer.waiting(2));
    assertEquals(List.of("3"), buffer.waiting(9).stream().map(Trace::conversation).toList());
  }

  @Test
  void theOldestGoWhenNobodyTakesThem() {
    for (int i = 0; i <= TraceBuffer.MOST_SIGN_INS; i++) {
      end("ended " + i);
    }
    List<Trace> kept = buffer.waiting(9999);
    assertEquals(TraceBuffer.MOST_SIGN_INS, kept.size());
    assertEquals("ended 1", kept.getFirst().conversation());
  }

  @Test
  void conversationsThatNeverEndFillNoMemory() {
    for (int i = 0; i <= TraceBuffer.MOST_SIGN_INS; i++) {
      part("open " + i);
    }
    end("open 0");
    end("open 1");
    List<Trace> traces = buffer.waiting(9);
    assertEquals(0, traces.getFirst().parts().size(), "the oldest was dropped");
    assertEquals(1, traces.getLast().parts().size());
  }

  @Test
  void oneConversationFillsNoMemory() {
    for (int i = 0; i < 2 * TraceBuffer.MOST_PARTS; i++) {
      part("1");
    }
    end("1");
    assertEquals(TraceBuffer.MOST_PARTS, buffer.waiting(1).getFirst().parts().size());
  }
}
