package himmelblau.api.hsm;

/**
 * A key at rest: unusable without the machine key that created it, and without the PIN if it has
 * one.
 *
 * @param store {@link KeyStore#type()} of the maker
 * @param spec what key it is
 * @param pinProtected whether a PIN opens it
 * @param blob opaque, versioned by its maker; do not change
 */
public record WrappedKey(String store, KeySpec spec, boolean pinProtected, byte[] blob) {}
