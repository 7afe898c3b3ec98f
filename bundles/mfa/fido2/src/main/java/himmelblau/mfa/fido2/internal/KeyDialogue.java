package himmelblau.mfa.fido2.internal;

import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Verdict;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.Optional;

/** The user and the key, up to a signature (host-behaviour 2.6 and 2.7). Used by one thread. */
final class KeyDialogue {
  private static final Log LOG = Log.of(KeyDialogue.class);
  private static final int TRIES = 3;

  private final Keys keys;
  private final KeyPrompts prompts;
  private final WebAuthn.Request request;
  private final ClientData client;
  private final Conversation with;
  private final KeySearch search;

  /**
   * @param insist whether the user is asked to insert a key
   */
  KeyDialogue(
      Keys keys, KeyPrompts prompts, WebAuthn.Request request, Conversation with, boolean insist) {
    this.keys = keys;
    this.prompts = prompts;
    this.request = request;
    this.client = ClientData.of(request.origin(), request.challenge());
    this.with = with;
    this.search = new KeySearch(keys, prompts, request, client.hash(), with, insist);
  }

  /** How the dialogue ended. */
  sealed interface End {
    record Signed(WebAuthn.Assertion assertion) implements End {}

    record Without(Verdict verdict) implements End {}
  }

  private static End notPossible(String text) {
    return new End.Without(new Verdict.NotPossible(text));
  }

  End run() throws ConversationClosed {
    long begun = System.nanoTime();
    while (true) {
      try {
        Optional<KeyAddress> key = search.find();
        if (key.isEmpty()) {
          return notPossible(KeyTexts.NONE_FOUND);
        }
        return withKey(key.get());
      } catch (KeysBusy e) {
        LOG.warn("fido.keys.busy", "reason", e.getMessage());
        return notPossible(KeyTexts.BUSY);
      } catch (KeyFailure e) {
        LOG.info("fido.key.failed", "kind", e.kind(), "answer", e.getMessage());
        Duration spent = Duration.ofNanos(System.nanoTime() - begun);
        switch (e.kind()) {
          case GONE -> {
            if (spent.compareTo(request.timeout()) >= 0) {
              return notPossible(KeyTexts.NONE_FOUND);
            }
            with.say(KeyTexts.REMOVED);
            search.insist();
          }
          case NO_CREDENTIAL -> search.refuse();
          case TIMED_OUT -> {
            return new End.Without(Verdict.TimedOut.STANDARD);
          }
          case DECLINED -> {
            return new End.Without(new Verdict.Denied(KeyTexts.FAILED));
          }
          case PIN_PAUSED -> {
            return notPossible(KeyTexts.PIN_PAUSED);
          }
          case PIN_BLOCKED -> {
            return notPossible(KeyTexts.PIN_BLOCKED);
          }
          default -> {
            return notPossible(KeyTexts.FAILED);
          }
        }
      }
    }
  }

  private End withKey(KeyAddress address) throws KeyFailure, KeysBusy, ConversationClosed {
    record Abilities(boolean pin, boolean user) {}
    Abilities can =
        keys.use(
            address,
            prompts.patience(),
            Keys.SHORT,
            key -> new Abilities(key.pinSet(), key.recognisesUser()));
    boolean wanted = request.verification() != WebAuthn.UserVerification.DISCOURAGED;
    if (wanted && can.user()) {
      Optional<WebAuthn.Assertion> signed = recognised(address);
      if (signed.isPresent()) {
        return new End.Signed(signed.get());
      }
    }
    if (wanted && can.pin()) {
      return withPin(address);
    }
    if (request.verification() == WebAuthn.UserVerification.REQUIRED) {
      return notPossible(can.user() ? KeyTexts.FAILED : KeyTexts.NO_PIN_SET);
    }
    return new End.Signed(touched(address, Optional.empty(), false));
  }

  /** A key that recognises its user; empty if it did not, and the PIN is left. */
  private Optional<WebAuthn.Assertion> recognised(KeyAddress address)
      throws KeyFailure, KeysBusy, ConversationClosed {
    for (int i = 0; i < TRIES; i++) {
      try {
        return Optional.of(touched(address, Optional.empty(), true));
      } catch (KeyFailure e) {
        if (e.kind() == KeyFailure.Kind.USER_BLOCKED) {
          break;
        }
        if (e.kind() != KeyFailure.Kind.USER_WRONG) {
          throw e;
        }
        with.warn(KeyTexts.WRONG_USER);
      }
    }
    with.warn(KeyTexts.USER_BLOCKED);
    return Optional.empty();
  }

  private End withPin(KeyAddress address) throws KeyFailure, KeysBusy, ConversationClosed {
    try (RefusedPins refused = new RefusedPins()) {
      for (int i = 0; i < TRIES; i++) {
        try (Secret pin = with.askHidden(KeyTexts.ASK_PIN, Conversation.Kind.PASSING)) {
          if (pin.isEmpty()) {
            return notPossible(KeyTexts.FAILED);
          }
          // A key counts tries: what cannot be right is not sent to it.
          if (!refused.possible(pin)) {
            with.say(KeyTexts.WRONG_PIN);
          } else if (right(address, pin)) {
            return new End.Signed(touched(address, Optional.of(pin), false));
          } else {
            refused.add(pin);
          }
        }
      }
    }
    return new End.Without(new Verdict.Denied(KeyTexts.FAILED));
  }

  /** Whether the key takes the PIN, before the user is asked for a touch. */
  private boolean right(KeyAddress address, Secret pin)
      throws KeyFailure, KeysBusy, ConversationClosed {
    record Checked(boolean right, Optional<Integer> tries) {}
    Checked checked =
        keys.use(
            address,
            prompts.patience(),
            Keys.SHORT,
            key -> {
              try {
                key.check(request, client.hash(), Optional.of(pin));
                return new Checked(true, Optional.empty());
              } catch (KeyFailure e) {
                if (e.kind() != KeyFailure.Kind.PIN_WRONG) {
                  throw e;
                }
                return new Checked(false, key.pinTries());
              }
            });
    if (!checked.right()) {
      String counted = KeyTexts.WRONG_PIN_COUNTED;
      with.say(
          checked
              .tries()
              .map(left -> counted.replace("{attempts}", Integer.toString(left)))
              .orElse(KeyTexts.WRONG_PIN));
    }
    return checked.right();
  }

  private WebAuthn.Assertion touched(KeyAddress address, Optional<Secret> pin, boolean recognise)
      throws KeyFailure, KeysBusy, ConversationClosed {
    with.say(GreeterMark.TOUCH.on(prompts.touch(), with.context()));
    WebAuthn.Assertion signed =
        keys.use(
            address,
            prompts.patience(),
            prompts.patience(),
            key -> key.sign(request, client, pin, recognise));
    LOG.info("fido.key.signed", "key", address.product());
    return signed;
  }
}
