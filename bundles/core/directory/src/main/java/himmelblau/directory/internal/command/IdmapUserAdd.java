package himmelblau.directory.internal.command;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.ids.ReservedIds;
import himmelblau.directory.internal.store.StaticIds;
import himmelblau.directory.internal.store.UserTable;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool idmap user-add}. */
@Component(property = AdminCommand.COMMAND + "=idmap user-add")
public final class IdmapUserAdd implements AdminCommand {
  private final DirectoryEngine engine;

  @Activate
  public IdmapUserAdd(@Reference DirectoryComponent directory) {
    this(directory.engine());
  }

  IdmapUserAdd(DirectoryEngine engine) {
    this.engine = engine;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "idmap user-add");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    CommandOptions options = CommandOptions.of(arguments, "--name=-D", "--uid=-u", "--gid=-g");
    Optional<AccountName> name = options.value("--name").flatMap(AccountName::parse);
    Optional<Long> uid = options.number("--uid");
    Optional<Long> gid = options.number("--gid");
    if (!options.clean() || name.isEmpty() || uid.isEmpty() || gid.isEmpty()) {
      terminal.err("idmap user-add needs --name UPN, --uid UID and --gid GID");
      terminal.err(help());
      return 2;
    }
    Optional<String> refused = refused("uid", uid.get()).or(() -> refused("gid", gid.get()));
    if (refused.isEmpty()) {
      refused =
          engine
              .area()
              .read(c -> StaticIds.userWith(c, uid.get()))
              .filter(other -> !other.equals(name.get().upn()))
              .map(other -> "uid " + uid.get() + " was given to " + other);
    }
    if (refused.isPresent()) {
      terminal.err(refused.get() + "; nothing was changed");
      return 1;
    }
    engine
        .area()
        .write(
            c -> {
              UserTable.forgetReplaced(c, name.get());
              StaticIds.putUser(c, name.get(), uid.get(), gid.get());
              return true;
            });
    engine.staticIdsChanged();
    return 0;
  }

  private Optional<String> refused(String kind, long id) {
    return ReservedIds.owner(id)
        .map(owner -> kind + " " + id + " belongs to " + owner)
        .or(
            () ->
                kind.equals("uid") && engine.setup().host().accounts().takesId(id)
                    ? Optional.of(kind + " " + id + " is taken by a local account or group")
                    : Optional.empty());
  }
}
