package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool application list}. */
@Component(
    service = AdminCommand.class,
    property = AdminCommand.COMMAND + "=" + ApplicationList.WORDS)
public final class ApplicationList extends GraphCommand {
  static final String WORDS = "application list";

  @Activate
  public ApplicationList(@Reference GraphToolsComponent tools) {
    super(WORDS, tools);
  }

  @Override
  Order order(CommandArguments arguments, List<String> redirectUris) throws WrongUsage {
    arguments.only(NAME, CLIENT_ID);
    return new Order(named(Right.READ_APPLICATIONS, arguments), ApplicationList::list);
  }

  private static void list(GraphClient graph, AdminTerminal terminal)
      throws ToolFailed, GraphSaidNo, ConversationClosed {
    JsonArray shown = new JsonArray();
    for (JsonObject app : graph.list("applications?$select=id,appId,displayName&$top=100")) {
      shown.add(PrettyJson.only(app, "id", "appId", "displayName"));
    }
    PrettyJson.print(shown, terminal);
  }
}
