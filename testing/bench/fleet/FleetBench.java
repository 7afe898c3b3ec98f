import himmelblau.api.schedule.Jitter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** Thousands of daemons against the limits of one tenant, in virtual time; run by {@code run}. */
public final class FleetBench {
  private static final int LARGE_TENANT = 8000;
  private static final Duration RUN = Duration.ofMinutes(60);

  /**
   * What happens to the fleet.
   *
   * @param users known to each host
   * @param units that Graph grants in ten seconds
   * @param startsWithin all daemons start within this time
   * @param down Graph is down from then on, for ten minutes; zero for never
   */
  private record Scenario(
      String name, int users, int units, Duration startsWithin, Duration down) {}

  private static final List<Scenario> SCENARIOS =
      List.of(
          new Scenario(
              "an hour like any other", 5, LARGE_TENANT, Duration.ofMinutes(10), Duration.ZERO),
          new Scenario(
              "all start in one second", 5, LARGE_TENANT, Duration.ofSeconds(1), Duration.ZERO),
          new Scenario(
              "Graph is down for ten minutes",
              5,
              LARGE_TENANT,
              Duration.ofSeconds(1),
              Duration.ofMinutes(15)),
          new Scenario(
              "three times what Graph grants",
              24,
              LARGE_TENANT,
              Duration.ofSeconds(1),
              Duration.ZERO));

  private FleetBench() {}

  /** The names of the columns. */
  private static final String HEAD =
      "%-32s %-8s %9s %9s %9s %9s %9s %9s%n"
          .formatted("", "pauses", "peak/mean", "429", "age p50", "age max", "fairness", "sign-ins");

  private static void run(Scenario scenario, int hosts, boolean spread) {
    VirtualTime time = new VirtualTime();
    Seconds seconds = new Seconds();
    Tenant tenant = new Tenant(time, scenario.units(), seconds);
    Random random = new Random(42);
    Jitter jitter = spread ? new Jitter(random) : new Jitter(() -> 0);
    List<Host> fleet =
        Stream.generate(() -> new Host(time, tenant, jitter, scenario.users()))
            .limit(hosts)
            .toList();
    for (Host host : fleet) {
      time.in(upTo(scenario.startsWithin(), random), host::start);
      time.in(upTo(RUN, random), host::signIn);
    }
    if (!scenario.down().isZero()) {
      time.in(scenario.down(), () -> tenant.down(true));
      time.in(scenario.down().plusMinutes(10), () -> tenant.down(false));
    }
    Instant end = Instant.EPOCH.plus(RUN);
    time.runUntil(end);
    long[] ages = fleet.stream().mapToLong(host -> host.age().toSeconds()).sorted().toArray();
    double[] refreshes = fleet.stream().mapToDouble(Host::refreshes).toArray();
    long good = fleet.stream().mapToLong(Host::signIns).sum();
    long bad = fleet.stream().mapToLong(Host::refusedSignIns).sum();
    System.out.printf(
        Locale.ROOT,
        "%-32s %-8s %9.1f %8.1f%% %8ds %8ds %9.3f %8.2f%%%n",
        scenario.name(),
        spread ? "spread" : "equal",
        seconds.peakOverMean(Instant.EPOCH.plus(Duration.ofMinutes(10)), end),
        100 * tenant.refusedShare(),
        ages[ages.length / 2],
        ages[ages.length - 1],
        fairness(refreshes),
        100.0 * good / (good + bad));
  }

  /** Jain's index: 1 if all got the same, 1/n if one got all. */
  private static double fairness(double[] shares) {
    double sum = Arrays.stream(shares).sum();
    double squares = Arrays.stream(shares).map(share -> share * share).sum();
    return squares == 0 ? 0 : sum * sum / (shares.length * squares);
  }

  private static Duration upTo(Duration most, Random random) {
    return Duration.ofNanos(random.nextLong(most.toNanos()));
  }

  public static void main(String[] args) {
    int hosts = Integer.parseInt(args[0]);
    System.out.printf("%d hosts, one hour of virtual time%n%s", hosts, HEAD);
    for (Scenario scenario : SCENARIOS) {
      run(scenario, hosts, false);
      run(scenario, hosts, true);
    }
  }
}
