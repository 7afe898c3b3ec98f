package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonArray;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool application list-schema-extensions}. */
@Component(
    service = AdminCommand.class,
    property = AdminCommand.COMMAND + "=" + ApplicationListSchemaExtensions.WORDS)
public final class ApplicationListSchemaExtensions extends GraphCommand {
  static final String WORDS = "application list-schema-extensions";
  static final String OBJECT_ID = "--schema-app-object-id";

  @Activate
  public ApplicationListSchemaExtensions(@Reference GraphToolsComponent tools) {
    super(WORDS, tools);
  }

  @Override
  Order order(CommandArguments arguments, List<String> redirectUris) throws WrongUsage {
    arguments.only(NAME, CLIENT_ID, OBJECT_ID);
    String objectId = guid(arguments, OBJECT_ID);
    return new Order(
        named(Right.READ_APPLICATIONS, arguments),
        (graph, terminal) -> list(objectId, graph, terminal));
  }

  private static void list(String objectId, GraphClient graph, AdminTerminal terminal)
      throws ToolFailed, GraphSaidNo, ConversationClosed {
    JsonArray shown = new JsonArray();
    SchemaExtensions.of(graph, objectId).there().stream()
        .map(one -> PrettyJson.only(one, "id", "name", "dataType", "targetObjects"))
        .forEach(shown::add);
    PrettyJson.print(shown, terminal);
  }
}
