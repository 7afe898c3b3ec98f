package himmelblau.domain.entra.internal.token;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.kerberos.KerberosTicket;
import himmelblau.api.kerberos.KerberosTicket.Kind;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.crypto.SessionKey;
import himmelblau.domain.entra.internal.wire.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The Kerberos part of the reply that a primary refresh token came in (entra-tokens 6.9). What is
 * wrong with it costs the ticket, never the sign-in. Closing it wipes the tickets.
 *
 * @param tenantId the directory
 */
public record ReplyTickets(UUID tenantId, List<KerberosTicket> tickets, List<String> suffixes)
    implements KerberosTickets, AutoCloseable {
  private static final Log LOG = Log.of(ReplyTickets.class);
  private static final long AES256_CTS_HMAC_SHA1 = 18; // RFC 3962 7
  private static final int KEY_LENGTH = 32;
  private static final int LONGEST = 48 << 10; // a ticket with many groups has a few thousand bytes
  private static final int LONGEST_TEXT = 200;

  public ReplyTickets {
    tickets = List.copyOf(tickets);
    suffixes = List.copyOf(suffixes);
  }

  /**
   * Reads a reply.
   *
   * @param key opens the keys of the tickets (borrowed)
   * @return empty when the directory is not known by a UUID
   */
  static Optional<ReplyTickets> of(Json reply, SessionKey key, String tenantId) {
    UUID tenant;
    try {
      tenant = UUID.fromString(tenantId);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    List<KerberosTicket> found = new ArrayList<>();
    read(reply, "tgt_cloud", Kind.CLOUD, key).ifPresent(found::add);
    read(reply, "tgt_ad", Kind.ON_PREMISES, key).ifPresent(found::add);
    List<String> suffixes =
        reply
            .text("kerberos_top_level_names")
            .map(text -> Arrays.stream(text.split(",")).map(String::strip).toList())
            .orElse(List.of());
    return Optional.of(new ReplyTickets(tenant, found, suffixes));
  }

  private static Optional<KerberosTicket> read(
      Json reply, String member, Kind kind, SessionKey key) {
    try {
      Optional<Json> object = reply.object(member);
      Optional<String> text = reply.text(member);
      if (object.isEmpty() && text.isPresent()) {
        object = Optional.of(Json.parse(text.get(), "The member " + member));
      }
      return object.isPresent() ? ticket(object.get(), member, kind, key) : Optional.empty();
    } catch (DomainUnavailable e) {
      LOG.warn("entra.kerberos.unusable", "ticket", member, "why", e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<KerberosTicket> ticket(
      Json json, String member, Kind kind, SessionKey session) throws DomainUnavailable {
    long type = json.requireNumber("keyType");
    if (json.has("error") || type == 0) {
      LOG.info("entra.kerberos.none", "ticket", member, "why", shown(json.text("error")));
      return Optional.empty();
    }
    if (type != AES256_CTS_HMAC_SHA1) {
      throw unusable("has a key of type " + type + "; only " + AES256_CTS_HMAC_SHA1 + " is used");
    }
    byte[] message = Base64s.decode(json.require("messageBuffer"), "The message of " + member);
    if (message.length > LONGEST) {
      Arrays.fill(message, (byte) 0);
      throw unusable("is larger than " + LONGEST + " bytes");
    }
    Secret reply = Secret.taking(message);
    try {
      return Optional.of(new KerberosTicket(kind, reply, key(json, member, session)));
    } catch (DomainUnavailable e) {
      reply.close();
      throw e;
    }
  }

  private static Secret key(Json json, String member, SessionKey session) throws DomainUnavailable {
    String text = json.require("clientKey");
    String what = "The key of " + member;
    byte[] raw = text.contains(".") ? session.open(text, what) : Base64s.decode(text, what);
    if (raw.length != KEY_LENGTH) {
      Arrays.fill(raw, (byte) 0);
      throw unusable("has a key of another length");
    }
    return Secret.taking(raw);
  }

  private static String shown(Optional<String> error) {
    String text = error.orElse("-");
    return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
  }

  private static DomainUnavailable unusable(String how) {
    return new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, "It " + how);
  }

  /** A copy, which is closed separately. */
  ReplyTickets copy() {
    return new ReplyTickets(
        tenantId, tickets.stream().map(KerberosTicket::copy).toList(), suffixes);
  }

  @Override
  public void close() {
    tickets.forEach(KerberosTicket::close);
  }
}
