package himmelblau.shell.internal;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.SignInService;
import himmelblau.api.status.Notice;
import himmelblau.api.status.Trouble;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** {@code aad-tool status}. */
@Component(property = AdminCommand.COMMAND + "=status")
public final class StatusCommand implements AdminCommand {
  private volatile List<SignInService> signIns = List.of();
  private volatile List<Trouble> troubles = List.of();
  private volatile List<Notice> notices = List.of();

  @Activate
  public StatusCommand() {}

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeSignIn")
  synchronized void addSignIn(SignInService signIn) {
    signIns = Snapshots.with(signIns, signIn);
  }

  synchronized void removeSignIn(SignInService signIn) {
    signIns = Snapshots.without(signIns, signIn);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeTrouble")
  synchronized void addTrouble(Trouble trouble) {
    troubles = Snapshots.with(troubles, trouble);
  }

  synchronized void removeTrouble(Trouble trouble) {
    troubles = Snapshots.without(troubles, trouble);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeNotice")
  synchronized void addNotice(Notice notice) {
    notices = Snapshots.with(notices, notice);
  }

  synchronized void removeNotice(Notice notice) {
    notices = Snapshots.without(notices, notice);
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    if (!arguments.isEmpty()) {
      terminal.err(help());
      return 2;
    }
    List<String> lines = troubles.stream().flatMap(each -> each.troubles().stream()).toList();
    int code = 0;
    if (signIns.isEmpty()) {
      terminal.err("Nobody can sign in: the sign-in service is not running (aad-tool plugins)");
      code = 1;
    } else if (troubles.stream().anyMatch(Trouble::urgent)) {
      terminal.err("Sign-ins fail, or soon will:");
      code = 1;
    } else {
      terminal.out("working!");
    }
    if (terminal.peer().root()) {
      for (Notice notice : notices) {
        for (String line : notice.notices()) {
          terminal.out(line);
        }
      }
      for (String line : lines) {
        terminal.err(line);
      }
    } else if (!lines.isEmpty()) {
      terminal.err("Something does not work; run this as root to see what.");
    }
    return code;
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "status");
  }
}
