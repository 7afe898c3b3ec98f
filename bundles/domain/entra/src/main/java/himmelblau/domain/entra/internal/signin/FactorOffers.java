package himmelblau.domain.entra.internal.signin;

import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.FactorOffer.Role;
import himmelblau.domain.entra.internal.page.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Selects the methods to offer: those that the directory has, this host supports, and the
 * administrator prefers.
 */
final class FactorOffers {
  static final String FIDO = "FidoKey";
  static final String ACCESS_PASS = "AccessPass";
  static final String REMOTE_NGC = "RemoteNGC";
  static final String DEVICE_CODE = "DeviceCode";

  private static final Set<String> KNOWN =
      Set.of(
          "PhoneAppNotification",
          "CompanionAppsNotification",
          "PhoneAppOTP",
          "OneWaySMS",
          "ConsolidatedTelephony",
          "TwoWayVoiceMobile",
          "TwoWayVoiceAlternateMobile",
          "TwoWayVoiceOffice",
          FIDO,
          ACCESS_PASS);
  private static final long PREFERS_PHONE = 2;
  private static final long PREFERS_KEY = 7;

  private FactorOffers() {}

  /** Ways to sign in without a password. */
  static List<FactorOffer> first(CredentialType type, SignInPolicy policy, boolean securityKey) {
    List<FactorOffer> offers = new ArrayList<>();
    if (!policy.passwordless()) {
      return offers;
    }
    if (type.accessPass()) {
      offers.add(first(ACCESS_PASS, type.preferred() == CredentialType.ACCESS_PASS));
    }
    if (securityKey && !type.fidoAllowList().isEmpty()) {
      offers.add(first(FIDO, type.preferred() == PREFERS_KEY));
    }
    if (type.remoteSession().isPresent()) {
      offers.add(first(REMOTE_NGC, type.preferred() == PREFERS_PHONE));
    }
    List<FactorOffer> sorted = sorted(offers, policy, Optional.empty());
    // Whatever the directory prefers, the only way is what the user came for.
    return sorted.size() == 1 && !type.passwordUsable()
        ? List.of(first(sorted.get(0).method(), true))
        : sorted;
  }

  private static FactorOffer first(String method, boolean preferred) {
    return new FactorOffer(method, Role.FIRST, "", preferred);
  }

  /** Ways to prove a second factor. */
  static List<FactorOffer> second(Page page, SignInPolicy policy, Optional<String> preferred) {
    boolean passkeysOnly = page.config().is("fIsPasskeySupportEnabled");
    List<FactorOffer> offers = new ArrayList<>();
    for (Page.Proof proof : page.proofs()) {
      boolean usable =
          KNOWN.contains(proof.method()) && !(passkeysOnly && proof.method().equals(FIDO));
      if (usable) {
        offers.add(
            new FactorOffer(proof.method(), Role.SECOND, proof.display(), proof.preferred()));
      }
    }
    return sorted(offers, policy, preferred);
  }

  /** A browser elsewhere; empty if this host cannot show a code. */
  static List<FactorOffer> deviceCode(SignInPolicy policy) {
    return policy.methods().contains(DEVICE_CODE) ? List.of(first(DEVICE_CODE, true)) : List.of();
  }

  private static List<FactorOffer> sorted(
      List<FactorOffer> offers, SignInPolicy policy, Optional<String> preferred) {
    List<FactorOffer> sorted = new ArrayList<>();
    boolean chosen =
        preferred.isPresent()
            && offers.stream().anyMatch(offer -> offer.method().equals(preferred.get()));
    for (FactorOffer offer : offers) {
      if (!policy.methods().contains(offer.method())) {
        continue;
      }
      boolean isFirst = chosen ? offer.method().equals(preferred.orElseThrow()) : offer.preferred();
      FactorOffer told = new FactorOffer(offer.method(), offer.role(), offer.display(), isFirst);
      sorted.add(isFirst ? 0 : sorted.size(), told);
    }
    return sorted;
  }
}
