package himmelblau.config.internal;

import himmelblau.config.internal.Option.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Converts settings to typed values, with defaults, for the host and for each domain. */
final class Evaluation {
  private static final Pattern DOMAIN_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final int LONGEST_DOMAIN = 253;

  private static final String DOMAIN_KIND = "domain.kind";
  private static final String ENTRA = "entra";
  private static final String OIDC = "oidc";

  /** Names that Configuration Admin takes and does not use itself. */
  private static final Pattern PASSED_ON =
      Pattern.compile("(?!service_|component_)[a-z0-9][a-z0-9_]*");

  private final MergedFiles merged;
  private final OptionCatalog options;
  private final Map<String, String> environment;
  private final List<String> problems;
  private final List<String> warnings;
  private final Map<String, String> origins = new TreeMap<>();
  private final Map<String, List<String>> summands = new TreeMap<>();

  private Evaluation(MergedFiles merged, Map<String, String> environment, OptionCatalog options) {
    this.merged = merged;
    this.environment = environment;
    this.options = options;
    this.problems = new ArrayList<>(options.problems());
    this.warnings = new ArrayList<>(merged.warnings());
  }

  /**
   * Evaluates what was read.
   *
   * @throws ConfigException if the daemon must not run like this
   */
  static EffectiveConfig of(
      MergedFiles merged, Map<String, String> environment, OptionCatalog options)
      throws ConfigException {
    EffectiveConfig effective = unchecked(merged, environment, options);
    CrossChecks.require(effective);
    return effective;
  }

  /** Also what the daemon must not run with. */
  static EffectiveConfig unchecked(
      MergedFiles merged, Map<String, String> environment, OptionCatalog options) {
    return new Evaluation(merged, environment, options).run();
  }

  private EffectiveConfig run() {
    Map<String, Object> global = section(MergedFiles.GLOBAL, options.main());
    sums(global);
    unknown(MergedFiles.GLOBAL, global, options.main());
    standardsFrom(MergedFiles.GLOBAL, global, options.main());
    finish(MergedFiles.GLOBAL, global);
    Map<String, Object> breakglass = section(MergedFiles.BREAKGLASS, options.breakglass());
    unknown(MergedFiles.BREAKGLASS, breakglass, options.breakglass());
    standardsFrom(MergedFiles.BREAKGLASS, breakglass, options.breakglass());

    Map<String, Map<String, Object>> domains = new LinkedHashMap<>();
    for (String name : domainNames(global)) {
      domains.put(name, domain(name, global));
    }
    global.put("domains", domains.keySet().toArray(String[]::new));
    domains.keySet().stream().findFirst().ifPresent(first -> global.put("domain", first));
    global.put("set.options", setOptions());
    EffectiveConfig effective =
        new EffectiveConfig(
            global, domains, breakglass, merged.files(), problems, warnings, origins, summands);
    RangeOverlap.in(effective).forEach(overlap -> problems.add(overlap.sentence()));
    return effective;
  }

  private Map<String, Object> section(String section, Map<String, Option> known) {
    Map<String, Object> values = new TreeMap<>();
    for (Option option : known.values()) {
      if (option.scope() != Scope.DOMAIN && option.scope() != Scope.SUM) {
        value(section, option)
            .or(option::standard)
            .ifPresent(value -> values.put(option.key(), value));
      }
    }
    return values;
  }

  private Optional<Object> value(String section, Option option) {
    Optional<Setting> found = merged.get(section, option.name());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Setting setting = found.get();
    String text = String.valueOf(setting.value());
    try {
      Optional<Object> value = option.type().parse(text);
      origins.put(section + "/" + option.key(), setting.where());
      return value;
    } catch (OptionType.Refused expected) {
      problems.add(
          setting.where()
              + ": "
              + option.name()
              + " = \""
              + QuotedText.of(text)
              + "\" is not valid; expected "
              + expected.getMessage()
              + ". The option is treated as not set.");
      return Optional.empty();
    }
  }

  /** Lists to which every section adds. Absent when no section has one; that means everyone. */
  private void sums(Map<String, Object> global) {
    for (Option option : options.main().values()) {
      if (option.scope() == Scope.SUM) {
        List<String> all = new ArrayList<>();
        for (String section : merged.sections().keySet()) {
          value(section, option)
              .map(items -> Arrays.asList((String[]) items))
              .ifPresent(
                  items -> {
                    all.addAll(items);
                    summands.put(section + "/" + option.key(), List.copyOf(items));
                    entries(section, option, items);
                  });
        }
        if (option.name().equals("pam_allow_groups") && AccessEntries.nobody(all)) {
          problems.add(
              origin(option)
                  + "pam_allow_groups is set but lists no user or group, so nobody may sign in");
        }
        if (!all.isEmpty()) {
          global.put(option.key(), all.toArray(String[]::new));
        }
      }
    }
  }

  /** Where the first section sets the option, for the beginning of a message. */
  private String origin(Option option) {
    return merged.sections().keySet().stream()
        .flatMap(section -> merged.get(section, option.name()).stream())
        .findFirst()
        .map(setting -> setting.where() + ": ")
        .orElse("");
  }

  private void entries(String section, Option option, List<String> items) {
    String where = merged.get(section, option.name()).map(Setting::where).orElse(section);
    boolean users = option.name().equals("pam_allow_groups");
    for (String item : items) {
      AccessEntries.flaw(item, users)
          .ifPresent(flaw -> problems.add(where + ": " + option.name() + ": " + flaw));
    }
  }

  private Map<String, Object> domain(String name, Map<String, Object> global) {
    Map<String, Object> values = new TreeMap<>(global);
    values.remove("domains");
    for (Option option : options.main().values()) {
      if (option.scope() == Scope.BOTH) {
        value(name, option).ifPresent(value -> values.put(option.key(), value));
      } else if (option.scope() == Scope.DOMAIN) {
        value(name, option)
            .or(option::standard)
            .ifPresent(value -> values.put(option.key(), value));
      } else if (option.scope() == Scope.GLOBAL) {
        merged
            .get(name, option.name())
            .ifPresent(
                setting ->
                    warnings.add(
                        setting.where()
                            + ": "
                            + option.name()
                            + " is read from [global] only; options below ["
                            + name
                            + "] apply to that domain"));
      }
    }
    unknown(name, values, options.main());
    standardsFrom(name, values, options.main());
    finish(name, values);
    issuer(name, values);
    values.put("domain", name);
    return values;
  }

  /**
   * What does not fit together for a domain of an OpenID Connect issuer. An issuer that is not
   * valid leaves the domain without a provider: passwords of its users must not go to Entra ID.
   */
  private void issuer(String name, Map<String, Object> values) {
    String issuer = Option.key(IdentityOptions.OIDC_ISSUER);
    if (ENTRA.equals(values.get(DOMAIN_KIND))
        && merged.get(name, IdentityOptions.OIDC_ISSUER).isEmpty()) {
      values.remove(issuer); // said to be one of Entra ID, whatever [global] has for the others
      return;
    }
    Optional<Setting> set =
        merged
            .get(name, IdentityOptions.OIDC_ISSUER)
            .or(() -> merged.get(MergedFiles.GLOBAL, IdentityOptions.OIDC_ISSUER));
    String kind = String.valueOf(values.getOrDefault(DOMAIN_KIND, ENTRA));
    boolean valid = set.isPresent() && isValid(set.get());
    if (set.isPresent() && !valid) {
      values.remove(issuer); // also that of [global]
      if (kind.equals(ENTRA)) {
        values.put(DOMAIN_KIND, OIDC);
      }
      return;
    }
    String where = set.map(setting -> setting.where() + ": ").orElse("");
    boolean served = kind.equals(OIDC) || (valid && kind.equals(ENTRA));
    if (served && set.isEmpty()) {
      problems.add("[" + name + "] has domain_kind = oidc but no oidc_issuer_url");
    } else if (served && !values.containsKey("app.id")) {
      problems.add(
          where
              + "oidc_issuer_url needs app_id, the client id of this host at the issuer; no user of "
              + name
              + " can sign in");
    } else if (merged.get(name, IdentityOptions.OIDC_ISSUER).isPresent() && !served) {
      problems.add(
          where
              + "oidc_issuer_url has no effect for "
              + name
              + ", which another provider serves (domain_kind = "
              + QuotedText.of(kind)
              + ")");
    }
  }

  private static boolean isValid(Setting issuer) {
    try {
      return OptionType.ISSUER.parse(String.valueOf(issuer.value())).isPresent();
    } catch (OptionType.Refused e) {
      return false;
    }
  }

  /** Options that are not set have the value of another one, if they are declared so. */
  private void standardsFrom(
      String section, Map<String, Object> values, Map<String, Option> known) {
    for (Option option : known.values()) {
      option
          .standardFrom()
          .map(source -> values.get(Option.key(source)))
          .filter(value -> !isSet(section, option))
          .ifPresent(value -> values.put(option.key(), value));
    }
  }

  private boolean isSet(String section, Option option) {
    return origins.containsKey(section + "/" + option.key())
        || origins.containsKey(MergedFiles.GLOBAL + "/" + option.key());
  }

  /** What follows from other options. */
  private void finish(String section, Map<String, Object> values) {
    if ("soft".equals(values.get("hsm.type"))) {
      values.put("hsm.type", HostOptions.HSM_TYPE_DEFAULT);
      merged
          .get(section, HostOptions.HSM_TYPE)
          .ifPresent(
              setting ->
                  warnings.add(
                      "%s: hsm_type = soft is the old name of %s, which is used instead; please write %2$s"
                          .formatted(setting.where(), HostOptions.HSM_TYPE_DEFAULT)));
    }
    String pin = environment.get("HIMMELBLAU_HSM_PIN_PATH");
    if (pin != null && !pin.isEmpty()) {
      values.put(Option.key(HostOptions.HSM_PIN_PATH), pin);
    }
  }

  private void unknown(String section, Map<String, Object> values, Map<String, Option> known) {
    for (Setting setting : merged.sections().getOrDefault(section, Map.of()).values()) {
      Option option = known.get(setting.key());
      if (option == null) {
        if (options.complete()) {
          warnings.add(
              setting.where()
                  + ": unknown option "
                  + QuotedText.of(setting.key())
                  + reason(section, setting.key(), known));
        }
        if (setting.value() != null
            && PASSED_ON.matcher(setting.key()).matches()
            && !DeclarationParser.reserved(setting.key())) {
          values.put(Option.key(setting.key()), setting.value());
        }
      } else if (section.equals(MergedFiles.GLOBAL) && option.scope() == Scope.DOMAIN) {
        warnings.add(
            setting.where() + ": " + setting.key() + " is read from the section of a domain only");
      } else if (UnusedOptions.NAMES.contains(setting.key())) {
        warnings.add(setting.where() + ": " + setting.key() + " has no effect yet");
      }
    }
  }

  /** Why an option may be unknown. */
  private String reason(String section, String name, Map<String, Option> known) {
    var key = new OptionCatalog.Key(section.equals(MergedFiles.BREAKGLASS), name);
    return Optional.ofNullable(options.owners().get(key))
        .map(owner -> "; the bundle " + owner + " declared it, and was removed or updated")
        .or(() -> ClosestName.of(name, known.keySet()).map(near -> "; did you mean " + near + "?"))
        .orElse("");
  }

  private Set<String> domainNames(Map<String, Object> global) {
    Set<String> names = new LinkedHashSet<>();
    for (String key : List.of("domains", "domain")) {
      for (String item : (String[]) global.getOrDefault(key, new String[0])) {
        String name = item.toLowerCase(Locale.ROOT);
        if (domainName(name)) {
          names.add(name);
        } else {
          problems.add(
              merged.get(MergedFiles.GLOBAL, key).map(setting -> setting.where() + ": ").orElse("")
                  + key
                  + ": \""
                  + QuotedText.of(item)
                  + "\" is not a domain name; it is ignored"
                  + (name.matches("[\"'].*|.*[\"']") ? ". Write it without quotes" : ""));
        }
      }
    }
    for (String section : merged.sections().keySet()) {
      if (section.equals(MergedFiles.GLOBAL)
          || section.equals(MergedFiles.BREAKGLASS)
          || names.contains(section)) {
        continue;
      }
      if (section.indexOf('.') > 0 && domainName(section)) {
        names.add(section);
      } else {
        warnings.add(
            merged.sections().getOrDefault(section, Map.of()).values().stream()
                    .findFirst()
                    .map(setting -> setting.where() + ": ")
                    .orElse("")
                + "Section ["
                + QuotedText.of(section)
                + "] is neither [global], [offline_breakglass] nor a domain; it is ignored"
                + ClosestName.of(section, List.of(MergedFiles.GLOBAL, MergedFiles.BREAKGLASS))
                    .map(name -> ". Did you mean [" + name + "]?")
                    .orElse(""));
      }
    }
    global.remove("domain");
    return names;
  }

  private static boolean domainName(String text) {
    return text.length() <= LONGEST_DOMAIN && DOMAIN_NAME.matcher(text).matches();
  }

  /** Names of the options that [global] sets itself, for those where that makes a difference. */
  private String[] setOptions() {
    String prefix = MergedFiles.GLOBAL + "/";
    return origins.keySet().stream()
        .filter(origin -> origin.startsWith(prefix))
        .map(origin -> origin.substring(prefix.length()).replace('.', '_'))
        .toArray(String[]::new);
  }
}
