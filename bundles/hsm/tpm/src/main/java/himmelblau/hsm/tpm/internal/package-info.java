/** Key store in a TPM 2.0, through tpm2-tss (ESYS and tctildr). */
@NullMarked
package himmelblau.hsm.tpm.internal;

import org.jspecify.annotations.NullMarked;
