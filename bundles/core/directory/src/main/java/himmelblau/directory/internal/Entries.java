package himmelblau.directory.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.User;
import himmelblau.api.directory.PasswdEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Kept people and groups as the host shows them. */
final class Entries {
  private final Setup setup;

  Entries(Setup setup) {
    this.setup = setup;
  }

  /** Why a kept person is not shown now: the configuration or the host's accounts have changed. */
  Optional<String> obstacle(StoredPerson person) {
    Optional<String> refused = setup.domains().refusal(person.name());
    if (refused.isPresent()) {
      return refused;
    }
    return setup.names().isMapped(person.name())
        ? Optional.empty()
        : obstacle(person.name()).or(() -> localId(person.uid()));
  }

  /** Why nobody can be shown under the name of this account. */
  Optional<String> obstacle(AccountName name) {
    String shown = setup.names().shown(name);
    if (setup.host().accounts().takesName(shown)) {
      return Optional.of("the name " + shown + " is taken by a local account or group");
    }
    return NameRules.unfitUser(shown).map(why -> "the name " + shown + " is unfit: " + why);
  }

  private Optional<String> localId(long id) {
    return setup.host().accounts().takesId(id)
        ? Optional.of("id " + id + " is taken by a local account or group")
        : Optional.empty();
  }

  boolean visible(StoredGroup group) {
    return !setup.host().accounts().takesId(group.gid());
  }

  PasswdEntry passwd(StoredPerson person) {
    String gecos =
        person.posix().gecos().filter(text -> !text.isBlank()).orElse(person.displayName());
    return new PasswdEntry(
        setup.names().shown(person.name()),
        person.uid(),
        person.gid(),
        NameRules.gecos(gecos),
        home(person),
        shell(person));
  }

  User user(StoredPerson person, List<Long> supplementary) {
    PasswdEntry entry = passwd(person);
    List<Long> gids = new ArrayList<>(supplementary.size() + 1);
    gids.add(person.gid());
    gids.addAll(supplementary);
    return new User(
        entry, List.of(person.name().upn()), gids, setup.names().isMapped(person.name()));
  }

  /** Whether the person has a group of their own. */
  boolean hasPrivateGroup(StoredPerson person) {
    return person.gid() == person.uid() && !setup.names().isMapped(person.name());
  }

  GroupEntry privateGroup(StoredPerson person) {
    String name = setup.names().shown(person.name());
    return new GroupEntry(name, person.uid(), List.of(name));
  }

  MappedGroup group(StoredGroup group, List<String> members) {
    String name = setup.groupNames().shown(group, setup.host().accounts());
    return new MappedGroup(
        new GroupEntry(name, group.gid(), members),
        Optional.of(group.objectId()),
        !name.equals(group.displayName()));
  }

  String shown(AccountName name) {
    return setup.names().shown(name);
  }

  Account account(StoredPerson person, List<UUID> groups) {
    Optional<Path> given = givenHome(person);
    String prefix = given.map(Path::getParent).map(parent -> parent + "/").orElse(prefix(person));
    String name =
        given.map(Path::getFileName).map(Path::toString).orElseGet(() -> homeName(person));
    String alias = homeAlias(person);
    List<String> aliases = given.isPresent() || alias.equals(name) ? List.of() : List.of(alias);
    return new Account(
        person.name(), person.objectId(), passwd(person), prefix, name, aliases, groups);
  }

  private String home(StoredPerson person) {
    return givenHome(person)
        .map(Path::toString)
        .orElseGet(() -> prefix(person) + homeAlias(person));
  }

  /** The directory's own attribute, if the host can follow it. */
  private static Optional<Path> givenHome(StoredPerson person) {
    return person
        .posix()
        .homeDirectory()
        .filter(NameRules::fitPath)
        .map(path -> Path.of(path).normalize())
        .filter(path -> path.getNameCount() > 1);
  }

  private String prefix(StoredPerson person) {
    return setup.domains().of(person.name()).map(DomainSettings::homePrefix).orElse("/home/");
  }

  private String homeName(StoredPerson person) {
    return setup
        .domains()
        .of(person.name())
        .map(domain -> named(person, domain.homeAttr()))
        .orElse(person.name().upn());
  }

  private String homeAlias(StoredPerson person) {
    return setup
        .domains()
        .of(person.name())
        .map(domain -> named(person, domain.homeAlias()))
        .orElse(person.name().upn());
  }

  private static String named(StoredPerson person, DomainSettings.HomeName form) {
    return switch (form) {
      case CN -> person.name().local();
      case SPN -> person.name().upn();
      // Before the first sign-in the object id is not known; the whole name is as unique.
      case UUID -> person.objectId().map(UUID::toString).orElse(person.name().upn());
    };
  }

  private String shell(StoredPerson person) {
    return person
        .posix()
        .loginShell()
        .filter(NameRules::fitPath)
        .filter(path -> Files.isExecutable(Path.of(path)))
        .or(() -> setup.domains().of(person.name()).map(DomainSettings::shell))
        .orElse("/bin/bash");
  }
}
