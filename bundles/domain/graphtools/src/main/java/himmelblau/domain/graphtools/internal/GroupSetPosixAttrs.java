package himmelblau.domain.graphtools.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool group set-posix-attrs}. */
@Component(
    service = AdminCommand.class,
    property = AdminCommand.COMMAND + "=" + GroupSetPosixAttrs.WORDS)
public final class GroupSetPosixAttrs extends GraphCommand {
  static final String WORDS = "group set-posix-attrs";

  @Activate
  public GroupSetPosixAttrs(@Reference GraphToolsComponent tools) {
    super(WORDS, tools);
  }

  @Override
  Order order(CommandArguments arguments, List<String> redirectUris) throws WrongUsage {
    arguments.only(NAME, UserSetPosixAttrs.SCHEMA_CLIENT_ID, "--group-id", "--gid", DRY_RUN);
    String schema = guid(arguments, UserSetPosixAttrs.SCHEMA_CLIENT_ID);
    AttributeChange change =
        new AttributeChange(
            "groups",
            "displayName",
            guid(arguments, "--group-id"),
            PosixAttribute.GID_NUMBER,
            schema,
            PosixValues.ofGroup(arguments),
            arguments.has(DRY_RUN));
    return new Order(
        new Wanted(
            Right.WRITE_GROUPS, arguments.find(NAME), Optional.empty(), Candidate.usual(schema)),
        change::apply);
  }
}
