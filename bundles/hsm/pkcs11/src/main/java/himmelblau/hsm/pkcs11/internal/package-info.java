/** Key store in a PKCS#11 token. */
@NullMarked
package himmelblau.hsm.pkcs11.internal;

import org.jspecify.annotations.NullMarked;
