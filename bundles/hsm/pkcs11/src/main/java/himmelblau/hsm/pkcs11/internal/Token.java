package himmelblau.hsm.pkcs11.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A logged-in PKCS#11 token, accessed through the provider of the JDK. Thread-safe. */
final class Token {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Settings settings;
  private @Nullable Provider provider;
  private @Nullable KeyStore keyStore;

  /**
   * Where it is.
   *
   * @param slot slot id, or empty for the first slot
   */
  record Settings(String module, String slot, String pinPath) {}

  Token(Settings settings) {
    this.settings = settings;
  }

  Settings settings() {
    return settings;
  }

  /** The provider, logged in. */
  synchronized Provider provider() throws KeyStoreUnavailable {
    connect();
    if (provider == null) {
      throw new KeyStoreUnavailable("The token is not connected");
    }
    return provider;
  }

  /** A key in the token by its label. */
  synchronized Key key(String label) throws KeyStoreUnavailable, KeyRefused {
    try {
      Key key = connect().getKey(label, null);
      if (key == null) {
        throw new KeyRefused("The token does not have the key " + label + ": it is another token");
      }
      return key;
    } catch (GeneralSecurityException | ProviderException e) {
      throw lost(e);
    }
  }

  /** What talks to the token and stores there. */
  interface Work<T> {
    T run(Provider provider, KeyStore keyStore) throws GeneralSecurityException;
  }

  /** Serialises changes of the token. */
  synchronized <T> T change(Work<T> work) throws KeyStoreUnavailable {
    KeyStore open = connect();
    try {
      return work.run(provider(), open);
    } catch (GeneralSecurityException | ProviderException e) {
      throw lost(e);
    }
  }

  /** A failure of the token; the next use connects again. */
  synchronized KeyStoreUnavailable lost(Exception e) {
    provider = null;
    keyStore = null;
    return new KeyStoreUnavailable("The PKCS#11 token failed: " + reason(e), e);
  }

  private KeyStore connect() throws KeyStoreUnavailable {
    if (keyStore != null) {
      return keyStore;
    }
    if (settings.module().isEmpty()) {
      throw new KeyStoreUnavailable("pkcs11_module is not set: set it to the library of the token");
    }
    if (!Files.isReadable(Path.of(settings.module()))) {
      throw new KeyStoreUnavailable(
          "pkcs11_module = %s cannot be read. Install the library of the token"
              .formatted(settings.module()));
    }
    char[] pin = pin();
    try {
      Provider fresh = Security.getProvider("SunPKCS11").configure(configuration());
      KeyStore store = KeyStore.getInstance("PKCS11", fresh);
      store.load(null, pin);
      provider = fresh;
      keyStore = store;
      return store;
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw new KeyStoreUnavailable(
          "The PKCS#11 token cannot be opened: %s. Check pkcs11_module, pkcs11_slot and the PIN in %s"
              .formatted(reason(e), settings.pinPath()),
          e);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  private String configuration() {
    String slot = settings.slot().isEmpty() ? "slotListIndex = 0" : "slot = " + settings.slot();
    return """
    --name = himmelblau-%s
    library = %s
    %s
    attributes(*, CKO_SECRET_KEY, *) = {
      CKA_SENSITIVE = true
      CKA_EXTRACTABLE = false
      CKA_ENCRYPT = true
      CKA_DECRYPT = true
    }
    attributes(generate, CKO_PRIVATE_KEY, *) = {
      CKA_TOKEN = true
      CKA_SENSITIVE = true
      CKA_EXTRACTABLE = false
      CKA_SIGN = true
      CKA_DECRYPT = true
    }
    attributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {
      CKA_TOKEN = true
      CKA_SENSITIVE = true
      CKA_EXTRACTABLE = false
      CKA_SIGN = true
    }
    """
        .formatted(Integer.toHexString(System.identityHashCode(this)), settings.module(), slot);
  }

  private char[] pin() throws KeyStoreUnavailable {
    Path path = Path.of(settings.pinPath());
    try {
      Set<PosixFilePermission> mode =
          Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
      if (!OWNER_ONLY.containsAll(mode)) {
        throw new KeyStoreUnavailable(
            "%s has mode %s: other users may have read the PIN of the token. Run: chmod 0600 %s"
                .formatted(path, PosixFilePermissions.toString(mode), path));
      }
      byte[] bytes = Files.readAllBytes(path);
      int length = bytes.length;
      while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
        length--;
      }
      char[] pin = new char[length];
      for (int i = 0; i < length; i++) {
        pin[i] = (char) (bytes[i] & 0xff);
      }
      Arrays.fill(bytes, (byte) 0);
      return pin;
    } catch (IOException e) {
      throw new KeyStoreUnavailable(
          ("The PIN of the token cannot be read from %s (%s). Create the file with mode 0600, "
                  + "owned by the user of the service")
              .formatted(path, e),
          e);
    }
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
