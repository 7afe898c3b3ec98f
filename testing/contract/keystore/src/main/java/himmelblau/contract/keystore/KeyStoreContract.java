package himmelblau.contract.keystore;

import himmelblau.api.hsm.KeyStore;
import himmelblau.api.hsm.MachineKey;
import himmelblau.api.secret.Secret;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The requirements for every key store, by subject. Extend it and run only that class. */
public abstract class KeyStoreContract {
  private Secret auth;
  private KeyStore store;
  private MachineKey machine;

  /** The store under test. */
  protected abstract KeyStore store() throws Exception;

  /** The same kind of store on another machine. */
  protected abstract KeyStore foreign() throws Exception;

  /** Of how many regions of a blob a byte is changed; a slow device takes fewer. */
  protected int probes() {
    return 64;
  }

  /** How many threads use the machine at once. */
  protected int threads() {
    return 16;
  }

  @BeforeEach
  void openMachine() throws Exception {
    store = store();
    auth = random32();
    machine = store.create(auth);
  }

  @AfterEach
  void closeMachine() {
    machine.close();
    auth.close();
  }

  /** The machine key under test. */
  protected final MachineKey machine() {
    return machine;
  }

  /** A fresh auth value. */
  protected static Secret random32() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Secret.taking(bytes);
  }

  /** The store that the machine key was made by. */
  final KeyStore opened() {
    return store;
  }

  final Secret auth() {
    return auth;
  }

  /** The machine key once more, as after a restart; the caller closes it. */
  final MachineKey reopened() throws Exception {
    return store.open(auth, machine.blob());
  }

  /** Positions that are spread over so many bytes. */
  final int[] regions(int length) {
    int count = Math.min(length, probes());
    int[] at = new int[count];
    for (int i = 0; i < count; i++) {
      at[i] = (int) ((long) i * length / count);
    }
    at[count - 1] = length - 1;
    return at;
  }

  @Nested
  class Keys extends KeysContract {
    Keys() {
      super(KeyStoreContract.this);
    }
  }

  @Nested
  class Sealing extends SealingContract {
    Sealing() {
      super(KeyStoreContract.this);
    }
  }

  @Nested
  class Pins extends PinsContract {
    Pins() {
      super(KeyStoreContract.this);
    }
  }

  @Nested
  class Concurrency extends ConcurrencyContract {
    Concurrency() {
      super(KeyStoreContract.this);
    }
  }

  @Nested
  class Failure extends FailureContract {
    Failure() {
      super(KeyStoreContract.this);
    }
  }
}
