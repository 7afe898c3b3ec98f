package himmelblau.socket.internal;

import himmelblau.api.directory.Directory;
import himmelblau.api.directory.Gids;
import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupAnswer;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.log.Log;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.FrameBuilder;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lookups, answered in order on each connection (docs/protocol/socket.md, section 5). */
final class LookupDispatch implements Listener.Handler {
  private static final Log LOG = Log.of(LookupDispatch.class);

  /** The maximum time that a lookup uses a thread, whatever deadline a peer requests. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  /** One uid cannot keep all 32 questions to the directory busy, or its disk. */
  private final LookupRateLimit names = new LookupRateLimit(Duration.ofMillis(100), 16);

  private static final long BY_USER_NAME = 1;

  private final LongerLookups longer = new LongerLookups();
  private final AwaitedService<Directory> directory;
  private final Duration idle;

  LookupDispatch(AwaitedService<Directory> directory, Duration idle) {
    this.directory = directory;
    this.idle = idle;
  }

  @Override
  public void serve(PeerConnection connection) throws IOException, InterruptedException {
    Optional<Frame> next = connection.read(connection.limits().first());
    while (next.isPresent()) {
      Question question = question(next.get());
      Frame answer = answer(question, connection.peer().uid());
      if (answer.kind() == Kind.TRY_AGAIN) {
        answer = later(question, connection).orElse(answer);
      }
      connection.write(answer);
      next = connection.read(idle);
    }
  }

  /**
   * One lookup.
   *
   * @param program what the peer calls itself; empty if it does not say
   */
  private record Question(long operation, Lookup lookup, Duration budget, String program) {}

  private static Question question(Frame frame) throws MalformedFrame {
    if (frame.kind() != Kind.LOOKUP) {
      throw new MalformedFrame(
          MalformedFrame.Reason.FIELD,
          String.format("Expected LOOKUP, received kind 0x%02x", frame.kind()));
    }
    Fields fields = frame.fields();
    long operation = fields.u32();
    Lookup lookup = lookup(operation, fields);
    Duration asked = Duration.ofMillis(fields.u32());
    Duration budget = asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
    return new Question(operation, lookup, budget, fields.left() > 0 ? fields.text() : "");
  }

  /** Continues the query for a peer that may wait, and tells the peer to wait. */
  private Optional<Frame> later(Question question, PeerConnection connection)
      throws IOException, InterruptedException {
    if (question.operation() != BY_USER_NAME) {
      return Optional.empty();
    }
    Optional<LongerLookups.Place> place = longer.place(connection.peer(), question.program());
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      connection.write(Frame.of(Kind.WORKING).build());
      return Optional.of(asked(question.lookup(), LongerLookups.LONGEST));
    } finally {
      place.get().close();
    }
  }

  private Frame answer(Question question, long uid) throws InterruptedException {
    Duration budget = question.budget();
    long begun = System.nanoTime();
    if (byName(question.operation())) {
      Optional<Duration> wait = names.take(uid, budget.dividedBy(2), begun);
      if (wait.isEmpty()) {
        return Frame.of(Kind.TRY_AGAIN).build();
      }
      Thread.sleep(wait.get());
    }
    Duration left = budget.minusNanos(System.nanoTime() - begun);
    return asked(question.lookup(), left.isNegative() ? Duration.ZERO : left);
  }

  private Frame asked(Lookup lookup, Duration budget) throws InterruptedException {
    long begun = System.nanoTime();
    Optional<Directory> there = directory.get(budget);
    if (there.isEmpty()) {
      return Frame.of(Kind.UNAVAILABLE).build();
    }
    Duration left = budget.minusNanos(System.nanoTime() - begun);
    try {
      return lookup.in(there.get(), left.isNegative() ? Duration.ZERO : left);
    } catch (RuntimeException | LinkageError e) {
      LOG.error("lookup.failed", e);
      return Frame.of(Kind.UNAVAILABLE).build();
    }
  }

  /** Lookups by id are answered from the cache. */
  private static boolean byName(long operation) {
    return operation == BY_USER_NAME || operation == 3 || operation == 5;
  }

  @FunctionalInterface
  private interface Lookup {
    Frame in(Directory directory, Duration budget);
  }

  private static Lookup lookup(long operation, Fields fields) throws MalformedFrame {
    switch ((int) Math.min(operation, 6)) {
      case 1 -> {
        String name = fields.text();
        return (directory, budget) ->
            frame(directory.userByName(name, budget), LookupDispatch::passwd);
      }
      case 2 -> {
        long uid = fields.u32();
        return (directory, budget) ->
            frame(directory.userById(uid, budget), LookupDispatch::passwd);
      }
      case 3 -> {
        String name = fields.text();
        return (directory, budget) ->
            frame(directory.groupByName(name, budget), LookupDispatch::group);
      }
      case 4 -> {
        long gid = fields.u32();
        return (directory, budget) ->
            frame(directory.groupById(gid, budget), LookupDispatch::group);
      }
      case 5 -> {
        String name = fields.text();
        return (directory, budget) -> frame(directory.groupsOf(name, budget), LookupDispatch::gids);
      }
      default ->
          throw new MalformedFrame(
              MalformedFrame.Reason.FIELD, "There is no lookup operation " + operation);
    }
  }

  private static <T> Frame frame(LookupAnswer<T> answer, Function<T, Frame> found) {
    return switch (answer) {
      case LookupAnswer.Found<T> entry -> found.apply(entry.value());
      case LookupAnswer.NotFound<T> nothing -> Frame.of(Kind.NOT_FOUND).build();
      case LookupAnswer.TryAgain<T> later -> Frame.of(Kind.TRY_AGAIN).build();
      case LookupAnswer.Unavailable<T> broken -> Frame.of(Kind.UNAVAILABLE).build();
    };
  }

  private static Frame passwd(PasswdEntry entry) {
    return Frame.of(Kind.PASSWD)
        .text(entry.name())
        .u32(entry.uid())
        .u32(entry.gid())
        .text(entry.gecos())
        .text(entry.directory())
        .text(entry.shell())
        .build();
  }

  private static Frame group(GroupEntry entry) {
    FrameBuilder frame = Frame.of(Kind.GROUP).text(entry.name()).u32(entry.gid());
    for (String member : entry.members()) {
      if (!frame.fits(member.getBytes(StandardCharsets.UTF_8).length)) {
        return Frame.of(Kind.IN_MAP).build();
      }
      frame.text(member);
    }
    return frame.build();
  }

  private static Frame gids(Gids gids) {
    List<Long> groups = gids.supplementary();
    FrameBuilder frame = Frame.of(Kind.GIDS).u32(gids.primary());
    if (!frame.fits(4 * groups.size())) {
      return Frame.of(Kind.IN_MAP).build();
    }
    ByteBuffer packed = ByteBuffer.allocate(4 * groups.size()).order(ByteOrder.LITTLE_ENDIAN);
    groups.forEach(gid -> packed.putInt((int) (long) gid));
    return frame.bytes(packed.array()).build();
  }
}
