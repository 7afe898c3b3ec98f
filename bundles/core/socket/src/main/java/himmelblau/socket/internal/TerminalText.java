package himmelblau.socket.internal;

/**
 * Makes texts safe for a terminal. Much of the text comes from a server, so it must not control the
 * terminal, be invisible, or change the order of what follows.
 */
final class TerminalText {
  /** A QR code with its text is shorter, and this many characters always fit into a frame. */
  private static final int MOST = 20_000;

  private static final String CUT = " \u2026";

  private TerminalText() {}

  /** What is shown to users who sign in: lines, cut when there is no end to them. */
  static String bounded(String text) {
    String head = text;
    if (text.length() > MOST) {
      boolean split = Character.isHighSurrogate(text.charAt(MOST - 1));
      head = text.substring(0, split ? MOST - 1 : MOST) + CUT;
    }
    return of(head);
  }

  /** {@code text} with U+FFFD for each character that is not seen; lines and tabs stay. */
  static String of(String text) {
    if (text.codePoints().allMatch(TerminalText::seen)) {
      return text;
    }
    String lines = text.replace("\r\n", "\n");
    StringBuilder plain = new StringBuilder(lines.length());
    lines.codePoints().map(point -> seen(point) ? point : '\ufffd').forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static boolean seen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL -> point == '\n' || point == '\t';
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
