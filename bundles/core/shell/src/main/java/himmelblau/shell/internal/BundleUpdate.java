package himmelblau.shell.internal;

import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Replaces a bundle by another version of it, and by the old one again if the new one does not
 * start. Bundles of the image cannot be updated in place (decision 0005), so the old one is
 * uninstalled; it comes back from where it was installed from.
 */
final class BundleUpdate {
  private static final Log LOG = Log.of(BundleUpdate.class);
  private static final String IMAGE = "image:";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final BundleContext context;
  private final Function<Bundle, Optional<String>> health;

  /**
   * @param health what is wrong with a bundle that was started; empty: nothing
   */
  BundleUpdate(BundleContext context, Function<Bundle, Optional<String>> health) {
    this.context = context;
    this.health = health;
  }

  /** Says what was done. */
  synchronized String run(Bundle old, Path file) throws PluginRefused {
    String name = old.getSymbolicName();
    String location = old.getLocation();
    String before = old.getVersion().toString();
    @Nullable File copy =
        context.getDataFile("update-" + COUNT.incrementAndGet() + "-" + name + ".jar");
    if (copy == null) {
      throw new PluginRefused("The framework has no place for files.");
    }
    try {
      PluginJar.take(file, name, copy);
      wayBack(location, file);
    } catch (IOException e) {
      throw new PluginRefused(file + " cannot be read: " + e);
    }
    try {
      old.uninstall();
    } catch (BundleException e) {
      throw new PluginRefused(name + " " + before + " cannot be replaced: " + reason(e));
    }
    @Nullable Bundle fresh = null;
    String wrong;
    try {
      fresh = context.installBundle(copy.toURI().toString());
      fresh.start();
      wrong = health.apply(fresh).orElse("");
    } catch (BundleException e) {
      wrong = reason(e);
    }
    if (fresh != null && wrong.isEmpty()) {
      String after = fresh.getVersion().toString();
      LOG.audit(AuditKind.BUNDLE, AuditOutcome.SUCCESS)
          .warn("plugin.updated", "bundle", name, "from", before, "to", after, "file", file);
      return name + " " + before + " was replaced by " + after + ", until himmelblaud restarts.";
    }
    throw back(name, before, location, fresh, wrong);
  }

  private PluginRefused back(
      String name, String before, String location, @Nullable Bundle fresh, String wrong) {
    LOG.audit(AuditKind.BUNDLE, AuditOutcome.FAILED)
        .error("plugin.update_undone", null, "bundle", name, "version", before, "why", wrong);
    try {
      if (fresh != null) {
        fresh.uninstall();
      }
      context.installBundle(location).start();
      return new PluginRefused(
          "The new version does not start: " + wrong + ". " + name + " " + before + " is back.");
    } catch (BundleException e) {
      return new PluginRefused(
          "The new version does not start: "
              + wrong
              + ". The old one neither: "
              + reason(e)
              + ". Restart himmelblaud.");
    }
  }

  /** The old version must be there when it is needed. */
  private static void wayBack(String location, Path file) throws PluginRefused, IOException {
    if (location.startsWith(IMAGE)) {
      return;
    }
    String plain = location.replaceFirst("^reference:", "");
    if (!plain.startsWith("file:")) {
      throw new PluginRefused("The old version could not come back: it is from " + location + ".");
    }
    Path source = Path.of(URI.create(plain).getPath());
    if (!Files.isRegularFile(source)) {
      throw new PluginRefused("The old version could not come back: " + source + " is not there.");
    }
    if (Files.isSameFile(source, file)) {
      throw new PluginRefused(
          file + " is where the old version was loaded from. Put the new one beside it.");
    }
  }

  private static String reason(BundleException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
