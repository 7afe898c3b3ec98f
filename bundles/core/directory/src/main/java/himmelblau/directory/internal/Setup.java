package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import java.util.Optional;
import java.util.function.Predicate;

/** Everything that decides how a name or an id comes out, at one moment. Immutable. */
record Setup(
    Settings settings,
    Domains domains,
    HostFiles.State host,
    NameMapper names,
    GroupNames groupNames) {
  static Setup of(
      Settings settings,
      Domains domains,
      HostFiles.State host,
      ScriptedNames scripted,
      Optional<MentionedNames> mentioned,
      Predicate<AccountName> signedIn) {
    return new Setup(
        settings,
        domains,
        host,
        new NameMapper(settings, domains, host, scripted, signedIn),
        new GroupNames(settings.groupDisplayNames(), mentioned));
  }
}
