package himmelblau.api.sso;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.secret.Secret;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Tokens and single sign-on cookies from what {@link himmelblau.api.domain.Session#renewal()} gave.
 * Registered by a bundle that serves a domain whose directory gives such, one service for each
 * domain, with the service property {@link himmelblau.api.domain.DomainProvider#DOMAIN}.
 * Thread-safe; a method that reaches the network blocks, honours {@code request_timeout} and ends
 * early when its thread is interrupted.
 *
 * <p>A renewal is borrowed: neither kept, changed nor closed. Who asks has checked that the caller
 * is the account that the renewal belongs to; an implementation gives tokens of that account only,
 * and never those of another one that the directory may answer with.
 */
@ConsumerType
public interface ResourceTokens {
  /**
   * Whose renewal it is, without asking the directory.
   *
   * @return empty if this provider did not make {@code renewal}
   */
  Optional<TokenOwner> owner(Secret renewal);

  /**
   * Asks the directory for a token.
   *
   * @return the caller closes it
   * @throws SignInRefused with what the directory said as text, its code in front ({@code
   *     AADSTS65001: …}); {@link SignInRefused.Reason#RENEWAL_DEAD} also where only this
   *     application or resource does not accept the renewal
   * @throws DomainUnavailable when the directory cannot be asked now
   */
  IssuedToken token(AccountName name, Secret renewal, TokenRequest request)
      throws DomainUnavailable, SignInRefused;

  /**
   * A cookie with which a browser is signed in at the directory's sign-in page ([MS-OAPXBC]
   * 3.2.5.1.3, entra-tokens 8.3). Does not reach the network.
   *
   * @param nonce what the sign-in page gave; empty: the cookie has the time instead
   * @return the caller closes it
   * @throws SignInRefused if the renewal is not valid on this host any more
   */
  SsoCookie cookie(Secret renewal, Optional<String> nonce) throws SignInRefused;
}
