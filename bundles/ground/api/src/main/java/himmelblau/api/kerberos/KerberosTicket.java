package himmelblau.api.kerberos;

import himmelblau.api.secret.Secret;

/**
 * A ticket-granting ticket as the directory sent it, not yet opened. Closing it wipes both parts.
 *
 * @param kind which realm it is for
 * @param reply the {@code KRB_AS_REP} (RFC 4120 5.4.2), DER, unchecked
 * @param key the protocol key of its encrypted part, {@code aes256-cts-hmac-sha1-96}: 32 bytes
 */
public record KerberosTicket(Kind kind, Secret reply, Secret key) implements AutoCloseable {
  /** The realms of which a directory gives tickets. */
  public enum Kind {
    /** The directory's own realm. */
    CLOUD,
    /** The realm of the organization's Active Directory. */
    ON_PREMISES
  }

  /** A copy, which is closed separately. */
  public KerberosTicket copy() {
    return new KerberosTicket(kind, reply.copy(), key.copy());
  }

  @Override
  public void close() {
    reply.close();
    key.close();
  }
}
