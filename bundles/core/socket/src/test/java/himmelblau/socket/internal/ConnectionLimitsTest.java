package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  private final ConnectionLimits places =
      new ConnectionLimits(
          "test",
          new PeerLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 2, 5, 6));

  @Test
  void noUidTakesMoreThanItsShare() {
    assertTrue(places.enter(1000));
    assertTrue(places.enter(1000));
    assertFalse(places.enter(1000));
    assertTrue(places.enter(1001));
    places.leave(1000);
    assertTrue(places.enter(1000));
  }

  @Test
  void oneWithManyUidsDoesNotTakeThemAll() {
    for (long uid = 100_000; uid < 100_006; uid++) {
      assertTrue(places.enter(uid));
    }
    for (long uid = 100_006; uid < 165_536; uid++) {
      assertFalse(places.enter(uid));
    }
    for (int i = 0; i < 5; i++) {
      assertTrue(places.enter(0), "root finds a place whatever the others do");
    }
    assertFalse(places.enter(0));
    places.leave(0);
    assertFalse(places.enter(1000), "root's places are root's");
    places.leave(100_003);
    assertTrue(places.enter(1000));
    assertFalse(places.enter(100_003));
  }

  @Test
  void twoUidsLeaveRoomForAThird() {
    ConnectionLimits wide =
        new ConnectionLimits(
            "test",
            new PeerLimits(
                Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 64, 512, 128));
    for (int i = 0; i < 64; i++) {
      wide.enter(1000);
      wide.enter(1001);
    }
    for (int i = 0; i < 10; i++) {
      assertTrue(wide.enter(1002));
    }
  }
}
