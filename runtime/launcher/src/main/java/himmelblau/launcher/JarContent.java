package himmelblau.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.connect.ConnectContent;

/** A jar on the class path as the content of a bundle. */
final class JarContent implements ConnectContent {
  private final Path path;
  private @Nullable JarFile jar;

  JarContent(Path path) {
    this.path = path;
  }

  @Override
  public Optional<Map<String, String>> getHeaders() {
    try {
      Manifest manifest = open0().getManifest();
      Map<String, String> headers = new LinkedHashMap<>();
      manifest
          .getMainAttributes()
          .forEach((name, value) -> headers.put(name.toString(), value.toString()));
      return Optional.of(headers);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public Iterable<String> getEntries() throws IOException {
    List<String> names = new ArrayList<>();
    open0().stream().forEach(entry -> names.add(entry.getName()));
    return names;
  }

  @Override
  public Optional<ConnectEntry> getEntry(String name) {
    try {
      JarFile from = open0();
      ZipEntry entry = from.getEntry(name);
      return entry == null ? Optional.empty() : Optional.of(new Entry(from, entry));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public Optional<ClassLoader> getClassLoader() {
    return Optional.of(JarContent.class.getClassLoader());
  }

  @Override
  public synchronized void open() throws IOException {
    open0();
  }

  @Override
  public synchronized void close() throws IOException {
    if (jar != null) {
      jar.close();
      jar = null;
    }
  }

  private synchronized JarFile open0() throws IOException {
    if (jar == null) {
      jar = new JarFile(path.toFile(), false);
    }
    return jar;
  }

  private record Entry(JarFile jar, ZipEntry entry) implements ConnectEntry {
    @Override
    public String getName() {
      return entry.getName();
    }

    @Override
    public long getContentLength() {
      return entry.getSize();
    }

    @Override
    public long getLastModified() {
      return entry.getTime();
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return jar.getInputStream(entry);
    }
  }
}
