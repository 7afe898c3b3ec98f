package himmelblau.config.internal;

/** Text of a file as messages quote it: one line of bearable length, whatever the file says. */
final class QuotedText {
  private static final int MOST = 80;

  private QuotedText() {}

  static String of(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MOST)
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(shown::appendCodePoint);
    return text.codePointCount(0, text.length()) > MOST ? shown + "…" : shown.toString();
  }
}
