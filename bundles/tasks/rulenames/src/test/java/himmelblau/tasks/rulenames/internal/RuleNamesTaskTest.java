package himmelblau.tasks.rulenames.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleNamesTaskTest {
  @TempDir Path root;

  private void write(String file, String... lines) throws Exception {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, List.of(lines));
  }

  private Set<String> names() {
    RuleFiles.Reading reading = RuleFiles.read(root);
    assertEquals("", reading.trouble());
    return reading.names();
  }

  @Test
  void aHostWithoutRulesMentionsNothing() {
    assertEquals(Set.of(), names());
  }

  @Test
  void sudoersNamesGroupsAfterPercent() throws Exception {
    write(
        "etc/sudoers",
        "# %comment ALL=(ALL) ALL",
        "Defaults:%linuxadmins !lecture",
        "%linuxadmins,%ops ALL=(ALL:adm) NOPASSWD: ALL, !/bin/su",
        "%domain\\ admins ALL=(ALL) ALL",
        "%hex\\x20name ALL=ALL",
        "\"%quoted group\" ALL=(ALL) ALL",
        "%:of-a-plugin ALL=ALL",
        "User_Alias DBA = user02, %data\\",
        "base",
        "ALL, !%contractors ALL=/bin/ls",
        "!!%twice ALL=ALL",
        "#1000,%besides ALL=ALL",
        "@include /etc/sudoers.local",
        "@includedir /etc/more.d");
    write("etc/sudoers.local", "%included ALL=ALL");
    write("etc/more.d/one", "%more ALL=ALL");
    write("etc/sudoers.d/90-x", "%dropin ALL=ALL");
    assertEquals(
        Set.of(
            "linuxadmins",
            "ops",
            "domain admins",
            "hex name",
            "quoted group",
            "of-a-plugin",
            "database",
            "twice",
            "besides",
            "included",
            "more",
            "dropin"),
        names());
  }

  @Test
  void sshdNamesGroupsThatMayAndThoseOfMatch() throws Exception {
    write(
        "etc/ssh/sshd_config",
        "Include /etc/ssh/sshd_config.d/*.conf",
        "#AllowGroups no",
        "allowgroups staff-ssh \"two words\" admin* !not *",
        "DenyGroups contractors",
        "Match User user02 Group one,!two,three",
        "Match group=four");
    write("etc/ssh/sshd_config.d/50-x.conf", "AllowGroups\tfive");
    assertEquals(
        Set.of("staff-ssh", "two words", "admin*", "one", "three", "four", "five"), names());
  }

  @Test
  void polkitNamesGroupsInStringsAndKeyFiles() throws Exception {
    write(
        "etc/polkit-1/rules.d/10-x.rules",
        "polkit.addRule(function(a, s) { if (s.isInGroup(\"net admins\") || s.isInGroup('o\\'b'))",
        "return polkit.Result.YES; });",
        "polkit.addAdminRule(function() { return [\"unix-group:bosses\"]; });");
    write(
        "etc/polkit-1/localauthority/50-local.d/a.pkla",
        "[x]",
        "Identity=unix-user:user02;unix-group:operators;unix-group:some people");
    assertEquals(Set.of("net admins", "o'b", "bosses", "operators", "some people"), names());
  }

  @Test
  void whatCannotBeReadMayMentionEveryName() throws Exception {
    Files.createDirectories(root.resolve("etc"));
    Files.write(root.resolve("etc/sudoers"), new byte[RuleFiles.MOST_BYTES + 1]);
    RuleFiles.Reading reading = RuleFiles.read(root);
    assertEquals(Set.of("*"), reading.names());
    assertTrue(reading.trouble().contains("larger"), reading.trouble());

    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 6000; i++) {
      many.append("%group").append(i).append(" ALL=ALL\n");
    }
    Files.writeString(root.resolve("etc/sudoers"), many);
    assertEquals(Set.of("*"), RuleFiles.read(root).names());
  }

  @Test
  void theTaskAnswersWhenTheRulesChange() throws Exception {
    write("etc/sudoers", "%one ALL=ALL");
    RuleNamesTask task = new RuleNamesTask(root);
    TaskResult first = task.run(request(""));
    assertEquals("one", text(first, "names"));
    CompletableFuture<TaskResult> second =
        CompletableFuture.supplyAsync(() -> task.run(request(text(first, "digest"))));
    Thread.sleep(200);
    assertTrue(!second.isDone(), "nothing has changed");
    write("etc/sudoers.d/x", "%two ALL=ALL");
    assertEquals("one\ntwo", text(second.get(), "names"));
  }

  private static TaskRequest request(String known) {
    return new TaskRequest(
        "rule-names", Map.of("known", known.getBytes(UTF_8)), Duration.ofSeconds(20));
  }

  private static String text(TaskResult result, String value) {
    byte[] bytes = result.values().get(value);
    return bytes == null ? "" : new String(bytes, UTF_8);
  }
}
