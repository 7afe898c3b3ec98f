package himmelblau.domain.oidc.internal;

import himmelblau.api.account.AccountName;
import himmelblau.domain.oidc.internal.issuer.NameUuid;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The configuration of one domain.
 *
 * @param domain lower case
 * @param issuer as the issuer writes it, character by character
 * @param client the client id of this host at the issuer
 * @param nameClaims claims that may hold the account name, in order; never empty
 * @param stripSuffix whether {@code @} and what follows is cut from that claim
 * @param groupsClaim claim that lists the groups
 * @param multiFactorAcr values of the claim {@code acr} that stand for two factors
 * @param passwords which name a password that is typed at this host is sent with; empty: none is
 *     asked for
 */
public record OidcSettings(
    String domain,
    String issuer,
    String client,
    List<String> nameClaims,
    boolean stripSuffix,
    String groupsClaim,
    Set<String> multiFactorAcr,
    Optional<UserNameForm> passwords) {
  /** Of tenant ids, so that those of Himmelblau are the same. */
  private static final UUID ISSUERS = UUID.fromString("e669513b-1345-4853-96a7-596243184319");

  private static final List<String> STANDARD_CLAIMS = List.of("preferred_username", "email");

  /** What an issuer calls its users where they type a password. */
  public enum UserNameForm {
    SHORT,
    FULL;

    public String of(AccountName name) {
      return this == SHORT ? name.local() : name.upn();
    }
  }

  public OidcSettings {
    nameClaims = nameClaims.isEmpty() ? STANDARD_CLAIMS : List.copyOf(nameClaims);
    multiFactorAcr = Set.copyOf(multiFactorAcr);
  }

  /**
   * The id of the issuer: ids of users and groups are made with it, so no two issuers share one.
   */
  public UUID tenant() {
    return NameUuid.of(ISSUERS, issuer);
  }

  /** Of this issuer and this client: what is for another of them must not be sent. */
  UUID clientAtIssuer() {
    return NameUuid.of(tenant(), client);
  }

  /** The immutable id of a user. */
  public UUID user(String subject) {
    return NameUuid.of(tenant(), subject);
  }
}
