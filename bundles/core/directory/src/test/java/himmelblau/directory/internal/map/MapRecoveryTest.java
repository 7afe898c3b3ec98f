package himmelblau.directory.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.directory.internal.DirectoryFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MapRecoveryTest {
  private static final String ID = "cd4ebec9-434c-4bad-af7c-9c39a4127551";
  private static final String OTHER = "4210d86f-ce97-4aff-97f7-bd3789727903";

  @TempDir Path folder;

  @Test
  void aMapThatCannotBeUpdatedIsRewrittenOnce() throws Exception {
    try (DirectoryFixture fixture = new DirectoryFixture(folder)) {
      fixture.map.damaged = true;
      fixture.directory().record(DirectoryFixture.user("user01", ID), Optional.of(List.of()));
      for (int i = 0; i < 500 && fixture.map.published.isEmpty(); i++) {
        Thread.sleep(10);
      }
      assertEquals("user01", fixture.map.published.getLast().users().getFirst().entry().name());
      fixture.map.damaged = true;
      fixture.directory().record(DirectoryFixture.user("user02", OTHER), Optional.of(List.of()));
      Thread.sleep(200);
      assertEquals(1, fixture.map.published.size(), "not again at once");
      assertTrue(fixture.map.damaged);
    }
  }
}
