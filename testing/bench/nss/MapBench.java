import himmelblau.api.directory.GroupEntry;
import himmelblau.api.directory.LookupMap;
import himmelblau.api.directory.LookupMap.Change;
import himmelblau.api.directory.LookupMap.MappedGroup;
import himmelblau.api.directory.LookupMap.MappedUser;
import himmelblau.api.directory.PasswdEntry;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * MapBench PEOPLE GROUPS MEMBERSHIPS FOLDER: the daemon's writer of the lookup map: how long a whole rebuild takes and how much memory, and how long until an
 * added user is in the map.
 */
class MapBench {
  static int users;
  static int groups;
  static int memberships;

  public static void main(String[] words) throws Exception {
    users = Integer.parseInt(words[0]);
    groups = Integer.parseInt(words[1]);
    memberships = Integer.parseInt(words[2]);
    Path folder = Path.of(words[3]);
    LookupMap map = component(folder.resolve("himmelblau.cache.db"));
    long idle = resident("VmRSS");
    long begun = System.nanoTime();
    map.publish(new Everybody());
    double rebuild = (System.nanoTime() - begun) / 1e9;
    long peak = resident("VmHWM");
    long[] added = new long[100];
    for (int i = 0; i < added.length; i++) {
      begun = System.nanoTime();
      map.merge(new Change(List.of(user(users + i)), List.of(), Map.of(), List.of()));
      added[i] = System.nanoTime() - begun;
    }
    Arrays.sort(added);
    System.out.printf(
        "the daemon's writer: %,d users and %,d groups, %.0f MB, written in %.1f s; resident %d MiB before, %d MiB at most"
            + " (heap limit %d MiB); an added user is in the map after %.1f ms (p50), %.1f ms (p99)%n",
        users, groups, Files.size(folder.resolve("nss/map")) / 1e6, rebuild, idle, peak, Runtime.getRuntime().maxMemory() >> 20,
        added[50] / 1e6, added[99] / 1e6);
  }

  /** As Declarative Services would make it. */
  static LookupMap component(Path database) throws Exception {
    Class<?> type = Class.forName("himmelblau.nssmap.internal.NssMapComponent");
    Constructor<?> constructor = type.getConstructors()[0];
    Class<?> config = constructor.getParameterTypes()[0];
    Object options =
        Proxy.newProxyInstance(config.getClassLoader(), new Class<?>[] {config}, (proxy, method, arguments) -> database.toString());
    return (LookupMap) constructor.newInstance(options);
  }

  static long resident(String field) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
      }
    }
    return 0;
  }

  static MappedUser user(int i) {
    List<Long> gids = new ArrayList<>();
    gids.add(1_000_000L + i);
    for (int k = 0; k < memberships; k++) {
      gids.add(2_500_000_000L + (i + 31L * k) % groups);
    }
    PasswdEntry entry = new PasswdEntry("p" + i, 1_000_000L + i, 1_000_000L + i, "Person " + i, "/home/p" + i, "/bin/bash");
    return new MappedUser(entry, List.of("p" + i + "@example.com"), gids);
  }

  static final class Everybody implements LookupMap.Content {
    @Override
    public void users(Consumer<MappedUser> to) {
      for (int i = 0; i < users; i++) {
        to.accept(user(i));
      }
    }

    @Override
    public void groups(Consumer<MappedGroup> to) {
      for (int g = 0; g < groups; g++) {
        List<String> members = new ArrayList<>();
        for (int k = 0; k < memberships; k++) {
          for (long i = Math.floorMod(g - 31L * k, (long) groups); i < users && members.size() < 1000; i += groups) {
            members.add("p" + i);
          }
        }
        to.accept(new MappedGroup(new GroupEntry("group " + g, 2_500_000_000L + g, members), Optional.of(new UUID(g, 0x8000_0000_0000_0000L))));
      }
    }

    @Override
    public Map<String, Instant> missing() {
      return Map.of();
    }
  }
}
