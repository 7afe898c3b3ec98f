package himmelblau.config.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;

/**
 * Finds the declarations in all installed bundles, started or not. The launcher installs a plug-in
 * only when its jar belongs to root, so no other jar is read here.
 */
final class InstalledDeclarations implements Supplier<OptionCatalog> {
  private static final int CHANGES =
      BundleEvent.INSTALLED | BundleEvent.UPDATED | BundleEvent.UNINSTALLED;

  private final BundleContext context;
  private final boolean complete;
  private final Set<Long> declaring = new HashSet<>();
  private final Map<OptionCatalog.Key, String> owners = new HashMap<>();

  /**
   * Reads when asked.
   *
   * @param complete whether all bundles that read options are in this process
   */
  InstalledDeclarations(BundleContext context, boolean complete) {
    this.context = context;
    this.complete = complete;
  }

  @Override
  public synchronized OptionCatalog get() {
    List<DeclarationFile> files = new ArrayList<>();
    declaring.clear();
    for (Bundle bundle : context.getBundles()) { // by number: in the order of installation
      entry(bundle)
          .ifPresent(
              entry -> {
                declaring.add(bundle.getBundleId());
                files.add(new DeclarationFile(name(bundle), () -> content(entry)));
              });
    }
    OptionCatalog catalog = OptionCatalog.of(files);
    owners.putAll(catalog.owners());
    return catalog.withOwners(owners).withComplete(complete);
  }

  /** Whether options come or go with what happened to a bundle. */
  synchronized boolean concerns(BundleEvent event) {
    Bundle bundle = event.getBundle();
    return (event.getType() & CHANGES) != 0
        && (declaring.contains(bundle.getBundleId()) || entry(bundle).isPresent());
  }

  private static Optional<URL> entry(Bundle bundle) {
    try {
      return Optional.ofNullable(bundle.getEntry(DeclarationFile.PATH));
    } catch (IllegalStateException uninstalled) {
      return Optional.empty();
    }
  }

  private static String name(Bundle bundle) {
    @Nullable String name = bundle.getSymbolicName();
    return QuotedText.of(name == null ? bundle.getLocation() : name + " " + bundle.getVersion());
  }

  private static byte[] content(URL entry) throws IOException {
    try (InputStream in = entry.openStream()) {
      return DeclarationFile.limited(in);
    }
  }
}
