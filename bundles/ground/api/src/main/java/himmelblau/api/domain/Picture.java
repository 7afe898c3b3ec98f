package himmelblau.api.domain;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The picture of a user who has signed in. Contains everything that is needed to fetch it, so it
 * can be used after its {@link Session}; whoever asked for it closes it, which wipes that. Used by
 * one thread.
 */
@ConsumerType
public interface Picture extends SessionFeature, AutoCloseable {
  /**
   * Fetches it. Blocks; ends early when its thread is interrupted.
   *
   * @param mostBytes a larger picture is not needed; the provider looks for a smaller one
   * @return the bytes as the directory has them, whatever they are; empty when the user has none
   * @throws DomainUnavailable when the directory cannot tell now
   */
  Optional<byte[]> fetch(int mostBytes) throws DomainUnavailable;

  @Override
  void close();
}
