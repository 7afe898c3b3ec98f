package himmelblau.contract.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every key store. */
public abstract class KeyStoreContract {
  private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);
  private static final String PIN = "271828";

  private Secret auth;
  private KeyStore store;
  private Machine machine;

  /** The store under test. */
  protected abstract KeyStore store() throws Exception;

  /** The same kind of store on another machine. */
  protected abstract KeyStore foreign() throws Exception;

  /** Of how many regions of a blob a byte is changed; a slow device takes fewer. */
  protected int probes() {
    return 64;
  }

  /** How many threads use the machine at once. */
  protected int threads() {
    return 8;
  }

  @BeforeEach
  void openMachine() throws Exception {
    store = store();
    auth = random32();
    machine = store.create(auth);
  }

  @AfterEach
  void closeMachine() {
    machine.close();
    auth.close();
  }

  /** The machine key under test. */
  protected final Machine machine() {
    return machine;
  }

  /** A fresh auth value. */
  protected static Secret random32() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Secret.taking(bytes);
  }

  private Machine reopened() throws Exception {
    return store.open(auth, machine.blob());
  }

  @Test
  void saysWhatItIs() {
    assertTrue(store.info().usable(), store.info().summary());
    assertFalse(store.info().summary().isBlank());
    assertEquals(store.type(), machine.store());
  }

  @ParameterizedTest
  @EnumSource(
      value = KeySpec.class,
      names = {"RSA_2048", "EC_P256"})
  void signsAndSignsAgainAfterReopening(KeySpec spec) throws Exception {
    WrappedKey wrapped = machine.create(spec, null);
    assertEquals(store.type(), wrapped.store());
    assertEquals(spec, wrapped.spec());
    assertFalse(wrapped.pinProtected());
    byte[] encoded;
    try (Key key = machine.load(wrapped, null)) {
      encoded = key.publicKey().getEncoded();
      byte[] signature = key.sign(DATA);
      assertEquals(spec == KeySpec.RSA_2048 ? 256 : 64, signature.length);
      assertTrue(Jca.verifies(spec, key.publicKey(), DATA, signature));
      assertTrue(Jca.verifies(spec, key.publicKey(), new byte[0], key.sign(new byte[0])));
      byte[] large = new byte[100_000];
      assertTrue(Jca.verifies(spec, key.publicKey(), large, key.sign(large)));
    }
    try (Machine again = reopened();
        Key key = again.load(wrapped, null)) {
      assertArrayEquals(encoded, key.publicKey().getEncoded());
      assertTrue(Jca.verifies(spec, key.publicKey(), DATA, key.sign(DATA)));
    }
  }

  @Test
  void keysHaveTheParametersOfTheProtocol() throws Exception {
    try (Key rsa = machine.load(machine.create(KeySpec.RSA_2048, null), null);
        Key ec = machine.load(machine.create(KeySpec.EC_P256, null), null)) {
      RSAPublicKey publicRsa = (RSAPublicKey) rsa.publicKey();
      assertEquals(2048, publicRsa.getModulus().bitLength());
      assertEquals(65537, publicRsa.getPublicExponent().intValueExact());
      assertEquals(256, ((ECPublicKey) ec.publicKey()).getParams().getOrder().bitLength());
      assertThrows(UnsupportedOperationException.class, () -> ec.hmac(DATA));
      assertThrows(UnsupportedOperationException.class, () -> ec.decrypt(DATA, Oaep.SHA1));
    }
    try (Key hmac = machine.load(machine.create(KeySpec.HMAC_SHA256, null), null)) {
      assertThrows(UnsupportedOperationException.class, hmac::publicKey);
      assertThrows(UnsupportedOperationException.class, () -> hmac.sign(DATA));
    }
  }

  @ParameterizedTest
  @EnumSource(Oaep.class)
  void decryptsWhatWasMeantForItAndNothingElse(Oaep hash) throws Exception {
    try (Key key = machine.load(machine.create(KeySpec.RSA_2048, null), null)) {
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
    WrappedKey wrapped = machine.create(KeySpec.HMAC_SHA256, null);
    WrappedKey other = machine.create(KeySpec.HMAC_SHA256, null);
    byte[] first;
    try (Key key = machine.load(wrapped, null)) {
      first = key.hmac(data);
      assertEquals(32, first.length);
      assertArrayEquals(first, key.hmac(data));
    }
    try (Machine again = reopened();
        Key key = again.load(wrapped, null);
        Key stranger = again.load(other, null)) {
      assertArrayEquals(first, key.hmac(data));
      assertFalse(Arrays.equals(first, stranger.hmac(data)));
    }
  }

  @ParameterizedTest
  @EnumSource(KeySpec.class)
  void sealsPerKeyAndPerLabel(KeySpec spec) throws Exception {
    WrappedKey wrapped = machine.create(spec, null);
    try (Key key = machine.load(wrapped, null);
        Key same = machine.load(wrapped, null);
        Key other = machine.load(machine.create(spec, null), null);
        Secret plain = Secret.copyOf(new byte[5000])) {
      byte[] sealed = key.seal(plain, "refresh token");
      try (Secret clear = same.unseal(sealed, "refresh token")) {
        assertTrue(clear.matches(plain));
      }
      assertThrows(KeyRefused.class, () -> key.unseal(sealed, "other label"));
      assertThrows(KeyRefused.class, () -> other.unseal(sealed, "refresh token"));
      assertThrows(KeyRefused.class, () -> machine.unseal(sealed, "refresh token"));
    }
  }

  @Test
  void theMachineSealsToo() throws Exception {
    try (Secret plain = Secret.ofText("a value");
        Secret nothing = Secret.copyOf(new byte[0])) {
      byte[] sealed = machine.seal(plain, "label");
      byte[] empty = machine.seal(nothing, "label");
      assertFalse(Arrays.equals(sealed, machine.seal(plain, "label")));
      try (Machine again = reopened();
          Secret clear = again.unseal(sealed, "label");
          Secret none = again.unseal(empty, "label")) {
        assertTrue(clear.matches(plain));
        assertTrue(none.isEmpty());
        assertThrows(KeyRefused.class, () -> again.unseal(sealed, "another label"));
      }
      for (int at : regions(sealed.length)) {
        assertThrows(
            KeyRefused.class, () -> machine.unseal(changed(sealed, at), "label"), "byte " + at);
      }
      assertThrows(KeyRefused.class, () -> machine.unseal(new byte[0], "label"));
    }
  }

  @ParameterizedTest
  @EnumSource(KeySpec.class)
  void aPinOpensItsKeyAndNoOtherPinDoes(KeySpec spec) throws Exception {
    try (Secret pin = Secret.ofText(PIN);
        Secret wrong = Secret.ofText("271829");
        Secret plain = Secret.ofText("sealed under the PIN")) {
      WrappedKey wrapped = machine.create(spec, pin);
      assertTrue(wrapped.pinProtected());
      assertThrows(WrongPin.class, () -> machine.load(wrapped, wrong));
      assertThrows(WrongPin.class, () -> machine.load(wrapped, null));
      byte[] sealed;
      try (Key key = machine.load(wrapped, pin)) {
        sealed = key.seal(plain, "label");
        if (spec == KeySpec.HMAC_SHA256) {
          assertEquals(32, key.hmac(DATA).length);
        } else {
          assertTrue(Jca.verifies(spec, key.publicKey(), DATA, key.sign(DATA)));
        }
      }
      try (Machine again = reopened();
          Key key = again.load(wrapped, pin);
          Secret clear = key.unseal(sealed, "label")) {
        assertTrue(clear.matches(plain));
      }
    }
  }

  @Test
  void aPinWhereNoneBelongsIsWrong() throws Exception {
    WrappedKey wrapped = machine.create(KeySpec.EC_P256, null);
    try (Secret pin = Secret.ofText(PIN)) {
      assertThrows(WrongPin.class, () -> machine.load(wrapped, pin));
    }
  }

  @Test
  void theSamePinGivesUnrelatedKeys() throws Exception {
    try (Secret pin = Secret.ofText(PIN);
        Secret plain = Secret.ofText("mine")) {
      WrappedKey one = machine.create(KeySpec.EC_P256, pin);
      WrappedKey two = machine.create(KeySpec.EC_P256, pin);
      assertFalse(Arrays.equals(one.blob(), two.blob()));
      try (Key first = machine.load(one, pin);
          Key second = machine.load(two, pin)) {
        byte[] sealed = first.seal(plain, "label");
        assertThrows(KeyRefused.class, () -> second.unseal(sealed, "label"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 33, 64})
  void pinsOfEveryLengthWork(int length) throws Exception {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xc3);
    try (Secret pin = Secret.taking(bytes)) {
      WrappedKey wrapped = machine.create(KeySpec.HMAC_SHA256, pin);
      machine.load(wrapped, pin).close();
      try (Secret shorter = Secret.copyOf(Arrays.copyOf(bytes, Math.max(1, length - 1)))) {
        if (length > 1) {
          assertThrows(WrongPin.class, () -> machine.load(wrapped, shorter));
        }
      }
    }
  }

  @Test
  void neitherPinNorAuthIsInABlob() throws Exception {
    try (Secret pin = Secret.ofText("a PIN that can be found")) {
      String blob = text(machine.create(KeySpec.HMAC_SHA256, pin).blob());
      assertFalse(blob.contains("PIN that can"));
    }
    assertFalse(text(machine.blob()).contains(text(auth.copyBytes())));
  }

  @Test
  void aWrongAuthValueOpensNothing() throws Exception {
    byte[] blob = machine.blob();
    try (Secret wrong = random32()) {
      assertThrows(WrongPin.class, () -> store.open(wrong, blob));
    }
    machine.load(machine.create(KeySpec.EC_P256, null), null).close();
    reopened().close();
  }

  @Test
  void anotherMachineOpensNothing() throws Exception {
    WrappedKey key = machine.create(KeySpec.EC_P256, null);
    KeyStore elsewhere = foreign();
    try (Secret other = random32();
        Machine stranger = elsewhere.create(other);
        Secret plain = Secret.ofText("x")) {
      byte[] sealed = machine.seal(plain, "label");
      assertThrows(KeyRefused.class, () -> stranger.load(key, null));
      assertThrows(KeyRefused.class, () -> stranger.unseal(sealed, "label"));
      Exception refusal =
          assertThrows(Exception.class, () -> elsewhere.open(other, machine.blob()).close());
      assertTrue(refusal instanceof KeyRefused || refusal instanceof WrongPin, refusal.toString());
    }
    WrappedKey other = new WrappedKey("elsewhere", key.spec(), key.pinProtected(), key.blob());
    assertThrows(KeyRefused.class, () -> machine.load(other, null));
  }

  @Test
  void changedKeysAreRefusedInEveryRegion() throws Exception {
    try (Secret pin = Secret.ofText(PIN)) {
      WrappedKey open = machine.create(KeySpec.EC_P256, null);
      WrappedKey closed = machine.create(KeySpec.EC_P256, pin);
      for (int at : regions(open.blob().length)) {
        assertThrows(
            KeyRefused.class, () -> machine.load(changed(open, at), null).close(), "byte " + at);
      }
      for (int at : regions(closed.blob().length)) {
        assertThrows(
            KeyRefused.class, () -> machine.load(changed(closed, at), pin).close(), "byte " + at);
      }
      for (int cut : new int[] {0, 1, 5, open.blob().length - 1}) {
        WrappedKey shorter =
            new WrappedKey(open.store(), open.spec(), false, Arrays.copyOf(open.blob(), cut));
        assertThrows(KeyRefused.class, () -> machine.load(shorter, null), "cut to " + cut);
      }
      WrappedKey otherSpec = new WrappedKey(open.store(), KeySpec.RSA_2048, false, open.blob());
      assertThrows(KeyRefused.class, () -> machine.load(otherSpec, null));
      WrappedKey unprotected = new WrappedKey(closed.store(), closed.spec(), false, closed.blob());
      assertThrows(KeyRefused.class, () -> machine.load(unprotected, null));
      machine.load(open, null).close();
      machine.load(closed, pin).close();
    }
  }

  @Test
  void aChangedMachineKeyIsRefusedInEveryRegion() throws Exception {
    byte[] blob = machine.blob();
    for (int at : regions(blob.length)) {
      assertThrows(
          KeyRefused.class, () -> store.open(auth, changed(blob, at)).close(), "byte " + at);
    }
    assertThrows(KeyRefused.class, () -> store.open(auth, new byte[0]));
    reopened().close();
  }

  @Test
  void manyThreadsShareOneMachine() throws Exception {
    WrappedKey wrapped = machine.create(KeySpec.EC_P256, null);
    try (Key shared = machine.load(wrapped, null)) {
      Parallel.run(
          threads(),
          number -> {
            byte[] mine = {(byte) number};
            try (Key own = machine.load(wrapped, null);
                Secret plain = Secret.copyOf(mine)) {
              for (int round = 0; round < 3; round++) {
                assertTrue(Jca.verifies(KeySpec.EC_P256, own.publicKey(), mine, shared.sign(mine)));
                assertTrue(Jca.verifies(KeySpec.EC_P256, own.publicKey(), mine, own.sign(mine)));
                try (Secret clear = own.unseal(shared.seal(plain, "l"), "l")) {
                  assertTrue(clear.matches(plain));
                }
              }
            }
          });
    }
  }

  @Test
  void aClosedKeyIsOfNoUse() throws Exception {
    Key key = machine.load(machine.create(KeySpec.EC_P256, null), null);
    key.close();
    key.close();
    assertThrows(IllegalStateException.class, () -> key.sign(DATA));
    try (Secret plain = Secret.ofText("x")) {
      assertThrows(IllegalStateException.class, () -> key.seal(plain, "l"));
    }
    Machine second = reopened();
    second.close();
    second.close();
    assertThrows(IllegalStateException.class, () -> second.create(KeySpec.EC_P256, null));
  }

  @Test
  void pinsOutOfBoundsAreRefused() {
    try (Secret none = Secret.copyOf(new byte[0]);
        Secret tooLong = Secret.copyOf(new byte[65])) {
      assertThrows(IllegalArgumentException.class, () -> machine.create(KeySpec.HMAC_SHA256, none));
      assertThrows(
          IllegalArgumentException.class, () -> machine.create(KeySpec.HMAC_SHA256, tooLong));
    }
  }

  @Test
  void takesInKeysWhereItCan() throws Exception {
    try (Foreign foreign = Foreign.keys()) {
      for (KeySpec spec : KeySpec.values()) {
        Optional<WrappedKey> taken = machine.importKey(spec, foreign.material(spec), null);
        if (taken.isEmpty()) {
          continue;
        }
        try (Key key = machine.load(taken.get(), null)) {
          foreign.check(key);
        }
        Optional<Secret> out = machine.export(taken.get(), null);
        if (out.isPresent()) {
          out.get().close();
        }
      }
    }
  }

  @Test
  void aMachineKeyCanBePutUnderAnotherAuthValueWhereItCan() throws Exception {
    WrappedKey wrapped = machine.create(KeySpec.EC_P256, null);
    try (Secret fresh = random32()) {
      Optional<byte[]> blob = machine.rewrap(fresh);
      if (blob.isEmpty()) {
        return;
      }
      assertThrows(WrongPin.class, () -> store.open(auth, blob.get()));
      try (Machine again = store.open(fresh, blob.get());
          Key key = again.load(wrapped, null)) {
        assertTrue(Jca.verifies(KeySpec.EC_P256, key.publicKey(), DATA, key.sign(DATA)));
      }
      reopened().close();
    }
  }

  private int[] regions(int length) {
    int count = Math.min(length, probes());
    int[] at = new int[count];
    for (int i = 0; i < count; i++) {
      at[i] = (int) ((long) i * length / count);
    }
    at[count - 1] = length - 1;
    return at;
  }

  private static byte[] changed(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 0x40;
    return copy;
  }

  private static WrappedKey changed(WrappedKey key, int at) {
    return new WrappedKey(key.store(), key.spec(), key.pinProtected(), changed(key.blob(), at));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
