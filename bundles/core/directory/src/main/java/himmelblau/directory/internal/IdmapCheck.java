package himmelblau.directory.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.login.ConversationClosed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool idmap check}: no collisions here, no differences to another machine. */
@Component(
    property = {
      AdminCommand.COMMAND + "=idmap check",
      AdminCommand.SUMMARY + "=Look for ids that collide, or differ from another machine's"
    })
public final class IdmapCheck implements AdminCommand {
  private final Engine engine;

  @Activate
  public IdmapCheck(@Reference DirectoryComponent directory) {
    this(directory.engine());
  }

  IdmapCheck(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String help() {
    return """
    Usage: aad-tool idmap check [--against FILE]

      --against FILE   lines of `getent passwd` from another machine (also of SSSD)

    Says which people and groups known here have no id of their own, and which would have another one elsewhere.
    Exit code 1 when there is anything to say.""";
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    Words words = Words.of(arguments, "--against=");
    if (!words.clean()) {
      terminal.err(help());
      return 2;
    }
    List<String> findings;
    try {
      Optional<Path> other = words.value("--against").map(Path::of);
      findings =
          new IdmapReport(engine).findings(other.isPresent() ? passwd(other.get()) : Map.of());
    } catch (IOException e) {
      terminal.err("cannot read the other machine's list: " + e.getMessage());
      return 1;
    }
    for (String finding : findings) {
      terminal.out(finding);
    }
    if (findings.isEmpty()) {
      terminal.out("no collisions and no differences among what this host knows");
    }
    return findings.isEmpty() ? 0 : 1;
  }

  private static Map<String, Long> passwd(Path file) throws IOException {
    Map<String, Long> uids = new HashMap<>();
    for (String line : new String(Files.readAllBytes(file), UTF_8).lines().toList()) {
      String[] fields = line.split(":", -1);
      if (fields.length >= 4 && fields[2].matches("\\d{1,10}")) {
        uids.put(PersonKey.of(fields[0]), Long.parseLong(fields[2]));
      }
    }
    return uids;
  }
}
