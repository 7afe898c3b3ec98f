package himmelblau.directory.internal.lookup;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.DirectoryUser;
import himmelblau.api.directory.DirectoryConflict;
import himmelblau.api.store.Area;
import himmelblau.directory.internal.assign.IdAssigner;
import himmelblau.directory.internal.assign.IdCollisions;
import himmelblau.directory.internal.ids.AssignedIds;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.StoredUser;
import java.time.Clock;
import java.util.Optional;

/**
 * What a lookup shows of a name that no directory confirms ({@code DomainProvider.confirmsNames})
 * before its first sign-in: sshd looks a user up before it asks for anything. Nothing of it is
 * stored, because anybody, also over the network, can have any name looked up: invented names must
 * neither fill the host nor take the id of a user who comes later.
 */
final class UnconfirmedNames {
  private final Area area;
  private final Clock clock;

  UnconfirmedNames(Area area, Clock clock) {
    this.area = area;
    this.clock = clock;
  }

  /** With the ids that the account would get now; empty if it would get none. */
  Optional<StoredUser> entry(DirectorySetup setup, AccountName name) {
    DirectoryUser user = DirectoryUser.provisional(name);
    return area.read(
        connection -> {
          try {
            AssignedIds ids = new IdAssigner(setup).user(connection, user);
            new IdCollisions(connection, setup, false).check(user, ids, 0L);
            return Optional.of(
                new StoredUser(
                    0L,
                    name,
                    user.objectId(),
                    user.tenantId(),
                    user.displayName(),
                    ids.uid(),
                    ids.gid(),
                    ids.basis(),
                    user.posix(),
                    clock.instant()));
          } catch (DirectoryConflict e) {
            return Optional.empty();
          }
        });
  }
}
