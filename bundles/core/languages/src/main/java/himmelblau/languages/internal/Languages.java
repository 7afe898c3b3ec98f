package himmelblau.languages.internal;

import himmelblau.api.log.Log;
import himmelblau.api.login.Translations;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The catalogues of this bundle, read when they are used first. */
@Component
public final class Languages implements Translations {
  private static final Log LOG = Log.of(Languages.class);
  private static final String FOLDER = "/himmelblau/languages/";

  /** A host has users of one or two languages; anyone can ask for each of them. */
  static final int MOST_KEPT = 4;

  /** What this project says is shorter; it may have a QR code in it. */
  private static final int LONGEST = 8_192;

  private final LanguageList list;
  private final Map<String, Optional<Catalogue>> kept = new LinkedHashMap<>(8, 0.75f, true);

  @Activate
  public Languages() {
    this.list = new LanguageList(read("languages").orElse(""));
  }

  @Override
  public String translate(String text, String locale) {
    if (text.length() > LONGEST) {
      return text;
    }
    return list.catalogue(locale)
        .flatMap(this::catalogue)
        .map(catalogue -> ShownText.translated(text, catalogue))
        .orElse(text);
  }

  /** How many catalogues are in memory. */
  int kept() {
    synchronized (kept) {
      return kept.size();
    }
  }

  private Optional<Catalogue> catalogue(String name) {
    synchronized (kept) {
      Optional<Catalogue> found = kept.get(name);
      if (found == null) {
        found = load(name);
        kept.put(name, found);
        if (kept.size() > MOST_KEPT) {
          kept.remove(kept.keySet().iterator().next());
        }
      }
      return found;
    }
  }

  private Optional<Catalogue> load(String name) {
    try {
      Optional<Catalogue> below = list.below(name).flatMap(this::load);
      return read(name + ".po").map(PoFile::parse).map(file -> new Catalogue(file, below));
    } catch (IllegalArgumentException e) {
      LOG.error("languages.damaged", e, "catalogue", name);
      return Optional.empty();
    }
  }

  private static Optional<String> read(String file) {
    try (InputStream in = Languages.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new FileNotFoundException(file);
      }
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.error("languages.unreadable", e, "file", file);
      return Optional.empty();
    }
  }
}
