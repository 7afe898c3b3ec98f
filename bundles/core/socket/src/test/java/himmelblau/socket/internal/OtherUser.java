package himmelblau.socket.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Does something as another user. Needs root; a thread of its own ends with it: the system calls
 * themselves change one thread only, libc's functions would change the whole process.
 */
final class OtherUser {
  static final int UID = 4711;
  static final int GID = 4712;

  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  private static final long SETRESUID = ARM ? 147 : 117;
  private static final long SETRESGID = ARM ? 149 : 119;

  private OtherUser() {}

  static boolean possible() throws Exception {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  static <T> T call(long uid, long gid, Callable<T> action) throws Exception {
    assumeTrue(possible(), "needs root");
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              become(SETRESGID, gid);
              become(SETRESUID, uid);
              return action.call();
            });
    Thread thread = Thread.ofPlatform().start(task);
    thread.join();
    return task.get();
  }

  private static void become(long call, long id) {
    Function syscall = Function.getFunction("c", "syscall");
    long done = syscall.invokeLong(new Object[] {call, id, id, id});
    if (done != 0) {
      throw new IllegalStateException("system call " + call + " failed");
    }
  }
}
