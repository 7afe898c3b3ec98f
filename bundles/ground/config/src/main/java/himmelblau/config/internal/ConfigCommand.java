package himmelblau.config.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool config}. */
@Component(property = AdminCommand.COMMAND + "=config")
public final class ConfigCommand implements AdminCommand {
  private final RunningConfig config;

  @Activate
  public ConfigCommand(@Reference ConfigComponent config) {
    this((RunningConfig) config);
  }

  ConfigCommand(RunningConfig config) {
    this.config = config;
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (arguments.isEmpty() || arguments.equals(List.of("show"))) {
      return show(terminal);
    }
    if (arguments.equals(List.of("reload"))) {
      return reload(terminal);
    }
    if (arguments.size() == 2 && arguments.getFirst().equals("check")) {
      return check(arguments.getLast(), terminal);
    }
    terminal.err(help());
    return 2;
  }

  private int show(AdminTerminal terminal) throws ConversationClosed {
    try {
      EffectiveConfig effective = config.reader().read();
      for (String line : ConfigDump.lines(effective, config.found().in(effective))) {
        terminal.out(line);
      }
      return 0;
    } catch (ConfigException e) {
      terminal.err("The configuration is not valid: " + e.getMessage());
      return 1;
    }
  }

  private int reload(AdminTerminal terminal) throws ConversationClosed {
    RunningConfig.Reload done = config.reload();
    if (done.refused().isPresent()) {
      terminal.err(done.refused().get());
      terminal.err("What was in effect before stays in effect.");
      return 1;
    }
    for (String error : done.errors()) {
      terminal.err("error: " + error);
    }
    for (String change : done.changes()) {
      terminal.out(change);
    }
    if (done.changes().isEmpty()) {
      terminal.out("No value has changed.");
    }
    return 0;
  }

  /** The caller sends the content: this process opens no file that a caller names. */
  private int check(String name, AdminTerminal terminal) throws ConversationClosed {
    CandidateFile file;
    try {
      Path shown = Path.of(name.equals("-") ? "standard input" : name);
      byte[] content = terminal.stream(false).input().readNBytes(MergedFiles.MOST_BYTES + 1);
      if (content.length > MergedFiles.MOST_BYTES) {
        terminal.err(shown + ": larger than 1 MiB. Is this a configuration file?");
        return 1;
      }
      file = new CandidateFile(shown, content);
    } catch (InvalidPathException e) {
      terminal.err("This is not the name of a file.");
      return 2;
    } catch (IOException e) {
      return 1; // the caller has disconnected
    }
    return report(file, config.reader().check(file), terminal);
  }

  private static int report(CandidateFile file, Candidate found, AdminTerminal terminal)
      throws ConversationClosed {
    for (Path read : found.files()) {
      terminal.out("read: " + read);
    }
    for (String error : found.errors()) {
      terminal.out("error: " + error);
    }
    for (String warning : found.warnings()) {
      terminal.out("warning: " + warning);
    }
    terminal.out(
        "%s: %s, %s"
            .formatted(
                file.name(),
                count(found.errors().size(), "error"),
                count(found.warnings().size(), "warning")));
    return found.valid() ? 0 : 1;
  }

  private static String count(int number, String what) {
    return (number == 0 ? "no" : String.valueOf(number)) + " " + what + (number == 1 ? "" : "s");
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "config");
  }
}
