package himmelblau.directory.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainRecords;
import himmelblau.api.hello.Hello;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.SignInService;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.store.UserTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code aad-tool cache-clear}. */
@Component(property = AdminCommand.COMMAND + "=cache-clear")
public final class CacheClear implements AdminCommand {
  private static final Log LOG = Log.of(CacheClear.class);

  private final DirectoryEngine engine;
  private final @Nullable Hello hello;
  private final @Nullable SignInService signIns;
  private final List<DomainRecords> records;

  @Activate
  public CacheClear(
      @Reference DirectoryComponent directory,
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable Hello hello,
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable SignInService signIns,
      @Reference(policyOption = ReferencePolicyOption.GREEDY) List<DomainRecords> records) {
    this(directory.engine(), hello, signIns, records);
  }

  CacheClear(
      DirectoryEngine engine,
      @Nullable Hello hello,
      @Nullable SignInService signIns,
      List<DomainRecords> records) {
    this.engine = engine;
    this.hello = hello;
    this.signIns = signIns;
    this.records = List.copyOf(records);
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "cache-clear");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    CommandOptions options = CommandOptions.of(arguments, "--nss", "--mapped", "--full");
    if (!options.clean()) {
      terminal.err(help());
      return 2;
    }
    boolean full = options.flag("--full");
    if (full && !confirmed(terminal)) {
      return 0;
    }
    if (!options.flag("--nss") || options.flag("--mapped")) {
      engine.scripted().clear();
    }
    if (full) {
      unjoin(terminal);
    } else {
      engine.directory().expire();
    }
    terminal.out("success");
    return 0;
  }

  private static boolean confirmed(AdminTerminal terminal) throws ConversationClosed {
    Optional<String> answer =
        terminal.ask(
            "This will unjoin the host, clear all caches, and cannot be undone. Proceed? [Y/N]: ");
    String word = answer.orElse("").strip().toLowerCase(Locale.ROOT);
    return word.equals("y") || word.equals("yes");
  }

  /** What was done goes to standard error: scripts read the one word on standard output. */
  private void unjoin(AdminTerminal terminal) throws ConversationClosed {
    long users = engine.area().read(UserTable::count);
    engine.providers().forEach(DomainProvider::leave);
    if (hello != null) {
      hello.removeAll();
    }
    if (signIns != null) {
      signIns.forgetAll();
    }
    List<String> sealed = records.stream().flatMap(kind -> kind.deleteAll().stream()).toList();
    engine.directory().clear();
    engine.changed(); // rules that waited for those users
    List<String> left = engine.providers().stream().map(DomainProvider::domain).sorted().toList();
    LOG.audit(AuditKind.ADMIN, AuditOutcome.SUCCESS)
        .info("directory.cleared", "domains", left, "users", users, "sealed", sealed);
    terminal.err(
        "forgot "
            + users
            + " users with their groups"
            + (hello == null ? "" : ", all PINs")
            + (signIns == null ? "" : ", all kept passwords"));
    if (!left.isEmpty()) {
      terminal.err(
          "left "
              + String.join(", ", left)
              + "; the device object stays there until it is deleted");
    }
    if (!sealed.isEmpty()) {
      terminal.err("deleted what was sealed as " + String.join(", ", sealed));
    }
  }
}
