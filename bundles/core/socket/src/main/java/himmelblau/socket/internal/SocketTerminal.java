package himmelblau.socket.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.admin.UnknownLoginUid;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import himmelblau.frames.Frame;
import himmelblau.frames.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The terminal behind a connection of the admin socket. */
final class SocketTerminal implements AdminTerminal, ConversationRunner.Sink {
  private static final int CHUNK = 32768;
  private static final int LINES = 1;
  private static final int RAW = 2;

  private final PeerConnection connection;
  private final boolean interactive;
  private final LoginUids loginUids;
  private final PeerAnswers answers;
  private final TypedInput typed = new TypedInput();
  private volatile boolean streaming;
  private volatile Optional<Long> loginUid = Optional.empty();

  SocketTerminal(PeerConnection connection, boolean interactive, LoginUids loginUids) {
    this.connection = connection;
    this.interactive = interactive;
    this.loginUids = loginUids;
    this.answers = new PeerAnswers(connection, connection.limits().answer());
  }

  @Override
  public void take(Frame frame) throws IOException, InterruptedException {
    if (streaming && frame.kind() == Kind.INPUT) {
      typed.add(frame.fields().bytes());
    } else if (streaming && frame.kind() == Kind.INPUT_END) {
      typed.end();
    } else {
      answers.take(frame);
    }
  }

  @Override
  public void close() {
    answers.close();
    typed.close();
  }

  @Override
  public Peer peer() {
    return connection.peer();
  }

  @Override
  public long loginUid() throws UnknownLoginUid {
    // Asked once: what is decided and what is logged of one command is the same caller.
    Optional<Long> known = loginUid;
    if (known.isEmpty()) {
      known = Optional.of(loginUids.of(connection));
      loginUid = known;
    }
    return known.get();
  }

  @Override
  public void out(String line) throws ConversationClosed {
    print(Kind.OUT, line);
  }

  @Override
  public void err(String line) throws ConversationClosed {
    print(Kind.ERR, line);
  }

  private void print(int kind, String line) throws ConversationClosed {
    byte[] bytes = (TerminalText.of(line) + "\n").getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += CHUNK) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(at + CHUNK, bytes.length));
      answers.tell(Frame.of(kind).bytes(part).build());
    }
  }

  @Override
  public Optional<String> ask(String prompt) throws ConversationClosed {
    Optional<Secret> answer =
        answers.ask(Frame.of(Kind.ASK).text(TerminalText.bounded(prompt)).build());
    try {
      return answer.map(Secret::revealText);
    } finally {
      answer.ifPresent(Secret::close);
    }
  }

  @Override
  public Optional<Secret> askHidden(String prompt) throws ConversationClosed {
    return answers.ask(Frame.of(Kind.ASK_HIDDEN).text(TerminalText.bounded(prompt)).u32(0).build());
  }

  @Override
  public boolean interactive() {
    return interactive;
  }

  @Override
  public Streams stream(boolean rawMode) throws ConversationClosed {
    streaming = true; // before the peer is told: it may type at once
    answers.tell(Frame.of(Kind.RAW).u32(rawMode ? RAW : LINES).build());
    return new Streams(typed, new Shown(Kind.OUT), new Shown(Kind.ERR));
  }

  /** What a session writes. */
  private final class Shown extends OutputStream {
    private final int kind;

    Shown(int kind) {
      this.kind = kind;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int at = offset; at < offset + length; at += CHUNK) {
        byte[] part = Arrays.copyOfRange(bytes, at, Math.min(at + CHUNK, offset + length));
        connection.write(Frame.of(kind).bytes(part).build());
      }
    }
  }
}
