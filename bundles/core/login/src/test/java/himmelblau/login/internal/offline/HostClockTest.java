package himmelblau.login.internal.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.PamCode;
import himmelblau.login.internal.LoginFixture;
import himmelblau.login.internal.conversation.PromptTexts;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Setting the clock back makes nothing valid again that has expired. */
class HostClockTest {
  private static final Duration YEARS = Duration.ofDays(3 * 365);

  @TempDir Path folder;
  private LoginFixture fixture;

  @BeforeEach
  void build() throws Exception {
    fixture = new LoginFixture(folder);
    fixture.enrolled();
    fixture.domain.reachable = false;
  }

  private void assertOpens() throws Exception {
    assertEquals(PamCode.SUCCESS, fixture.signIn("user02", "182736").code());
  }

  private void assertRefused() {
    String said =
        "I Offline sign-in is not possible: the clock of this computer (%s) is set earlier than"
                .formatted(fixture.now)
            + " when it was last used. Please set the clock, or connect to the network and sign in.";
    assertTrue(fixture.abandoned("user02", "182736").contains(said));
  }

  private void assertOnlineSignInCorrects() throws Exception {
    fixture.domain.reachable = true;
    assertOpens();
    fixture.domain.reachable = false;
    assertOpens();
  }

  @Test
  void setBackItOpensNothingOffline() throws Exception {
    fixture.now = fixture.now.minus(YEARS);
    assertRefused();
    fixture.start();
    assertRefused();
    assertOnlineSignInCorrects();
  }

  @Test
  void setRightAgainItDoes() throws Exception {
    fixture.now = fixture.now.minus(YEARS);
    assertRefused();
    fixture.now = fixture.now.plus(YEARS);
    assertOpens();
  }

  @Test
  void timesSeenOfflineAreRemembered() throws Exception {
    fixture.now = fixture.now.plus(Duration.ofDays(10));
    assertOpens();
    fixture.now = fixture.now.minus(Duration.ofDays(9));
    assertRefused();
  }

  @Test
  void timesOfRefusedSignInsAreRemembered() {
    fixture.now = fixture.now.plus(Duration.ofDays(20));
    fixture.domain.renewalAlive = false;
    assertTrue(fixture.abandoned("user02", "182736").contains("I " + PromptTexts.OFFLINE_EXPIRED));
    fixture.now = fixture.now.minus(Duration.ofDays(19));
    fixture.domain.renewalAlive = true;
    assertRefused();
  }

  @Test
  void aWrongTimeBetweenTwoOnlineSignInsIsCorrected() throws Exception {
    assertOnlineSignInCorrects();
    fixture.now = fixture.now.plus(YEARS);
    assertOpens();
    fixture.now = fixture.now.minus(YEARS);
    assertOnlineSignInCorrects();
  }

  @Test
  void betweenTwoSystemsItMayJump() throws Exception {
    fixture.now = fixture.now.minus(Duration.ofHours(14));
    assertOpens();
    fixture.now = fixture.now.minus(Duration.ofHours(2));
    assertRefused();
  }

  @Test
  void aClockSetFarAheadAndBackLocksNobodyOutOnline() throws Exception {
    fixture.now = fixture.now.plus(YEARS);
    assertOpens();
    fixture.now = fixture.now.minus(YEARS);
    assertRefused();
    assertOnlineSignInCorrects();
  }
}
