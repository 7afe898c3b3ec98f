package himmelblau.shell.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** {@code aad-tool threads}. */
@Component(property = AdminCommand.COMMAND + "=threads")
public final class ThreadsCommand implements AdminCommand {
  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (!arguments.isEmpty() && !arguments.equals(List.of("--stacks"))) {
      terminal.err(help());
      return 2;
    }
    for (String line : lines(Thread.getAllStackTraces(), !arguments.isEmpty())) {
      terminal.out(line);
    }
    return 0;
  }

  static List<String> lines(Map<Thread, StackTraceElement[]> threads, boolean stacks) {
    List<Map.Entry<Thread, StackTraceElement[]>> sorted = new ArrayList<>(threads.entrySet());
    sorted.sort(Comparator.comparing(entry -> entry.getKey().getName()));
    if (!stacks) {
      Table table = new Table().row("ID", "STATE", "NAME", "AT");
      for (Map.Entry<Thread, StackTraceElement[]> entry : sorted) {
        Thread thread = entry.getKey();
        StackTraceElement[] stack = entry.getValue();
        table.row(
            String.valueOf(thread.threadId()),
            String.valueOf(thread.getState()),
            thread.getName(),
            stack.length == 0 ? "-" : stack[0].toString());
      }
      return table.lines();
    }
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Thread, StackTraceElement[]> entry : sorted) {
      lines.add(entry.getKey().getName() + " " + entry.getKey().getState());
      for (StackTraceElement frame : entry.getValue()) {
        lines.add("    " + frame);
      }
    }
    return lines;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "threads");
  }
}
