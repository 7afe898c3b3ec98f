package himmelblau.login.internal.session;

import himmelblau.api.directory.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the local groups of users depend on, except options. Equal inputs need no second check.
 *
 * @param accounts who has signed in here
 * @param file identifies the file of local groups: an edit replaces it
 */
record GroupInputs(List<Account> accounts, @Nullable Object file, FileTime changed, long size) {
  static GroupInputs of(List<Account> accounts, Path groupFile) throws IOException {
    BasicFileAttributes file = Files.readAttributes(groupFile, BasicFileAttributes.class);
    return new GroupInputs(accounts, file.fileKey(), file.lastModifiedTime(), file.size());
  }
}
