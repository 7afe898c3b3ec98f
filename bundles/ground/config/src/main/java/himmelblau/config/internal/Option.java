package himmelblau.config.internal;

import java.util.Optional;

/**
 * One option of himmelblau.conf.
 *
 * @param name as in the file, {@code hello_pin_min_length}
 * @param standard what counts when it is not set, in the form that is published; empty: absent
 * @param standardFrom the option whose value counts when this one is not set
 * @param doc one line for the administrator
 */
record Option(
    String name,
    Scope scope,
    OptionType type,
    Optional<Object> standard,
    Optional<String> standardFrom,
    String doc) {

  /** Where an option is read from. */
  enum Scope {
    /** {@code [global]} only. */
    GLOBAL,
    /** {@code [global]}, and a domain's section over it. */
    BOTH,
    /** A domain's section only. */
    DOMAIN,
    /** The lists of all sections together. */
    SUM,
    /** {@code [offline_breakglass]} only. */
    BREAKGLASS
  }

  /** The key in Configuration Admin. */
  String key() {
    return key(name);
  }

  static String key(String name) {
    return name.replace('_', '.');
  }

  static Option global(String name, OptionType type, Object standard, String doc) {
    return new Option(name, Scope.GLOBAL, type, Optional.of(standard), Optional.empty(), doc);
  }

  static Option global(String name, OptionType type, String doc) {
    return unset(name, Scope.GLOBAL, type, doc);
  }

  static Option both(String name, OptionType type, Object standard, String doc) {
    return new Option(name, Scope.BOTH, type, Optional.of(standard), Optional.empty(), doc);
  }

  static Option both(String name, OptionType type, String doc) {
    return unset(name, Scope.BOTH, type, doc);
  }

  static Option domain(String name, OptionType type, String doc) {
    return unset(name, Scope.DOMAIN, type, doc);
  }

  static Option sum(String name, String doc) {
    return unset(name, Scope.SUM, OptionType.LIST_WITH_EMPTY, doc);
  }

  private static Option unset(String name, Scope scope, OptionType type, String doc) {
    return new Option(name, scope, type, Optional.empty(), Optional.empty(), doc);
  }
}
