package himmelblau.domain.graphtools.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.graph.GraphAccess;

/** Says which right is missing, and who can give it. */
final class Advice {
  static final String NO_TOKEN = "Failed to obtain any access token";
  static final String UNCHANGED = "Nothing was changed.";
  private static final String GIVERS = "A Privileged Role Administrator or Global Administrator";

  private Advice() {}

  /** No one consented to what the application asks for. */
  static ToolFailed consent(GraphAccess graph, String clientId, Right right) {
    return new ToolFailed(
        NO_TOKEN,
        "The application "
            + clientId
            + " may not use "
            + right.permission()
            + " for users of this tenant: nobody has consented to that. An Application"
            + " Administrator, Cloud Application Administrator or Global Administrator consents"
            + page(graph, clientId)
            + ".",
        UNCHANGED);
  }

  /** Graph refused the token. */
  static ToolFailed denied(GraphAccess graph, Granted granted, Right right) {
    return granted.application()
        ? new ToolFailed(
            "The application "
                + granted.clientId()
                + " lacks the application permission "
                + right.permission()
                + " on Microsoft Graph. "
                + GIVERS
                + " adds it to the registration and consents"
                + page(graph, granted.clientId())
                + ".",
            UNCHANGED)
        : new ToolFailed(
            "The account may not do this: beside the permission "
                + right.permission()
                + ", which it has through the application "
                + granted.clientId()
                + ", it needs a role of the directory: "
                + right.role()
                + ". "
                + GIVERS
                + " assigns it.",
            UNCHANGED);
  }

  private static String page(GraphAccess graph, String clientId) {
    try {
      return " at " + graph.consentPage(clientId);
    } catch (DomainUnavailable e) {
      return " in the admin center";
    }
  }
}
