package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import java.util.Optional;
import java.util.function.Predicate;

/** Snapshot of everything that names and ids depend on. Immutable. */
record DirectorySetup(
    GlobalSettings settings,
    Domains domains,
    HostFiles.State host,
    NameMapper names,
    GroupNames groupNames) {
  static DirectorySetup of(
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
