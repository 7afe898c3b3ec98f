package himmelblau.socket.internal;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.Peer;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInRequest.Flag;
import himmelblau.api.login.SignInResult;
import himmelblau.api.login.SignInService;
import himmelblau.api.secret.Secret;
import himmelblau.frames.Fields;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import himmelblau.frames.MalformedFrame;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A START frame. Closing it wipes the authtok.
 *
 * @param keepsOld whether the shim can keep the secret that a change replaces
 */
record StartFrame(Operation operation, SignInRequest request, boolean keepsOld)
    implements AutoCloseable {
  private static final long GREETER = 2;
  private static final long KEEPS_OLD = 4;

  private static final Map<Long, Flag> FLAGS =
      Map.of(
          1L, Flag.NO_HELLO_PIN,
          2L, Flag.FORCE_REAUTH,
          4L, Flag.NO_INFO_PROMPT,
          8L, Flag.MFA_POLL_PROMPT,
          16L, Flag.SILENT,
          32L, Flag.IGNORE_UNKNOWN_USER);

  /** What the shim wants. */
  enum Operation {
    AUTHENTICATE,
    ACCOUNT,
    OPEN_SESSION,
    CHANGE_PIN,
    UNSEAL,
    CLOSE_SESSION;

    /** Whether it may wait for a user, so that one client could keep many of them open. */
    boolean waits() {
      return this == AUTHENTICATE || this == CHANGE_PIN;
    }

    private static Operation of(long number) throws MalformedFrame {
      return switch ((int) Math.min(number, 7)) {
        case 1 -> AUTHENTICATE;
        case 2 -> ACCOUNT;
        case 3 -> OPEN_SESSION;
        case 4 -> CHANGE_PIN;
        case 5 -> UNSEAL;
        case 6 -> CLOSE_SESSION;
        default ->
            throw new MalformedFrame(
                MalformedFrame.Reason.FIELD, "There is no operation " + number);
      };
    }

    SignInResult run(SignInService service, SignInRequest request, Conversation conversation)
        throws ConversationClosed {
      return switch (this) {
        case AUTHENTICATE -> service.authenticate(request, conversation);
        case ACCOUNT -> service.account(request, conversation);
        case OPEN_SESSION -> service.openSession(request, conversation);
        case CHANGE_PIN -> service.changePin(request, conversation);
        case CLOSE_SESSION -> service.closeSession(request, conversation);
        case UNSEAL -> {
          service.unseal(request);
          yield SignInResult.of(PamCode.IGNORE);
        }
      };
    }
  }

  static StartFrame read(Frame frame, Peer peer) throws MalformedFrame {
    if (frame.kind() != Kind.START) {
      throw new MalformedFrame(
          MalformedFrame.Reason.FIELD,
          String.format("Expected START, received kind 0x%02x", frame.kind()));
    }
    Fields fields = frame.fields();
    Operation operation = Operation.of(fields.u32());
    String user = fields.text();
    String service = fields.text();
    String tty = fields.text();
    String rhost = fields.text();
    Set<Flag> flags = flags(fields.u32());
    long capabilities = fields.u32();
    boolean graphical = (capabilities & GREETER) != 0;
    String locale = fields.text();
    Secret secret = fields.secret();
    Optional<Secret> authtok = secret.isEmpty() ? Optional.empty() : Optional.of(secret);
    // A program that runs since before an update has loaded a shim that does not say it.
    long caller = fields.left() > 0 ? fields.u32() : peer.uid();
    return new StartFrame(
        operation,
        new SignInRequest(
            peer, caller, user, service, tty, rhost, flags, graphical, locale, authtok),
        (capabilities & KEEPS_OLD) != 0);
  }

  private static Set<Flag> flags(long bits) {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    FLAGS.forEach(
        (bit, flag) -> {
          if ((bits & bit) != 0) {
            flags.add(flag);
          }
        });
    return flags;
  }

  @Override
  public void close() {
    request.authtok().ifPresent(Secret::close);
  }
}
