package himmelblau.testing.tenant.token;

import himmelblau.testing.tenant.directory.App;
import himmelblau.testing.tenant.web.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Delegated permissions: which client gets which scopes for which resource. */
final class Permissions {
  private static final Set<String> DIRECTORY_READERS =
      Set.of(
          Clients.EDGE,
          Clients.LINUX_BROKER,
          "d3590ed6-52b3-4102-aeff-aad2292ab01c",
          "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
          "1b730954-1685-4b74-9bfd-dac224a7b894",
          "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
          "14d82eec-204b-4c2f-b7e8-296a70dab67e");
  private static final List<String> READ_ALL =
      List.of(
          "Directory.Read.All",
          "Group.Read.All",
          "GroupMember.Read.All",
          "User.Read",
          "User.Read.All");

  /** The service's own tools for administrators, the only first-party clients that may write. */
  private static final Set<String> WRITERS =
      Set.of(
          "1b730954-1685-4b74-9bfd-dac224a7b894",
          "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
          "14d82eec-204b-4c2f-b7e8-296a70dab67e");

  private Permissions() {}

  /**
   * The scopes for a token.
   *
   * @param app the registration of the client, if it is not a first-party one
   * @throws Refusal 65002 when a first-party client asks for what it is not preauthorised for,
   *     65001 when another one asks for what nobody consented to
   */
  static List<String> scopes(String clientId, Optional<App> app, Resources.Target target) {
    if (!target.id().equals(Resources.GRAPH)) {
      return target.scopes().isEmpty() ? List.of("user_impersonation") : target.scopes();
    }
    boolean firstParty = Clients.firstParty(clientId).isPresent();
    boolean reader = DIRECTORY_READERS.contains(clientId);
    Optional<Set<String>> consented = app.flatMap(one -> one.registration().consented());
    if (consented.isPresent()) {
      return consented(clientId, consented.get(), target);
    }
    List<String> granted = reader || !firstParty ? READ_ALL : List.of("User.Read");
    if (target.scopes().isEmpty()) {
      return granted;
    }
    boolean preauthorised =
        granted.containsAll(target.scopes())
            || (reader && (WRITERS.contains(clientId) || readOnly(target)));
    if (firstParty && !preauthorised) {
      throw Refusal.aadsts(
          65002,
          "Consent between first party application '"
              + clientId
              + "' and first party resource '"
              + UUID.fromString(Resources.GRAPH)
              + "' must be configured via preauthorization - applications owned and operated by"
              + " Microsoft must get approval from the API owner before requesting tokens for that"
              + " API.");
    }
    return target.scopes();
  }

  private static boolean readOnly(Resources.Target target) {
    return target.scopes().stream().noneMatch(scope -> scope.contains("ReadWrite"));
  }

  private static List<String> consented(
      String clientId, Set<String> consented, Resources.Target target) {
    List<String> wanted = target.scopes();
    if (consented.isEmpty() || !consented.containsAll(wanted)) {
      throw Refusal.aadsts(
          65001,
          "The user or administrator has not consented to use the application with ID '"
              + clientId
              + "'. Send an interactive authorization request for this user and resource.");
    }
    return wanted.isEmpty() ? consented.stream().sorted().toList() : wanted;
  }
}
