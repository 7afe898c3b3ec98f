package himmelblau.launcher;

/** The destination of log lines. Implementations are thread-safe and throw nothing. */
interface LineTarget {
  /**
   * Writes one line.
   *
   * @param line without control characters and line ends: {@code source event key=value}
   */
  void write(System.Logger.Level level, String line);
}
