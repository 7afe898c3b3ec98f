package himmelblau.login.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.PamCode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that is set back makes nothing good again that time has ended. */
class HostClockTest {
  private static final Duration YEARS = Duration.ofDays(3 * 365);

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void build() throws Exception {
    scene = new Scene(folder);
    scene.enrolled();
    scene.domain.reachable = false;
  }

  private void assertOpens() throws Exception {
    assertEquals(PamCode.SUCCESS, scene.signIn("user02", "182736").code());
  }

  private void assertRefused() {
    String said =
        "I Offline sign-in is not possible: the clock of this computer (%s) stands before the time"
                .formatted(scene.now)
            + " of its last use. Please set the clock, or connect to the network and sign in.";
    assertTrue(scene.abandoned("user02", "182736").contains(said));
  }

  private void assertOnlineMends() throws Exception {
    scene.domain.reachable = true;
    assertOpens();
    scene.domain.reachable = false;
    assertOpens();
  }

  @Test
  void setBackItOpensNothingOffline() throws Exception {
    scene.now = scene.now.minus(YEARS);
    assertRefused();
    scene.start();
    assertRefused();
    assertOnlineMends();
  }

  @Test
  void setRightAgainItDoes() throws Exception {
    scene.now = scene.now.minus(YEARS);
    assertRefused();
    scene.now = scene.now.plus(YEARS);
    assertOpens();
  }

  @Test
  void whatWasSeenOfflineCountsToo() throws Exception {
    scene.now = scene.now.plus(Duration.ofDays(10));
    assertOpens();
    scene.now = scene.now.minus(Duration.ofDays(9));
    assertRefused();
  }

  @Test
  void whatWasSeenWhileItOpenedNothingCountsToo() {
    scene.now = scene.now.plus(Duration.ofDays(20));
    scene.domain.renewalAlive = false;
    assertTrue(scene.abandoned("user02", "182736").contains("I " + Texts.OFFLINE_EXPIRED));
    scene.now = scene.now.minus(Duration.ofDays(19));
    scene.domain.renewalAlive = true;
    assertRefused();
  }

  @Test
  void aMomentThatWasSeenBetweenTwoSignInsOnlineIsMendedToo() throws Exception {
    assertOnlineMends();
    scene.now = scene.now.plus(YEARS);
    assertOpens();
    scene.now = scene.now.minus(YEARS);
    assertOnlineMends();
  }

  @Test
  void betweenTwoSystemsItMayJump() throws Exception {
    scene.now = scene.now.minus(Duration.ofHours(14));
    assertOpens();
    scene.now = scene.now.minus(Duration.ofHours(2));
    assertRefused();
  }

  @Test
  void setFarAheadAndBackNobodyIsLockedOutOnline() throws Exception {
    scene.now = scene.now.plus(YEARS);
    assertOpens();
    scene.now = scene.now.minus(YEARS);
    assertRefused();
    assertOnlineMends();
  }
}
