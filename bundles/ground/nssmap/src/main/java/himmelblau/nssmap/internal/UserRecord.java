package himmelblau.nssmap.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.directory.PasswdEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Encodes users; remembers the last list of gids, which an equal list refers to. */
final class UserRecord {
  private int[] lastGids = new int[0];
  private long lastGidsAt;
  private List<byte[]> keys = List.of();

  /** The form of a user's name under which it is indexed. */
  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The record at a logical offset. */
  byte[] encode(MappedUser user, long at) {
    PasswdEntry entry = user.entry();
    byte[] name = entry.name().getBytes(UTF_8);
    byte[] gecos = entry.gecos().getBytes(UTF_8);
    byte[] directory = entry.directory().getBytes(UTF_8);
    byte[] shell = entry.shell().getBytes(UTF_8);
    List<byte[]> aliases = aliasesOf(user);
    int[] gids = supplementary(user);
    int text = name.length + gecos.length + directory.length + shell.length + 6;
    int aliasBytes = aliases.stream().mapToInt(alias -> alias.length + 1).sum();
    int head = padded(MapLayout.USER_SIZE + text + aliasBytes);
    boolean repeat = gids.length == 0 || Arrays.equals(gids, lastGids);
    int length = head + (repeat ? 0 : padded(4 * gids.length));
    if (!repeat) {
      lastGids = gids;
      lastGidsAt = at + head;
    }

    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MapLayout.USER).putInt(length).putInt((int) entry.uid()).putInt((int) entry.gid());
    to.putInt(flags(user))
        .putInt(gids.length)
        .putInt((int) (gids.length == 0 ? 0 : lastGidsAt / 8));
    to.putShort((short) name.length).putShort((short) gecos.length);
    to.putShort((short) directory.length).putShort((short) shell.length);
    to.putShort((short) aliases.size()).putShort((short) aliasBytes);
    to.put(name).put((byte) 0).put((byte) 'x').put((byte) 0);
    for (byte[] part : List.of(gecos, directory, shell)) {
      to.put(part).put((byte) 0);
    }
    aliases.forEach(alias -> to.put(alias).put((byte) 0));
    if (!repeat) {
      to.position(head);
      for (int gid : gids) {
        to.putInt(gid);
      }
    }
    return to.array();
  }

  /** Under which the user encoded last is to be found. */
  List<byte[]> keys() {
    return keys;
  }

  static byte[] removed(long uid) {
    int length = padded(MapLayout.USER_SIZE + 1 + 6);
    ByteBuffer to = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(MapLayout.USER).putInt(length).putInt((int) uid).putInt(0);
    to.putInt(MapLayout.REMOVED).putInt(0).putInt(0).putShort((short) 1);
    to.put(MapLayout.USER_SIZE, (byte) '-').put(MapLayout.USER_SIZE + 2, (byte) 'x');
    return to.array();
  }

  /** Sets {@link #keys} too. */
  private List<byte[]> aliasesOf(MappedUser user) {
    List<byte[]> all = new ArrayList<>();
    List<byte[]> aliases = new ArrayList<>();
    String name = user.entry().name();
    List<String> seen = new ArrayList<>();
    if (isKey(user)) {
      all.add(name.getBytes(UTF_8));
      seen.add(name);
    } else if (!user.hidden()) {
      seen.add(fold(name));
      aliases.add(fold(name).getBytes(UTF_8));
    }
    for (String alias : user.aliases()) {
      if (!seen.contains(fold(alias))) {
        seen.add(fold(alias));
        aliases.add(fold(alias).getBytes(UTF_8));
      }
    }
    all.addAll(aliases);
    keys = all;
    return aliases;
  }

  /** A hidden user's name is the host's own and found in its files. */
  private static boolean isKey(MappedUser user) {
    return !user.hidden() && fold(user.entry().name()).equals(user.entry().name());
  }

  private static int flags(MappedUser user) {
    int privateGroup =
        user.entry().gid() == user.entry().uid() && !user.hidden() ? MapLayout.PRIVATE_GROUP : 0;
    return privateGroup
        | (user.hidden() ? MapLayout.HIDDEN : 0)
        | (isKey(user) ? MapLayout.NAME_IS_KEY : 0);
  }

  private static int[] supplementary(MappedUser user) {
    return user.gids().stream()
        .filter(gid -> gid != user.entry().gid())
        .distinct()
        .mapToInt(Long::intValue)
        .toArray();
  }

  static int padded(int length) {
    return Math.addExact(length, 7) & ~7;
  }
}
