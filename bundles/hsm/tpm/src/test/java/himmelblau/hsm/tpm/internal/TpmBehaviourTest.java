package himmelblau.hsm.tpm.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.Oaep;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.Jca;
import himmelblau.contract.keystore.Swtpm;
import himmelblau.hsm.envelope.BlobFrame;
import himmelblau.hsm.envelope.Hkdf;
import himmelblau.hsm.envelope.PinStretch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Correct use of a TPM that other programs use, too, and of a bus that can be observed. */
@EnabledIf("installed")
class TpmBehaviourTest {
  @TempDir private Path directory;
  private Swtpm swtpm;
  private final byte[] authBytes =
      "an auth value of 32 bytes, known".getBytes(StandardCharsets.US_ASCII);
  private final Secret auth = Secret.copyOf(authBytes);
  private final Secret pin = Secret.ofText("271828");

  static boolean installed() {
    return Swtpm.installed();
  }

  @BeforeEach
  void begin() throws Exception {
    swtpm = Swtpm.start(Files.createDirectory(directory.resolve("tpm")));
  }

  @AfterEach
  void end() throws Exception {
    swtpm.close();
  }

  private MachineKey machine(String tcti) throws Exception {
    return TpmMachine.create(new TpmDevice(tcti), auth, () -> new PinStretch(new byte[16], 8, 1));
  }

  /** Under the very key that the tools make from the same template: TCG EK profile, B.4.4 H-2. */
  @Test
  void theStorageRootIsTheStandardOneInTheOwnerHierarchy() throws Exception {
    byte[] unique = new byte[260]; // the library's own structure: x and y of 32 zeroes
    unique[0] = 32;
    unique[130] = 32;
    Path uniqueFile = Files.write(directory.resolve("unique"), unique);
    Path context = directory.resolve("root.ctx");
    Path name = directory.resolve("root.name");
    swtpm.tool(
        "tpm2_createprimary",
        "-C",
        "o",
        "-g",
        "sha256",
        "-G",
        "ecc256:aes128cfb",
        "-a",
        "restricted|decrypt|fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda",
        "-u",
        uniqueFile.toString(),
        "-c",
        context.toString());
    swtpm.tool("tpm2_readpublic", "-c", context.toString(), "-n", name.toString());
    swtpm.tool("tpm2_flushcontext", "-t");
    try (MachineKey machine = machine(swtpm.tcti())) {
      assertArrayEquals(Files.readAllBytes(name), BlobFrame.read(machine.blob(), 1).field());
    }
  }

  @Test
  void keysAreOfTheirKindsAndStayWithTheirTpm() {
    for (KeySpec spec : KeySpec.values()) {
      for (boolean guarded : new boolean[] {true, false}) {
        int attributes = attributes(Template.fresh(spec, guarded));
        assertTrue((attributes & 0x02) != 0 && (attributes & 0x10) != 0, "fixedTPM, fixedParent");
        assertEquals(!guarded, (attributes & 0x400) != 0, "only keys with a PIN count failures");
      }
    }
    assertTrue((attributes(Template.sealed(false)) & 0x400) != 0);
    assertFalse((attributes(Template.sealed(true)) & 0x400) != 0);
    assertTrue((attributes(Template.machine()) & 0x400) != 0, "lockout never stops the daemon");
  }

  private static int attributes(byte[] template) {
    return java.nio.ByteBuffer.wrap(template).getInt(4);
  }

  @Test
  void nothingSecretIsHeardOnTheBus() throws Exception {
    KeyPairGenerator rsaMaker = KeyPairGenerator.getInstance("RSA");
    rsaMaker.initialize(2048);
    KeyPair rsa = rsaMaker.generateKeyPair();
    KeyPairGenerator ecMaker = KeyPairGenerator.getInstance("EC");
    ecMaker.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair ec = ecMaker.generateKeyPair();
    byte[] plain = "a session key that Entra has sent".getBytes(StandardCharsets.US_ASCII);
    byte[] text = "text under an HMAC, say a name".getBytes(StandardCharsets.US_ASCII);
    byte[] heard;
    try (TpmBusRecorder bus = new TpmBusRecorder(swtpm.port());
        MachineKey machine = machine(bus.tcti());
        Secret rsaSecret = Secret.copyOf(rsa.getPrivate().getEncoded());
        Secret ecSecret = Secret.copyOf(ec.getPrivate().getEncoded())) {
      WrappedKey taken = machine.importKey(KeySpec.RSA_2048, rsaSecret, pin).orElseThrow();
      try (Key key = machine.load(taken, pin);
          Secret clear = key.decrypt(Jca.encrypt(rsa.getPublic(), Oaep.SHA1, plain), Oaep.SHA1)) {
        assertArrayEquals(plain, clear.copyBytes());
      }
      machine.load(machine.importKey(KeySpec.EC_P256, ecSecret, null).orElseThrow(), null).close();
      try (Key key = machine.load(machine.create(KeySpec.HMAC_SHA256, pin), pin)) {
        key.hmac(text);
      }
      heard = bus.heard();
      assertTrue(contains(heard, rsa.getPublic().getEncoded(), 100), "the tap hears the bus");
    }
    byte[] machineAuth = Hkdf.derive(authBytes, "tpm machine auth", 32);
    byte[] pepperless =
        new PinStretch(new byte[16], 8, 1).stretch(pin.copyBytes(), new byte[0], 32);
    for (byte[] secret :
        new byte[][] {
          authBytes,
          Arrays.copyOf(machineAuth, 31),
          pepperless,
          pin.copyBytes(),
          plain,
          text,
          ((RSAPrivateCrtKey) rsa.getPrivate()).getPrimeP().toByteArray(),
          ((RSAPrivateCrtKey) rsa.getPrivate()).getPrimeQ().toByteArray(),
          ((ECPrivateKey) ec.getPrivate()).getS().toByteArray()
        }) {
      byte[] part = secret.length > 24 ? Arrays.copyOfRange(secret, 2, 22) : secret;
      assertFalse(contains(heard, part, 0), () -> "heard " + Arrays.toString(secret));
    }
  }

  /** Whether {@code all} has the 20 bytes of {@code wanted} from {@code from} on, or all of it. */
  private static boolean contains(byte[] all, byte[] wanted, int from) {
    String part =
        new String(
            from == 0 ? wanted : Arrays.copyOfRange(wanted, from, from + 20),
            StandardCharsets.ISO_8859_1);
    return new String(all, StandardCharsets.ISO_8859_1).contains(part);
  }

  @Test
  void aKeyThatWasClosedWhileItSignedIsNoWrongAttempt() throws Exception {
    swtpm.tool("tpm2_dictionarylockout", "--setup-parameters", "--max-tries=31");
    try (MachineKey machine = machine(swtpm.tcti())) {
      WrappedKey guarded = machine.create(KeySpec.EC_P256, pin);
      for (int i = 0; i < 30; i++) {
        Key key = machine.load(guarded, pin);
        Thread signer =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        key.sign(new byte[1]);
                      } catch (Exception e) {
                        // closed: told so, or told that it did not work
                      }
                    });
        LockSupport.parkNanos(i * 100_000L);
        key.close();
        signer.join();
      }
      machine.load(guarded, pin).close();
    }
    assertTrue(
        swtpm.tool("tpm2_getcap", "properties-variable").contains("LOCKOUT_COUNTER: 0x0"),
        "the TPM was tried with a wiped auth value");
  }
}
