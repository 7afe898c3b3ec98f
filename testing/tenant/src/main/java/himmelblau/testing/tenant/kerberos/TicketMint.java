package himmelblau.testing.tenant.kerberos;

import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.crypto.EncryptionHandler;
import org.apache.kerby.kerberos.kerb.type.KerberosTime;
import org.apache.kerby.kerberos.kerb.type.base.EncryptedData;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionKey;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.apache.kerby.kerberos.kerb.type.base.KeyUsage;
import org.apache.kerby.kerberos.kerb.type.base.LastReq;
import org.apache.kerby.kerberos.kerb.type.base.LastReqEntry;
import org.apache.kerby.kerberos.kerb.type.base.LastReqType;
import org.apache.kerby.kerberos.kerb.type.base.NameType;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;
import org.apache.kerby.kerberos.kerb.type.base.TransitedEncoding;
import org.apache.kerby.kerberos.kerb.type.base.TransitedEncodingType;
import org.apache.kerby.kerberos.kerb.type.kdc.AsRep;
import org.apache.kerby.kerberos.kerb.type.kdc.EncAsRepPart;
import org.apache.kerby.kerberos.kerb.type.ticket.EncTicketPart;
import org.apache.kerby.kerberos.kerb.type.ticket.Ticket;
import org.apache.kerby.kerberos.kerb.type.ticket.TicketFlag;
import org.apache.kerby.kerberos.kerb.type.ticket.TicketFlags;

/** Makes ticket-granting tickets that a KDC with the same realm key accepts (RFC 4120 5.4.2). */
public final class TicketMint {
  private TicketMint() {}

  /**
   * What is wanted.
   *
   * @param realmKey the key of {@code krbtgt/REALM}, AES-256
   * @param clientKey the key of the reply, AES-256
   * @param replyRealm the realm that the reply's own part names; another one is a fault
   * @param sessionType of the ticket's session key
   */
  public record Order(
      String client,
      String realm,
      String replyRealm,
      byte[] realmKey,
      int version,
      byte[] clientKey,
      EncryptionType sessionType,
      Instant begins,
      Instant ends) {}

  /** A {@code KRB_AS_REP}, DER. */
  public static byte[] asRep(Order order) {
    try {
      EncryptionKey session = EncryptionHandler.random2Key(order.sessionType());
      KerberosTime begins = new KerberosTime(Date.from(order.begins()).getTime());
      KerberosTime ends = new KerberosTime(Date.from(order.ends()).getTime());
      TicketFlags flags = new TicketFlags();
      flags.setFlag(TicketFlag.INITIAL);
      flags.setFlag(TicketFlag.PRE_AUTH);
      flags.setFlag(TicketFlag.FORWARDABLE);
      PrincipalName client = new PrincipalName(List.of(order.client()), NameType.NT_PRINCIPAL);

      EncTicketPart inside = new EncTicketPart();
      inside.setFlags(flags);
      inside.setKey(session);
      inside.setCrealm(order.realm());
      inside.setCname(client);
      TransitedEncoding transited = new TransitedEncoding();
      transited.setTrType(TransitedEncodingType.DOMAIN_X500_COMPRESS);
      transited.setContents(new byte[0]);
      inside.setTransited(transited);
      inside.setAuthTime(begins);
      inside.setStartTime(begins);
      inside.setEndTime(ends);
      Ticket ticket = new Ticket();
      ticket.setTktKvno(5);
      ticket.setRealm(order.realm());
      ticket.setSname(krbtgt(order.realm()));
      EncryptedData sealed =
          EncryptionHandler.encrypt(
              inside.encode(), key(order.realmKey()), KeyUsage.KDC_REP_TICKET);
      sealed.setKvno(order.version());
      ticket.setEncryptedEncPart(sealed);

      EncAsRepPart part = new EncAsRepPart();
      part.setKey(session);
      LastReqEntry never = new LastReqEntry();
      never.setLrType(LastReqType.NONE);
      never.setLrValue(begins);
      LastReq last = new LastReq();
      last.addElement(never);
      part.setLastReq(last);
      part.setNonce(0);
      part.setFlags(flags);
      part.setAuthTime(begins);
      part.setStartTime(begins);
      part.setEndTime(ends);
      part.setSrealm(order.replyRealm());
      part.setSname(krbtgt(order.replyRealm()));
      AsRep reply = new AsRep();
      reply.setCrealm(order.realm());
      reply.setCname(client);
      reply.setTicket(ticket);
      reply.setEncryptedEncPart(
          EncryptionHandler.encrypt(
              part.encode(), key(order.clientKey()), KeyUsage.AS_REP_ENCPART));
      return reply.encode();
    } catch (KrbException | IOException e) {
      throw new IllegalArgumentException("no ticket can be made of " + order.client(), e);
    }
  }

  private static PrincipalName krbtgt(String realm) {
    return new PrincipalName(List.of("krbtgt", realm), NameType.NT_SRV_INST);
  }

  private static EncryptionKey key(byte[] raw) {
    return new EncryptionKey(EncryptionType.AES256_CTS_HMAC_SHA1_96, raw);
  }
}
