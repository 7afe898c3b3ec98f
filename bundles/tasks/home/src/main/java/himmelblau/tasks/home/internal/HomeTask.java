package himmelblau.tasks.home.internal;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.FileTask;
import himmelblau.tasks.files.SafeDirectory;
import himmelblau.tasks.files.StateDirectory;
import himmelblau.tasks.home.internal.Homes.Owner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The task {@code home} of docs/protocol/tasks.md. */
@Component(property = TaskHandler.TASK + "=home")
public final class HomeTask implements TaskHandler {
  private static final int MOST_ALIASES = 8;

  private final Homes homes;
  private final HomeLocations places;
  private final HomeHistory notes;

  @Activate
  public HomeTask() throws IOException {
    this("/etc/skel", HomeLocations.OF_A_HOST, StateDirectory.make());
  }

  HomeTask(String skeleton, HomeLocations places, String state) {
    this.homes = new Homes(skeleton);
    this.notes = new HomeHistory(state);
    this.places = places;
  }

  @Override
  public TaskResult run(TaskRequest request) {
    return FileTask.run("Stopped before the end; no step is incomplete", () -> make(request));
  }

  private String make(TaskRequest request) throws IOException, InterruptedException {
    long uid = request.number("uid");
    long gid = request.number("gid");
    HomeNames.checkId("uid", uid);
    HomeNames.checkId("gid", gid);
    Owner owner = new Owner(HomeNames.clean(request.required("name")), uid, gid);
    Set<String> aliases = aliases(request.texts("alias"));
    aliases.remove(owner.name());
    List<String> done = new ArrayList<>();
    String place = request.required("prefix");
    try (SafeDirectory prefix = SafeDirectory.openTrusted(place)) {
      places.check(place);
      Optional<String> former = notes.of(uid, place).filter(name -> !name.equals(owner.name()));
      Homes.Way way = homes.make(prefix, owner, former, request.flag("skel"));
      notes.note(uid, place, owner.name());
      String path = prefix.path(owner.name());
      done.add(
          switch (way) {
            case FOUND -> "found " + path;
            case MOVED -> "moved " + former.orElse("") + " to " + path;
            case MADE -> "made " + path;
          });
      if (way == Homes.Way.MADE && request.flag("selinux")) {
        SelinuxLabels.restore(path).ifPresent(done::add);
      }
      for (String alias : aliases) {
        done.add(
            Homes.alias(prefix, alias, owner)
                ? "alias " + alias
                : "alias " + alias + " left out: something else has this name");
      }
    }
    return String.join("; ", done);
  }

  private static Set<String> aliases(List<String> asked) throws FileRefused {
    if (asked.size() > MOST_ALIASES) {
      throw new FileRefused(asked.size() + " aliases; at most " + MOST_ALIASES);
    }
    Set<String> aliases = new LinkedHashSet<>();
    for (String alias : asked) {
      aliases.add(HomeNames.clean(alias));
    }
    return aliases;
  }
}
