package himmelblau.domain.graphtools.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Base of the commands: checks everything that was typed, gets a token, reports failures. */
abstract class GraphCommand implements AdminCommand {
  static final String DRY_RUN = "--dry-run";
  static final String NAME = "--name";
  static final String CLIENT_ID = "--client-id";
  private static final Set<String> FLAGS =
      Set.of(DRY_RUN, "--user-read-write", "--group-read-write");

  private final String words;
  private final GraphToolsComponent tools;

  GraphCommand(String words, GraphToolsComponent tools) {
    this.words = words;
    this.tools = tools;
  }

  /**
   * What the command is to do.
   *
   * @param wanted the token that it needs
   * @param act does it
   */
  record Order(Wanted wanted, Action act) {}

  /** Reads and changes the directory. */
  interface Action {
    void run(GraphClient graph, AdminTerminal terminal)
        throws ToolFailed, GraphSaidNo, ConversationClosed;
  }

  /** Checks the arguments. Nothing is asked or sent before it returns. */
  abstract Order order(CommandArguments arguments, List<String> redirectUris) throws WrongUsage;

  @Override
  public String help() {
    return CommandHelp.of(GraphCommand.class, words);
  }

  @Override
  public final int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    Order order;
    try {
      RepeatedOption redirects = RepeatedOption.take("--redirect-uri", arguments);
      List<String> rest =
          redirects.rest().stream().map(word -> word.equals("-D") ? NAME : word).toList();
      order = order(CommandArguments.parse(rest, FLAGS, Set.of()), redirects.values());
    } catch (WrongUsage e) {
      terminal.err(e.reason());
      terminal.err(help());
      return 2;
    }
    try (GraphTools.Access access = tools.tools().open(order.wanted(), terminal)) {
      run(order, access, terminal);
      return 0;
    } catch (ToolFailed e) {
      for (String line : e.lines()) {
        terminal.err(line);
      }
      return 1;
    }
  }

  private void run(Order order, GraphTools.Access access, AdminTerminal terminal)
      throws ToolFailed, ConversationClosed {
    try {
      GraphClient client =
          new GraphClient(
              tools.http(), access.graph().address(), access.granted().token(), Thread::sleep);
      order.act().run(client, terminal);
    } catch (GraphSaidNo e) {
      throw e.status() == 401 || e.status() == 403
          ? Advice.denied(access.graph(), access.granted(), order.wanted().right())
          : new ToolFailed("Microsoft Graph refused: " + e.text());
    } catch (DomainUnavailable e) {
      throw new ToolFailed(String.valueOf(e.getMessage()));
    }
  }

  /** The id of an application, user or group. */
  static String guid(CommandArguments arguments, String option) throws WrongUsage {
    String id = arguments.require(option);
    if (!id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw new WrongUsage(option + " is not an id such as 01234567-89ab-cdef-0123-456789abcdef");
    }
    return id;
  }

  /** A token with the application that {@code --client-id} names. */
  static Wanted named(Right right, CommandArguments arguments) throws WrongUsage {
    String client = guid(arguments, CLIENT_ID);
    return new Wanted(right, arguments.find(NAME), Optional.of(client), Candidate.named(client));
  }
}
