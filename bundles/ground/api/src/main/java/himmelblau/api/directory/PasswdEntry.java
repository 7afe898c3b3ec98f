package himmelblau.api.directory;

/**
 * passwd(5), without a password. Ids are unsigned 32-bit values. No field holds a colon, a newline
 * or NUL.
 *
 * @param name as the host shows it (mapped)
 */
public record PasswdEntry(
    String name, long uid, long gid, String gecos, String directory, String shell) {}
