package himmelblau.hello.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinRefused;
import himmelblau.api.hello.PinState;
import himmelblau.api.hello.Registration;
import himmelblau.api.hello.Totp;
import himmelblau.api.hello.UnlockedKey;
import himmelblau.api.hsm.KeyOwner;
import himmelblau.api.hsm.KeyStoreUnavailable;
import himmelblau.api.hsm.Machine;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Connects Hello keys and local codes with the store, the machine key and the options. */
@Component(
    service = {Hello.class, Totp.class, KeyOwner.class, HelloComponent.class},
    immediate = true, // its locks must outlive its users
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = HelloComponent.Config.class)
public final class HelloComponent implements Hello, Totp, KeyOwner {
  private final HelloTable table;
  private final HelloKeys keys;
  private final LocalCodes codes;
  private final Directory directory;
  private volatile HelloSettings settings;

  /** Options of Hello. */
  @ObjectClassDefinition(name = "Hello PIN")
  public @interface Config {
    @AttributeDefinition(description = "PIN enrolment and PIN sign-in")
    boolean enable_hello() default true;

    @AttributeDefinition(description = "Shortest PIN in bytes, 6 to 32")
    int hello_pin_min_length() default 6;

    @AttributeDefinition(
        description =
            "Wrong PINs from one origin before the PIN is deleted or blocked; 0 = no PINs")
    int hello_pin_retry_count() default 3;

    @AttributeDefinition(
        description = "Require a one-time code, checked on this device, in addition to the PIN")
    boolean enable_hello_totp() default false;
  }

  @Activate
  public HelloComponent(
      Config config,
      @Reference Store store,
      @Reference Machine machine,
      @Reference Directory directory) {
    this.directory = directory;
    settings = read(config);
    table = new HelloTable(store.area(HelloTable.AREA, HelloTable.MIGRATIONS));
    UserLocks locks = new UserLocks();
    keys = new HelloKeys(table, machine, this::owner, () -> settings, locks);
    codes = new LocalCodes(table, () -> settings, locks, InstantSource.system(), host());
  }

  @Modified
  void modified(Config config) {
    settings = read(config);
  }

  private static HelloSettings read(Config config) {
    return new HelloSettings(
        config.enable_hello(),
        config.hello_pin_min_length(),
        config.hello_pin_retry_count(),
        config.enable_hello_totp());
  }

  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost"; // only a label in the user's app
    }
  }

  /** The object id of a name, without using the network. */
  Optional<UUID> owner(AccountName name) {
    return directory.account(name).flatMap(Account::objectId);
  }

  HelloTable table() {
    return table;
  }

  HelloKeys keys() {
    return keys;
  }

  HelloSettings settings() {
    return settings;
  }

  @Override
  public PinState state(AccountName name, PinOrigin from) {
    return keys.state(name, from);
  }

  @Override
  public UnlockedKey unlock(AccountName name, Secret pin, PinOrigin from)
      throws PinRefused, KeyStoreUnavailable {
    return keys.unlock(name, pin, from);
  }

  @Override
  public void reopen(AccountName name) {
    keys.reopen(name);
  }

  @Override
  public Optional<String> objection(Secret pin) {
    return keys.objection(pin);
  }

  @Override
  public int minimumLength() {
    return keys.minimumLength();
  }

  @Override
  public <X extends Exception> UnlockedKey enrol(
      AccountName name, UUID objectId, Secret pin, Registration<X> register)
      throws X, KeyStoreUnavailable {
    return keys.enrol(name, objectId, pin, register);
  }

  @Override
  public void remove(AccountName name) {
    keys.remove(name);
  }

  @Override
  public boolean renewalKept(AccountName name) {
    return keys.renewalKept(name);
  }

  @Override
  public void endOffline(Set<UUID> spared) {
    keys.endOffline(spared);
  }

  @Override
  public void removeAll() {
    keys.removeAll();
  }

  @Override
  public List<Kept> kept() {
    return table.all();
  }

  @Override
  public boolean enabled() {
    return codes.enabled();
  }

  @Override
  public boolean enrolled(UnlockedKey key) throws KeyStoreUnavailable {
    return codes.enrolled(key);
  }

  @Override
  public Enrolment propose(AccountName name) {
    return codes.propose(name);
  }

  @Override
  public boolean confirm(UnlockedKey key, Enrolment enrolment, Secret code)
      throws KeyStoreUnavailable {
    return codes.confirm(key, enrolment, code);
  }

  @Override
  public void verify(UnlockedKey key, Secret code, PinOrigin from)
      throws PinRefused, KeyStoreUnavailable {
    codes.verify(key, code, from);
  }
}
