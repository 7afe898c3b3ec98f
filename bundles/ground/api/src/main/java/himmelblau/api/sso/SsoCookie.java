package himmelblau.api.sso;

import himmelblau.api.secret.Secret;

/**
 * A cookie for the directory's sign-in page. Closing it wipes the content.
 *
 * @param name of the cookie, and of the header that may be used instead
 * @param content its value, ASCII
 */
public record SsoCookie(String name, Secret content) implements AutoCloseable {
  @Override
  public void close() {
    content.close();
  }
}
