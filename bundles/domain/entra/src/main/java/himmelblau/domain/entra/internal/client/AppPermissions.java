package himmelblau.domain.entra.internal.client;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.wire.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** What the token of an application may read, according to the token; the directory decides. */
record AppPermissions(boolean users, boolean groups) {
  private static final Set<String> USERS =
      Set.of(
          "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All");
  private static final Set<String> GROUPS =
      Set.of(
          "GroupMember.Read.All",
          "GroupMember.ReadWrite.All",
          "Group.Read.All",
          "Group.ReadWrite.All",
          "Directory.Read.All",
          "Directory.ReadWrite.All");

  static AppPermissions of(String accessToken) {
    try {
      Json claims = Base64s.claims(accessToken, "The access token");
      List<String> roles = claims.texts("roles");
      return new AppPermissions(
          !Collections.disjoint(roles, USERS), !Collections.disjoint(roles, GROUPS));
    } catch (DomainUnavailable e) {
      return new AppPermissions(true, true); // opaque, which is its right: Graph will say
    }
  }

  List<String> missing() {
    List<String> missing = new ArrayList<>();
    if (!users) {
      missing.add(missing(true));
    }
    if (!groups) {
      missing.add(missing(false));
    }
    return missing;
  }

  static String missing(boolean users) {
    return "the application may not read "
        + (users ? "users" : "groups")
        + ": give it the application permission "
        + (users ? "User.Read.All" : "Group.Read.All")
        + " on Microsoft Graph, with an administrator's consent";
  }
}
