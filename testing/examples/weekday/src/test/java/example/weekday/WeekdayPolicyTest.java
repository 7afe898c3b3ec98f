package example.weekday;

import static org.junit.jupiter.api.Assertions.assertFalse;

import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.contract.breakglass.BreakglassContract;
import java.lang.annotation.Annotation;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WeekdayPolicyTest extends BreakglassContract {
  private static final LocalDateTime FRIDAY_NOON =
      LocalDateTime.now()
          .with(TemporalAdjusters.next(DayOfWeek.FRIDAY))
          .withHour(12)
          .withMinute(0);

  private LocalDateTime now = FRIDAY_NOON.minusDays(1);

  @Override
  protected BreakglassPolicy policy() {
    return new WeekdayPolicy(config(true), () -> now);
  }

  @Override
  protected void activate() {
    now = FRIDAY_NOON;
  }

  @Override
  protected Optional<BreakglassPolicy> disabled() {
    activate();
    return Optional.of(new WeekdayPolicy(config(false), () -> now));
  }

  @Test
  void anotherDayIsNotTheDay() {
    now = FRIDAY_NOON.plusDays(1);
    assertFalse(policy().active(USER));
  }

  @Test
  void theMorningIsTooEarly() {
    now = FRIDAY_NOON.minusMinutes(1);
    assertFalse(policy().active(USER));
  }

  private static WeekdayPolicy.Config config(boolean enabled) {
    return new WeekdayPolicy.Config() {
      @Override
      public boolean weekday_enabled() {
        return enabled;
      }

      @Override
      public String weekday_name() {
        return "Friday";
      }

      @Override
      public int weekday_from_hour() {
        return 12;
      }

      @Override
      public Class<? extends Annotation> annotationType() {
        return WeekdayPolicy.Config.class;
      }
    };
  }
}
