package himmelblau.login.internal.factors;

import himmelblau.api.login.ConversationClosed;
import himmelblau.login.internal.conversation.PromptTexts;
import himmelblau.login.internal.conversation.StepConversation;
import java.util.List;

/** Lets the user choose another method. */
final class MethodChoice {
  private MethodChoice() {}

  /**
   * Lists {@code others} until the user has chosen one. Ends with the limit of questions of the
   * call, whatever is answered.
   *
   * @param others not empty
   */
  static UsableMethod choose(List<UsableMethod> others, StepConversation conversation)
      throws ConversationClosed {
    while (true) {
      StringBuilder list = new StringBuilder(PromptTexts.OTHERS);
      for (int i = 0; i < others.size(); i++) {
        list.append('\n').append(others.get(i).line(i + 1));
      }
      conversation.say(list.toString());
      int chosen = number(conversation.ask(PromptTexts.CHOOSE));
      if (chosen >= 1 && chosen <= others.size()) {
        return others.get(chosen - 1);
      }
    }
  }

  private static int number(String answer) {
    String digits = answer.strip();
    return digits.matches("[0-9]{1,2}") ? Integer.parseInt(digits) : 0;
  }
}
