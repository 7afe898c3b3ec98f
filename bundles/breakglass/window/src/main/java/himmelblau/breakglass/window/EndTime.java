package himmelblau.breakglass.window;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Ends of times as administrators read them. */
public final class EndTime {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private EndTime() {}

  /** Date, time and offset of {@code left} from now. */
  public static String of(Duration left) {
    return FORM.format(Instant.now().plus(left));
  }
}
