package himmelblau.tasks.files;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Walks an absolute path one component at a time. A symbolic link is followed only if root alone
 * can have created it, such as {@code /home} to {@code /var/home} on image-based systems.
 */
final class TrustedPath {
  private static final int MOST_LINKS = 40; // as the kernel

  private final Deque<SafeDirectory> way = new ArrayDeque<>(); // from the root to where we are
  private final Deque<String> ahead = new ArrayDeque<>();
  private int links;

  private TrustedPath() {}

  static SafeDirectory open(String path) throws IOException {
    if (!path.startsWith("/")) {
      throw new FileRefused("Not an absolute path: " + path);
    }
    TrustedPath walk = new TrustedPath();
    SafeDirectory reached = null;
    try {
      walk.way.push(SafeDirectory.root());
      walk.add(path);
      while (!walk.ahead.isEmpty()) {
        walk.step(walk.ahead.pop());
      }
      reached = walk.way.pop();
      return reached;
    } finally {
      for (SafeDirectory passed : walk.way) {
        passed.close();
      }
    }
  }

  private void add(String path) {
    for (String part : Arrays.asList(path.split("/")).reversed()) {
      if (!part.isEmpty() && !part.equals(".")) {
        ahead.push(part);
      }
    }
  }

  private void step(String name) throws IOException {
    SafeDirectory here = way.element();
    if (!here.self().rootOnly()) {
      throw new FileRefused(
          here + " must belong to root and be writable by nobody else (chown root, chmod go-w)");
    }
    if (name.equals("..")) {
      if (way.size() > 1) {
        way.pop().close();
      }
      return;
    }
    FileEntry entry =
        here.entry(name).orElseThrow(() -> new FileRefused(join(here, name) + " does not exist"));
    if (!entry.link()) {
      way.push(here.child(name));
      return;
    }
    if (!entry.rootOnly() || ++links > MOST_LINKS) {
      throw new FileRefused(
          join(here, name) + " is a link that root did not create, or there are too many links");
    }
    String target = here.readLink(name);
    if (target.startsWith("/")) {
      while (way.size() > 1) {
        way.pop().close();
      }
    }
    add(target);
  }

  private static String join(SafeDirectory directory, String name) {
    return directory.toString().equals("/") ? "/" + name : directory + "/" + name;
  }
}
