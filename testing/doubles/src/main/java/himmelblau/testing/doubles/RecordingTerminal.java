package himmelblau.testing.doubles;

import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A terminal that writes down what it is shown, errors with {@code ! } in front. */
public final class RecordingTerminal implements AdminTerminal {
  public final List<String> lines = new ArrayList<>();

  public String text() {
    return String.join("\n", lines);
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
    lines.add(line);
  }

  @Override
  public void err(String line) {
    lines.add("! " + line);
  }

  @Override
  public Optional<String> ask(String prompt) {
    return Optional.empty();
  }

  @Override
  public Optional<Secret> askHidden(String prompt) {
    return Optional.of(Secret.ofText("typed secret"));
  }

  @Override
  public boolean interactive() {
    return false;
  }

  @Override
  public Streams stream(boolean rawMode) {
    throw new UnsupportedOperationException();
  }
}
