package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonObject;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool application create}. */
@Component(
    service = AdminCommand.class,
    property = AdminCommand.COMMAND + "=" + ApplicationCreate.WORDS)
public final class ApplicationCreate extends GraphCommand {
  static final String WORDS = "application create";
  private static final Log LOG = Log.of(ApplicationCreate.class);
  private static final int LONGEST = 120;

  @Activate
  public ApplicationCreate(@Reference GraphToolsComponent tools) {
    super(WORDS, tools);
  }

  @Override
  Order order(CommandArguments arguments, List<String> redirectUris) throws WrongUsage {
    arguments.only(
        NAME, CLIENT_ID, "--display-name", "--user-read-write", "--group-read-write", DRY_RUN);
    String name = arguments.require("--display-name").strip();
    if (name.length() > LONGEST || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new WrongUsage("--display-name is longer than " + LONGEST + " or not one line");
    }
    for (String uri : redirectUris) {
      checkUri(uri);
    }
    List<String> scopes = new ArrayList<>();
    if (arguments.has("--group-read-write")) {
      scopes.add(Registrations.GROUP_READ_WRITE);
    }
    if (arguments.has("--user-read-write")) {
      scopes.add(Registrations.USER_READ_WRITE);
    }
    Registrations wanted =
        new Registrations(
            name, redirectUris.isEmpty() ? List.of(Candidate.OWN_REDIRECT) : redirectUris, scopes);
    boolean dry = arguments.has(DRY_RUN);
    return new Order(
        named(Right.WRITE_APPLICATIONS, arguments),
        (graph, terminal) -> create(wanted, dry, graph, terminal));
  }

  private static void checkUri(String text) throws WrongUsage {
    try {
      URI uri = URI.create(text);
      if (uri.isAbsolute() && uri.getFragment() == null && text.length() <= 256) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new WrongUsage("--redirect-uri is not an absolute address without fragment: " + text);
  }

  private static void create(
      Registrations wanted, boolean dry, GraphClient graph, AdminTerminal terminal)
      throws ToolFailed, GraphSaidNo, ConversationClosed {
    String filter = "displayName eq '" + wanted.displayName().replace("'", "''") + "'";
    List<JsonObject> there =
        graph.list("applications?$filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
    for (JsonObject application : there) {
      String which =
          "the application "
              + wanted.displayName()
              + " is there already, as "
              + PrettyJson.text(application, "appId");
      if (!wanted.fulfilledBy(application)) {
        throw new ToolFailed(
            which + ", with other redirect URIs or permissions. " + Advice.UNCHANGED);
      }
      terminal.err("Nothing to change: " + which + ".");
      return;
    }
    if (dry) {
      terminal.out("Would create an application:");
      PrettyJson.print(wanted.body(), terminal);
      return;
    }
    JsonObject made = graph.post("applications", wanted.body());
    LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
        .info("graphtools.changed", "object", PrettyJson.text(made, "appId"), "what", WORDS);
  }
}
