package himmelblau.machine.internal;

import himmelblau.api.log.Log;
import java.util.Arrays;
import java.util.Locale;

/** The values of {@code hsm_type}. */
enum HsmType {
  /** Keys in software; what opens them is sealed to the TPM when there is one. The default. */
  TPM_BOUND_SOFT_IF_POSSIBLE("soft"),
  /** Keys in the TPM, or none. */
  TPM("tpm"),
  /** Keys in the TPM; in software only while no TPM was ever used for this state. */
  TPM_IF_POSSIBLE("tpm"),
  /** Keys in a PKCS#11 token, or none. */
  PKCS11("pkcs11");

  private static final Log LOG = Log.of(HsmType.class);

  private final String store;

  HsmType(String store) {
    this.store = store;
  }

  /** {@link himmelblau.api.hsm.KeyStore#type()} of the store that it wants new keys in. */
  String store() {
    return store;
  }

  String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether {@code text} is a value that {@link #parse} accepts. */
  static boolean known(String text) {
    return text.equals("soft") || Arrays.stream(values()).anyMatch(t -> t.option().equals(text));
  }

  /** Reads the option; {@code soft} is the old name of what is the default now. */
  static HsmType parse(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    for (HsmType type : values()) {
      if (type.option().equals(wanted)) {
        return type;
      }
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
}
