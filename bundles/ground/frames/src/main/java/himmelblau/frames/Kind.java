package himmelblau.frames;

/**
 * The kinds of frames, as in the tables of docs/protocol/socket.md. A number means what the table
 * of its socket says: the broker's and the task socket use some of the same ones.
 */
public final class Kind {
  public static final int START = 0x10;
  public static final int ANSWER = 0x11;
  public static final int GIVE_UP = 0x12;
  public static final int SAY = 0x20;
  public static final int WARN = 0x21;
  public static final int ASK = 0x22;
  public static final int ASK_HIDDEN = 0x23;
  public static final int OUT = 0x24;
  public static final int ERR = 0x25;
  public static final int RAW = 0x26;
  public static final int HEARD = 0x27;
  public static final int NO_ROOM = 0x28;
  public static final int END = 0x2F;
  public static final int COMMAND = 0x30;
  public static final int INPUT = 0x31;
  public static final int INPUT_END = 0x32;
  public static final int LOOKUP = 0x40;
  public static final int PASSWD = 0x50;
  public static final int GROUP = 0x51;
  public static final int GIDS = 0x52;
  public static final int IN_MAP = 0x53;
  public static final int WORKING = 0x54;
  public static final int NOT_FOUND = 0x5D;
  public static final int TRY_AGAIN = 0x5E;
  public static final int UNAVAILABLE = 0x5F;
  public static final int HELLO = 0x60;
  public static final int TASK = 0x61;
  public static final int DONE = 0x62;
  public static final int TASKS = 0x63;

  public static final int BROKER_CALL = 0x60;
  public static final int BROKER_REPLY = 0x61;
  public static final int BROKER_FAILED = 0x62;

  private Kind() {}
}
