package himmelblau.nssmap.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.directory.LookupMap.MappedGroup;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.UUID;

/** Encodes groups, and names that do not exist. */
final class GroupRecord {
  private GroupRecord() {}

  static byte[] encode(MappedGroup group, int flags, Collection<String> members) {
    byte[] name = group.entry().name().getBytes(UTF_8);
    ByteArrayOutputStream texts = new ByteArrayOutputStream(name.length + 1 + members.size() * 16);
    members.forEach(member -> addText(texts, member.getBytes(UTF_8)));
    byte[] memberTexts = texts.toByteArray();
    int length =
        UserRecord.padded(
            Math.addExact(MapLayout.GROUP_SIZE + name.length + 1, memberTexts.length));
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MapLayout.GROUP).putInt(length).putInt((int) group.entry().gid());
    to.putInt(flags | (group.namedById() ? MapLayout.NAME_IS_ID : 0));
    to.put(group.objectId().map(GroupRecord::bytes).orElseGet(() -> new byte[16]));
    to.putShort((short) name.length).putShort((short) 0);
    to.putInt(members.size()).putInt(memberTexts.length).putInt(0);
    to.put(name).put((byte) 0).put(memberTexts);
    return to.array();
  }

  static byte[] removed(long gid) {
    int length = UserRecord.padded(MapLayout.GROUP_SIZE + 2);
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MapLayout.GROUP).putInt(length).putInt((int) gid).putInt(MapLayout.REMOVED);
    to.putShort(32, (short) 1).put(MapLayout.GROUP_SIZE, (byte) '-');
    return to.array();
  }

  static byte[] negative(byte[] key, int number, long expires) {
    int length = UserRecord.padded(MapLayout.NEGATIVE_SIZE + key.length);
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MapLayout.NEGATIVE).putInt(length).putLong(expires).putInt(number);
    to.putShort((short) key.length).putShort((short) 0).put(key);
    return to.array();
  }

  /** The sixteen bytes in the order of the text. */
  static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private static void addText(ByteArrayOutputStream texts, byte[] text) {
    texts.writeBytes(text);
    texts.write(0);
  }
}
