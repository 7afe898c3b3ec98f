package himmelblau.testing.authenticator;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A security key in software: what CTAP 2.0 (sections 5 and 6) demands of one, with PIN protocol
 * one. It has no power supply and no connection: {@link HidKey} is the plug. Thread-safe.
 */
public final class SoftKey {
  private static final int PRESENT = 1;
  private static final int VERIFIED = 4;
  private static final int ATTESTED = 0x40;

  private final PinProtocol pin;
  private final UserPresence presence = new UserPresence();
  private final List<Credential> credentials = new CopyOnWriteArrayList<>();
  private int counter;

  public SoftKey() throws GeneralSecurityException {
    pin = new PinProtocol();
  }

  /** Sets the PIN, and the tries back. */
  public synchronized void setPin(String text) throws GeneralSecurityException {
    pin.set(text);
  }

  public synchronized int pinTries() {
    return pin.tries();
  }

  /**
   * @param on whether a touch comes by itself; otherwise only by {@link #touch}
   */
  public void touchAtOnce(boolean on) {
    presence.atOnce(on);
  }

  public void touch() {
    presence.touch();
  }

  /** Makes a passkey without the protocol. */
  public synchronized Credential create(String relyingParty, byte[] userHandle)
      throws GeneralSecurityException {
    byte[] id = new byte[32];
    new SecureRandom().nextBytes(id);
    Credential made = new Credential(relyingParty, id, P256.generate(), userHandle.clone());
    credentials.add(made);
    return made;
  }

  synchronized void powerUp() {
    pin.powerUp();
  }

  /**
   * Executes one command.
   *
   * @param canceled whether the platform does not want the answer any more
   * @return status and answer
   */
  byte[] command(byte[] request, BooleanSupplier canceled) {
    try {
      Object parameters =
          request.length > 1
              ? Cbor.decode(Arrays.copyOfRange(request, 1, request.length))
              : Map.of();
      if (!(parameters instanceof Map<?, ?> map)) {
        throw new CtapError(CtapError.INVALID_PARAMETER);
      }
      Map<Object, Object> answer =
          switch (request[0]) {
            case 1 -> makeCredential(map, canceled);
            case 2 -> getAssertion(map, canceled);
            case 4 -> info();
            case 6 -> pinAnswer(map);
            default -> throw new CtapError(CtapError.INVALID_COMMAND);
          };
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(0);
      if (!answer.isEmpty()) {
        out.writeBytes(Cbor.encode(answer));
      }
      return out.toByteArray();
    } catch (CtapError e) {
      return new byte[] {(byte) e.status()};
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return new byte[] {CtapError.INVALID_PARAMETER};
    }
  }

  private synchronized Map<Object, Object> pinAnswer(Map<?, ?> request)
      throws CtapError, GeneralSecurityException {
    return pin.answer(request);
  }

  private synchronized Map<Object, Object> info() {
    Map<Object, Object> options = new LinkedHashMap<>();
    options.put("rk", true);
    options.put("up", true);
    options.put("clientPin", pin.isSet());
    Map<Object, Object> info = new LinkedHashMap<>();
    info.put(1, List.of("FIDO_2_0"));
    info.put(3, new byte[16]);
    info.put(4, options);
    info.put(5, 1200);
    info.put(6, List.of(1));
    return info;
  }

  private Map<Object, Object> makeCredential(Map<?, ?> request, BooleanSupplier canceled)
      throws CtapError, GeneralSecurityException {
    probe(request.get(8), canceled);
    if (!(request.get(1) instanceof byte[] hash)
        || !(request.get(2) instanceof Map<?, ?> party)
        || !(party.get("id") instanceof String relyingParty)
        || !(request.get(3) instanceof Map<?, ?> user)
        || !(user.get("id") instanceof byte[] handle)
        || !(request.get(4) instanceof List<?> algorithms)) {
      throw new CtapError(CtapError.INVALID_PARAMETER);
    }
    if (algorithms.stream()
        .noneMatch(
            one -> one instanceof Map<?, ?> map && Integer.valueOf(-7).equals(map.get("alg")))) {
      throw new CtapError(CtapError.UNSUPPORTED_ALGORITHM);
    }
    boolean verified = verified(request.get(8), hash);
    synchronized (this) {
      if (pin.isSet() && !verified) {
        throw new CtapError(CtapError.PIN_REQUIRED);
      }
    }
    presence.await(canceled);
    Credential made = create(relyingParty, handle);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(head(relyingParty, PRESENT | ATTESTED | (verified ? VERIFIED : 0)));
    data.writeBytes(new byte[16]);
    data.writeBytes(ByteBuffer.allocate(2).putShort((short) made.id().length).array());
    data.writeBytes(made.id());
    data.writeBytes(Cbor.encode(P256.cose(made.keys().getPublic(), P256.ES256)));
    Map<Object, Object> answer = new LinkedHashMap<>();
    answer.put(1, "none");
    answer.put(2, data.toByteArray());
    answer.put(3, Map.of());
    return answer;
  }

  private Map<Object, Object> getAssertion(Map<?, ?> request, BooleanSupplier canceled)
      throws CtapError, GeneralSecurityException {
    probe(request.get(6), canceled);
    if (!(request.get(1) instanceof String relyingParty)
        || !(request.get(2) instanceof byte[] hash)) {
      throw new CtapError(CtapError.INVALID_PARAMETER);
    }
    boolean verified = verified(request.get(6), hash);
    boolean touch =
        !(request.get(5) instanceof Map<?, ?> options && Boolean.FALSE.equals(options.get("up")));
    Optional<Credential> known =
        credentials.stream()
            .filter(one -> one.relyingParty().equals(relyingParty))
            .filter(one -> allowed(request.get(3), one.id()))
            .findFirst();
    if (known.isEmpty()) {
      throw new CtapError(CtapError.NO_CREDENTIALS);
    }
    if (touch) {
      presence.await(canceled);
    }
    Credential credential = known.get();
    byte[] data = head(relyingParty, (touch ? PRESENT : 0) | (verified ? VERIFIED : 0));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(credential.keys().getPrivate());
    signature.update(data);
    signature.update(hash);
    Map<Object, Object> described = new LinkedHashMap<>();
    described.put("id", credential.id());
    described.put("type", "public-key");
    Map<Object, Object> answer = new LinkedHashMap<>();
    answer.put(1, described);
    answer.put(2, data);
    answer.put(3, signature.sign());
    answer.put(4, Map.of("id", credential.userHandle()));
    return answer;
  }

  /** An empty pinAuth asks for a touch only: that is how platforms let users select a key. */
  private void probe(@Nullable Object auth, BooleanSupplier canceled) throws CtapError {
    if (auth instanceof byte[] bytes && bytes.length == 0) {
      presence.await(canceled);
      synchronized (this) {
        throw new CtapError(pin.isSet() ? CtapError.PIN_INVALID : CtapError.PIN_NOT_SET);
      }
    }
  }

  private synchronized boolean verified(@Nullable Object auth, byte[] hash)
      throws CtapError, GeneralSecurityException {
    if (!(auth instanceof byte[] bytes)) {
      return false;
    }
    pin.verify(bytes, hash);
    return true;
  }

  private static boolean allowed(@Nullable Object allowList, byte[] id) {
    if (!(allowList instanceof List<?> list) || list.isEmpty()) {
      return true;
    }
    return list.stream()
        .anyMatch(
            one ->
                one instanceof Map<?, ?> map
                    && map.get("id") instanceof byte[] theirs
                    && Arrays.equals(theirs, id));
  }

  private synchronized byte[] head(String relyingParty, int flags) throws GeneralSecurityException {
    counter++;
    return ByteBuffer.allocate(37)
        .put(PinProtocol.sha256(relyingParty.getBytes(StandardCharsets.UTF_8)))
        .put((byte) flags)
        .putInt(counter)
        .array();
  }
}
