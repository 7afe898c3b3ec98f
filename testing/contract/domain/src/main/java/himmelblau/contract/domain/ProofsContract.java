package himmelblau.contract.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.domain.Step;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.secret.Secret;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nobody is signed in without the proofs that were demanded, and what was proven is told. */
abstract class ProofsContract {
  private final DomainContract kit;

  ProofsContract(DomainContract kit) {
    this.kit = kit;
  }

  private SignIn begin() throws Exception {
    return kit.at().provider().begin(kit.at().user(), kit.demanding());
  }

  @Test
  void theSessionTellsThatTwoFactorsWereProven() throws Exception {
    try (Session session = kit.signIn()) {
      assertTrue(session.multiFactor());
    }
  }

  @Test
  void aDemandedFactorIsAskedForAfterThePassword() throws Exception {
    boolean passwords = kit.at().passwords();
    try (SignIn signIn = begin()) {
      assertEquals(passwords, signIn.step() instanceof Step.NeedPassword);
      Step.NeedFactor need = kit.afterPassword(signIn);
      assertFalse(need.passwordPossible(), "the password was given already, or there is none");
      for (FactorOffer offer : need.offers()) {
        assertEquals(passwords ? FactorOffer.Role.SECOND : FactorOffer.Role.FIRST, offer.role());
      }
    }
  }

  @Test
  void aWrongPasswordIsRefusedAndMayBeTriedAgain() throws Exception {
    try (SignIn signIn = begin();
        Secret wrong = Secret.ofText("not the password")) {
      if (!kit.at().passwords()) {
        assertThrows(IllegalStateException.class, () -> signIn.password(wrong), "not asked for");
        return;
      }
      SignInRefused refusal = DomainContract.refused(() -> signIn.password(wrong));
      assertEquals(Reason.WRONG_PASSWORD, refusal.reason());
      assertTrue(refusal.retry());
      kit.afterPassword(signIn);
    }
  }

  @Test
  void aChallengeThatNobodyAnsweredIsNoProof() throws Exception {
    try (SignIn signIn = begin()) {
      Challenge challenge = signIn.challenge(kit.afterPassword(signIn).offers().get(0));
      assertThrows(IllegalStateException.class, () -> signIn.approved(challenge), "not begun");
      challenge.begin();
      assertThrows(IllegalStateException.class, () -> signIn.approved(challenge), "pending");
    }
  }

  @Test
  void aChallengeThatFailedIsNoProof() throws Exception {
    try (SignIn signIn = begin()) {
      Challenge challenge = signIn.challenge(kit.afterPassword(signIn).offers().get(0));
      assertEquals(Progress.DENIED, kit.at().fail(kit.at().user(), challenge, challenge.begin()));
      assertThrows(IllegalStateException.class, () -> signIn.approved(challenge));
    }
  }

  @Test
  void aChallengeOfAnotherSignInIsNoProof() throws Exception {
    try (SignIn signIn = begin();
        SignIn another = kit.at().provider().begin(kit.at().otherUser(), kit.demanding())) {
      Challenge approved = kit.approved(kit.at().user(), signIn, kit.afterPassword(signIn));
      kit.afterPassword(another);
      Exception end = assertThrows(Exception.class, () -> another.approved(approved));
      assertTrue(
          end instanceof IllegalStateException || end instanceof SignInRefused, end.toString());
    }
  }

  @Test
  void onlyMethodsThatArePresentAreOffered() throws Exception {
    try (Secret password = kit.at().password()) {
      SignInRefused refusal = DomainContract.refused(() -> withoutMethods(password));
      assertTrue(
          Set.of(Reason.NOT_SUPPORTED, Reason.FACTOR_MISSING).contains(refusal.reason()),
          refusal.reason() + "");
    }
  }

  private Step withoutMethods(Secret password) throws Exception {
    try (SignIn signIn =
        kit.at().provider().begin(kit.at().user(), DomainContract.policy(Set.of()))) {
      return kit.at().passwords() ? signIn.password(password) : signIn.step();
    }
  }

  @Test
  void whatWasNotOfferedIsNoChallenge() throws Exception {
    try (SignIn signIn = begin()) {
      FactorOffer offer = kit.afterPassword(signIn).offers().get(0);
      FactorOffer other = new FactorOffer("another", offer.role(), offer.display(), false);
      assertThrows(IllegalStateException.class, () -> signIn.challenge(other));
    }
  }

  @Test
  void whatIsNotAskedForIsNotTaken() throws Exception {
    try (SignIn signIn = begin();
        Secret password = kit.at().password();
        Secret fresh = Secret.ofText("another password")) {
      assertThrows(IllegalStateException.class, () -> signIn.changePassword(password, fresh));
      kit.afterPassword(signIn);
      assertThrows(IllegalStateException.class, () -> signIn.password(password));
    }
  }

  @Test
  void aClosedSignInTakesNothing() throws Exception {
    SignIn signIn = begin();
    signIn.close();
    signIn.close();
    try (Secret password = kit.at().password()) {
      assertThrows(IllegalStateException.class, () -> signIn.password(password));
    }
  }

  @Test
  void nobodyIsDisturbedBeforeAChallengeBegins() throws Exception {
    kit.at().provider().find(kit.at().user());
    kit.at().provider().findWithGroups(kit.at().user());
    try (SignIn signIn = begin()) {
      signIn.challenge(kit.afterPassword(signIn).offers().get(0));
      assertEquals(0, kit.at().messagesSent());
    }
  }
}
