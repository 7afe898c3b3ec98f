package himmelblau.config.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Root's terminal: gives what was typed and keeps what is shown. */
final class RecordingTerminal implements AdminTerminal {
  final List<String> out = new ArrayList<>();
  final List<String> err = new ArrayList<>();
  boolean streaming;
  private final ByteArrayInputStream typed;

  RecordingTerminal(byte[] typed) {
    this.typed = new ByteArrayInputStream(typed);
  }

  /** How much nobody has read. */
  int left() {
    return typed.available();
  }

  @Override
  public Peer peer() {
    return new Peer(0, 0, 1);
  }

  @Override
  public long loginUid() {
    return 0;
  }

  @Override
  public void out(String line) {
    out.add(line);
  }

  @Override
  public void err(String line) {
    err.add(line);
  }

  @Override
  public Optional<String> ask(String prompt) {
    return Optional.empty();
  }

  @Override
  public Optional<Secret> askHidden(String prompt) {
    return Optional.empty();
  }

  @Override
  public boolean interactive() {
    return false;
  }

  @Override
  public Streams stream(boolean rawMode) {
    streaming = true;
    return new Streams(typed, OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
  }
}
