package himmelblau.domain.entra.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.token.Tokens;
import himmelblau.domain.entra.internal.wire.AadstsError;

/** The steps after the user was authenticated. */
public interface SignInFinish {
  /** Whether this host is joined. */
  boolean joined() throws SignInRefused;

  /** Joins the host if needed and gets the session. Takes over {@code tokens}. */
  Session signedIn(AccountName name, Tokens tokens)
      throws DomainUnavailable, SignInRefused, AadstsError;

  /**
   * Signs in with nothing but the password (borrowed), which a joined host may.
   *
   * @throws AadstsError with the directory's number if it wants more
   */
  Session password(AccountName name, Secret password)
      throws DomainUnavailable, SignInRefused, AadstsError;
}
