package himmelblau.config.internal;

import java.nio.file.Path;

/**
 * A file that could become the main file. Its content came from the administrator; nothing is read
 * from {@code name}, which is for messages.
 */
record CandidateFile(Path name, byte[] content) {}
