package himmelblau.socket.internal;

import java.time.Duration;

/**
 * The resources that a peer may use, and for how long (docs/protocol/socket.md, section 2).
 *
 * @param first how long a connection may say nothing before its first frame
 * @param frame how long a frame that has begun may take
 * @param write how long a peer may leave a frame of ours unread
 * @param answer how long a question to the user stands
 * @param perUid connections of one uid
 * @param perRoot connections of uid 0
 * @param others connections of all uids but 0 together: what each may hold (a frame, a sign-in
 *     page) times this fits the heap (runtime/image/jvm.options)
 */
record PeerLimits(
    Duration first,
    Duration frame,
    Duration write,
    Duration answer,
    int perUid,
    int perRoot,
    int others) {
  static final PeerLimits USUAL =
      new PeerLimits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMinutes(5), // as sudo's passwd_timeout
          64,
          512,
          128);

  /** The same, for a peer whose user may hold the output with the Scroll Lock key. */
  static final PeerLimits TERMINAL =
      new PeerLimits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          64,
          512,
          128);

  int connectionsOf(long uid) {
    return uid == 0 ? perRoot : perUid;
  }
}
