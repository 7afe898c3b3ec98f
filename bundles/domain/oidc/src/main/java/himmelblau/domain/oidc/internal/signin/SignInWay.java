package himmelblau.domain.oidc.internal.signin;

/** How a user proved to an issuer who they are. */
public enum SignInWay {
  /** On the issuer's own pages, which ask for what the issuer wants to have proven. */
  BROWSER,
  /** With a password that this host handed in. */
  PASSWORD
}
