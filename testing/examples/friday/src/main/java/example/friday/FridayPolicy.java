package example.friday;

import himmelblau.api.account.AccountName;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.log.Log;
import java.time.DayOfWeek;
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

/** A cached password is enough on Fridays, from a configured hour on, until midnight. */
@Component(service = BreakglassPolicy.class, configurationPid = "himmelblau.global")
public final class FridayPolicy implements BreakglassPolicy {
  private static final Log LOG = Log.of(FridayPolicy.class);

  private final Supplier<LocalDateTime> clock;
  private volatile Config config;

  /** Options in {@code [global]} of himmelblau.conf. */
  @ObjectClassDefinition(name = "Breakglass on Fridays")
  public @interface Config {
    @AttributeDefinition(description = "Whether the policy applies at all")
    boolean friday_enabled() default true;

    @AttributeDefinition(description = "Hour from which it applies")
    int friday_from_hour() default 12;
  }

  @Activate
  public FridayPolicy(Config config) {
    this(config, LocalDateTime::now);
  }

  FridayPolicy(Config config, Supplier<LocalDateTime> clock) {
    this.config = config;
    this.clock = clock;
  }

  @Modified
  void modified(Config changed) {
    config = changed;
  }

  @Override
  public boolean keepVerifiers() {
    return config.friday_enabled();
  }

  @Override
  public boolean active(AccountName name) {
    boolean active = active();
    if (active) {
      LOG.warn("breakglass.used", "account", name, "policy", "friday");
    }
    return active;
  }

  private boolean active() {
    LocalDateTime now = clock.get();
    return config.friday_enabled()
        && now.getDayOfWeek() == DayOfWeek.FRIDAY
        && now.getHour() >= config.friday_from_hour();
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
