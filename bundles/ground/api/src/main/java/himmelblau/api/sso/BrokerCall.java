package himmelblau.api.sso;

import himmelblau.api.login.Peer;

/**
 * A call of a session broker.
 *
 * @param peer the process that asks; its uid decides whose tokens there are
 * @param method such as {@code acquireTokenSilently}
 * @param protocolVersion {@code 0.0} from all known programs
 * @param correlationId an id that the program chose, unchecked
 * @param request JSON, unchecked
 */
public record BrokerCall(
    Peer peer, String method, String protocolVersion, String correlationId, String request) {
  /** Without the request, which may hold a password or token. */
  @Override
  public String toString() {
    return method + " of uid " + peer.uid();
  }
}
