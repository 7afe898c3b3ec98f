package himmelblau.tasks.kerberos.internal;

import java.util.List;

/** What a program that works for a user is started with. */
@FunctionalInterface
interface Surroundings {
  /** The words before those of the program; none to start it as it is. */
  List<String> words(long uid, long gid);
}
