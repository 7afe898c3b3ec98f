package himmelblau.hsm.pkcs11.internal;

import himmelblau.api.hsm.KeyRefused;
import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.KeyStoreInfo;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.hsm.WrongPin;
import himmelblau.api.secret.Secret;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys in a PKCS#11 token. */
@Component(
    service = KeyStore.class,
    property = KeyStore.TYPE + "=" + Pkcs11KeyStore.PKCS11,
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Pkcs11KeyStore.Config.class)
public final class Pkcs11KeyStore implements KeyStore {
  static final String PKCS11 = "pkcs11";

  private final KeyStore soft;
  private volatile Token token;

  /** Options that this component reads; defaults are in OSGI-INF/himmelblau.options. */
  @ObjectClassDefinition(name = "PKCS#11 key store")
  public @interface Config {
    @AttributeDefinition(description = "Library of the token")
    String pkcs11_module();

    @AttributeDefinition(description = "Slot id; empty for the first slot")
    String pkcs11_slot();

    @AttributeDefinition(description = "File with the token's user PIN, mode 0600")
    String pkcs11_pin_path();
  }

  @Activate
  public Pkcs11KeyStore(
      Config config, @Reference(target = "(" + KeyStore.TYPE + "=soft)") KeyStore soft) {
    this(settings(config), soft);
  }

  Pkcs11KeyStore(Token.Settings settings, KeyStore soft) {
    this.soft = soft;
    this.token = new Token(settings);
  }

  @Modified
  void modified(Config config) {
    if (!settings(config).equals(token.settings())) {
      token = new Token(settings(config));
    }
  }

  private static Token.Settings settings(Config config) {
    return new Token.Settings(
        config.pkcs11_module(), config.pkcs11_slot(), config.pkcs11_pin_path());
  }

  @Override
  public String type() {
    return PKCS11;
  }

  @Override
  public KeyStoreInfo info() {
    Token asked = token;
    try {
      return new KeyStoreInfo(
          true,
          "PKCS#11 token present and working",
          List.of("Library: " + asked.settings().module(), asked.provider().getInfo()));
    } catch (KeyStoreUnavailable e) {
      return new KeyStoreInfo(false, String.valueOf(e.getMessage()), List.of());
    }
  }

  @Override
  public MachineKey create(Secret auth) throws KeyStoreUnavailable {
    return TokenMachineBlob.create(token, soft, auth);
  }

  @Override
  public MachineKey open(Secret auth, byte[] blob)
      throws KeyStoreUnavailable, WrongPin, KeyRefused {
    return TokenMachineBlob.open(token, soft, auth, blob);
  }
}
