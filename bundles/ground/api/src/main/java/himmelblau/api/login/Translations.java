package himmelblau.api.login;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Texts for users in other languages. The English text is the key, so a text that is not known,
 * such as one from the directory or of an administrator, stays as it is. Thread-safe; never throws.
 */
@ProviderType
public interface Translations {
  /**
   * @param text in English, with its values; may have several lines
   * @param locale of the PAM application, such as {@code de_DE.UTF-8}, as an untrusted client sent
   *     it
   * @return {@code text} itself for English, and for a locale that is not known
   */
  String translate(String text, String locale);
}
