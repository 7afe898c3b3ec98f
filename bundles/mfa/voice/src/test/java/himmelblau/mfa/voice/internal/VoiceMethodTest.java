package himmelblau.mfa.voice.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.contract.mfa.PolledMethodContract;
import himmelblau.contract.mfa.ScriptedChallenge;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class VoiceMethodTest extends PolledMethodContract {
  @Override
  protected MfaMethod method() {
    return new VoiceMethod();
  }

  @Override
  protected String id() {
    return "TwoWayVoiceMobile";
  }

  @Test
  void transcripts() throws Exception {
    ScriptedConversation user = user();
    method().verify(challenge(Progress.APPROVED), user);
    assertEquals(
        List.of("I We're calling your phone +XX XXXXXXX42. Please answer it to continue."),
        user.transcript());
    user = user();
    method().verify(new ScriptedChallenge("TwoWayVoiceOffice", prompt(), Progress.APPROVED), user);
    assertEquals(
        List.of("I We're calling your office phone +XX XXXXXXX42. Please answer it to continue."),
        user.transcript());
  }
}
