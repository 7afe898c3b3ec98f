package himmelblau.directory.internal.command;

import himmelblau.api.admin.AdminCommand;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.CommandHelp;
import himmelblau.api.domain.DirectoryListing;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.login.ConversationClosed;
import himmelblau.directory.internal.DirectoryComponent;
import himmelblau.directory.internal.DirectoryEngine;
import himmelblau.directory.internal.compare.IdComparison;
import himmelblau.directory.internal.compare.IdmapReport;
import himmelblau.directory.internal.compare.OtherMachineIds;
import himmelblau.directory.internal.compare.TenantComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * {@code aad-tool idmap check}: reports collisions on this host, and differences to another
 * machine.
 */
@Component(property = AdminCommand.COMMAND + "=idmap check")
public final class IdmapCheck implements AdminCommand {
  private final DirectoryEngine engine;
  private final List<DirectoryListing> listings;

  @Activate
  public IdmapCheck(
      @Reference DirectoryComponent directory,
      @Reference(
              cardinality = ReferenceCardinality.MULTIPLE,
              policyOption = ReferencePolicyOption.GREEDY)
          List<DirectoryListing> listings) {
    this(directory.engine(), listings);
  }

  IdmapCheck(DirectoryEngine engine, List<DirectoryListing> listings) {
    this.engine = engine;
    this.listings = List.copyOf(listings);
  }

  @Override
  public String help() {
    return CommandHelp.of(getClass(), "idmap check");
  }

  @Override
  public int run(List<String> arguments, AdminTerminal terminal) throws ConversationClosed {
    CommandOptions options = CommandOptions.of(arguments, "--against=");
    if (!options.clean()) {
      terminal.err(help());
      return 2;
    }
    Set<String> findings;
    IdComparison comparison;
    String scope = "among what this host knows";
    try {
      Optional<Path> file = options.value("--against").map(Path::of);
      OtherMachineIds other =
          file.isPresent() ? OtherMachineIds.read(file.get()) : OtherMachineIds.NOWHERE;
      comparison = new IdComparison(other, engine.setup());
      findings = new LinkedHashSet<>(new IdmapReport(engine).findings(comparison));
      if (!listings.isEmpty()) {
        TenantComparison.Outcome all = new TenantComparison(engine, comparison).run(listings);
        findings.addAll(all.findings());
        scope =
            "among all %d users and %d groups of %s"
                .formatted(
                    all.users(),
                    all.groups(),
                    String.join(", ", listings.stream().map(DirectoryListing::domain).toList()));
        if (all.skipped() > 0) {
          terminal.err(all.skipped() + " objects cannot be shown on this host and were left out");
        }
      }
      findings.addAll(comparison.findings());
    } catch (IOException e) {
      terminal.err("cannot read the list of the other machine: " + e.getMessage());
      return 1;
    } catch (DomainUnavailable e) {
      terminal.err("the directory cannot be read now, so the result is unknown: " + e.getMessage());
      return 1;
    }
    for (String finding : findings) {
      terminal.out(finding);
    }
    Optional<String> leftOut = comparison.leftOut();
    if (leftOut.isPresent()) {
      terminal.err(leftOut.get());
    }
    boolean proven = !comparison.idle();
    if (!proven) {
      terminal.err("no entry of the other machine's list is known here: nothing was compared");
    } else if (findings.isEmpty()) {
      terminal.out("no collisions and no differences " + scope);
    }
    if (listings.isEmpty()) {
      terminal.err(
          "no domain can list its directory (aad-tool cred): users who never signed in here are not"
              + " checked");
    }
    return findings.isEmpty() && proven ? 0 : 1;
  }
}
