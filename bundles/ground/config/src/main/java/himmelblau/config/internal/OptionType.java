package himmelblau.config.internal;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of option values (host-behaviour 1.3). {@link #parse} returns the value to publish. */
sealed interface OptionType {
  /** A value that is not valid for its option; the message says what is expected. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String expected) {
      super(expected);
    }
  }

  /** Empty: as if the option were not set. */
  Optional<Object> parse(String text) throws Refused;

  OptionType BOOL = new Bool();
  OptionType U32 = new Decimal(32);
  OptionType U64 = new Decimal(64);
  OptionType STRING = new Text();
  OptionType LIST = new Items(false);
  OptionType LIST_WITH_EMPTY = new Items(true);
  OptionType RANGE = new Range();
  OptionType TTL = new Ttl();
  OptionType ISSUER = new Issuer();
  OptionType DIRECTORY = new Directory();
  OptionType PROGRAM = new Program();

  static OptionType oneOf(String... words) {
    return new Word(List.of(words));
  }

  /** One of those, or {@code plugin:NAME}: what a plug-in of that name provides. */
  static OptionType oneOfOrPlugin(String... words) {
    return new WordOrPlugin(new Word(List.of(words)));
  }

  /** Boolean. */
  record Bool() implements OptionType {
    @Override
    public Optional<Object> parse(String text) throws Refused {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "1" -> Optional.of(true);
        case "false", "0" -> Optional.of(false);
        default -> throw new Refused("true or false");
      };
    }
  }

  /**
   * 32 bits: Integer, what is greater as its greatest. 64 bits: Long, seconds, ten years at most.
   */
  record Decimal(int bits) implements OptionType {
    private static final Pattern FORM = Pattern.compile("\\+?([0-9]{1,64})");

    /** Practically unlimited, but without an overflow of the clock. */
    static final long TEN_YEARS = 315_360_000L;

    @Override
    public Optional<Object> parse(String text) throws Refused {
      BigInteger value = decimal(text, bits);
      return bits == 32
          ? Optional.of(value.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValueExact())
          : Optional.of(seconds(value));
    }

    static long seconds(BigInteger value) {
      return value.min(BigInteger.valueOf(TEN_YEARS)).longValueExact();
    }

    static BigInteger decimal(String text, int bits) throws Refused {
      Matcher digits = FORM.matcher(text);
      if (digits.matches()) {
        BigInteger value = new BigInteger(digits.group(1));
        if (value.bitLength() <= bits) {
          return value;
        }
      }
      throw new Refused("a decimal number without sign, unit or separator");
    }
  }

  /** String. */
  record Text() implements OptionType {
    @Override
    public Optional<Object> parse(String text) {
      return Optional.of(text);
    }
  }

  /** String[]. */
  record Items(boolean keepEmpty) implements OptionType {
    @Override
    public Optional<Object> parse(String text) {
      return Optional.of(
          Arrays.stream(text.split(",", -1))
              .map(Ini::trim)
              .filter(item -> keepEmpty || !item.isEmpty())
              .toArray(String[]::new));
    }
  }

  /** String, lower case. */
  record Word(List<String> words) implements OptionType {
    @Override
    public Optional<Object> parse(String text) throws Refused {
      String word = text.toLowerCase(Locale.ROOT);
      if (!words.contains(word)) {
        throw new Refused("one of " + String.join(", ", words));
      }
      return Optional.of(word);
    }
  }

  /** String, lower case. */
  record WordOrPlugin(Word word) implements OptionType {
    // Software is what a plug-in's store is never replaced by, so it cannot be named as one.
    private static final Pattern PLUGIN = Pattern.compile("plugin:(?!soft$)[a-z0-9][a-z0-9_.-]*");

    @Override
    public Optional<Object> parse(String text) throws Refused {
      String lower = text.toLowerCase(Locale.ROOT);
      if (PLUGIN.matcher(lower).matches()) {
        return Optional.of(lower);
      }
      if (!word.words().contains(lower)) {
        throw new Refused("one of " + String.join(", ", word.words()) + ", plugin:NAME");
      }
      return Optional.of(lower);
    }
  }

  /** String {@code MIN-MAX}, both included. */
  record Range() implements OptionType {
    @Override
    public Optional<Object> parse(String text) throws Refused {
      String[] parts = text.split("-", -1);
      if (parts.length != 2) {
        throw new Refused("MIN-MAX, such as 200000-2000200000");
      }
      long min = Decimal.decimal(parts[0], 32).longValueExact();
      long max = Decimal.decimal(parts[1], 32).longValueExact();
      if (max < min) {
        throw new Refused("MIN-MAX, with MIN not larger than MAX");
      }
      return Optional.of(min + "-" + max);
    }
  }

  /** Long, seconds, ten years at most. */
  record Ttl() implements OptionType {
    private static final Pattern FORM = Pattern.compile("(\\+?[0-9]{1,64})([smhdSMHD]?)");

    @Override
    public Optional<Object> parse(String text) throws Refused {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw new Refused("a number of seconds, or one with s, m, h or d, such as 2h");
      }
      long unit =
          switch (form.group(2).toLowerCase(Locale.ROOT)) {
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86400;
            default -> 1;
          };
      BigInteger seconds = Decimal.decimal(form.group(1), 64).multiply(BigInteger.valueOf(unit));
      if (seconds.bitLength() > 64) {
        throw new Refused("a shorter time");
      }
      return Optional.of(Decimal.seconds(seconds));
    }
  }

  /** String: an https URL without query. */
  record Issuer() implements OptionType {
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    @Override
    public Optional<Object> parse(String text) throws Refused {
      if (!text.startsWith("https://") || text.length() == 8 || text.matches(".*[?#\\s].*")) {
        throw new Refused("a URL that begins with https:// and has no query");
      }
      return Optional.of(
          text.endsWith(DISCOVERY) ? text.substring(0, text.length() - DISCOVERY.length()) : text);
    }
  }

  /** String: an absolute path that ends in a slash. */
  record Directory() implements OptionType {
    @Override
    public Optional<Object> parse(String text) throws Refused {
      if (!Program.fits(text)) {
        throw new Refused("an absolute path without colon, . and .., such as /home/");
      }
      return Optional.of(text.endsWith("/") ? text : text + "/");
    }
  }

  /** String: an absolute path that is valid in passwd(5), or empty, which means /bin/sh there. */
  record Program() implements OptionType {
    private static final int LONGEST = 1024;

    @Override
    public Optional<Object> parse(String text) throws Refused {
      if (!text.isEmpty() && !fits(text)) {
        throw new Refused("an absolute path without colon, . and .., such as /bin/bash");
      }
      return Optional.of(text);
    }

    private static boolean fits(String text) {
      return text.startsWith("/")
          && text.length() <= LONGEST
          && text.codePoints().noneMatch(c -> c == ':' || Character.isISOControl(c))
          && Arrays.stream(text.split("/", -1)).noneMatch(p -> p.equals(".") || p.equals(".."));
    }
  }
}
