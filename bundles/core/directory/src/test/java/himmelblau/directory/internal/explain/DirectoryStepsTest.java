package himmelblau.directory.internal.explain;

import static himmelblau.directory.internal.DirectoryFixture.DOMAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.directory.internal.DirectoryFixture;
import himmelblau.directory.internal.ids.IdRange;
import himmelblau.directory.internal.options.GlobalSettings.Source;
import himmelblau.directory.internal.store.StaticIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStepsTest {
  private static final String ID = "00000000-0000-0000-0000-00000000000a";
  private static final AccountName ADA = DirectoryFixture.name("ada");

  @TempDir Path folder;
  private DirectoryFixture fixture;
  private DomainProvider provider;
  private boolean reachable = true;

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
    provider = fixture.provider(DOMAIN, Optional.of("tenant-1"));
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private ExplainRequest request(String typed) {
    return new ExplainRequest(
        typed, fixture.directory().resolve(typed), "sshd", false, Optional.of(provider), reachable);
  }

  private Finding account(String typed) {
    return new AccountStep(fixture.engine).explain(request(typed)).orElseThrow();
  }

  private Finding ids(String typed) {
    return new IdsStep(fixture.engine).explain(request(typed)).orElseThrow();
  }

  private void signedIn() throws Exception {
    fixture.directory().record(DirectoryFixture.user("ada", ID), Optional.empty());
  }

  @Test
  void aLocalAccountIsNotOurs() {
    Finding found = account("local");
    assertEquals(Outcome.LOCAL, found.outcome());
    assertEquals("local is an account of this host (/etc/passwd)", found.text());
    assertEquals(List.of(), fixture.asked);
  }

  @Test
  void aNameOfAnotherDomainMeansNobody() {
    Finding found = account("ada@elsewhere.org");
    assertEquals(Outcome.NO, found.outcome());
    assertEquals(List.of(OptionUse.of("domain")), found.options());
    assertEquals(List.of(), fixture.asked, "another tenant is never asked");
  }

  @Test
  void theDirectorySaysWhetherANewNameExists() {
    assertEquals(Outcome.NO, account("ada").outcome());
    fixture.cloud.put(ADA.upn(), DirectoryFixture.user("ada", ID));
    Finding found = account("ada");
    assertEquals(Outcome.OK, found.outcome());
    assertEquals(ADA + ", not known here; the directory has it", found.text());
    assertEquals(Optional.empty(), fixture.directory().account(ADA), "nothing was recorded");
  }

  @Test
  void aKnownAccountMayHaveBeenDeleted() throws Exception {
    signedIn();
    Finding gone = account("ada");
    assertEquals(Outcome.NO, gone.outcome());
    assertTrue(gone.text().contains("known here"), gone.text());
    fixture.cloud.put(ADA.upn(), DirectoryFixture.user("ada", ID));
    Finding there = account("ada");
    assertEquals(Outcome.OK, there.outcome());
    assertEquals(ADA + ", known here, has signed in; the directory has it", there.text());
    assertEquals("object id " + ID, there.details().getFirst());
  }

  @Test
  void offlineOnlyAKnownAccountMaySignIn() throws Exception {
    reachable = false;
    assertEquals(Outcome.NO, account("ada").outcome());
    signedIn();
    Finding found = account("ada");
    assertEquals(Outcome.OK, found.outcome());
    assertTrue(found.text().endsWith("cannot be asked: it does not answer"), found.text());
    assertEquals(List.of(), fixture.asked, "who does not answer is not asked");
    reachable = true;
    fixture.failure = DomainUnavailable.Kind.TEMPORARY;
    assertTrue(account("ada").text().endsWith("cannot be asked: as the test wants it"));
  }

  @Test
  void aShortNameThatTwoDomainsKnowIsAmbiguous() throws Exception {
    signedIn();
    assertTrue(account("ada").details().stream().noneMatch(text -> text.contains("ambiguous")));
    fixture.restart(
        fixture.settings(Source.NAME, true, Optional.empty()),
        DirectoryFixture.domain(DOMAIN, IdRange.DEFAULT),
        DirectoryFixture.domain("b.example", new IdRange(2_000_300_000L, 2_000_399_999L)));
    AccountName other = new AccountName("ada", "b.example");
    fixture.directory().record(DirectoryUser.provisional(other), Optional.empty());
    assertTrue(
        account("ada")
            .details()
            .contains("ada is ambiguous: ada@b.example is known here, too, by its full name only"));
    assertTrue(
        account(ADA.upn()).details().stream().noneMatch(text -> text.contains("ambiguous")),
        "the full name is not");
  }

  @Test
  void anObstacleIsNamed() throws Exception {
    fixture.close();
    Files.writeString(Files.createDirectories(folder.resolve("two/etc")).resolve("passwd"), "");
    fixture = new DirectoryFixture(folder.resolve("two"));
    signedIn();
    long uid = fixture.directory().account(ADA).orElseThrow().passwd().uid();
    fixture
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putUser(c, ADA, 1500, 1500);
              return true;
            });
    fixture.engine.staticIdsChanged();
    Finding found = account("ada");
    assertEquals(Outcome.NO, found.outcome(), "1500 belongs to a local account, not " + uid);
    assertTrue(found.text().contains("cannot be used on this host"), found.text());
  }

  @Test
  void theTenantAndWhetherItAnswersAreShown() {
    ExplainStep step = new DomainStep();
    Finding found = step.explain(request("ada")).orElseThrow();
    assertEquals(Outcome.OK, found.outcome());
    assertEquals(DOMAIN + ", tenant tenant-1, answers", found.text());
    reachable = false;
    assertEquals(Outcome.NOTE, step.explain(request("ada")).orElseThrow().outcome());
    ExplainRequest unserved =
        new ExplainRequest("ada", Optional.of(ADA), "sshd", false, Optional.empty(), false);
    assertEquals(Outcome.NO, step.explain(unserved).orElseThrow().outcome());
    assertEquals(Optional.empty(), step.explain(request("local")));
  }

  @Test
  void idsAreShownWithTheirSource() throws Exception {
    Finding before = ids("ada");
    assertTrue(before.text().startsWith("to be: uid "), before.text());
    signedIn();
    Finding after = ids("ada");
    assertEquals(before.text(), "to be: " + after.text());
    assertTrue(after.text().endsWith("made from the name"), after.text());
    assertEquals(
        List.of(OptionUse.of("id_attr_map"), OptionUse.of("idmap_range", DOMAIN)), after.options());
    fixture
        .engine
        .area()
        .write(
            c -> {
              StaticIds.putUser(c, ADA, 70001, 70002);
              return true;
            });
    fixture.engine.staticIdsChanged();
    assertEquals("uid 70001, gid 70002: fixed (aad-tool idmap)", ids("ada").text());
    assertEquals(Optional.empty(), new IdsStep(fixture.engine).explain(request("local")));
  }

  @Test
  void idsThatAreNotKnownBeforeTheSignInAreSaidToBe() {
    fixture.configure(fixture.settings(Source.UUID, true, Optional.empty()));
    assertEquals("assigned at the first sign-in", ids("ada").text());
    fixture.configure(fixture.settings(Source.RFC2307, true, Optional.empty()));
    assertTrue(ids("ada").text().startsWith("to be: "));
  }
}
