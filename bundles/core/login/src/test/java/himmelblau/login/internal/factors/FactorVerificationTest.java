package himmelblau.login.internal.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.FactorOffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class FactorVerificationTest {
  @Test
  void theAdministratorsMethodComesFirstThenTheDefaultAndLastWhatWasNotPossible() {
    FactorOffer sms = new FactorOffer("OneWaySMS", FactorOffer.Role.SECOND, "", false);
    FactorOffer otp = new FactorOffer("PhoneAppOTP", FactorOffer.Role.SECOND, "", false);
    FactorOffer push = new FactorOffer("PhoneAppNotification", FactorOffer.Role.SECOND, "", true);
    List<FactorOffer> offers = List.of(sms, otp, push);
    Predicate<String> none = method -> false;
    assertEquals(
        List.of(push, sms, otp), FactorVerification.ordered(offers, Optional.empty(), none));
    assertEquals(
        List.of(otp, push, sms),
        FactorVerification.ordered(offers, Optional.of("PhoneAppOTP"), none));
    assertEquals(
        List.of(push, sms, otp), FactorVerification.ordered(offers, Optional.of("FidoKey"), none));
    assertEquals(
        List.of(sms, otp, push),
        FactorVerification.ordered(offers, Optional.empty(), push.method()::equals));
  }
}
