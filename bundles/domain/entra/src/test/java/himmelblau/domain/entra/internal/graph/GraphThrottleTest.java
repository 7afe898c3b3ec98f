package himmelblau.domain.entra.internal.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.schedule.Jitter;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphThrottleTest {
  private Instant now = Instant.EPOCH;
  private final InstantSource time = () -> now;
  private final Clock clock = time.withZone(ZoneOffset.UTC);

  private static HttpReply busy(String seconds) {
    return new HttpReply(429, Map.of("retry-after", List.of(seconds)), new byte[0]);
  }

  private GraphThrottle throttle(long seed) {
    return new GraphThrottle("example.com", clock, new Jitter(new Random(seed)));
  }

  @Test
  void hostsThatAreRefusedTogetherDoNotComeBackTogether() {
    Set<Duration> waits = new HashSet<>();
    for (int host = 0; host < 100; host++) {
      Duration wait = throttle(host).patient().after(busy("10"), 1).orElseThrow();
      assertTrue(wait.compareTo(Duration.ofSeconds(10)) >= 0, "never sooner than told: " + wait);
      assertTrue(wait.compareTo(Duration.ofSeconds(15)) <= 0, "not much later: " + wait);
      waits.add(wait);
    }
    assertTrue(waits.size() > 90, "so many different waits: " + waits.size());
  }

  @Test
  void aShorterWaitDoesNotEndALongerOne() throws Exception {
    GraphThrottle throttle = throttle(1);
    throttle.lookUp().after(busy("60"), 1);
    throttle.lookUp().after(busy("1"), 1);
    now = now.plusSeconds(59);
    assertThrows(DomainUnavailable.class, () -> throttle.lookUp().before());
    now = now.plusSeconds(31);
    throttle.lookUp().before();
  }

  @Test
  void aClockThatIsSetBackEndsAWaitOfBeforeAndNoneOfAfter() throws Exception {
    GraphThrottle throttle = throttle(1);
    throttle.lookUp().after(busy("60"), 1);
    now = now.minus(Duration.ofHours(1));
    throttle.lookUp().before();
    throttle.lookUp().after(busy("60"), 1);
    assertThrows(DomainUnavailable.class, () -> throttle.lookUp().before());
  }

  @Test
  void aUserAtAPromptWaitsForWhatIsShortWhateverChanceAdds() {
    for (int host = 0; host < 100; host++) {
      Jitter jitter = new Jitter(new Random(host));
      assertTrue(GraphRetry.signIn(jitter).after(busy("5"), 1).isPresent());
      assertEquals(Optional.empty(), GraphRetry.signIn(jitter).after(busy("8"), 1));
    }
  }

  @Test
  void eachRequestSaysWhetherAUserWaits() throws Exception {
    List<String> told = new ArrayList<>();
    DomainHttp web = new DomainHttp(call -> answer(call, told));
    GraphThrottle throttle = throttle(1);
    for (GraphRetry retry :
        List.of(GraphRetry.signIn(Jitter.normal()), throttle.lookUp(), throttle.patient())) {
      new GraphCaller(web, URI.create("https://graph.example/"), retry)
          .object("v1.0/me", Secret.ofText("token"));
    }
    assertEquals(List.of("high", "normal", "low"), told);
  }

  private static HttpReply answer(HttpCall call, List<String> told) {
    call.headers().stream()
        .filter(header -> header.getKey().equals("x-ms-throttle-priority"))
        .forEach(header -> told.add(header.getValue()));
    return new HttpReply(200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }
}
