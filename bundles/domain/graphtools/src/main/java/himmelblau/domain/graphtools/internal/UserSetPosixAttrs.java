package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonPrimitive;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.CommandArguments;
import himmelblau.api.admin.CommandArguments.WrongUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool user set-posix-attrs}. */
@Component(
    service = AdminCommand.class,
    property = AdminCommand.COMMAND + "=" + UserSetPosixAttrs.WORDS)
public final class UserSetPosixAttrs extends GraphCommand {
  static final String WORDS = "user set-posix-attrs";
  static final String SCHEMA_CLIENT_ID = "--schema-client-id";

  @Activate
  public UserSetPosixAttrs(@Reference GraphToolsComponent tools) {
    super(WORDS, tools);
  }

  @Override
  Order order(CommandArguments arguments, List<String> redirectUris) throws WrongUsage {
    arguments.only(
        NAME,
        SCHEMA_CLIENT_ID,
        "--user-id",
        "--uid",
        "--gid",
        "--home",
        "--shell",
        "--gecos",
        DRY_RUN);
    String schema = guid(arguments, SCHEMA_CLIENT_ID);
    String user = arguments.require("--user-id");
    if (!user.contains("@")) {
      user = guid(arguments, "--user-id");
    } else if (!user.matches("[^\\s/\\\\?]{3,256}")) {
      throw new WrongUsage("--user-id is neither an object id nor a user principal name");
    }
    Map<PosixAttribute, JsonPrimitive> values = PosixValues.ofUser(arguments);
    AttributeChange change =
        new AttributeChange(
            "users",
            "userPrincipalName",
            user,
            PosixAttribute.UID_NUMBER,
            schema,
            values,
            arguments.has(DRY_RUN));
    return new Order(
        new Wanted(
            Right.WRITE_USERS, arguments.find(NAME), Optional.empty(), Candidate.usual(schema)),
        change::apply);
  }
}
