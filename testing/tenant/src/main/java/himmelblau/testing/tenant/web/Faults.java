package himmelblau.testing.tenant.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults in force. The oldest matching one is used; a count makes it wear off. */
public final class Faults {
  private static final class Armed {
    private final Fault fault;
    private int left;

    private Armed(Fault fault, int left) {
      this.fault = fault;
      this.left = left;
    }
  }

  private final List<Armed> armed = new ArrayList<>();

  /**
   * Arms a fault.
   *
   * @param count how many requests it hits; 0 for all until cleared
   */
  public synchronized void add(Fault fault, int count) {
    armed.add(new Armed(fault, count == 0 ? Integer.MAX_VALUE : count));
  }

  public synchronized void clear() {
    armed.clear();
  }

  public synchronized List<String> list() {
    return armed.stream()
        .map(
            one ->
                one.fault.kind().word()
                    + (one.fault.value() > 0 ? " " + one.fault.value() : "")
                    + " on "
                    + one.fault.host()
                    + one.fault.path()
                    + (one.fault.grant().equals("*") ? "" : " grant " + one.fault.grant())
                    + (one.left == Integer.MAX_VALUE ? "" : ", " + one.left + " left"))
        .toList();
  }

  synchronized Optional<Fault> take(Request request) {
    for (Armed one : armed) {
      if (one.fault.hits(request)) {
        if (one.left != Integer.MAX_VALUE) {
          one.left--;
        }
        armed.removeIf(other -> other.left == 0);
        return Optional.of(one.fault);
      }
    }
    return Optional.empty();
  }
}
