package himmelblau.directory.internal.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a name of the directory must not do to passwd(5), group(5) and those who read them. */
class NameRulesTest {
  private static final String LONGEST = "ä".repeat(127) + "x"; // 255 bytes

  @ParameterizedTest
  @ValueSource(strings = {"user01", "user01@example.org", "jürgen", "a+b-c.d", "0x", "1a"})
  void aUserMayHave(String name) {
    assertEquals(Optional.empty(), NameRules.unfitUser(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\u2003b", "a:b", "a,b", "a/b"})
  void aUserMustNotHave(String name) {
    assertTrue(NameRules.unfitUser(name).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0b", "a\u2028b", "a\u2029b", "a\u200bb", "a\u202eb"})
  void neitherUserNorGroupHasWhatCannotBeSeen(String name) {
    assertTrue(NameRules.unfitUser(name).isPresent());
    assertFalse(NameRules.fitGroup(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-r", "+user", ".", "..", "1000"})
  void aUserMustNotLookLikeSomethingElse(String name) {
    assertTrue(NameRules.unfitUser(name).isPresent());
  }

  @Test
  void theLongestName() {
    assertEquals(Optional.empty(), NameRules.unfitUser(LONGEST));
    assertTrue(NameRules.unfitUser(LONGEST + "x").isPresent());
    assertTrue(NameRules.fitGroup(LONGEST));
    assertFalse(NameRules.fitGroup(LONGEST + "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ops people", "a.b", "4you"})
  void aGroupMayHave(String name) {
    assertTrue(NameRules.fitGroup(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "a:b", "a,b", "a/b", "a@b", "-a", "+a", "1000"})
  void aGroupMustNotHave(String name) {
    assertFalse(NameRules.fitGroup(name));
  }

  @Test
  void aDisplayNameIsOneFieldOfOneLine() {
    assertEquals("Ada Lovelace", NameRules.gecos("Lovelace, Ada"));
    assertEquals("a b c", NameRules.gecos("a,b,c"));
    assertEquals("Lovelace", NameRules.gecos("Lovelace,"));
    assertEquals("Ada", NameRules.gecos(",Ada"));
    assertEquals("x root 0", NameRules.gecos("x:root\n0"));
    assertEquals(255, NameRules.gecos("x".repeat(300)).length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home/user", "/", "/bin/sh", "/a/..b/c."})
  void aPathMayBe(String path) {
    assertTrue(NameRules.fitPath(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"home", "", "/a:b", "/a\nb", "/a/../b", "/a/.", "/.."})
  void aPathMustNotBe(String path) {
    assertFalse(NameRules.fitPath(path));
  }

  @Test
  void theLongestPath() {
    assertTrue(NameRules.fitPath("/" + "x".repeat(1023)));
    assertFalse(NameRules.fitPath("/" + "x".repeat(1024)));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "root", "gdm", "gdm-greeter-1", "pam_unix_non_existent:"})
  void theDirectoryIsNotAskedFor(String name) {
    assertTrue(NameRules.ofTheHost(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rooted", "gdm2", "user01"})
  void theDirectoryIsAskedFor(String name) {
    assertFalse(NameRules.ofTheHost(name));
  }
}
