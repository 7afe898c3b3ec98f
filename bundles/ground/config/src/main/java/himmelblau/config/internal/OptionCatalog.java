package himmelblau.config.internal;

import himmelblau.config.internal.Option.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All options that are known: those of the core, and those that the installed bundles declare.
 *
 * @param main by name: the options of {@code [global]} and of the domains' sections
 * @param breakglass by name: the options of {@code [offline_breakglass]}
 * @param owners the bundle that declares an option, or did so before it was removed; not for
 *     options of the core
 * @param problems declarations that are not used, for the operator
 * @param complete whether all bundles that read options are in this process, so that an option that
 *     is not known is worth a warning
 */
record OptionCatalog(
    Map<String, Option> main,
    Map<String, Option> breakglass,
    Map<Key, String> owners,
    List<String> problems,
    boolean complete) {
  static final List<Option> CORE =
      Stream.of(IdentityOptions.ALL, SignInOptions.ALL, HostOptions.ALL)
          .flatMap(List::stream)
          .toList();

  /** An option: those of {@code [offline_breakglass]} have names of their own. */
  record Key(boolean breakglass, String name) {
    static Key of(Option option) {
      return new Key(option.scope() == Scope.BREAKGLASS, option.name());
    }
  }

  OptionCatalog {
    main = Collections.unmodifiableMap(main);
    breakglass = Collections.unmodifiableMap(breakglass);
    owners = Map.copyOf(owners);
    problems = List.copyOf(problems);
  }

  /** What the bundles declare, in their order: of two that declare one option the first counts. */
  static OptionCatalog of(List<DeclarationFile> files) {
    Map<String, Option> main = new LinkedHashMap<>();
    CORE.forEach(option -> main.put(option.name(), option));
    Map<String, Option> breakglass = new LinkedHashMap<>();
    Map<Key, String> owners = new HashMap<>();
    List<String> problems = new ArrayList<>();
    for (DeclarationFile file : files) {
      try {
        for (Declaration declared : DeclarationParser.parse(file.content().read())) {
          Option option = declared.option();
          Map<String, Option> known = option.scope() == Scope.BREAKGLASS ? breakglass : main;
          if (known.putIfAbsent(option.name(), option) == null) {
            owners.put(Key.of(option), file.bundle());
          } else {
            problems.add(taken(file, declared, owners));
          }
        }
      } catch (DeclarationParser.Refused e) {
        problems.add(refused(file, e.line(), String.valueOf(e.getMessage())));
      } catch (IOException e) {
        problems.add(refused(file, 0, "cannot be read: " + QuotedText.of(e.toString())));
      }
    }
    return new OptionCatalog(main, breakglass, owners, problems, true);
  }

  private static String refused(DeclarationFile file, int line, String why) {
    return file.where(line) + ": " + why + ". No option that this bundle declares is used.";
  }

  private static String taken(DeclarationFile file, Declaration again, Map<Key, String> owners) {
    return "%s: %s is already an option of %s. The declaration of %s is not used."
        .formatted(
            file.where(again.line()),
            again.option().name(),
            Optional.ofNullable(owners.get(Key.of(again.option())))
                .map(owner -> "the bundle " + owner)
                .orElse("himmelblaud itself"),
            file.bundle());
  }

  OptionCatalog withOwners(Map<Key, String> all) {
    return new OptionCatalog(main, breakglass, all, problems, complete);
  }

  OptionCatalog withComplete(boolean whether) {
    return new OptionCatalog(main, breakglass, owners, problems, whether);
  }
}
