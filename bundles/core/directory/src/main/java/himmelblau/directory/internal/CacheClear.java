package himmelblau.directory.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hello.Hello;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.SignInService;
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
@Component(
    property = {
      AdminCommand.COMMAND + "=cache-clear",
      AdminCommand.SUMMARY + "=Forget cached answers; with --full also unjoin the host"
    })
public final class CacheClear implements AdminCommand {
  private static final Log LOG = Log.of(CacheClear.class);

  private final Engine engine;
  private final @Nullable Hello hello;
  private final @Nullable SignInService signIns;

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
          @Nullable SignInService signIns) {
    this(directory.engine(), hello, signIns);
  }

  CacheClear(Engine engine, @Nullable Hello hello, @Nullable SignInService signIns) {
    this.engine = engine;
    this.hello = hello;
    this.signIns = signIns;
  }

  @Override
  public String help() {
    return """
    Usage: aad-tool cache-clear [--nss] [--mapped] [--full]

      --nss      answers to look-ups only
      --mapped   results of the name mapping script only
      --full     all accounts, groups and PINs, and the join to the domain; asks first""";
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    Words words = Words.of(arguments, "--nss", "--mapped", "--full");
    if (!words.clean()) {
      terminal.err(help());
      return 2;
    }
    boolean full = words.flag("--full");
    if (full && !confirmed(terminal)) {
      return 0;
    }
    if (!words.flag("--nss") || words.flag("--mapped")) {
      engine.scripted().clear();
    }
    if (full) {
      unjoin();
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

  private void unjoin() {
    engine.providers().forEach(DomainProvider::leave);
    if (hello != null) {
      hello.removeAll();
    }
    if (signIns != null) {
      signIns.forgetAll();
    }
    engine.directory().clear();
    LOG.info("directory.cleared", "domains", engine.providers().size());
  }
}
