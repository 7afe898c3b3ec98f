package himmelblau.domain.graphtools.internal;

import java.util.List;
import java.util.Optional;

/**
 * An application to ask for a token with (host-behaviour 8).
 *
 * @param redirectUri empty: what the domain knows for the application
 */
record Candidate(String clientId, Optional<String> redirectUri) {
  private static final String EDGE = "d7b530a4-7680-4c23-a8bf-c52c121d2e87";
  private static final String PORTAL = "b743a22d-6705-4147-8670-d92fa515ee2b";

  /** That of applications made by {@code aad-tool application create}. */
  static final String OWN_REDIRECT = "himmelblau://Himmelblau.EntraId.BrokerPlugin";

  /** The one that was named, by whichever redirect URI it is registered with. */
  static List<Candidate> named(String clientId) {
    return List.of(
        new Candidate(clientId, Optional.of(OWN_REDIRECT)),
        new Candidate(clientId, Optional.empty()));
  }

  /** Nothing was named: applications that every tenant has, then that of the attributes. */
  static List<Candidate> usual(String schemaClientId) {
    return List.of(
        new Candidate(EDGE, Optional.empty()),
        new Candidate(PORTAL, Optional.empty()),
        new Candidate(schemaClientId, Optional.of(OWN_REDIRECT)));
  }
}
