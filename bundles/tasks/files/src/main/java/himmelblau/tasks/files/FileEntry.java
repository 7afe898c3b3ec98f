package himmelblau.tasks.files;

/**
 * The status of a file, without following a link (statx(2)).
 *
 * @param uid unsigned owner
 * @param gid unsigned group
 * @param mode permission bits with set-uid, set-gid and sticky, 0…07777
 * @param links number of hard links
 * @param size in bytes
 * @param inode with {@code device} the identity of the file
 */
public record FileEntry(
    Kind kind, long uid, long gid, int mode, long links, long size, long inode, long device) {
  private static final int OTHERS_MAY_WRITE = 0022;

  /** Type of a file. */
  public enum Kind {
    DIRECTORY,
    FILE,
    LINK,
    OTHER
  }

  public boolean directory() {
    return kind == Kind.DIRECTORY;
  }

  public boolean link() {
    return kind == Kind.LINK;
  }

  /** Whether only root can change it. The mode of a link has no meaning. */
  public boolean rootOnly() {
    return uid == 0 && (link() || (mode & OTHERS_MAY_WRITE) == 0);
  }

  public boolean same(FileEntry other) {
    return inode == other.inode && device == other.device;
  }

  /** Reads struct statx. */
  static FileEntry of(byte[] statx) {
    java.nio.ByteBuffer at =
        java.nio.ByteBuffer.wrap(statx).order(java.nio.ByteOrder.nativeOrder());
    int mode = Short.toUnsignedInt(at.getShort(28));
    Kind kind =
        switch (mode & 0170000) {
          case 0040000 -> Kind.DIRECTORY;
          case 0100000 -> Kind.FILE;
          case 0120000 -> Kind.LINK;
          default -> Kind.OTHER;
        };
    return new FileEntry(
        kind,
        Integer.toUnsignedLong(at.getInt(20)),
        Integer.toUnsignedLong(at.getInt(24)),
        mode & 07777,
        Integer.toUnsignedLong(at.getInt(16)),
        at.getLong(40),
        at.getLong(32),
        (long) at.getInt(136) << 32 | Integer.toUnsignedLong(at.getInt(140)));
  }
}
