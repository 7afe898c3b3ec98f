package himmelblau.domain.entra.internal;

import himmelblau.contract.domain.DomainContract;
import himmelblau.contract.domain.DomainFixture;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every domain provider, against the emulated tenant. */
@NullUnmarked
class EntraDomainContractTest extends DomainContract {
  @TempDir Path folder;

  @Override
  protected DomainFixture fixture() throws Exception {
    return new EntraDomainFixture(folder);
  }
}
