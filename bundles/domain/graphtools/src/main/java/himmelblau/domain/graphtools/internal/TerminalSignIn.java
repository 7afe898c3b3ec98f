package himmelblau.domain.graphtools.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignIn;
import himmelblau.api.domain.SignInPolicy;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.Step;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Verdict;
import himmelblau.api.secret.Secret;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs a user in at the terminal of a command, for one token. Nothing of it stays on the host: no
 * session, no PIN, no cached password.
 *
 * @param methods by the ids that they serve
 */
record TerminalSignIn(Map<String, MfaMethod> methods) {
  /**
   * Runs the whole sign-in; one try.
   *
   * @return what tokens are made of; the caller closes it
   */
  Secret renewal(DomainProvider domain, AccountName name, AdminTerminal terminal)
      throws ToolFailed, ConversationClosed {
    if (!domain.joined()) {
      throw new ToolFailed(
          Advice.NO_TOKEN,
          "This host is not joined to " + domain.domain() + " yet: sign in once, then try again.");
    }
    SignInPolicy policy =
        new SignInPolicy(false, SignInPolicy.OtherBrowser.NOT_FOR_SETUP, methods.keySet(), false);
    try (SignIn signIn = domain.begin(name, policy);
        Session session = completed(signIn, name, terminal)) {
      if (!session.user().name().equals(name)) {
        throw new ToolFailed(Advice.NO_TOKEN, "Another account signed in than " + name.upn());
      }
      return session
          .renewal()
          .orElseThrow(
              () -> new ToolFailed(Advice.NO_TOKEN, "The directory gave nothing to go on with"));
    } catch (SignInRefused e) {
      throw new ToolFailed(Advice.NO_TOKEN, e.text());
    } catch (DomainUnavailable e) {
      throw new ToolFailed(Advice.NO_TOKEN, String.valueOf(e.getMessage()));
    }
  }

  private Session completed(SignIn signIn, AccountName name, AdminTerminal terminal)
      throws ToolFailed, ConversationClosed, DomainUnavailable, SignInRefused {
    Step step = signIn.step();
    while (true) {
      step =
          switch (step) {
            case Step.NeedPassword need -> password(signIn, name, terminal);
            case Step.NeedFactor need -> factor(signIn, need, terminal);
            case Step.NeedNewPassword need ->
                throw new ToolFailed(Advice.NO_TOKEN, "The password has to be changed first.");
            case Step.Complete done -> done;
          };
      if (step instanceof Step.Complete done) {
        return done.session();
      }
    }
  }

  private static Step password(SignIn signIn, AccountName name, AdminTerminal terminal)
      throws ToolFailed, ConversationClosed, DomainUnavailable, SignInRefused {
    try (Secret password =
        terminal
            .askHidden(name.upn() + " password: ")
            .orElseThrow(() -> new ToolFailed(Advice.NO_TOKEN, "No password was given."))) {
      return signIn.password(password);
    }
  }

  private Step factor(SignIn signIn, Step.NeedFactor need, AdminTerminal terminal)
      throws ToolFailed, ConversationClosed, DomainUnavailable, SignInRefused {
    String why = "";
    List<FactorOffer> inOrder =
        need.offers().stream()
            .sorted(Comparator.comparing(FactorOffer::preferred).reversed())
            .toList();
    for (FactorOffer offer : inOrder) {
      Optional<MfaMethod> method = Optional.ofNullable(methods.get(offer.method()));
      if (method.isEmpty()) {
        continue;
      }
      Challenge challenge = signIn.challenge(offer);
      switch (method.get().verify(challenge, new TerminalConversation(terminal))) {
        case Verdict.Approved yes -> {
          return signIn.approved(challenge);
        }
        case Verdict.Denied no -> throw new ToolFailed(Advice.NO_TOKEN, no.text());
        case Verdict.TimedOut late -> throw new ToolFailed(Advice.NO_TOKEN, late.text());
        case Verdict.NotPossible not -> why = not.text();
      }
    }
    throw new ToolFailed(
        Advice.NO_TOKEN,
        why.isEmpty() ? "No method of this account for a second factor works here." : why);
  }
}
