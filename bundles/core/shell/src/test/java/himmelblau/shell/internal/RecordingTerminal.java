package himmelblau.shell.internal;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps what is shown. */
final class RecordingTerminal implements AdminTerminal {
  final List<String> out = new ArrayList<>();
  final List<String> err = new ArrayList<>();
  final ByteArrayOutputStream streamed = new ByteArrayOutputStream();
  private final long uid;
  private final String typed;

  RecordingTerminal(long uid, String typed) {
    this.uid = uid;
    this.typed = typed;
  }

  @Override
  public Peer peer() {
    return new Peer(uid, uid, 1);
  }

  @Override
  public long loginUid() {
    return 1000;
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
    return true;
  }

  @Override
  public Streams stream(boolean rawMode) {
    return new Streams(
        new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), streamed, streamed);
  }
}
