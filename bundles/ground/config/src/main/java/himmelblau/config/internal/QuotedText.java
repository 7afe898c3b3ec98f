package himmelblau.config.internal;

/** Quotes text of a file in messages: as one line of limited length, whatever the file contains. */
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
