package himmelblau.directory.internal.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import himmelblau.api.directory.AccountStatusListener;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.domain.AccountStatus;
import himmelblau.directory.internal.DirectoryFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lookup that the daemon makes reaches whoever wants to know about disabled accounts. */
@NullUnmarked
class StatusListenersTest {
  @TempDir Path folder;
  private DirectoryFixture fixture;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AccountStatusListener listener = (name, enabled) -> heard.add(name.upn());

  @BeforeEach
  void begin() throws Exception {
    fixture = new DirectoryFixture(folder);
    fixture.cloud.put(
        DirectoryFixture.name("ada").upn(),
        DirectoryFixture.user("ada", "bb845f7f-8f6a-4101-b4c7-8db3cb94c901"));
    fixture.status = AccountStatus.DISABLED;
  }

  @AfterEach
  void end() {
    fixture.close();
  }

  private void find() {
    assertInstanceOf(
        LookupAnswer.Found.class,
        fixture.directory().userByName("ada", DirectoryFixture.BUDGET),
        "a disabled account is shown, so that its files have a name");
  }

  @Test
  void aLookupIsHeardAsLongAsSomebodyListens() {
    fixture.add(listener);
    find();
    assertEquals(List.of(DirectoryFixture.name("ada").upn()), heard);
    fixture.remove(listener);
    fixture.directory().clear();
    find();
    assertEquals(1, heard.size());
  }
}
