package himmelblau.config.internal;

import himmelblau.config.internal.Option.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options that a bundle declares (docs/writing-a-bundle.md). One error refuses the whole
 * file, so that an author does not overlook it.
 */
final class DeclarationParser {
  static final int MOST_BYTES = 64 * 1024;
  static final int MOST_OPTIONS = 200;
  private static final int LONGEST_LINE = 1000;
  private static final int LONGEST_NAME = 64;

  /** Words with one underscore between: others would not be names of methods of a Config. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  /** Properties of components and services, which an option of that name would replace. */
  private static final Pattern RESERVED =
      Pattern.compile("(service|component|osgi|himmelblau)(_.*)?|set_options|objectclass");

  private static final Set<String> KEYWORDS =
      Set.of("section", "type", "default", "default-from", "about");

  /** A declaration that is not valid. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;

    Refused(int line, String message) {
      super(message);
      this.line = line;
    }

    /** From 1; 0 means the whole file. */
    int line() {
      return line;
    }
  }

  private record Text(String value, int line) {}

  private final Map<String, Declaration> declared = new LinkedHashMap<>();
  private final Map<String, Text> properties = new LinkedHashMap<>();
  private @Nullable Text name;

  private DeclarationParser() {}

  static List<Declaration> parse(byte[] bytes) throws Refused {
    if (bytes.length > MOST_BYTES) {
      throw new Refused(0, "the file is larger than " + MOST_BYTES / 1024 + " KiB");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(0, "the file is not UTF-8");
    }
    DeclarationParser parser = new DeclarationParser();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      parser.line(lines[i].stripTrailing(), i + 1);
    }
    parser.finishOption();
    for (Declaration declaration : parser.declared.values()) {
      parser.requireSource(declaration);
    }
    return new ArrayList<>(parser.declared.values());
  }

  private void line(String line, int number) throws Refused {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    if (line.length() > LONGEST_LINE) {
      throw new Refused(number, "the line has more than " + LONGEST_LINE + " characters");
    }
    if (line.codePoints().anyMatch(Character::isISOControl)) {
      throw new Refused(number, "the line has a control character");
    }
    int blank = line.indexOf(' ');
    String keyword = blank < 0 ? line : line.substring(0, blank);
    Text value = new Text(blank < 0 ? "" : line.substring(blank + 1).strip(), number);
    if (keyword.equals("option")) {
      finishOption();
      name = named(value);
    } else if (!KEYWORDS.contains(keyword)) {
      throw new Refused(
          number,
          "\""
              + QuotedText.of(keyword)
              + "\" is not known; a line begins with option, section, type, default, default-from or"
              + " about");
    } else if (name == null) {
      throw new Refused(number, keyword + " is before the first option");
    } else if (properties.putIfAbsent(keyword, value) != null) {
      throw new Refused(number, "a second " + keyword + " of " + name.value());
    }
  }

  /** Whether a name would replace a property of a component or of its service. */
  static boolean reserved(String name) {
    return RESERVED.matcher(name).matches();
  }

  private Text named(Text value) throws Refused {
    String text = value.value();
    if (text.length() > LONGEST_NAME || !NAME.matcher(text).matches()) {
      throw new Refused(
          value.line(),
          "\""
              + QuotedText.of(text)
              + "\" is not a name of an option: lower-case letters and digits, in words with one _"
              + " between, at most "
              + LONGEST_NAME
              + " characters");
    }
    if (reserved(text)) {
      throw new Refused(
          value.line(),
          "the name "
              + text
              + " is reserved; begin it with a word of your own, such as the bundle");
    }
    if (declared.containsKey(text)) {
      throw new Refused(value.line(), "a second option " + text);
    }
    if (declared.size() == MOST_OPTIONS) {
      throw new Refused(value.line(), "more than " + MOST_OPTIONS + " options");
    }
    return value;
  }

  private void finishOption() throws Refused {
    Text finished = name;
    if (finished == null) {
      return;
    }
    Text about = required(finished, "about");
    Text section = required(finished, "section");
    Text typed = required(finished, "type");
    if (about.value().isEmpty()) {
      throw new Refused(about.line(), "about is empty; say in one line what the option does");
    }
    OptionType type = type(typed);
    Text standard = properties.get("default");
    Text from = properties.get("default-from");
    if (standard != null && from != null) {
      throw new Refused(from.line(), "either default or default-from, not both");
    }
    Option option =
        new Option(
            finished.value(),
            scope(section),
            type,
            standard == null ? Optional.empty() : standard(type, standard),
            Optional.ofNullable(from).map(Text::value),
            about.value());
    declared.put(option.name(), new Declaration(option, finished.line()));
    properties.clear();
    name = null;
  }

  private Text required(Text option, String keyword) throws Refused {
    Text found = properties.get(keyword);
    if (found == null) {
      throw new Refused(option.line(), "option " + option.value() + " has no " + keyword);
    }
    return found;
  }

  private static Scope scope(Text section) throws Refused {
    return switch (section.value()) {
      case "global" -> Scope.GLOBAL;
      case "domain" -> Scope.DOMAIN;
      case "global, domain" -> Scope.BOTH;
      case MergedFiles.BREAKGLASS -> Scope.BREAKGLASS;
      default ->
          throw new Refused(
              section.line(),
              "section \""
                  + QuotedText.of(section.value())
                  + "\" is not known; expected global, domain, \"global, domain\" or "
                  + MergedFiles.BREAKGLASS);
    };
  }

  private static OptionType type(Text type) throws Refused {
    String text = type.value();
    return switch (text) {
      case "boolean" -> OptionType.BOOL;
      case "integer" -> OptionType.U32;
      case "duration" -> OptionType.TTL;
      case "string" -> OptionType.STRING;
      case "list" -> OptionType.LIST;
      default -> {
        if (!text.matches("one-of( [a-z0-9][a-z0-9_.-]*)+")) {
          throw new Refused(
              type.line(),
              "type \""
                  + QuotedText.of(text)
                  + "\" is not known; expected boolean, integer, duration, string, list or one-of"
                  + " with lower-case words");
        }
        yield OptionType.oneOf(text.substring("one-of ".length()).split(" ", -1));
      }
    };
  }

  private static Optional<Object> standard(OptionType type, Text standard) throws Refused {
    try {
      return type.parse(standard.value());
    } catch (OptionType.Refused expected) {
      throw new Refused(
          standard.line(),
          "default \""
              + QuotedText.of(standard.value())
              + "\" is not of the type of the option; expected "
              + expected.getMessage());
    }
  }

  private void requireSource(Declaration declaration) throws Refused {
    Option option = declaration.option();
    String from = option.standardFrom().orElse(null);
    if (from == null) {
      return;
    }
    Declaration source = declared.get(from);
    if (source == null
        || source.option().standardFrom().isPresent()
        || source.option().scope() != option.scope()
        || !source.option().type().equals(option.type())) {
      throw new Refused(
          declaration.line(),
          "default-from \""
              + QuotedText.of(from)
              + "\" of "
              + option.name()
              + " is not an option of this file with the same section and type and without"
              + " default-from");
    }
  }
}
