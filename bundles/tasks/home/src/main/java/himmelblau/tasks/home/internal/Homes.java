package himmelblau.tasks.home.internal;

import himmelblau.tasks.files.FileEntry;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.SafeDirectory;
import himmelblau.tasks.files.Trees;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Creates home directories. Thread-safe: one at a time for each name. */
final class Homes {
  private static final int MODE = 0750;
  private static final String SUFFIX = ".himmelblau-new";
  private static final int LANES = 64;

  private final String skeleton;
  private final ReentrantLock[] lanes = new ReentrantLock[LANES];

  /**
   * @param skeleton the directory with the initial content of a home directory
   */
  Homes(String skeleton) {
    this.skeleton = skeleton;
    for (int i = 0; i < LANES; i++) {
      lanes[i] = new ReentrantLock();
    }
  }

  /** Whose home, and where. The name is clean already. */
  record Owner(String name, long uid, long gid) {}

  /** How the home came about. */
  enum Way {
    FOUND,
    MOVED,
    MADE
  }

  /**
   * Creates the home directory if it does not exist.
   *
   * @param former the previous name of the owner's home directory
   * @throws FileRefused if the path is something else, or the home directory of another user
   */
  Way make(SafeDirectory prefix, Owner owner, Optional<String> former, boolean withSkeleton)
      throws IOException {
    ReentrantLock lane = lanes[Math.floorMod(owner.name().hashCode(), LANES)];
    lane.lock();
    try {
      if (exists(prefix, owner)) {
        return Way.FOUND;
      }
      if (former.isPresent() && movable(prefix, former.get(), owner)) {
        prefix.renameNew(former.get(), owner.name());
        prefix.sync();
        return Way.MOVED;
      }
      build(prefix, owner, withSkeleton);
      return Way.MADE;
    } finally {
      lane.unlock();
    }
  }

  /** A directory of the owner's, not a link: where that leads is an administrator's choice. */
  private static boolean movable(SafeDirectory prefix, String former, Owner owner)
      throws IOException {
    return prefix
        .entry(former)
        .filter(entry -> entry.directory() && !entry.link() && entry.uid() == owner.uid())
        .isPresent();
  }

  private static boolean exists(SafeDirectory prefix, Owner owner) throws IOException {
    Optional<FileEntry> there = prefix.entry(owner.name());
    if (there.isEmpty()) {
      return false;
    }
    String path = prefix.path(owner.name());
    FileEntry entry = there.get();
    if (entry.link()) {
      // An administrator may use a link to another location; a link of any other user is an attack.
      try (SafeDirectory target = SafeDirectory.openThroughTrusted(path)) {
        entry = target.self();
      }
    }
    if (!entry.directory()) {
      throw new FileRefused(path + " is not a directory; move it away");
    }
    if (entry.uid() != owner.uid()) {
      throw new FileRefused(
          path
              + " belongs to uid "
              + entry.uid()
              + ", not to "
              + owner.uid()
              + "; if it belongs to this user, change its owner");
    }
    return true;
  }

  /** Built aside and renamed: a home is there as a whole or not at all. */
  private void build(SafeDirectory prefix, Owner owner, boolean withSkeleton) throws IOException {
    String half = "." + owner.name() + SUFFIX;
    Trees.remove(prefix, half); // left by a crash; only root can have made it
    boolean done = false;
    try (SafeDirectory home = prefix.create(half)) {
      if (withSkeleton) {
        fill(home, owner);
      }
      home.own(owner.uid(), owner.gid(), MODE); // last: until now no other user could access it
      prefix.renameNew(half, owner.name());
      done = true;
      prefix.sync();
    } finally {
      if (!done) {
        Trees.remove(prefix, half);
      }
    }
  }

  private void fill(SafeDirectory home, Owner owner) throws IOException {
    try (SafeDirectory source = SafeDirectory.openTrusted(skeleton)) {
      Trees.copy(source, home, owner.uid(), owner.gid());
    }
  }

  /**
   * Makes {@code alias} a link to the home, unless something else than a link of this kind has the
   * name.
   *
   * @return whether it leads to the home now
   */
  static boolean alias(SafeDirectory prefix, String alias, Owner owner) throws IOException {
    Optional<FileEntry> there = prefix.entry(alias);
    if (there.isEmpty()) {
      try {
        link(prefix, alias, owner);
      } catch (FileAlreadyExistsException raced) {
        return false; // the next session looks again
      }
      return true;
    }
    if (!there.get().link()) {
      return false;
    }
    String target = prefix.readLink(alias);
    if (target.equals(owner.name())) {
      return true;
    }
    if (!ours(prefix, target, owner)) {
      return false;
    }
    String fresh = "." + alias + SUFFIX;
    Trees.remove(prefix, fresh);
    link(prefix, fresh, owner);
    prefix.rename(fresh, alias);
    return true;
  }

  /** An alias of the same user's former home, or one that leads nowhere. */
  private static boolean ours(SafeDirectory prefix, String target, Owner owner) throws IOException {
    if (target.indexOf('/') >= 0 || target.startsWith(".")) {
      return false; // an administrator's link
    }
    Optional<FileEntry> home = prefix.entry(target);
    return home.isEmpty() || home.get().uid() == owner.uid();
  }

  private static void link(SafeDirectory prefix, String name, Owner owner) throws IOException {
    prefix.createLink(name, owner.name());
    prefix.ownLink(name, owner.uid(), owner.gid());
  }
}
