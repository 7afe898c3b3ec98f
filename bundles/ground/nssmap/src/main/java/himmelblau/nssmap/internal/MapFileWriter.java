package himmelblau.nssmap.internal;

import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.nssmap.internal.MapLayout.Section;
import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes a map file in one pass: users, then groups, then missing names, then {@link #finish}. */
final class MapFileWriter implements Closeable {
  /** The fields of the header that do not describe the content. */
  record HeaderFields(
      int kind, long generation, long baseGeneration, long seed, long created, long validUntil) {}

  private final HeaderFields header;
  private final BlockWriter out;
  private final UserRecord record = new UserRecord();
  private final Map<Section, IndexBuilder> indexes = new EnumMap<>(Section.class);
  private long groupsAt = -1;
  private long userCount;
  private long groupCount;
  private long negativeCount;

  MapFileWriter(BlockWriter out, HeaderFields header) {
    this.out = out;
    this.header = header;
    for (Section section :
        List.of(Section.BY_NAME, Section.BY_UID, Section.BY_GID, Section.BY_OBJECT)) {
      indexes.put(section, new IndexBuilder());
    }
  }

  void user(MappedUser user) throws IOException {
    long at = out.position();
    write(record.encode(user, at));
    for (byte[] key : record.keys()) {
      index(Section.BY_NAME).add(key, header.seed(), at);
    }
    index(Section.BY_UID).add((int) user.entry().uid(), header.seed(), at);
    userCount++;
  }

  /** Marks the user with this uid in the base as removed. */
  void removedUser(long uid) throws IOException {
    long at = out.position();
    write(UserRecord.removed(uid));
    index(Section.BY_UID).add((int) uid, header.seed(), at);
    userCount++;
  }

  void group(MappedGroup group) throws IOException {
    group(group, 0, group.entry().members());
  }

  /** A group of the base with more members. */
  void extension(MappedGroup group, Collection<String> joined) throws IOException {
    group(group, MapLayout.EXTENDS, joined);
  }

  private void group(MappedGroup group, int flags, Collection<String> members) throws IOException {
    long at = beginGroups();
    write(GroupRecord.encode(group, flags, members));
    index(Section.BY_GID).add((int) group.entry().gid(), header.seed(), at);
    if (group.objectId().isPresent()) {
      index(Section.BY_OBJECT).add(GroupRecord.bytes(group.objectId().get()), header.seed(), at);
    }
    groupCount++;
  }

  void removedGroup(long gid) throws IOException {
    long at = beginGroups();
    write(GroupRecord.removed(gid));
    index(Section.BY_GID).add((int) gid, header.seed(), at);
    groupCount++;
  }

  void missingName(byte[] key, long expires) throws IOException {
    negative(Section.BY_NAME, key, 0, expires);
  }

  void missingNumber(Section index, long number, long expires) throws IOException {
    negative(index, new byte[0], (int) number, expires);
  }

  void missingObject(UUID objectId, long expires) throws IOException {
    negative(Section.BY_OBJECT, GroupRecord.bytes(objectId), 0, expires);
  }

  private void negative(Section section, byte[] key, int number, long expires) throws IOException {
    long at = beginGroups();
    write(GroupRecord.negative(key, number, expires));
    if (key.length > 0) {
      index(section).add(key, header.seed(), at);
    } else {
      index(section).add(number, header.seed(), at);
    }
    negativeCount++;
  }

  /** Completes the file and forces it to the disk. */
  void finish() throws IOException {
    long[] sections = new long[2 * Section.values().length];
    long end = beginGroups();
    end = out.position();
    set(sections, Section.USERS, MapLayout.HEADER_SIZE, groupsAt - MapLayout.HEADER_SIZE);
    set(sections, Section.GROUPS, groupsAt, end - groupsAt);
    for (Map.Entry<Section, IndexBuilder> index : indexes.entrySet()) {
      set(sections, index.getKey(), out.position(), index.getValue().slots());
      index.getValue().writeTo(out);
    }
    out.finish(
        new MapHeader(
            header.kind(),
            header.generation(),
            header.baseGeneration(),
            out.position(),
            header.seed(),
            header.created(),
            header.validUntil(),
            sections,
            userCount,
            groupCount,
            negativeCount));
  }

  /** Bytes written so far. */
  long size() {
    return out.position();
  }

  private long beginGroups() {
    if (groupsAt < 0) {
      groupsAt = out.position();
    }
    return out.position();
  }

  private IndexBuilder index(Section section) {
    IndexBuilder index = indexes.get(section);
    if (index == null) {
      throw new IllegalArgumentException(section + " is not an index");
    }
    return index;
  }

  private void write(byte[] record) throws IOException {
    out.write(record, 0, record.length);
  }

  private static void set(long[] sections, Section section, long offset, long extent) {
    sections[2 * section.place] = offset;
    sections[2 * section.place + 1] = extent;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
