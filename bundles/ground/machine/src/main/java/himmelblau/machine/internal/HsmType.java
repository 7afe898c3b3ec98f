package himmelblau.machine.internal;

import himmelblau.api.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code hsm_type} asks for.
 *
 * @param option as it is written in the configuration
 * @param store {@link himmelblau.api.hsm.KeyStore#type()} of the store that it wants new keys in
 */
record HsmType(String option, String store) {
  /** Keys in software; what opens them is sealed to the TPM when there is one. The default. */
  static final HsmType TPM_BOUND_SOFT_IF_POSSIBLE =
      new HsmType("tpm_bound_soft_if_possible", "soft");

  /** Keys in the TPM, or none. */
  static final HsmType TPM = new HsmType("tpm", "tpm");

  /** Keys in the TPM; in software only while no TPM was ever used for this state. */
  static final HsmType TPM_IF_POSSIBLE = new HsmType("tpm_if_possible", "tpm");

  /** Keys in a PKCS#11 token, or none. */
  static final HsmType PKCS11 = new HsmType("pkcs11", "pkcs11");

  private static final List<HsmType> OURS =
      List.of(TPM_BOUND_SOFT_IF_POSSIBLE, TPM, TPM_IF_POSSIBLE, PKCS11);

  /** Before the type of a plug-in's key store. */
  private static final String PLUGIN = "plugin:";

  private static final Pattern PLUGIN_FORM = Pattern.compile(PLUGIN + "([a-z0-9][a-z0-9_.-]*)");

  private static final Log LOG = Log.of(HsmType.class);

  /** What can be written, for messages. */
  static List<String> forms() {
    List<String> forms = new ArrayList<>(OURS.stream().map(HsmType::option).toList());
    forms.add(PLUGIN + "NAME");
    return forms;
  }

  /** Whether nothing but that store will do; never software instead. */
  boolean required() {
    return equals(TPM) || equals(PKCS11) || !OURS.contains(this);
  }

  /** Whether a bundle of this project provides the key store {@code store}. */
  static boolean isOurs(String store) {
    return OURS.stream().anyMatch(type -> type.store().equals(store));
  }

  /** Whether {@code text} is a value that {@link #parse} accepts. */
  static boolean known(String text) {
    return text.equals("soft") || find(text).isPresent();
  }

  /** A name of our own behind the prefix is our own type: {@code soft} alone is none. */
  private static Optional<HsmType> find(String wanted) {
    Matcher plugin = PLUGIN_FORM.matcher(wanted);
    if (plugin.matches() && !isOurs(plugin.group(1))) {
      return Optional.of(new HsmType(wanted, plugin.group(1)));
    }
    String ours = plugin.matches() ? plugin.group(1) : wanted;
    return OURS.stream().filter(type -> type.option().equals(ours)).findFirst();
  }

  /** Reads the option; {@code soft} is the old name of what is the default now. */
  static HsmType parse(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    Optional<HsmType> found = find(wanted);
    if (found.isPresent()) {
      return found.get();
    }
    if (wanted.equals("soft")) {
      LOG.warn(
          "machine.hsm_type_deprecated",
          "hsm_type",
          "soft",
          "used",
          TPM_BOUND_SOFT_IF_POSSIBLE.option(),
          "todo",
          "set hsm_type = tpm_bound_soft_if_possible");
    } else if (!wanted.isEmpty()) {
      LOG.warn(
          "machine.hsm_type_unknown",
          "hsm_type",
          text,
          "used",
          TPM_BOUND_SOFT_IF_POSSIBLE.option());
    }
    return TPM_BOUND_SOFT_IF_POSSIBLE;
  }

  @Override
  public String toString() {
    return option;
  }
}
