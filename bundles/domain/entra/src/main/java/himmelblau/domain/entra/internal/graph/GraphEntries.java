package himmelblau.domain.entra.internal.graph;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.account.Group;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.AccountStatus;
import himmelblau.domain.entra.internal.wire.Json;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * Converts objects of Graph to users and groups. Invalid values are ignored; names are for display
 * only.
 */
final class GraphEntries {
  /** What users are members of: roles and administrative units count as groups. */
  private static final Set<String> MEMBERSHIPS =
      Set.of(
          "#microsoft.graph.group",
          "#microsoft.graph.directoryRole",
          "#microsoft.graph.administrativeUnit");

  private GraphEntries() {}

  /** An element of a list of memberships, with its type. */
  static Optional<Group> membership(Json entry) {
    return MEMBERSHIPS.contains(entry.text("@odata.type").orElse(""))
        ? group(entry)
        : Optional.empty();
  }

  /** A group that was asked for as such. */
  static Optional<Group> group(Json entry) {
    return objectId(entry)
        .map(
            id ->
                new Group(id, entry.text("displayName").orElse(""), attributes(entry).gidNumber()));
  }

  /** A user under the name that the directory has for them. */
  static Optional<DirectoryUser> user(Json entry, String tenantId) {
    Optional<AccountName> name = entry.text("userPrincipalName").flatMap(AccountName::parse);
    Optional<UUID> id = objectId(entry);
    return name.isEmpty() || id.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new DirectoryUser(
                name.get(),
                id,
                Optional.of(tenantId),
                entry.text("displayName").orElse(""),
                attributes(entry)));
  }

  /** Anything but a boolean says nothing. */
  static AccountStatus status(Json entry) {
    return entry
        .flag("accountEnabled")
        .map(enabled -> enabled ? AccountStatus.ENABLED : AccountStatus.DISABLED)
        .orElse(AccountStatus.NOT_SAID);
  }

  private static Optional<UUID> objectId(Json entry) {
    try {
      return entry.text("id").filter(text -> text.length() == 36).map(UUID::fromString);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static PosixAttributes attributes(Json entry) {
    return new PosixAttributes(
        number(entry, "uidNumber"),
        number(entry, "gidNumber"),
        text(entry, "unixHomeDirectory"),
        text(entry, "loginShell"),
        text(entry, "gecos"));
  }

  /** Directory extensions are called {@code extension_<application>_<attribute>}. */
  private static Optional<String> member(Json entry, String attribute) {
    return entry.names().stream()
        .filter(name -> name.matches("extension_[0-9a-fA-F]{32}_" + attribute))
        .sorted()
        .findFirst();
  }

  private static OptionalLong number(Json entry, String attribute) {
    Optional<String> member = member(entry, attribute);
    OptionalLong value = member.isPresent() ? entry.number(member.get()) : OptionalLong.empty();
    return value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() < (1L << 32)
        ? value
        : OptionalLong.empty();
  }

  private static Optional<String> text(Json entry, String attribute) {
    return member(entry, attribute).flatMap(entry::text).filter(value -> !value.isBlank());
  }
}
