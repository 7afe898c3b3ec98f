package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.crypto.SessionJwe;
import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.TenantClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The phones of all users: prompts to answer and messages to read. */
public final class Phone {
  /** How a prompt stands. */
  public enum State {
    PENDING,
    APPROVED,
    DENIED,
    WRONG_NUMBER,
    NO_ANSWER
  }

  /** One prompt. The number is what the other screen shows; a call has none. */
  public static final class Prompt {
    private final UUID user;
    private final String upn;
    private final String method;
    private final Optional<Integer> number;
    private final Instant created;
    private volatile State state = State.PENDING;
    private volatile Instant polled;

    private Prompt(User user, String method, Optional<Integer> number, Instant created) {
      this.user = user.id();
      this.upn = user.upn();
      this.method = method;
      this.number = number;
      this.created = created;
      this.polled = created;
    }

    public UUID user() {
      return user;
    }

    public String upn() {
      return upn;
    }

    public String method() {
      return method;
    }

    public Optional<Integer> number() {
      return number;
    }

    public Instant created() {
      return created;
    }
  }

  /** A text message. */
  public record Message(UUID user, String upn, String text, String code, Instant sent) {}

  private final List<Prompt> prompts = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final Settings settings;
  private final TenantClock clock;

  public Phone(Settings settings, TenantClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Sends a prompt.
   *
   * @return empty when another one is open and its sign-in still waits for it
   */
  public synchronized Optional<Prompt> prompt(User user, String method, boolean withNumber) {
    Instant now = clock.now();
    long live = 2L * settings.number("poll-interval-millis") + 2000;
    for (Prompt open : open(user.id())) {
      if (open.polled.plusMillis(live).isAfter(now)) {
        return Optional.empty();
      }
      open.state = State.NO_ANSWER;
    }
    Optional<Integer> number =
        withNumber ? Optional.of(10 + (SessionJwe.random(1)[0] & 0xff) % 90) : Optional.empty();
    Prompt prompt = new Prompt(user, method, number, now);
    prompts.add(prompt);
    notifyAll();
    return Optional.of(prompt);
  }

  /** How a prompt stands; asking keeps it open until its time is over. */
  public synchronized State poll(Prompt prompt) {
    Instant now = clock.now();
    prompt.polled = now;
    if (prompt.state == State.PENDING
        && now.isAfter(prompt.created.plusSeconds(settings.number("push-timeout-seconds")))) {
      prompt.state = State.NO_ANSWER;
    }
    return prompt.state;
  }

  public synchronized List<Prompt> pending() {
    Instant old = clock.now().minusSeconds(settings.number("push-timeout-seconds"));
    return prompts.stream()
        .filter(prompt -> prompt.state == State.PENDING && prompt.created.isAfter(old))
        .sorted(Comparator.comparing(Prompt::created))
        .toList();
  }

  public synchronized List<Prompt> open(UUID user) {
    return pending().stream().filter(prompt -> prompt.user.equals(user)).toList();
  }

  /** Waits until a user has a prompt to answer, up to a time. */
  public synchronized List<Prompt> await(UUID user, long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (open(user).isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    return open(user);
  }

  /** Answers the newest prompt; a wrong number denies it, as the app does. */
  public synchronized State answer(Prompt prompt, boolean approve, Optional<Integer> number) {
    if (prompt.state != State.PENDING) {
      return prompt.state;
    }
    if (!approve) {
      prompt.state = State.DENIED;
    } else if (prompt.number.isPresent() && !prompt.number.equals(number)) {
      prompt.state = State.WRONG_NUMBER;
    } else {
      prompt.state = State.APPROVED;
    }
    return prompt.state;
  }

  /** Sends a code by text message and returns it. */
  public synchronized String text(User user) {
    int value = 0;
    for (byte b : SessionJwe.random(3)) {
      value = value << 8 | (b & 0xff);
    }
    String code = String.format("%06d", value % 1_000_000);
    messages.add(
        new Message(
            user.id(),
            user.upn(),
            "Use verification code " + code + " for Microsoft authentication.",
            code,
            clock.now()));
    return code;
  }

  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }
}
