package himmelblau.testing.tenant.directory;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Users' pictures, each size as it was put there. Thread-safe. */
public final class Photos {
  /** The size of a picture that nobody scaled. */
  public static final String ORIGINAL = "";

  private record Key(UUID tenant, UUID user, String size) {}

  private final Map<Key, byte[]> photos = new ConcurrentHashMap<>();

  /**
   * @param size such as {@code 240x240}, or {@link #ORIGINAL}
   */
  public void put(User user, String size, byte[] photo) {
    photos.put(new Key(user.tenant(), user.id(), size), photo.clone());
  }

  public Optional<byte[]> get(User user, String size) {
    return Optional.ofNullable(photos.get(new Key(user.tenant(), user.id(), size)))
        .map(byte[]::clone);
  }
}
