package himmelblau.machine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.Machine;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import himmelblau.contract.keystore.Swtpm;
import himmelblau.hsm.tpm.internal.TpmKeyStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Searches everything that leaves the process for known secrets. */
class NoSecretInFilesTest {
  private static final String PIN = "PIN-4711-that-can-be-found";
  private static final String PASSWORD = "Passw0rd-that-can-be-found!";

  @TempDir private Path directory;

  static boolean swtpm() {
    return Swtpm.installed();
  }

  private static final class Lines extends Handler {
    private final StringBuilder text = new StringBuilder();

    @Override
    public synchronized void publish(LogRecord line) {
      text.append(line.getMessage()).append('\n').append(line.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private void use(MachineFixture host, HsmType type, Map<String, byte[]> secrets)
      throws Exception {
    Machine machine = host.start(type);
    try (Secret pin = Secret.ofText(PIN);
        Secret wrong = Secret.ofText("x" + PIN);
        Secret password = Secret.ofText(PASSWORD)) {
      for (KeySpec spec : KeySpec.values()) {
        WrappedKey key = machine.create(spec, pin);
        try {
          machine.load(key, wrong).close();
        } catch (WrongPin e) {
          secrets.put("message", PIN.getBytes(StandardCharsets.UTF_8));
        }
        try (Key loaded = machine.load(key, pin)) {
          host.vault(machine).writeKey("key/" + spec, key);
          host.vault(machine).write("value/" + spec, password);
          byte[] sealed = loaded.seal(password, "label");
          host.vault(machine).writeKey("sealed/" + spec, new WrappedKey("x", spec, false, sealed));
        }
        machine
            .export(key, pin)
            .ifPresent(
                material -> {
                  byte[] bytes = material.copyBytes();
                  int from = bytes.length / 2;
                  secrets.put("key " + spec, Arrays.copyOfRange(bytes, from, from + 16));
                });
      }
    }
    secrets.put("pin", PIN.getBytes(StandardCharsets.UTF_8));
    secrets.put("password", PASSWORD.getBytes(StandardCharsets.UTF_8));
    secrets.put("hsm-pin", Files.readAllBytes(host.directory.resolve("hsm-pin")));
  }

  private void search(MachineFixture host, Map<String, byte[]> secrets, String log)
      throws Exception {
    List<Path> files = new ArrayList<>();
    try (var all = Files.list(host.directory)) {
      all.filter(file -> !file.endsWith("hsm-pin")).forEach(files::add);
    }
    assertFalse(files.isEmpty());
    for (Map.Entry<String, byte[]> secret : secrets.entrySet()) {
      String wanted = new String(secret.getValue(), StandardCharsets.ISO_8859_1);
      for (Path file : files) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(wanted), secret.getKey() + " is in " + file);
      }
      assertFalse(log.contains(wanted), secret.getKey() + " is in the log");
    }
  }

  private void check(HsmType type, boolean withTpm) throws Exception {
    Lines lines = new Lines();
    Logger root = Logger.getLogger("");
    Logger ours = Logger.getLogger("himmelblau");
    root.addHandler(lines);
    ours.setLevel(Level.ALL);
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    Path tpmState = Files.createDirectory(directory.resolve("tpm"));
    try (MachineFixture host =
        new MachineFixture(Files.createDirectory(directory.resolve("host")))) {
      if (withTpm) {
        try (Swtpm swtpm = Swtpm.start(tpmState)) {
          host.install(TpmKeyStore.at(swtpm.tcti()));
          use(host, type, secrets);
        }
      } else {
        use(host, type, secrets);
      }
      assertTrue(secrets.size() >= 4);
      search(host, secrets, lines.text.toString());
    } finally {
      root.removeHandler(lines);
      ours.setLevel(null);
    }
  }

  @Test
  void inSoftware() throws Exception {
    check(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, false);
  }

  @Test
  @EnabledIf("swtpm")
  void boundToATpm() throws Exception {
    check(HsmType.TPM_BOUND_SOFT_IF_POSSIBLE, true);
  }

  @Test
  @EnabledIf("swtpm")
  void inATpm() throws Exception {
    check(HsmType.TPM, true);
  }

  @Test
  void noCoreIsWritten() throws Exception {
    ProcessHardening.apply();
    String limits = Files.readString(Path.of("/proc/self/limits"));
    String line = limits.lines().filter(l -> l.startsWith("Max core")).findFirst().orElseThrow();
    assertEquals(
        "0 0 bytes",
        line.replaceAll("^Max core file size\\s+", "").replaceAll("\\s+", " ").strip());
  }
}
