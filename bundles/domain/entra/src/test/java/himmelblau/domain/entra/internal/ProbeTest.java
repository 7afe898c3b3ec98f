package himmelblau.domain.entra.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.testing.tenant.web.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cost of a lookup: the page is fetched in advance and kept. */
@NullUnmarked
class ProbeTest {
  private static final Optional<DirectoryUser> USER =
      Optional.of(DirectoryUser.provisional(EntraFixture.USER));
  private static final AccountName NOBODY =
      AccountName.parse("nobody@" + EntraFixture.DOMAIN).orElseThrow();
  private static EntraFixture lab;

  private EntraDomain domain;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    lab = new EntraFixture(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    lab.close();
  }

  @BeforeEach
  void begin() {
    lab.tenant.faults().clear();
    lab.clock.reset();
    domain = lab.domain();
    assertTrue(domain.warmUp());
    lab.tenant.log().clear();
  }

  private static List<String> asked() {
    return new ConfidentialClientFixture(lab)
        .asked("login").stream().map(path -> path.substring(path.lastIndexOf('/') + 1)).toList();
  }

  @Test
  void aPreparedDomainNeedsOneRoundTripForEachName() throws Exception {
    assertEquals(USER, domain.find(EntraFixture.USER));
    assertEquals(Optional.empty(), domain.find(NOBODY));
    assertEquals(List.of("GetCredentialType", "GetCredentialType"), asked());
  }

  @Test
  void anOldPageIsNotUsed() throws Exception {
    lab.clock.pass(Duration.ofSeconds(301));
    assertEquals(USER, domain.find(EntraFixture.USER));
    assertEquals(USER, domain.find(EntraFixture.USER));
    assertEquals(List.of("authorize", "GetCredentialType", "GetCredentialType"), asked());
  }

  @Test
  void aPageThatIsNoLongerGoodIsReplaced() throws Exception {
    lab.fault("login.*", "*GetCredentialType", Fault.Kind.STATUS, 400);
    assertEquals(USER, domain.find(EntraFixture.USER));
    assertEquals(List.of("GetCredentialType", "authorize", "GetCredentialType"), asked());
  }

  @Test
  void manyAtOnceAreToldOfTheirOwn() throws Exception {
    List<Callable<Optional<DirectoryUser>>> questions = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      AccountName name = i % 2 == 0 ? EntraFixture.USER : NOBODY;
      questions.add(() -> domain.find(name));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = threads.invokeAll(questions);
      for (int i = 0; i < 16; i++) {
        assertEquals(i % 2 == 0 ? USER : Optional.empty(), answers.get(i).get());
      }
    }
  }

  @Test
  void anUnreachableDirectoryIsTriedAgainAndAStrangeOneIsNot() throws Exception {
    lab.stop();
    try {
      assertFalse(lab.domain().warmUp());
    } finally {
      lab.start();
    }
    lab.fault("odc.*", "*", Fault.Kind.STATUS, 404);
    assertTrue(lab.domain().warmUp(), "nothing that time would mend");
  }
}
