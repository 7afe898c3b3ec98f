package himmelblau.tasks.picture.internal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** AccountsService on the system bus, through busctl(1). */
final class AccountsService {
  private static final String SERVICE = "org.freedesktop.Accounts";
  private static final String ROOT = "/org/freedesktop/Accounts";
  private static final Pattern USER = Pattern.compile("o \"(" + ROOT + "/User[0-9]{1,10})\"\\s*");
  private static final long SECONDS = 15;
  private static final int MOST_OUTPUT = 4096;

  private final String busctl;

  AccountsService(String busctl) {
    this.busctl = busctl;
  }

  /** The object of a user; AccountsService creates it if it does not exist. */
  String user(String name) throws IOException, InterruptedException {
    Optional<String> known = find("FindUserByName", name);
    if (known.isPresent()) {
      return known.get();
    }
    return find("CacheUser", name)
        .orElseThrow(() -> new IOException("AccountsService does not know " + name));
  }

  private Optional<String> find(String method, String name)
      throws IOException, InterruptedException {
    Optional<String> answer = call(ROOT, SERVICE, method, name);
    return answer.map(USER::matcher).filter(Matcher::matches).map(matcher -> matcher.group(1));
  }

  /** Has the picture copied from {@code file}. */
  void setIcon(String user, String file) throws IOException, InterruptedException {
    if (call(user, SERVICE + ".User", "SetIconFile", file).isEmpty()) {
      throw new IOException("AccountsService does not accept the picture");
    }
  }

  /** Empty when the call failed. */
  private Optional<String> call(String object, String type, String method, String argument)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(busctl, "--system", "--timeout=10", "call"));
    command.addAll(List.of(SERVICE, object, type, method, "s", argument));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    Process process = builder.start();
    try {
      byte[] answer = process.getInputStream().readNBytes(MOST_OUTPUT);
      if (process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return Optional.of(new String(answer, StandardCharsets.UTF_8));
      }
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}
