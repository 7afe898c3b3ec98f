package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requirements for keys: created, used, loaded again, imported. */
abstract class KeysContract {
  private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);

  private final KeyStoreContract kit;

  KeysContract(KeyStoreContract kit) {
    this.kit = kit;
  }

  @Test
  void describesItself() {
    assertTrue(kit.opened().info().usable(), kit.opened().info().summary());
    assertFalse(kit.opened().info().summary().isBlank());
    assertEquals(kit.opened().type(), kit.machine().store());
  }

  @ParameterizedTest
  @EnumSource(
      value = KeySpec.class,
      names = {"RSA_2048", "EC_P256"})
  void signsAndSignsAgainAfterReopening(KeySpec spec) throws Exception {
    WrappedKey wrapped = kit.machine().create(spec, null);
    assertEquals(kit.opened().type(), wrapped.store());
    assertEquals(spec, wrapped.spec());
    assertFalse(wrapped.pinProtected());
    byte[] encoded;
    try (Key key = kit.machine().load(wrapped, null)) {
      encoded = key.publicKey().getEncoded();
      byte[] signature = key.sign(DATA);
      assertEquals(spec == KeySpec.RSA_2048 ? 256 : 64, signature.length);
      assertTrue(Jca.verifies(spec, key.publicKey(), DATA, signature));
      assertTrue(Jca.verifies(spec, key.publicKey(), new byte[0], key.sign(new byte[0])));
      byte[] large = new byte[100_000];
      assertTrue(Jca.verifies(spec, key.publicKey(), large, key.sign(large)));
    }
    try (MachineKey again = kit.reopened();
        Key key = again.load(wrapped, null)) {
      assertArrayEquals(encoded, key.publicKey().getEncoded());
      assertTrue(Jca.verifies(spec, key.publicKey(), DATA, key.sign(DATA)));
    }
  }

  @Test
  void keysHaveTheParametersOfTheProtocol() throws Exception {
    try (Key rsa = kit.machine().load(kit.machine().create(KeySpec.RSA_2048, null), null);
        Key ec = kit.machine().load(kit.machine().create(KeySpec.EC_P256, null), null)) {
      RSAPublicKey publicRsa = (RSAPublicKey) rsa.publicKey();
      assertEquals(2048, publicRsa.getModulus().bitLength());
      assertEquals(65537, publicRsa.getPublicExponent().intValueExact());
      assertEquals(256, ((ECPublicKey) ec.publicKey()).getParams().getOrder().bitLength());
      assertThrows(UnsupportedOperationException.class, () -> ec.hmac(DATA));
      assertThrows(UnsupportedOperationException.class, () -> ec.decrypt(DATA, Oaep.SHA1));
    }
    try (Key hmac = kit.machine().load(kit.machine().create(KeySpec.HMAC_SHA256, null), null)) {
      assertThrows(UnsupportedOperationException.class, hmac::publicKey);
      assertThrows(UnsupportedOperationException.class, () -> hmac.sign(DATA));
    }
  }

  @ParameterizedTest
  @EnumSource(Oaep.class)
  void decryptsOnlyWhatWasEncryptedForIt(Oaep hash) throws Exception {
    try (Key key = kit.machine().load(kit.machine().create(KeySpec.RSA_2048, null), null)) {
      byte[] plain = "a session key, 32 bytes of it...".getBytes(StandardCharsets.US_ASCII);
      byte[] cipher = Jca.encrypt(key.publicKey(), hash, plain);
      try (Secret clear = key.decrypt(cipher, hash)) {
        assertArrayEquals(plain, clear.copyBytes());
      }
      cipher[17] ^= 1;
      assertThrows(KeyRefused.class, () -> key.decrypt(cipher, hash));
      byte[] other =
          Jca.encrypt(key.publicKey(), hash == Oaep.SHA1 ? Oaep.SHA256 : Oaep.SHA1, plain);
      assertThrows(KeyRefused.class, () -> key.decrypt(other, hash));
      assertThrows(KeyRefused.class, () -> key.decrypt(new byte[7], hash));
      byte[] tooLong = new byte[300];
      assertThrows(KeyRefused.class, () -> key.decrypt(tooLong, hash));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 64, 1024, 1025, 70_000})
  void hmacIsStable(int length) throws Exception {
    byte[] data = new byte[length];
    Arrays.fill(data, (byte) 7);
    WrappedKey wrapped = kit.machine().create(KeySpec.HMAC_SHA256, null);
    WrappedKey other = kit.machine().create(KeySpec.HMAC_SHA256, null);
    byte[] first;
    try (Key key = kit.machine().load(wrapped, null)) {
      first = key.hmac(data);
      assertEquals(32, first.length);
      assertArrayEquals(first, key.hmac(data));
    }
    try (MachineKey again = kit.reopened();
        Key key = again.load(wrapped, null);
        Key stranger = again.load(other, null)) {
      assertArrayEquals(first, key.hmac(data));
      assertFalse(Arrays.equals(first, stranger.hmac(data)));
    }
  }

  @Test
  void importsKeysWhereSupported() throws Exception {
    try (Foreign foreign = Foreign.keys()) {
      for (KeySpec spec : KeySpec.values()) {
        Optional<WrappedKey> taken = kit.machine().importKey(spec, foreign.material(spec), null);
        assertEquals(kit.machine().imports(spec, false), taken.isPresent(), "imports " + spec);
        if (taken.isEmpty()) {
          continue;
        }
        try (Key key = kit.machine().load(taken.get(), null)) {
          foreign.check(key);
        }
        Optional<Secret> out = kit.machine().export(taken.get(), null);
        assertEquals(kit.machine().exports(spec, false), out.isPresent(), "exports " + spec);
        out.ifPresent(Secret::close);
      }
    }
  }

  @Test
  void aMachineKeyCanGetAnotherAuthValueWhereSupported() throws Exception {
    WrappedKey wrapped = kit.machine().create(KeySpec.EC_P256, null);
    try (Secret fresh = KeyStoreContract.random32()) {
      Optional<byte[]> blob = kit.machine().rewrap(fresh);
      if (blob.isEmpty()) {
        return;
      }
      assertThrows(WrongPin.class, () -> kit.opened().open(kit.auth(), blob.get()));
      try (MachineKey again = kit.opened().open(fresh, blob.get());
          Key key = again.load(wrapped, null)) {
        assertTrue(Jca.verifies(KeySpec.EC_P256, key.publicKey(), DATA, key.sign(DATA)));
      }
      kit.reopened().close();
    }
  }
}
