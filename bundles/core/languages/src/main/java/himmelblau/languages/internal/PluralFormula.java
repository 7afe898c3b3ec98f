package himmelblau.languages.internal;

/**
 * Which form of a text belongs to a number: the expression in C that {@code Plural-Forms} of a
 * catalogue has (GNU gettext manual, section 11.2.6).
 */
final class PluralFormula {
  private static final String[][] LEVELS = {
    {"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}
  };

  /** A part of the expression. */
  private interface Term {
    long of(long n);
  }

  private final String expression;
  private final Term whole;
  private int at;

  /**
   * @throws IllegalArgumentException it is not one
   */
  PluralFormula(String expression) {
    this.expression = expression.replaceAll("\\s", "");
    this.whole = choice();
    if (at != this.expression.length()) {
      throw new IllegalArgumentException("Plural-Forms: " + expression);
    }
  }

  /** The index of the form. */
  int form(long n) {
    return (int) whole.of(n);
  }

  private boolean next(String sign) {
    boolean there = expression.startsWith(sign, at);
    if (there) {
      at += sign.length();
    }
    return there;
  }

  private void require(String sign) {
    if (!next(sign)) {
      throw new IllegalArgumentException("Plural-Forms: no " + sign + " at " + at);
    }
  }

  private Term choice() {
    Term condition = level(0);
    if (!next("?")) {
      return condition;
    }
    Term yes = choice();
    require(":");
    Term no = choice();
    return n -> condition.of(n) != 0 ? yes.of(n) : no.of(n);
  }

  private Term level(int level) {
    if (level == LEVELS.length) {
      return single();
    }
    Term left = level(level + 1);
    while (true) {
      String sign = operator(level);
      if (sign.isEmpty()) {
        return left;
      }
      left = joined(sign, left, level(level + 1));
    }
  }

  private String operator(int level) {
    for (String sign : LEVELS[level]) {
      if (next(sign)) {
        return sign;
      }
    }
    return "";
  }

  private static Term joined(String sign, Term left, Term right) {
    return switch (sign) {
      case "||" -> n -> bit(left.of(n) != 0 || right.of(n) != 0);
      case "&&" -> n -> bit(left.of(n) != 0 && right.of(n) != 0);
      case "==" -> n -> bit(left.of(n) == right.of(n));
      case "!=" -> n -> bit(left.of(n) != right.of(n));
      case "<=" -> n -> bit(left.of(n) <= right.of(n));
      case ">=" -> n -> bit(left.of(n) >= right.of(n));
      case "<" -> n -> bit(left.of(n) < right.of(n));
      case ">" -> n -> bit(left.of(n) > right.of(n));
      case "+" -> n -> left.of(n) + right.of(n);
      case "-" -> n -> left.of(n) - right.of(n);
      case "*" -> n -> left.of(n) * right.of(n);
      case "/" -> n -> left.of(n) / right.of(n);
      default -> n -> left.of(n) % right.of(n);
    };
  }

  private static long bit(boolean value) {
    return value ? 1 : 0;
  }

  private Term single() {
    if (next("!")) {
      Term not = single();
      return n -> bit(not.of(n) == 0);
    }
    if (next("(")) {
      Term inner = choice();
      require(")");
      return inner;
    }
    if (next("n")) {
      return n -> n;
    }
    int begin = at;
    while (at < expression.length() && Character.isDigit(expression.charAt(at))) {
      at++;
    }
    long number = Long.parseLong(expression.substring(begin, at));
    return n -> number;
  }
}
