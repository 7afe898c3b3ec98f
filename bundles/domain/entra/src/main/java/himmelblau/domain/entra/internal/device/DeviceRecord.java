package himmelblau.domain.entra.internal.device;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.RequestBody;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * The device registration of this host. Stored as one value, so that a host is either joined or
 * not.
 *
 * @param certificate DER
 * @param identityKey the certificate's key: signs requests
 * @param transportKey session keys are wrapped to it
 */
public record DeviceRecord(
    String tenantId,
    UUID deviceId,
    Instant joined,
    byte[] certificate,
    WrappedKey identityKey,
    WrappedKey transportKey) {
  private static final int VERSION = 1;
  private static final String WHAT = "The device's record";

  Secret toSecret() {
    return Secret.taking(
        RequestBody.json()
            .with("version", VERSION)
            .with("tenant", tenantId)
            .with("device", deviceId.toString())
            .with("joined", joined.getEpochSecond())
            .with("certificate", Base64s.standard(certificate))
            .with("store", identityKey.store())
            .with("identity", Base64s.standard(identityKey.blob()))
            .with("transport_store", transportKey.store())
            .with("transport", Base64s.standard(transportKey.blob()))
            .finish());
  }

  static DeviceRecord of(Secret kept) throws DomainUnavailable {
    String text = kept.use(raw -> new String(raw, StandardCharsets.UTF_8));
    Json json = Json.parse(text, WHAT);
    if (json.requireNumber("version") != VERSION) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, WHAT + " is of a newer version of this software");
    }
    try {
      return new DeviceRecord(
          json.require("tenant"),
          UUID.fromString(json.require("device")),
          Instant.ofEpochSecond(json.requireNumber("joined")),
          Base64s.decode(json.require("certificate"), WHAT),
          key(json, "store", "identity"),
          key(json, "transport_store", "transport"));
    } catch (IllegalArgumentException e) {
      throw new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, WHAT + " is damaged", e);
    }
  }

  private static WrappedKey key(Json json, String store, String name) throws DomainUnavailable {
    return new WrappedKey(
        json.require(store), KeySpec.RSA_2048, false, Base64s.decode(json.require(name), WHAT));
  }
}
