package himmelblau.directory.internal.names;

import himmelblau.api.account.AccountName;
import himmelblau.directory.internal.host.HostFiles;
import himmelblau.directory.internal.host.LocalAccounts;
import himmelblau.directory.internal.options.Domains;
import himmelblau.directory.internal.options.GlobalSettings;
import java.util.Optional;
import java.util.function.Predicate;

/** Maps typed names to accounts and back (host-behaviour 3.5 and 3.6). */
public final class NameMapper {
  private final GlobalSettings settings;
  private final Domains domains;
  private final HostFiles.State host;
  private final ScriptedNames scripted;
  private final Predicate<AccountName> signedIn;
  private final ReservedNames reserved;

  public NameMapper(
      GlobalSettings settings,
      Domains domains,
      HostFiles.State host,
      ScriptedNames scripted,
      Predicate<AccountName> signedIn) {
    this.signedIn = signedIn;
    this.reserved = new ReservedNames(settings.ignoredNames());
    this.settings = settings;
    this.domains = domains;
    this.host = host;
    this.scripted = scripted;
  }

  /** The account that a typed name means; empty when no directory user can be meant. */
  public Optional<AccountName> resolve(String typed) {
    return host.userMap()
        .upnOf(typed)
        .or(() -> upn(typed))
        .flatMap(AccountName::parse)
        .filter(name -> domains.configured(name.domain()));
  }

  private Optional<String> upn(String typed) {
    if (host.accounts().users().containsKey(typed)
        || NameRules.ofTheHost(typed)
        || NameRules.unfitUser(typed).isPresent()) {
      return Optional.empty();
    }
    if (typed.indexOf('@') >= 0) {
      return Optional.of(typed);
    }
    if (settings.script().isPresent()) {
      Optional<String> known = scripted.upnOf(typed);
      if (known.isPresent()) {
        return known;
      }
      switch (scripted.ask(settings.script().get(), typed)) {
        case MappingScript.Outcome.Means means -> {
          Optional<AccountName> name =
              AccountName.parse(means.upn()).filter(n -> domains.configured(n.domain()));
          name.ifPresent(who -> scripted.remember(typed, who.upn()));
          return name.map(AccountName::upn);
        }
        case MappingScript.Outcome.Nobody nobody -> {
          return Optional.empty();
        }
        case MappingScript.Outcome.Failed failed -> {
          // as if there were no script
        }
      }
    }
    return settings.shortNames()
        ? settings
            .primaryDomain()
            .map(domain -> typed + "@" + domain)
            .filter(upn -> !reserved.has(typed) || signedIn(upn))
        : Optional.empty();
  }

  private boolean signedIn(String upn) {
    return AccountName.parse(upn).filter(signedIn).isPresent();
  }

  /** Whether a group of that name may have rights, so that no private group may have it. */
  public boolean givesRights(String name) {
    return reserved.givesRights(name);
  }

  /** Whether the short name belongs to the user and is not reserved for the host. */
  private boolean free(AccountName name) {
    return !reserved.has(name.local())
        || (!reserved.givesRights(name.local())
            && signedIn.test(name)
            && !host.accounts().takesName(name.local()));
  }

  /** The name that the host shows. */
  public String shown(AccountName name) {
    Optional<String> local = host.userMap().localOf(name.upn());
    if (local.isPresent()) {
      return local.get();
    }
    if (settings.script().isPresent()) {
      return scripted.nameOf(name.upn()).orElse(name.upn());
    }
    boolean shorten =
        settings.shortNames()
            && settings.primaryDomain().filter(name.domain()::equals).isPresent()
            && NameRules.unfitUser(name.local()).isEmpty()
            && free(name);
    return shorten ? name.local() : name.upn();
  }

  /** The local account that this account is mapped to. */
  public Optional<LocalAccounts.Entry> mappedLocal(AccountName name) {
    return host.userMap()
        .localOf(name.upn())
        .flatMap(local -> Optional.ofNullable(host.accounts().users().get(local)));
  }

  public boolean isMapped(AccountName name) {
    return host.userMap().localOf(name.upn()).isPresent();
  }
}
