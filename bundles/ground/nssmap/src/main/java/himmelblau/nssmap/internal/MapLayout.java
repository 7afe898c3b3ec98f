package himmelblau.nssmap.internal;

/**
 * The constants of docs/protocol/nss-map.md; their C counterpart is
 * runtime/shims/client/map_format.h.
 */
final class MapLayout {
  static final int BLOCK_SIZE = 4096;
  static final int PAYLOAD = BLOCK_SIZE - Long.BYTES;

  static final long MAGIC = 0x3150_414D_4D4D_4948L; // "HIMMMAP1"
  static final int VERSION = 1;
  static final int HEADER_SIZE = 256;
  static final int SECTIONS_AT = 80;

  static final int BASE = 1;
  static final int DELTA = 2;

  /** The sections, in the order of the header. */
  enum Section {
    BY_NAME(0),
    BY_UID(1),
    BY_GID(2),
    BY_OBJECT(3),
    USERS(4),
    GROUPS(5);

    final int place;

    Section(int place) {
      this.place = place;
    }
  }

  static final int SLOT_SIZE = 8;
  static final int MAX_PROBES = 4096;

  static final int USER = 1;
  static final int GROUP = 2;
  static final int NEGATIVE = 3;

  static final int USER_SIZE = 40;
  static final int PRIVATE_GROUP = 1;
  static final int HIDDEN = 2;
  static final int NAME_IS_KEY = 4;

  static final int GROUP_SIZE = 48;
  static final int EXTENDS = 1;
  static final int NAME_IS_ID = 2;

  /** Of users and of groups, in a delta. */
  static final int REMOVED = 8;

  static final int NEGATIVE_SIZE = 24;

  static final int LONGEST_NAME = 255;

  private MapLayout() {}
}
