package himmelblau.directory.internal.setup;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.directory.internal.names.NameRules;
import himmelblau.directory.internal.options.DomainSettings;
import himmelblau.directory.internal.store.StoredGroup;
import himmelblau.directory.internal.store.StoredUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Converts stored users and groups to the entries that the host sees. */
public final class HostEntries {
  private final DirectorySetup setup;

  public HostEntries(DirectorySetup setup) {
    this.setup = setup;
  }

  /** Why a stored user is not shown now: the configuration or the host's accounts have changed. */
  public Optional<String> obstacle(StoredUser user) {
    Optional<String> refused = setup.domains().refusal(user.name());
    if (refused.isPresent()) {
      return refused;
    }
    return setup.names().isMapped(user.name())
        ? Optional.empty()
        : obstacle(user.name()).or(() -> localId(user.uid()));
  }

  /** Why the account cannot be shown under its name. */
  public Optional<String> obstacle(AccountName name) {
    String shown = setup.names().shown(name);
    if (setup.host().accounts().takesName(shown)) {
      return Optional.of("the name " + shown + " is taken by a local account or group");
    }
    return NameRules.unfitUser(shown).map(why -> "the name " + shown + " is not valid: " + why);
  }

  private Optional<String> localId(long id) {
    return setup.host().accounts().takesId(id)
        ? Optional.of("id " + id + " is taken by a local account or group")
        : Optional.empty();
  }

  public boolean visible(StoredGroup group) {
    return !setup.host().accounts().takesId(group.gid());
  }

  public PasswdEntry passwd(StoredUser user) {
    String gecos = user.posix().gecos().filter(text -> !text.isBlank()).orElse(user.displayName());
    return new PasswdEntry(
        setup.names().shown(user.name()),
        user.uid(),
        user.gid(),
        NameRules.gecos(gecos),
        home(user),
        shell(user));
  }

  public MappedUser user(StoredUser user, List<Long> supplementary) {
    PasswdEntry entry = passwd(user);
    List<Long> gids = new ArrayList<>(supplementary.size() + 1);
    gids.add(user.gid());
    gids.addAll(supplementary);
    return new MappedUser(
        entry, List.of(user.name().upn()), gids, setup.names().isMapped(user.name()));
  }

  /** Whether the user has a private group. */
  public boolean hasPrivateGroup(StoredUser user) {
    return user.gid() == user.uid() && !setup.names().isMapped(user.name());
  }

  public GroupEntry privateGroup(StoredUser user) {
    String name = setup.names().shown(user.name());
    return new GroupEntry(name, user.uid(), List.of(name));
  }

  public MappedGroup group(StoredGroup group, List<String> members) {
    String name = setup.groupNames().shown(group, setup.host().accounts());
    return new MappedGroup(
        new GroupEntry(name, group.gid(), members),
        Optional.of(group.objectId()),
        !name.equals(group.displayName()));
  }

  public String shown(AccountName name) {
    return setup.names().shown(name);
  }

  public Account account(StoredUser user, List<UUID> groups) {
    Optional<Path> given = givenHome(user);
    String prefix = given.map(Path::getParent).map(parent -> parent + "/").orElse(prefix(user));
    String name = given.map(Path::getFileName).map(Path::toString).orElseGet(() -> homeName(user));
    String alias = homeAlias(user);
    List<String> aliases = given.isPresent() || alias.equals(name) ? List.of() : List.of(alias);
    return new Account(user.name(), user.objectId(), passwd(user), prefix, name, aliases, groups);
  }

  private String home(StoredUser user) {
    return givenHome(user).map(Path::toString).orElseGet(() -> prefix(user) + homeAlias(user));
  }

  /** The home directory from the directory's attribute, if it is usable on this host. */
  private static Optional<Path> givenHome(StoredUser user) {
    return user.posix()
        .homeDirectory()
        .filter(NameRules::fitPath)
        .map(path -> Path.of(path).normalize())
        .filter(path -> path.getNameCount() > 1);
  }

  private String prefix(StoredUser user) {
    return setup.domains().of(user.name()).map(DomainSettings::homePrefix).orElse("/home/");
  }

  private String homeName(StoredUser user) {
    return setup
        .domains()
        .of(user.name())
        .map(domain -> named(user, domain.homeAttr()))
        .orElse(user.name().upn());
  }

  private String homeAlias(StoredUser user) {
    return setup
        .domains()
        .of(user.name())
        .map(domain -> named(user, domain.homeAlias()))
        .orElse(user.name().upn());
  }

  private static String named(StoredUser user, DomainSettings.HomeName form) {
    return switch (form) {
      case CN -> user.name().local();
      case SPN -> user.name().upn();
      // Before the first sign-in the object id is not known; the full name is unique, too.
      case UUID -> user.objectId().map(UUID::toString).orElse(user.name().upn());
    };
  }

  private String shell(StoredUser user) {
    return user.posix()
        .loginShell()
        .filter(NameRules::fitPath)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .or(() -> setup.domains().of(user.name()).map(DomainSettings::shell))
        .orElse("/bin/bash");
  }
}
