package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.login.Peer;
import himmelblau.api.login.SignInRequest;
import himmelblau.socket.internal.SignInSlots.Place;
import himmelblau.socket.internal.StartFrame.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignInSlotsTest {
  private final SignInSlots places = new SignInSlots();
  private final List<Place> held = new ArrayList<>();

  private static SignInRequest request(long caller, String user, String rhost) {
    return new SignInRequest(
        new Peer(0, 0, 1), caller, user, "su", "", rhost, Set.of(), false, "", Optional.empty());
  }

  private boolean enters(SignInRequest request) {
    Optional<Place> place = places.enter(Operation.AUTHENTICATE, request);
    place.ifPresent(held::add);
    return place.isPresent();
  }

  /** As many as there are places for; the rest is refused. */
  private int fill(SignInRequest request, int tries) {
    int entered = 0;
    for (int i = 0; i < tries; i++) {
      entered += enters(request) ? 1 : 0;
    }
    return entered;
  }

  @Test
  void oneUserDoesNotTakeTheSlotsOfOthers() {
    int entered = fill(request(1000, "user01", ""), 530);
    assertTrue(entered > 4 && entered < 32, "one uid for one account: " + entered);
    assertTrue(enters(request(1001, "user01", "")), "another uid for the same account");
    assertTrue(enters(request(0, "user01", "")), "the console for the same account");
    assertTrue(enters(request(0, "user01", "192.0.2.7")), "a remote login for the same account");
  }

  @Test
  void manyUidsTakeNeitherConsoleNorRemotePlaces() {
    for (long uid = 1000; uid < 1300; uid++) {
      fill(request(uid, "user" + uid, ""), 5);
    }
    assertFalse(enters(request(5000, "user", "")), "their places have an end");
    assertTrue(enters(request(0, "user", "")));
    assertTrue(enters(request(0, "user", "192.0.2.7")));
  }

  @Test
  void oneHostLeavesRoomForAnother() {
    for (int i = 0; i < 300; i++) {
      enters(request(0, "user" + i, "192.0.2.7"));
    }
    assertFalse(enters(request(0, "another", "192.0.2.7")));
    assertTrue(enters(request(0, "user1", "192.0.2.8")));
    assertTrue(enters(request(0, "user1", "")), "the console");
  }

  @Test
  void manyHostsLeaveTheConsoleItsPlaces() {
    for (int i = 0; i < 300; i++) {
      fill(request(0, "user" + i, "192.0.2." + i), 5);
    }
    assertFalse(enters(request(0, "user", "198.51.100.7")), "remote places have an end");
    assertTrue(enters(request(0, "user", "")), "the console");
  }

  @Test
  void aPlaceIsGivenBack() {
    SignInRequest request = request(1000, "user01", "");
    int entered = fill(request, 50);
    assertFalse(enters(request));
    held.removeFirst().close();
    assertTrue(enters(request));
    held.forEach(Place::close);
    held.clear();
    assertTrue(entered > 4);
  }

  @Test
  void beginningsHaveARate() {
    SignInRequest request = request(1000, "user01", "");
    int entered = 0;
    for (int i = 0; i < 500; i++) {
      Optional<Place> place = places.enter(Operation.AUTHENTICATE, request);
      place.ifPresent(Place::close);
      entered += place.isPresent() ? 1 : 0;
    }
    assertTrue(entered >= 60 && entered < 80, "sign-ins at once: " + entered);
    assertTrue(enters(request(1001, "user01", "")));
  }

  @Test
  void whatDoesNotWaitNeedsNoPlace() {
    for (int i = 0; i < 1000; i++) {
      assertTrue(places.enter(Operation.ACCOUNT, request(1000, "user01", "")).isPresent());
    }
  }

  @Test
  void theCallerIsTrustedFromRootOnly() {
    SignInRequest lie =
        new SignInRequest(
            new Peer(1000, 1000, 1), 0, "u", "su", "", "", Set.of(), false, "", Optional.empty());
    assertEquals(1000, lie.caller());
    assertEquals(1000, request(1000, "u", "").caller());
  }
}
