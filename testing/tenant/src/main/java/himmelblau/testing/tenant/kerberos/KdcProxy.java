package himmelblau.testing.tenant.kerberos;

import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.web.Reply;
import himmelblau.testing.tenant.web.Request;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;

/**
 * The address {@code /TENANT/kerberos}: messages for a KDC in HTTPS ([MS-KKDCP] 2.2.2), handed on
 * to a real one.
 */
public final class KdcProxy {
  private static final int MOST = 1 << 20;
  private static final int PATIENCE_MILLIS = 10_000;

  private final Settings settings;

  public KdcProxy(Settings settings) {
    this.settings = settings;
  }

  /** Answers one message; whatever the tenant, there is one KDC. */
  public Reply answer(Request request, Map<String, String> path) {
    return answer(request.body());
  }

  private Reply answer(byte[] body) {
    String kdc = settings.text("kerberos-kdc");
    if (kdc.isEmpty()) {
      return Reply.text(404, "no KDC");
    }
    byte[] message;
    try {
      message = message(body);
    } catch (IllegalArgumentException | ClassCastException | IllegalStateException e) {
      return Reply.text(400, "not a KDC-PROXY-MESSAGE");
    }
    int colon = kdc.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(
          new InetSocketAddress(
              kdc.substring(0, colon), Integer.parseInt(kdc.substring(colon + 1))),
          PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(message); // with its length in front, as over TCP
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt();
      if (length < 0 || length > MOST) {
        return Reply.text(502, "the KDC answers nonsense");
      }
      byte[] answer = new byte[4 + length];
      java.nio.ByteBuffer.wrap(answer).putInt(length);
      in.readFully(answer, 4, length);
      byte[] wrapped =
          new DERSequence(new DERTaggedObject(true, 0, new DEROctetString(answer))).getEncoded();
      return Reply.of(200, "application/kerberos", wrapped);
    } catch (IOException e) {
      return Reply.text(502, "the KDC does not answer: " + e.getMessage());
    }
  }

  private static byte[] message(byte[] body) {
    ASN1TaggedObject first =
        ASN1TaggedObject.getInstance(ASN1Sequence.getInstance(body).getObjectAt(0));
    if (first.getTagNo() != 0) {
      throw new IllegalArgumentException("no kerb-message");
    }
    return ASN1OctetString.getInstance(first, true).getOctets();
  }
}
