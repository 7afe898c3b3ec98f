package himmelblau.directory.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.ids.ReservedIds;
import himmelblau.directory.internal.names.ObjectIds;
import himmelblau.directory.internal.store.StaticIds;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code aad-tool idmap group-add}. */
@Component(property = AdminCommand.COMMAND + "=idmap group-add")
public final class IdmapGroupAdd implements AdminCommand {
  private final DirectoryEngine engine;

  @Activate
  public IdmapGroupAdd(@Reference DirectoryComponent directory) {
    this(directory.engine());
  }

  IdmapGroupAdd(DirectoryEngine engine) {
    this.engine = engine;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "idmap group-add");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    CommandOptions options =
        CommandOptions.of(arguments, "--object_id=-D", "--object-id=", "--gid=-g");
    Optional<UUID> id =
        options
            .value("--object_id")
            .or(() -> options.value("--object-id"))
            .flatMap(ObjectIds::parse);
    Optional<Long> gid = options.number("--gid");
    if (!options.clean() || id.isEmpty() || gid.isEmpty()) {
      terminal.err("idmap group-add needs --object_id ID and --gid GID");
      terminal.err(help());
      return 2;
    }
    Optional<String> refused =
        ReservedIds.owner(gid.get())
            .map(owner -> "gid " + gid.get() + " belongs to " + owner)
            .or(
                () ->
                    engine
                        .area()
                        .read(c -> StaticIds.groupWith(c, gid.get()))
                        .filter(other -> !other.equals(id.get().toString()))
                        .map(other -> "gid " + gid.get() + " was given to group " + other));
    if (refused.isEmpty() && engine.setup().host().accounts().takesId(gid.get())) {
      refused = Optional.of("gid " + gid.get() + " is taken by a local account or group");
    }
    if (refused.isPresent()) {
      terminal.err(refused.get() + "; nothing was changed");
      return 1;
    }
    engine
        .area()
        .write(
            c -> {
              StaticIds.putGroup(c, id.get(), gid.get());
              return true;
            });
    engine.staticIdsChanged();
    return 0;
  }
}
