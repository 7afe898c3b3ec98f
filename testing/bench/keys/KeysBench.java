import himmelblau.api.hsm.Key;
import himmelblau.api.hsm.KeySpec;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrappedKey;
import himmelblau.api.secret.Secret;
import himmelblau.hsm.envelope.PinStretch;
import himmelblau.hsm.soft.internal.SoftKeyStore;
import himmelblau.hsm.tpm.internal.TpmKeyStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Measures the key stores; run by {@code run}, which has measured the tools before. */
public final class KeysBench {
  private static double seconds;

  interface Work {
    void run() throws Exception;
  }

  private static double perSecond(Work work) throws Exception {
    for (int i = 0; i < 3; i++) {
      work.run();
    }
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    int count = 0;
    while (System.nanoTime() < end) {
      work.run();
      count++;
    }
    return count * 1e9 / (System.nanoTime() - begin);
  }

  private static double milliseconds(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e6;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** Unlocks and bare derivations in turn, so that a busy machine slows both alike. */
  private static void unlocks(Work stretch, Work unlock, Map<String, Double> results)
      throws Exception {
    List<Double> whole = new ArrayList<>();
    List<Double> rest = new ArrayList<>();
    long end = System.nanoTime() + (long) (4 * seconds * 1e9);
    for (int i = 0; i < 5 || System.nanoTime() < end; i++) {
      double derived = milliseconds(stretch);
      double unlocked = milliseconds(unlock);
      whole.add(unlocked);
      rest.add(unlocked - derived);
    }
    results.put("PIN unlock, ms", median(whole));
    results.put("  without Argon2id, ms", median(rest));
  }

  /** As a host with libargon2 derives, and as one without, in turn. */
  private static void argon2(PinStretch cost) throws Exception {
    byte[] pin = new byte[6];
    byte[] out = new byte[33];
    Argon2Parameters parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.passes())
            .withParallelism(1)
            .withSalt(cost.salt())
            .build();
    List<Double> here = new ArrayList<>();
    List<Double> inJava = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      here.add(milliseconds(() -> cost.stretch(pin, new byte[0], out.length)));
      inJava.add(
          milliseconds(
              () -> {
                Argon2BytesGenerator generator = new Argon2BytesGenerator();
                generator.init(parameters);
                generator.generateBytes(pin, out);
              }));
    }
    row("  in Java, ms; ratio", median(inJava), median(inJava) / median(here));
  }

  private static Map<String, Double> measure(KeyStore store, Work stretch) throws Exception {
    Map<String, Double> results = new LinkedHashMap<>();
    try (Secret auth = Secret.copyOf(new byte[32]);
        Secret pin = Secret.ofText("271828");
        MachineKey machine = store.create(auth)) {
      WrappedKey guarded = machine.create(KeySpec.EC_P256, pin);
      WrappedKey rsa = machine.create(KeySpec.RSA_2048, null);
      unlocks(stretch, () -> machine.load(guarded, pin).close(), results);
      try (Key ec = machine.load(guarded, pin);
          Key loaded = machine.load(rsa, null)) {
        byte[] data = new byte[100];
        results.put("ES256 signatures/s", perSecond(() -> ec.sign(data)));
        results.put("RS256 signatures/s", perSecond(() -> loaded.sign(data)));
      }
      results.put("P-256 keys/s", perSecond(() -> machine.create(KeySpec.EC_P256, null)));
    }
    return results;
  }

  private static void row(String what, Object... values) {
    StringBuilder line = new StringBuilder(String.format("%-28s", what));
    for (Object value : values) {
      line.append(
          value instanceof Double number
              ? String.format(Locale.ROOT, "%14.2f", number)
              : String.format("%14s", value));
    }
    System.out.println(line);
  }

  public static void main(String[] arguments) throws Exception {
    seconds = Double.parseDouble(arguments[1]);
    Properties tools = new Properties();
    try (var in = Files.newBufferedReader(Path.of(arguments[2]))) {
      tools.load(in);
    }
    PinStretch cost = PinStretch.fresh();
    byte[] pin = {'2', '7', '1', '8', '2', '8'};
    Work stretch = () -> cost.stretch(pin, new byte[32], 33);
    row("Argon2id of one PIN, ms", 1000 / perSecond(stretch));
    System.out.printf("  %d MiB, %d passes%n", cost.memoryKib() / 1024, cost.passes());
    argon2(cost);
    Map<String, Double> soft = measure(new SoftKeyStore(), stretch);
    Map<String, Double> tpm = measure(TpmKeyStore.at(arguments[0]), stretch);
    Map<String, Double> bare = new LinkedHashMap<>();
    bare.put("  without Argon2id, ms", 1000 / Double.parseDouble(tools.getProperty("unlock")));
    bare.put("ES256 signatures/s", Double.parseDouble(tools.getProperty("sign")));
    bare.put("P-256 keys/s", Double.parseDouble(tools.getProperty("create")));
    System.out.println();
    row("", "soft", "tpm", "tpm2 tools", "tpm/tools");
    for (String what : soft.keySet()) {
      Double tool = bare.get(what);
      Object ratio = "";
      if (tool != null) {
        ratio = what.contains("ms") ? tpm.get(what) / tool : tool / tpm.get(what);
      }
      row(what, soft.get(what), tpm.get(what), tool == null ? "" : tool, ratio);
    }
  }

  private KeysBench() {}
}
