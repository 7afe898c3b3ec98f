package himmelblau.socket.internal;

import java.time.Duration;

/**
 * What a peer may hold and for how long (docs/protocol/socket.md, section 2).
 *
 * @param first how long a connection may say nothing before its first frame
 * @param frame how long a frame that has begun may take
 * @param write how long a peer may leave a frame of ours unread
 * @param perUid connections of one uid
 * @param perRoot connections of uid 0
 */
record Limits(Duration first, Duration frame, Duration write, int perUid, int perRoot) {
  static final Limits USUAL =
      new Limits(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(10), 64, 512);

  /** The same, for a peer whose person may hold the output with the Scroll Lock key. */
  static final Limits TERMINAL =
      new Limits(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofMinutes(10), 64, 512);

  int connectionsOf(long uid) {
    return uid == 0 ? perRoot : perUid;
  }
}
