package himmelblau.config.internal;

import himmelblau.api.status.OptionFindings;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the bundles found out about values of options while they used them. Thread-safe. */
final class FoundInUse {
  private final List<OptionFindings> sources = new CopyOnWriteArrayList<>();

  void add(OptionFindings source) {
    sources.add(source);
  }

  void remove(OptionFindings source) {
    sources.remove(source);
  }

  /** One line each, with the file and the line that set the option, like other errors. */
  List<String> in(EffectiveConfig effective) {
    return sources.stream()
        .flatMap(source -> source.findings().stream())
        .map(
            finding ->
                effective
                        .origin(finding.section(), finding.option())
                        .map(where -> where + ": ")
                        .orElse("")
                    + finding.text())
        .toList();
  }
}
