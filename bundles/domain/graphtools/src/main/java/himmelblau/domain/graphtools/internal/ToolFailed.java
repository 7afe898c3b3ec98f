package himmelblau.domain.graphtools.internal;

import java.util.List;

/** The command cannot go on; the lines are for who ran it. */
final class ToolFailed extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<String> lines;

  ToolFailed(String... lines) {
    super(String.join(" ", lines));
    this.lines = List.of(lines);
  }

  List<String> lines() {
    return lines;
  }
}
