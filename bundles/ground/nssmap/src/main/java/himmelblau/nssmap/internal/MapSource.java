package himmelblau.nssmap.internal;

import himmelblau.api.directory.LookupMap.Content;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/** The content of a file. */
interface MapSource {
  void writeTo(MapFileWriter out) throws IOException;

  /** The changes on top of it. */
  default Map<String, Instant> missing() {
    return Map.of();
  }

  record Published(Content content) implements MapSource {
    @Override
    public void writeTo(MapFileWriter out) {
      copy(content, out);
    }

    @Override
    public Map<String, Instant> missing() {
      return content.missing();
    }
  }

  record Rebased(MapFileReader old, MapDelta changes) implements MapSource {
    @Override
    public void writeTo(MapFileWriter out) throws IOException {
      copy(old, changes, out);
    }

    @Override
    public Map<String, Instant> missing() {
      return changes.missing();
    }
  }

  private static void copy(Content content, MapFileWriter out) {
    content.users(
        user -> {
          if (ValidEntries.fits(user)) {
            unchecked(() -> out.user(user));
          }
        });
    content.groups(
        group -> {
          if (group.objectId().isPresent() && ValidEntries.fits(group)) {
            unchecked(() -> out.group(group));
          }
        });
  }

  private static void copy(MapFileReader old, MapDelta changes, MapFileWriter out)
      throws IOException {
    old.users(
        user -> {
          if (!changes.overrules(user)) {
            out.user(user);
          }
        });
    for (MappedUser user : changes.users()) {
      out.user(user);
    }
    old.groups(
        group -> {
          if (!changes.overrules(group)) {
            out.group(changes.extended(group));
          }
        });
    for (MappedGroup group : changes.groups()) {
      out.group(group);
    }
  }

  /** For writing inside a callback. */
  interface Writing {
    void run() throws IOException;
  }

  private static void unchecked(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
