package himmelblau.api.mfa;

/**
 * One way to prove a factor that the directory offers.
 *
 * @param method id of the {@link MfaMethod}
 * @param role as the first or the second factor
 * @param display what distinguishes several offers of one method, such as {@code +XX XXXXXXX42};
 *     may be empty
 * @param preferred whether it is the account's default
 */
public record FactorOffer(String method, Role role, String display, boolean preferred) {
  /** Which factor it would be. */
  public enum Role {
    FIRST,
    SECOND
  }
}
