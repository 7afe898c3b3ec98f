package himmelblau.nssmap.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.nssmap.internal.MapLayout.Section;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads a map file as far as the writer needs it. Not thread-safe. */
final class MapFileReader implements Closeable {
  private final BlockReader in;
  private final MapHeader header;

  MapFileReader(BlockReader in) {
    this.in = in;
    this.header = in.header();
  }

  MapHeader header() {
    return header;
  }

  /** Something done with each record. */
  interface Visitor<T> {
    void visit(T record) throws IOException;
  }

  void users(Visitor<MappedUser> visitor) throws IOException {
    records(Section.USERS, MapLayout.USER, at -> visitor.visit(user(at)));
  }

  void groups(Visitor<MappedGroup> visitor) throws IOException {
    records(Section.GROUPS, MapLayout.GROUP, at -> visitor.visit(group(at)));
  }

  Optional<MappedUser> byName(String folded) throws IOException {
    byte[] key = folded.getBytes(UTF_8);
    long hash = XxHash64.hash(key, header.seed());
    for (long at : candidates(Section.BY_NAME, hash, (int) (hash >>> 32))) {
      if (kind(at) != MapLayout.USER) {
        continue;
      }
      MappedUser user = user(at);
      if (user.aliases().contains(folded) || user.entry().name().equals(folded)) {
        return Optional.of(user);
      }
    }
    return Optional.empty();
  }

  Optional<MappedUser> byUid(long uid) throws IOException {
    for (long at : candidates(Section.BY_UID, XxHash64.hash((int) uid, header.seed()), (int) uid)) {
      if (kind(at) == MapLayout.USER) {
        return Optional.of(user(at));
      }
    }
    return Optional.empty();
  }

  Optional<MappedGroup> byGid(long gid) throws IOException {
    for (long at : candidates(Section.BY_GID, XxHash64.hash((int) gid, header.seed()), (int) gid)) {
      if (kind(at) == MapLayout.GROUP) {
        return Optional.of(group(at));
      }
    }
    return Optional.empty();
  }

  private List<Long> candidates(Section index, long hash, int tag) throws IOException {
    long mask = header.extent(index) - 1;
    List<Long> found = new ArrayList<>(1);
    long slot = hash & mask;
    for (int probe = 0; probe < MapLayout.MAX_PROBES && probe <= mask; probe++) {
      ByteBuffer raw =
          in.buffer(header.offset(index) + slot * MapLayout.SLOT_SIZE, MapLayout.SLOT_SIZE);
      int slotTag = raw.getInt();
      long reference = Integer.toUnsignedLong(raw.getInt());
      if (reference == 0) {
        break;
      }
      if (slotTag == tag) {
        found.add(reference * 8);
      }
      slot = (slot + 1) & mask;
    }
    return found;
  }

  private void records(Section section, int kind, Visitor<Long> visitor) throws IOException {
    long at = header.offset(section);
    long end = at + header.extent(section);
    while (at < end) {
      ByteBuffer head = in.buffer(at, 8);
      int found = head.getInt();
      int length = head.getInt();
      if (length < 8 || length % 8 != 0) {
        throw new DamagedMap("a record has no length");
      }
      if (found == kind) {
        visitor.visit(at);
      }
      at += length;
    }
  }

  private int kind(long at) throws IOException {
    return in.buffer(at, 4).getInt();
  }

  private MappedUser user(long at) throws IOException {
    int length = in.buffer(at + 4, 4).getInt();
    ByteBuffer from = in.buffer(at, length);
    from.position(8);
    long uid = Integer.toUnsignedLong(from.getInt());
    long gid = Integer.toUnsignedLong(from.getInt());
    int flags = from.getInt();
    int gidCount = from.getInt();
    long gidsAt = Integer.toUnsignedLong(from.getInt()) * 8;
    from.position(MapLayout.USER_SIZE);
    String name = text(from);
    text(from);
    PasswdEntry entry = new PasswdEntry(name, uid, gid, text(from), text(from), text(from));
    List<String> aliases = new ArrayList<>();
    for (int i = from.getShort(36); i > 0; i--) {
      aliases.add(text(from));
    }
    List<Long> gids = new ArrayList<>(gidCount + 1);
    gids.add(gid);
    ByteBuffer list = in.buffer(gidsAt, Math.multiplyExact(gidCount, 4));
    while (list.hasRemaining()) {
      gids.add(Integer.toUnsignedLong(list.getInt()));
    }
    return new MappedUser(entry, aliases, gids, (flags & MapLayout.HIDDEN) != 0);
  }

  private MappedGroup group(long at) throws IOException {
    int length = in.buffer(at + 4, 4).getInt();
    ByteBuffer from = in.buffer(at, length);
    long gid = Integer.toUnsignedLong(from.getInt(8));
    int flags = from.getInt(12);
    from.order(ByteOrder.BIG_ENDIAN);
    UUID id = new UUID(from.getLong(16), from.getLong(24));
    from.order(ByteOrder.LITTLE_ENDIAN);
    int count = from.getInt(36);
    from.position(MapLayout.GROUP_SIZE);
    String name = text(from);
    String[] members = new String[count];
    for (int i = 0; i < count; i++) {
      members[i] = text(from);
    }
    Optional<UUID> objectId =
        id.getMostSignificantBits() == 0 && id.getLeastSignificantBits() == 0
            ? Optional.empty()
            : Optional.of(id);
    return new MappedGroup(
        new GroupEntry(name, gid, Arrays.asList(members)),
        objectId,
        (flags & MapLayout.NAME_IS_ID) != 0);
  }

  private static String text(ByteBuffer from) throws IOException {
    int start = from.position();
    while (from.hasRemaining()) {
      if (from.get() == 0) {
        byte[] text = new byte[from.position() - 1 - start];
        from.get(start, text);
        return new String(text, UTF_8);
      }
    }
    throw new DamagedMap("a text has no end");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
