package example.weekday;

import himmelblau.api.account.AccountName;
import himmelblau.api.breakglass.BreakglassPolicy;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** A cached password is enough on one day of the week, from an hour on, until midnight. */
@Component(service = BreakglassPolicy.class, configurationPid = "himmelblau.global")
public final class WeekdayPolicy implements BreakglassPolicy {
  private final Supplier<LocalDateTime> clock;
  private volatile Config config;

  /** Options in {@code [global]} of himmelblau.conf, as OSGI-INF/himmelblau.options declares them. */
  @ObjectClassDefinition(name = "Breakglass on one day of the week")
  public @interface Config {
    @AttributeDefinition(description = "Whether the policy applies at all")
    boolean weekday_enabled();

    @AttributeDefinition(description = "The day, in English")
    String weekday_name();

    @AttributeDefinition(description = "Hour from which it applies")
    int weekday_from_hour();
  }

  @Activate
  public WeekdayPolicy(Config config) {
    this(config, LocalDateTime::now);
  }

  WeekdayPolicy(Config config, Supplier<LocalDateTime> clock) {
    this.config = config;
    this.clock = clock;
  }

  @Modified
  void modified(Config changed) {
    config = changed;
  }

  @Override
  public boolean keepVerifiers() {
    return config.weekday_enabled();
  }

  @Override
  public boolean active(AccountName name) {
    return active();
  }

  private boolean active() {
    LocalDateTime now = clock.get();
    return config.weekday_enabled()
        && now.getDayOfWeek().name().equalsIgnoreCase(config.weekday_name())
        && now.getHour() >= config.weekday_from_hour();
  }

  @Override
  public Optional<Instant> until() {
    return active()
        ? Optional.of(
            clock.get().toLocalDate().plusDays(1).atStartOfDay(ZoneId.systemDefault()).toInstant())
        : Optional.empty();
  }

  @Override
  public void reconnected() {
    // The end of the day ends it, not the end of the outage.
  }
}
