package himmelblau.audit.internal;

import himmelblau.api.status.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Takes log lines from the launcher, and writes the audit events among them to a file. */
@Component(
    service = {Consumer.class, Trouble.class},
    configurationPid = "himmelblau.global",
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true,
    property = "himmelblau.log.lines:Boolean=true")
@Designate(ocd = AuditComponent.Config.class)
public final class AuditComponent implements Consumer<String>, Trouble {
  private static final Duration LAST_WRITES = Duration.ofSeconds(2);

  /** The option that this bundle declares in OSGI-INF/himmelblau.options. */
  @ObjectClassDefinition(name = "Audit")
  public @interface Config {
    @AttributeDefinition(description = "File for audit events; without it there is none")
    String audit_file() default "";
  }

  private record Running(String file, Optional<AuditTrail> trail, List<String> refused) {}

  private volatile Running running;

  @Activate
  public AuditComponent(Config config) {
    running = begin(config.audit_file());
  }

  @Modified
  void modified(Config config) {
    Running before = running;
    if (!before.file().equals(config.audit_file())) {
      running = begin(config.audit_file());
      before.trail().ifPresent(trail -> trail.close(LAST_WRITES));
    }
  }

  @Deactivate
  void deactivate() {
    running.trail().ifPresent(trail -> trail.close(LAST_WRITES));
  }

  @Override
  public void accept(String line) {
    running.trail().ifPresent(trail -> trail.add(line));
  }

  @Override
  public List<String> troubles() {
    Running now = running;
    return now.trail().flatMap(AuditTrail::trouble).map(List::of).orElse(now.refused());
  }

  private static Running begin(String file) {
    if (file.isEmpty()) {
      return new Running(file, Optional.empty(), List.of());
    }
    Path path = Path.of(file);
    if (!path.isAbsolute() || path.getFileName() == null) {
      return new Running(
          file,
          Optional.empty(),
          List.of(
              "Audit events are not written: audit_file must be an absolute path, not " + file));
    }
    return new Running(
        file,
        Optional.of(new AuditTrail(new AuditFile(path.normalize()), HostName::now)),
        List.of());
  }
}
