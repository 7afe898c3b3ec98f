package himmelblau.tasks.picture.internal;

import himmelblau.api.tasks.TaskHandler;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.tasks.files.FileRefused;
import himmelblau.tasks.files.FileTask;
import himmelblau.tasks.files.SafeDirectory;
import himmelblau.tasks.files.SafeFile;
import himmelblau.tasks.files.StateDirectory;
import himmelblau.tasks.files.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The task {@code picture} of docs/protocol/tasks.md. */
@Component(property = TaskHandler.TASK + "=picture")
public final class PictureTask implements TaskHandler {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9@._-]{0,255}");
  private static final int MOST = 60_000;

  private final String icons;
  private final String state;
  private final AccountsService accounts;

  @Activate
  public PictureTask() throws IOException {
    this("/var/lib/AccountsService/icons", StateDirectory.make(), "/usr/bin/busctl");
  }

  PictureTask(String icons, String state, String busctl) {
    this.icons = icons;
    this.state = state;
    this.accounts = new AccountsService(busctl);
  }

  @Override
  public TaskResult run(TaskRequest request) {
    return FileTask.run("Stopped while waiting for AccountsService", () -> show(request));
  }

  private String show(TaskRequest request) throws IOException, InterruptedException {
    if (!Files.isDirectory(Path.of(icons))) {
      return "AccountsService is not installed, so no greeter shows pictures";
    }
    String user = request.required("user");
    if (!NAME.matcher(user).matches()) {
      throw new FileRefused("\"" + user + "\" cannot be the name of a picture");
    }
    byte[] photo = request.values().getOrDefault("photo", new byte[0]);
    checkPhoto(photo);
    if (shows(user, photo)) {
      return user + ": the picture is unchanged";
    }
    set(user, photo);
    return user + ": the picture is new";
  }

  /** The greeter runs a decoder on it: only what begins as a picture of a small size. */
  private static void checkPhoto(byte[] photo) throws FileRefused {
    boolean jpeg = begins(photo, 0xff, 0xd8, 0xff);
    boolean png = begins(photo, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');
    if (photo.length > MOST || (!jpeg && !png)) {
      throw new FileRefused("Neither a JPEG nor a PNG file of at most " + MOST + " bytes");
    }
  }

  private static boolean begins(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private boolean shows(String user, byte[] photo) throws IOException {
    try (SafeDirectory directory = SafeDirectory.openThroughTrusted(icons)) {
      if (directory.entry(user).isEmpty()) {
        return false;
      }
      try (SafeFile file = directory.openFile(user)) {
        return file.entry().size() == photo.length && Arrays.equals(file.readAll(MOST), photo);
      }
    }
  }

  /** AccountsService copies the picture from a file that no other user can open. */
  private void set(String user, byte[] photo) throws IOException, InterruptedException {
    String name = "picture-" + user;
    try (SafeDirectory directory = SafeDirectory.openTrusted(state)) {
      Trees.remove(directory, name);
      try (SafeFile file = directory.createFile(name)) {
        file.write(photo, photo.length);
      }
      try {
        accounts.setIcon(accounts.user(user), directory.path(name));
      } finally {
        Trees.remove(directory, name);
      }
    }
  }
}
