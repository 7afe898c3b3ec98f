package himmelblau.metrics.internal;

import himmelblau.api.metrics.Metric;
import himmelblau.api.metrics.MetricSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What the kernel and the JVM say about this process. */
@Component
public final class ProcessMetrics implements MetricSource {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
  private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)$");
  private static final double KIB = 1024;

  @Activate
  public ProcessMetrics() {}

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    String status = status();
    number(RESIDENT, status)
        .ifPresent(
            kib ->
                metrics.add(
                    Metric.gauge(
                        "himmelblau_process_resident_memory_bytes",
                        "bytes",
                        "Memory of the daemon that is in RAM",
                        kib * KIB)));
    number(THREADS, status)
        .ifPresent(
            threads ->
                metrics.add(
                    Metric.gauge(
                        "himmelblau_process_threads",
                        "",
                        "Threads of the daemon that the kernel knows",
                        threads)));
    Runtime runtime = Runtime.getRuntime();
    metrics.add(
        Metric.gauge(
            "himmelblau_process_heap_used_bytes",
            "bytes",
            "Heap of the JVM in use, garbage included",
            (double) (runtime.totalMemory() - runtime.freeMemory())));
    ProcessHandle.Info info = ProcessHandle.current().info();
    info.startInstant().map(ProcessMetrics::start).ifPresent(metrics::add);
    info.totalCpuDuration().map(ProcessMetrics::cpu).ifPresent(metrics::add);
    return List.copyOf(metrics);
  }

  private static Metric start(Instant start) {
    return Metric.gauge(
        "himmelblau_process_start_time_seconds",
        "seconds",
        "When the daemon started, as Unix time",
        (double) start.getEpochSecond());
  }

  private static Metric cpu(Duration used) {
    return new Metric(
        "himmelblau_process_cpu_seconds",
        Metric.Type.COUNTER,
        "seconds",
        "Processor time that the daemon has used",
        List.of(new Metric.Value(Map.of(), used.toMillis() / 1000.0)));
  }

  private static String status() {
    try {
      return Files.readString(STATUS);
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<Long> number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }
}
