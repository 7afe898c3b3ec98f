package himmelblau.testing.doubles;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A terminal that gives what was typed and keeps what it is shown. */
public final class RecordingTerminal implements AdminTerminal {
  /** Differs from root's uid, as with sudo. */
  public static final long LOGIN_UID = 1000;

  /** All lines in their order, errors with {@code ! } in front. */
  public final List<String> lines = new ArrayList<>();

  public final List<String> out = new ArrayList<>();
  public final List<String> err = new ArrayList<>();

  /** What a command wrote as a stream. */
  public final ByteArrayOutputStream streamed = new ByteArrayOutputStream();

  /** What is typed where it is not shown. */
  public String hidden = "typed secret";

  private final long uid;
  private final ByteArrayInputStream typed;
  private final boolean interactive;
  private boolean streaming;

  /** Root's, at which nothing is typed. */
  public RecordingTerminal() {
    this(0, "");
  }

  public RecordingTerminal(long uid, String typed) {
    this(uid, typed, false);
  }

  /**
   * @param interactive whether a person sits at it
   */
  public RecordingTerminal(long uid, String typed, boolean interactive) {
    this.uid = uid;
    this.interactive = interactive;
    this.typed = new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
  }

  public String text() {
    return String.join("\n", lines);
  }

  /** Whether a command asked for the streams. */
  public boolean streaming() {
    return streaming;
  }

  /** Typed bytes that nobody has read. */
  public int left() {
    return typed.available();
  }

  @Override
  public Peer peer() {
    return new Peer(uid, uid, 1);
  }

  @Override
  public long loginUid() {
    return LOGIN_UID;
  }

  @Override
  public void out(String line) {
    out.add(line);
    lines.add(line);
  }

  @Override
  public void err(String line) {
    err.add(line);
    lines.add("! " + line);
  }

  @Override
  public Optional<String> ask(String prompt) {
    return Optional.empty();
  }

  @Override
  public Optional<Secret> askHidden(String prompt) {
    return Optional.of(Secret.ofText(hidden));
  }

  @Override
  public boolean interactive() {
    return interactive;
  }

  @Override
  public Streams stream(boolean rawMode) {
    streaming = true;
    return new Streams(typed, streamed, streamed);
  }
}
