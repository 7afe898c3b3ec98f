package himmelblau.tasks.subid.internal;

import himmelblau.tasks.files.AccountFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores by object id which account had a name when it was given subordinate ids: {@code
 * /etc/subuid} contains names, and a name may belong to another user later. Only root can write
 * these files.
 */
final class SubidOwners {
  private static final String FILE = "subids";
  private static final int MODE = 0600;

  private final AccountFiles state;

  SubidOwners(AccountFiles state) {
    this.state = state;
  }

  /** A name as it is written in a line, and the object id in lower case. */
  private record Note(String user, String id) {}

  private List<Note> all() throws IOException {
    List<Note> notes = new ArrayList<>();
    for (String line : state.lines(FILE)) {
      int colon = line.lastIndexOf(':');
      if (colon > 0) {
        notes.add(new Note(line.substring(0, colon), line.substring(colon + 1)));
      }
    }
    return notes;
  }

  /** Whether the name belonged to another user. */
  boolean strange(String user, UUID id) throws IOException {
    return all().stream()
        .anyMatch(note -> note.user().equals(user) && !note.id().equals(id.toString()));
  }

  /** Another name that the object had. */
  Optional<String> former(String user, UUID id) throws IOException {
    return all().stream()
        .filter(note -> note.id().equals(id.toString()) && !note.user().equals(user))
        .map(Note::user)
        .findFirst();
  }

  /** The name is the object's, and no other name is any more. */
  void note(String user, UUID id) throws IOException, InterruptedException {
    if (all().contains(new Note(user, id.toString()))) {
      return;
    }
    state.edit(
        FILE,
        MODE,
        lines -> {
          List<String> next = new ArrayList<>(lines);
          next.removeIf(line -> line.startsWith(user + ":") || line.endsWith(":" + id));
          next.add(user + ":" + id);
          return next;
        });
  }
}
