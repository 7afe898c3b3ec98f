package himmelblau.mfa.fido2.internal;

import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.WebAuthn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the key that has a passkey of the account. Used by one thread. */
final class KeySearch {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Keys keys;
  private final KeyPrompts prompts;
  private final WebAuthn.Request request;
  private final byte[] hash;
  private final Conversation with;
  private final Set<String> strangers = new HashSet<>();
  private Optional<KeyAddress> found = Optional.empty();
  private boolean insist;
  private boolean asked;

  KeySearch(
      Keys keys,
      KeyPrompts prompts,
      WebAuthn.Request request,
      byte[] hash,
      Conversation with,
      boolean insist) {
    this.keys = keys;
    this.prompts = prompts;
    this.request = request;
    this.hash = hash.clone();
    this.with = with;
    this.insist = insist;
  }

  /** A key that is not connected is waited for from now on; the user was told. */
  void insist() {
    insist = true;
    asked = true;
  }

  /** The key found last has no passkey of the account after all. */
  void refuse() throws ConversationClosed {
    found.ifPresent(key -> strangers.add(key.path()));
    with.say(KeyTexts.NOT_REGISTERED);
    insist();
  }

  /**
   * Looks for the key, and waits for it for {@code fido_timeout}.
   *
   * @return empty if none was connected in this time
   */
  Optional<KeyAddress> find() throws KeyFailure, KeysBusy, ConversationClosed {
    long begun = System.nanoTime();
    while (true) {
      List<KeyAddress> connected = keys.connected(prompts.patience());
      strangers.retainAll(connected.stream().map(KeyAddress::path).toList());
      List<KeyAddress> usable = usable(connected);
      if (!usable.isEmpty()) {
        found = Optional.of(usable.size() == 1 ? usable.get(0) : selected(usable));
        return found;
      }
      if (!insist || System.nanoTime() - begun >= prompts.patience().toNanos()) {
        return Optional.empty();
      }
      if (!asked) {
        with.say(GreeterMark.INSERT.on(prompts.insert(), with.context()));
        asked = true;
      }
      with.pause(LOOK_AGAIN);
    }
  }

  private List<KeyAddress> usable(List<KeyAddress> connected) throws KeysBusy, ConversationClosed {
    List<KeyAddress> usable = new ArrayList<>();
    boolean strange = false;
    for (KeyAddress key : connected) {
      if (strangers.contains(key.path())) {
        continue;
      }
      if (keys.holds(key, prompts.patience(), request, hash)) {
        usable.add(key);
      } else {
        strangers.add(key.path());
        strange = true;
      }
    }
    if (strange && usable.isEmpty() && insist) {
      with.say(KeyTexts.NOT_REGISTERED);
      asked = true;
    }
    return usable;
  }

  private KeyAddress selected(List<KeyAddress> usable)
      throws KeyFailure, KeysBusy, ConversationClosed {
    with.say(KeyTexts.SELECT);
    return keys.selected(usable, prompts.patience(), prompts.patience());
  }
}
