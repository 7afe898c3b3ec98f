package himmelblau.directory.internal.compare;

import himmelblau.api.account.AccountName;
import himmelblau.directory.internal.names.UserKey;
import himmelblau.directory.internal.setup.DirectorySetup;
import himmelblau.directory.internal.store.StoredGroup;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names that other machines may use for users and groups of this host: {@code user@domain}, {@code
 * DOMAIN\\user} with the domain or its NetBIOS name, or the short name. All folded, the most
 * explicit form first. Immutable.
 */
final class NameVariants {
  /** What NetBIOS has room for. */
  private static final int LONGEST_LABEL = 15;

  private final DirectorySetup setup;
  private final Map<String, String> labels = new HashMap<>();

  NameVariants(DirectorySetup setup) {
    this.setup = setup;
    Set<String> several = new HashSet<>();
    for (String domain : setup.domains().names()) {
      String label = domain.split("\\.", 2)[0];
      label = label.substring(0, Math.min(label.length(), LONGEST_LABEL));
      if (labels.containsValue(label)) {
        several.add(label);
      }
      labels.put(domain, label);
    }
    labels.values().removeAll(several); // it would not say whose
  }

  Stream<String> of(AccountName name) {
    Stream<String> shorts =
        setup.settings().primaryDomain().filter(name.domain()::equals).isPresent()
            ? Stream.of(name.local())
            : Stream.empty();
    return Stream.of(
            qualified(name.local(), name.domain()), Stream.of(setup.names().shown(name)), shorts)
        .flatMap(forms -> forms)
        .map(UserKey::of);
  }

  /** Groups have display names, which other sources may qualify as they do users'. */
  Stream<String> of(StoredGroup group) {
    return group.displayName().isBlank()
        ? Stream.empty()
        : Stream.concat(
                qualified(group.displayName(), group.domain()), Stream.of(group.displayName()))
            .map(UserKey::of);
  }

  private Stream<String> qualified(String local, String domain) {
    return Stream.concat(
        Stream.of(local + "@" + domain, domain + "\\" + local),
        Optional.ofNullable(labels.get(domain)).stream().map(label -> label + "\\" + local));
  }
}
