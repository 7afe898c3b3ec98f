package himmelblau.domain.graphtools.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool application add-schema-extensions}. */
@Component(
    service = AdminCommand.class,
    property = AdminCommand.COMMAND + "=" + ApplicationAddSchemaExtensions.WORDS)
public final class ApplicationAddSchemaExtensions extends GraphCommand {
  static final String WORDS = "application add-schema-extensions";
  private static final Log LOG = Log.of(ApplicationAddSchemaExtensions.class);

  @Activate
  public ApplicationAddSchemaExtensions(@Reference GraphToolsComponent tools) {
    super(WORDS, tools);
  }

  @Override
  Order order(CommandArguments arguments, List<String> redirectUris) throws WrongUsage {
    arguments.only(NAME, CLIENT_ID, ApplicationListSchemaExtensions.OBJECT_ID, DRY_RUN);
    String objectId = guid(arguments, ApplicationListSchemaExtensions.OBJECT_ID);
    boolean dry = arguments.has(DRY_RUN);
    return new Order(
        named(Right.WRITE_APPLICATIONS, arguments),
        (graph, terminal) -> add(objectId, dry, graph, terminal));
  }

  private static void add(String objectId, boolean dry, GraphClient graph, AdminTerminal terminal)
      throws ToolFailed, GraphSaidNo, ConversationClosed {
    SchemaExtensions extensions = SchemaExtensions.of(graph, objectId);
    List<PosixAttribute> missing = extensions.missing();
    if (missing.isEmpty()) {
      terminal.err("Nothing to change: the application has all five extensions already.");
      return;
    }
    for (PosixAttribute attribute : missing) {
      if (dry) {
        terminal.out("Would add " + attribute);
      } else {
        graph.post(extensions.path(), attribute.definition());
        LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
            .info("graphtools.changed", "object", objectId, "what", attribute.attribute());
      }
    }
  }
}
