package example.friday;

import static org.junit.jupiter.api.Assertions.assertFalse;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.contract.breakglass.BreakglassContract;
import java.lang.annotation.Annotation;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FridayPolicyTest extends BreakglassContract {
  private static final LocalDateTime FRIDAY_NOON =
      LocalDateTime.now()
          .with(TemporalAdjusters.next(DayOfWeek.FRIDAY))
          .withHour(12)
          .withMinute(0);

  private LocalDateTime now = FRIDAY_NOON.minusDays(1);

  @Override
  protected BreakglassPolicy policy() {
    return new FridayPolicy(config(true), () -> now);
  }

  @Override
  protected void activate() {
    now = FRIDAY_NOON;
  }

  @Override
  protected Optional<BreakglassPolicy> disabled() {
    activate();
    return Optional.of(new FridayPolicy(config(false), () -> now));
  }

  @Test
  void theMorningIsTooEarly() {
    now = FRIDAY_NOON.minusMinutes(1);
    assertFalse(policy().active(USER));
  }

  private static FridayPolicy.Config config(boolean enabled) {
    return new FridayPolicy.Config() {
      @Override
      public boolean friday_enabled() {
        return enabled;
      }

      @Override
      public int friday_from_hour() {
        return 12;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return FridayPolicy.Config.class;
      }
    };
  }
}
