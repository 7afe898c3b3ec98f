package himmelblau.mfa.devicecode.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import himmelblau.api.mfa.Challenge.Progress;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.contract.mfa.PolledMethodContract;
import himmelblau.contract.mfa.ScriptedChallenge;
import himmelblau.contract.mfa.ScriptedConversation;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceCodeMethodTest extends PolledMethodContract {
  @Override
  protected MfaMethod method() {
    return new DeviceCodeMethod();
  }

  @Override
  protected String id() {
    return "DeviceCode";
  }

  @Override
  protected Prompt prompt() {
    return super.prompt()
        .withDevice(new Prompt.DeviceCode("https://microsoft.com/devicelogin", "ABCD-EFGH"));
  }

  @Test
  void transcript() throws Exception {
    ScriptedConversation user = user();
    method().verify(challenge(Progress.APPROVED), user);
    assertEquals(
        List.of(
            "I Using a browser on another device, visit:\nhttps://microsoft.com/devicelogin\n"
                + "And enter the code:\nABCD-EFGH",
            "Q https://microsoft.com/devicelogin"),
        user.transcript());
  }

  @Test
  void theDirectorysOwnSentenceWins() throws Exception {
    ScriptedConversation user = user();
    String text =
        "To sign in, use a web browser to open the page https://microsoft.com/devicelogin and enter"
            + " the code XXXXXXXXX to authenticate.";
    method().verify(new ScriptedChallenge(id(), prompt().withText(text), Progress.APPROVED), user);
    assertEquals("I " + text, user.transcript().getFirst());
  }
}
