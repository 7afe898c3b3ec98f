package himmelblau.login.internal.service;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** {@code aad-tool login-services}. */
@Component(property = AdminCommand.COMMAND + "=login-services")
public final class LoginServicesCommand implements AdminCommand {
  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (arguments.size() > 1 || arguments.stream().anyMatch(word -> word.startsWith("-"))) {
      terminal.err(help());
      return 2;
    }
    List<LoginService> rows =
        arguments.isEmpty() ? LoginServices.all() : List.of(LoginServices.of(arguments.getFirst()));
    for (String line : lines(rows)) {
      terminal.out(line);
    }
    return 0;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "login-services");
  }

  /** Columns that are as wide as their longest cell. */
  private static List<String> lines(List<LoginService> rows) {
    List<List<String>> cells = new ArrayList<>(List.of(LoginServices.COLUMNS));
    rows.forEach(row -> cells.add(row.cells()));
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int column = i;
        int width = cells.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
        line.append(row.get(i)).append(" ".repeat(width + 2 - row.get(i).length()));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
