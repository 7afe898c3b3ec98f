package himmelblau.login.internal.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.FactorOffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FactorVerificationTest {
  @Test
  void theAdministratorsMethodComesFirstThenTheDefault() {
    FactorOffer sms = new FactorOffer("OneWaySMS", FactorOffer.Role.SECOND, "", false);
    FactorOffer otp = new FactorOffer("PhoneAppOTP", FactorOffer.Role.SECOND, "", false);
    FactorOffer push = new FactorOffer("PhoneAppNotification", FactorOffer.Role.SECOND, "", true);
    List<FactorOffer> offers = List.of(sms, otp, push);
    assertEquals(List.of(push, sms, otp), FactorVerification.ordered(offers, Optional.empty()));
    assertEquals(
        List.of(otp, push, sms), FactorVerification.ordered(offers, Optional.of("PhoneAppOTP")));
    assertEquals(
        List.of(push, sms, otp), FactorVerification.ordered(offers, Optional.of("FidoKey")));
  }
}
