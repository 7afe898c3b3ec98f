package himmelblau.directory.internal.setup;

import himmelblau.api.account.AccountName;
import himmelblau.directory.internal.host.HostFiles;
import himmelblau.directory.internal.host.NamesInRules;
import himmelblau.directory.internal.names.GroupNames;
import himmelblau.directory.internal.names.NameMapper;
import himmelblau.directory.internal.names.ScriptedNames;
import himmelblau.directory.internal.options.Domains;
import himmelblau.directory.internal.options.GlobalSettings;
import java.util.Optional;
import java.util.function.Predicate;

/** Snapshot of everything that names and ids depend on. Immutable. */
public record DirectorySetup(
    GlobalSettings settings,
    Domains domains,
    HostFiles.State host,
    NameMapper names,
    GroupNames groupNames) {
  public static DirectorySetup of(
      GlobalSettings settings,
      Domains domains,
      HostFiles.State host,
      ScriptedNames scripted,
      Optional<NamesInRules> mentioned,
      Predicate<AccountName> signedIn) {
    return new DirectorySetup(
        settings,
        domains,
        host,
        new NameMapper(settings, domains, host, scripted, signedIn),
        new GroupNames(settings.groupDisplayNames(), mentioned));
  }
}
