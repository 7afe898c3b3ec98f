package himmelblau.launcher;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.osgi.framework.BundleException;

/**
 * Entry point of both processes. System properties set by the launch script: {@code
 * himmelblau.process} (daemon or tasks), {@code himmelblau.home} (the image), {@code
 * himmelblau.storage} (the framework's cache).
 */
public final class Main {
  private static final System.Logger LOG = System.getLogger("himmelblau.launcher");

  private Main() {}

  public static void main(String[] words) throws Exception {
    List<String> list = Arrays.asList(words);
    if (list.contains("-h") || list.contains("--help")) {
      System.out.print(LaunchOptions.USAGE);
      return;
    }
    if (list.contains("-V") || list.contains("--version")) {
      System.out.println("himmelblau " + version());
      return;
    }
    LaunchOptions options;
    try {
      options = LaunchOptions.parse(words, System.getenv());
    } catch (LaunchOptions.Unusable e) {
      System.err.println("himmelblaud: " + e.getMessage() + ". Try --help.");
      System.exit(2);
      return;
    }
    System.exit(run(options));
  }

  private static int run(LaunchOptions options) throws IOException, InterruptedException {
    boolean daemon = System.getProperty("himmelblau.process", "daemon").equals("daemon");
    if (daemon && runsAsRoot() && !options.skipRootCheck() && !options.configTest()) {
      System.err.println(
          "himmelblaud: refusing to run as root; start it as the user himmelblaud (its systemd unit"
              + " does), or give -r for a test.");
      return 1;
    }
    if (options.debug()) {
      System.setProperty(LineLoggerFinder.DEBUG, "true");
    }
    BundleRuntime runtime =
        new BundleRuntime(Path.of(System.getProperty("himmelblau.home", ".")), options);
    try {
      // A stop signal only asks: the framework stops its bundles in order on its own thread.
      Signals.on("TERM", runtime::stop);
      Signals.on("INT", runtime::stop);
      Signals.on("HUP", runtime::reload);
      return runtime.run(daemon ? "daemon" : "tasks");
    } catch (BundleException | RuntimeException e) {
      // The framework's own threads would keep a process alive in which nothing works.
      LOG.log(Level.ERROR, "start.failed", e);
      return 1;
    }
  }

  private static boolean runsAsRoot() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "0.1.0" : version.replace("-SNAPSHOT", "");
  }
}
