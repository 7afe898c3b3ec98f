package himmelblau.sso.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a renewal is held, and what ends it. */
@NullUnmarked
class HeldRenewalsTest {
  @TempDir Path temp;
  private SsoFixture lab;

  @BeforeEach
  void signIn() {
    lab = new SsoFixture(temp);
    lab.signIn(SsoFixture.ADA);
  }

  private boolean hasToken() throws InterruptedException {
    return lab.token(SsoFixture.ADA, "").has("accessToken");
  }

  private List<Path> files() throws Exception {
    if (!Files.exists(lab.folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(lab.folder)) {
      return files.toList();
    }
  }

  @Test
  void itOutlivesTheProcess() throws Exception {
    lab.start("boot-1");
    assertTrue(hasToken());
    assertEquals("ada@example.org", lab.service.all().get(0).name().upn());
  }

  @Test
  void itDoesNotOutliveTheBoot() throws Exception {
    lab.start("boot-2");
    assertFalse(hasToken());
    assertEquals(List.of(), files());
  }

  @Test
  void theFilesAreSealedAndForTheDaemonOnly() throws Exception {
    assertEquals("rwx------", permissions(lab.folder));
    assertEquals(1, files().size());
    Path file = files().get(0);
    assertEquals("rw-------", permissions(file));
    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertFalse(content.contains("prt-of-ada"));
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aFileInTheNameOfAnotherUserDoesNotOpen() throws Exception {
    Path bobs = lab.folder.resolve(SsoFixture.BOB.objectId().orElseThrow().toString());
    Files.copy(files().get(0), bobs);
    assertFalse(lab.token(SsoFixture.BOB, "").has("accessToken"));
    assertFalse(Files.exists(bobs));
  }

  /** Whatever else would notice that it is not the user's. */
  @Test
  void theSealIsForOneUser() throws Exception {
    UUID bob = SsoFixture.BOB.objectId().orElseThrow();
    Files.copy(files().get(0), lab.folder.resolve(bob.toString()));
    HeldRenewals held = new HeldRenewals(lab.machine, new RenewalFiles(lab.folder), "boot-1");
    assertTrue(held.find(SsoFixture.ADA.objectId().orElseThrow()).isPresent());
    assertEquals(Optional.empty(), held.find(bob));
  }

  @Test
  void linksAndOtherFilesAreNotRead() throws Exception {
    Path file = files().get(0);
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(file, elsewhere);
    Files.createSymbolicLink(file, elsewhere);
    lab.start("boot-1");
    assertFalse(hasToken());
    Files.delete(file);
    Files.write(file, new byte[] {0, 0, 0, 9, 1});
    lab.start("boot-1");
    assertFalse(hasToken());
  }

  @Test
  void aFolderThatIsALinkIsNotUsed() throws Exception {
    SsoFixture other = new SsoFixture(temp.resolve("other"));
    Files.createDirectories(temp.resolve("other/target"));
    Files.createSymbolicLink(other.folder, temp.resolve("other/target"));
    other.signIn(SsoFixture.ADA);
    try (Stream<Path> files = Files.list(temp.resolve("other/target"))) {
      assertEquals(List.of(), files.toList());
    }
    assertTrue(other.token(SsoFixture.ADA, "").has("accessToken"), "until the process ends");
  }

  @Test
  void aFolderThatBecameALinkIsNotRead() throws Exception {
    Files.move(lab.folder, temp.resolve("elsewhere"));
    Files.createSymbolicLink(lab.folder, temp.resolve("elsewhere"));
    lab.start("boot-1");
    assertFalse(hasToken());
    assertEquals(List.of(), lab.service.all());
  }

  @Test
  void aLinkInThePlaceOfANewFileIsNotFollowed() throws Exception {
    Path target = temp.resolve("target");
    Files.writeString(target, "as it was");
    String user = SsoFixture.ADA.objectId().orElseThrow().toString();
    Files.createSymbolicLink(lab.folder.resolve(user + ".new"), target);
    lab.signIn(SsoFixture.ADA);
    assertEquals("as it was", Files.readString(target));
    lab.start("boot-1");
    assertTrue(hasToken());
    Files.delete(lab.folder.resolve(user));
    Files.createSymbolicLink(lab.folder.resolve(user), target);
    lab.signIn(SsoFixture.ADA);
    assertEquals("as it was", Files.readString(target));
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() throws Exception {
    Path file = files().get(0);
    try (java.io.RandomAccessFile large = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      large.setLength((512 << 10) + 1);
    }
    lab.start("boot-1");
    assertFalse(hasToken());
    assertTrue(Files.exists(file), "not even opened");
  }

  @Test
  void aKeyStoreThatIsAwayLosesNothing() throws Exception {
    lab.start("boot-1");
    lab.machine.broken = true;
    assertEquals(
        "The key store of this host cannot be used now",
        SsoFixture.context(lab.token(SsoFixture.ADA, "")));
    lab.machine.broken = false;
    assertTrue(hasToken());
  }

  @Test
  void anOldOneIsRenewedAndReplaced() throws Exception {
    lab.now = lab.now.plusSeconds(4 * 3600 - 1);
    assertTrue(hasToken());
    assertEquals(List.of(), lab.renewed);
    lab.now = lab.now.plusSeconds(3601);
    String token = lab.token(SsoFixture.ADA, "").get("accessToken").getAsString();
    assertEquals("token 2 by prt-of-ada'", token);
    lab.start("boot-1");
    assertTrue(
        lab.token(SsoFixture.ADA, "").get("accessToken").getAsString().endsWith("prt-of-ada'"));
    assertEquals(List.of("prt-of-ada"), lab.renewed);
  }

  @Test
  void itIsKeptWhenItCannotBeRenewedNow() throws Exception {
    lab.now = lab.now.plusSeconds(5 * 3600);
    lab.renewalUnavailable = new DomainUnavailable(DomainUnavailable.Kind.NETWORK, "away");
    assertTrue(hasToken());
    lab.token(SsoFixture.ADA, "\"accessTokenToRenew\":\"x\"");
    assertEquals(1, lab.renewed.size(), "tried again in five minutes only");
    lab.renewalUnavailable = null;
    lab.now = lab.now.plusSeconds(301);
    lab.token(SsoFixture.ADA, "\"accessTokenToRenew\":\"x\"");
    assertEquals(2, lab.renewed.size());
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "RENEWAL_DEAD",
        "NO_SUCH_ACCOUNT",
        "ACCOUNT_DISABLED",
        "OTHER_ACCOUNT",
        "DEVICE_REMOVED",
        "DEVICE_DISABLED"
      })
  void whatTheDirectoryCallsInvalidIsDropped(Reason reason) throws Exception {
    hasToken();
    lab.tokens.refused = SsoFixture.refusal(reason, "AADSTS12345");
    lab.renewalRefused = lab.tokens.refused;
    String other = "\"clientId\":\"app-2\"";
    assertEquals(
        "AADSTS12345: the directory's words", SsoFixture.context(lab.token(SsoFixture.ADA, other)));
    lab.tokens.refused = null;
    assertFalse(hasToken(), "nor the token that was kept");
    assertEquals(List.of(), files());
    assertThrows(IllegalStateException.class, () -> lab.issued.get(0).access().copyBytes());
    lab.start("boot-1");
    assertFalse(hasToken());
  }

  @Test
  void anApplicationThatGetsNothingCostsTheOthersNothing() throws Exception {
    lab.tokens.refused = SsoFixture.refusal(Reason.RENEWAL_DEAD, "AADSTS50132");
    assertFalse(hasToken());
    assertEquals(1, lab.renewed.size(), "it was asked whether the renewal is valid");
    lab.tokens.refused = null;
    assertTrue(hasToken());
  }

  @Test
  void aSignInMeanwhileIsNotDropped() throws Exception {
    lab.tokens.refused = SsoFixture.refusal(Reason.RENEWAL_DEAD, "AADSTS50173");
    lab.renewalRefused = lab.tokens.refused;
    lab.tokens.meanwhile = () -> lab.signIn(SsoFixture.ADA);
    assertFalse(hasToken());
    lab.tokens.meanwhile = () -> {};
    lab.tokens.refused = null;
    assertTrue(hasToken());
  }

  @Test
  void whatWasDroppedMeanwhileDoesNotComeBackByARenewal() throws Exception {
    lab.tokens.refused = SsoFixture.refusal(Reason.RENEWAL_DEAD, "AADSTS50132");
    lab.tokens.meanwhile = () -> lab.service.forgetAll();
    assertFalse(hasToken());
    lab.tokens.refused = null;
    lab.tokens.meanwhile = () -> {};
    assertFalse(hasToken());
    assertEquals(List.of(), files());
  }

  @Test
  void aDisabledAccountIsDroppedAtOnce() throws Exception {
    hasToken();
    lab.service.ended(SsoFixture.ADA.name());
    assertFalse(hasToken());
    lab.signIn(SsoFixture.ADA);
    lab.service.heard(SsoFixture.ADA.name(), true);
    assertTrue(hasToken());
    lab.service.heard(SsoFixture.ADA.name(), false);
    for (int i = 0; i < 500 && hasToken(); i++) {
      Thread.sleep(10);
    }
    assertFalse(hasToken());
  }

  @Test
  void othersAreNotDropped() throws Exception {
    lab.signIn(SsoFixture.BOB);
    lab.service.ended(SsoFixture.BOB.name());
    assertTrue(hasToken());
  }

  @Test
  void anAdministratorCanHaveAllForgotten() throws Exception {
    hasToken();
    lab.start("boot-1");
    lab.service.forgetAll();
    assertFalse(hasToken());
    assertEquals(List.of(), files());
  }

  @Test
  void aNewSignInReplacesRenewalAndTokens() throws Exception {
    hasToken();
    lab.signIn(SsoFixture.ADA);
    assertThrows(IllegalStateException.class, () -> lab.issued.get(0).access().copyBytes());
    assertTrue(hasToken());
    assertEquals(2, lab.tokens.asked.size());
  }
}
