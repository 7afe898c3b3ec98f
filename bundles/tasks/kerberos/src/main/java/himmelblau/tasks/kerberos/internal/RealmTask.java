package himmelblau.tasks.kerberos.internal;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.FileTask;
import himmelblau.tasks.files.SafeDirectory;
import himmelblau.tasks.files.SafeFile;
import himmelblau.tasks.files.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The task {@code kerberos-realm} of docs/protocol/tasks.md: the part of krb5.conf(5) for the
 * directory's own realm (host-behaviour 6.6).
 */
@Component(property = TaskHandler.TASK + "=kerberos-realm")
public final class RealmTask implements TaskHandler {
  private static final String FOLDER = "krb5.conf.d";
  private static final String TENANT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String OURS = "himmelblau_" + TENANT + "\\.conf";
  private static final int MOST_SUFFIXES = 256;

  private final String etc;

  @Activate
  public RealmTask() {
    this("/etc");
  }

  RealmTask(String etc) {
    this.etc = etc;
  }

  @Override
  public synchronized TaskResult run(TaskRequest request) {
    return FileTask.run(
        "Stopped",
        () -> {
          Optional<String> tenant = request.text("tenant");
          return tenant.isPresent() ? write(tenant.get(), request.texts("suffix")) : remove();
        });
  }

  private String write(String tenant, List<String> suffixes) throws IOException {
    if (!tenant.matches(TENANT)) {
      throw new FileRefused("The tenant is not known by a UUID");
    }
    String name = "himmelblau_" + tenant + ".conf";
    byte[] content = content(tenant, suffixes).getBytes(StandardCharsets.US_ASCII);
    try (SafeDirectory parent = SafeDirectory.openTrusted(etc);
        SafeDirectory folder = folder(parent)) {
      if (folder.entry(name).isPresent() && holds(folder, name, content)) {
        return folder.path(name) + " is unchanged";
      }
      String fresh = "." + name + ".new"; // the library reads no file of such a name
      Trees.remove(folder, fresh);
      try (SafeFile file = folder.createFile(fresh)) {
        file.write(content, content.length);
        file.own(0, 0, 0644);
      }
      folder.rename(fresh, name);
      return folder.path(name) + " is written";
    }
  }

  private static SafeDirectory folder(SafeDirectory parent) throws IOException {
    if (parent.entry(FOLDER).isEmpty()) {
      try (SafeDirectory made = parent.create(FOLDER)) {
        made.own(0, 0, 0755);
      }
    }
    SafeDirectory folder = parent.child(FOLDER);
    if (!folder.self().rootOnly()) {
      folder.close();
      throw new FileRefused(
          parent.path(FOLDER) + " must belong to root and be writable by nobody else");
    }
    return folder;
  }

  private static boolean holds(SafeDirectory folder, String name, byte[] content)
      throws IOException {
    try (SafeFile file = folder.openFile(name)) {
      return file.entry().size() == content.length
          && Arrays.equals(file.readAll(content.length), content);
    }
  }

  private static String content(String tenant, List<String> suffixes) {
    StringBuilder text = new StringBuilder();
    text.append("[libdefaults]\n  dns_canonicalize_hostname = false\n[realms]\n");
    text.append("  KERBEROS.MICROSOFTONLINE.COM = {\n");
    text.append("    kdc = https://login.microsoftonline.com/")
        .append(tenant)
        .append("/kerberos\n");
    text.append("  }\n[domain_realm]\n");
    suffixes.stream()
        .filter(RealmTask::suffix)
        .limit(MOST_SUFFIXES)
        .forEach(
            suffix -> text.append("  ").append(suffix).append(" = KERBEROS.MICROSOFTONLINE.COM\n"));
    return text.toString();
  }

  /** Host names and the dots in front of them; everything else could end the line or section. */
  private static boolean suffix(String text) {
    return text.length() <= 253 && text.matches("\\.?[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
  }

  private String remove() throws IOException {
    List<String> removed = new ArrayList<>();
    try (SafeDirectory parent = SafeDirectory.openTrusted(etc)) {
      if (parent.entry(FOLDER).isEmpty()) {
        return "There is nothing to remove";
      }
      try (SafeDirectory folder = parent.child(FOLDER)) {
        for (String name : folder.names()) {
          if (name.matches(OURS)) {
            folder.remove(name);
            removed.add(name);
          }
        }
      }
    }
    return removed.isEmpty() ? "There is nothing to remove" : "Removed " + removed;
  }
}
