import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Usage: java Unsign.java JAR…: takes their makers' signatures out of jars. Maven has checked where
 * they come from; in the image the package vouches for them, and the virtual machine would neither
 * archive their classes nor forget a manifest of thousands of digests.
 */
class Unsign {
  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      if (signed(Path.of(jar))) {
        rewrite(Path.of(jar));
      }
    }
  }

  private static boolean signed(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.stream().anyMatch(entry -> isSignature(entry.getName()));
    }
  }

  private static boolean isSignature(String name) {
    return name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
  }

  private static void rewrite(Path jar) throws IOException {
    Path spare = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipFile from = new ZipFile(jar.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(spare))) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        if (isSignature(entry.getName())) {
          continue;
        }
        ZipEntry kept = new ZipEntry(entry.getName());
        kept.setTime(entry.getTime());
        to.putNextEntry(kept);
        try (InputStream in = from.getInputStream(entry)) {
          to.write(entry.getName().equals("META-INF/MANIFEST.MF") ? plain(in) : in.readAllBytes());
        }
        to.closeEntry();
      }
    }
    Files.setLastModifiedTime(spare, Files.getLastModifiedTime(jar));
    Files.move(spare, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The manifest without its digests; other attributes of entries stay. */
  private static byte[] plain(InputStream in) throws IOException {
    Manifest manifest = new Manifest(in);
    manifest
        .getEntries()
        .values()
        .removeIf(
            attributes -> {
              attributes.keySet().removeIf(name -> name.toString().contains("-Digest"));
              return attributes.isEmpty();
            });
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }
}
