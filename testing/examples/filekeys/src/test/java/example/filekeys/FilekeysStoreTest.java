package example.filekeys;

import himmelblau.api.hsm.KeyStore;
import himmelblau.contract.keystore.KeyStoreContract;

class FilekeysStoreTest extends KeyStoreContract {
  @Override
  protected KeyStore store() {
    return new FilekeysStore();
  }

  @Override
  protected KeyStore foreign() {
    return new FilekeysStore();
  }
}
