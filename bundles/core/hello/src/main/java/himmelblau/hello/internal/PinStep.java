package himmelblau.hello.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.HelloKind;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.api.hello.PinOrigin;
import himmelblau.api.hello.PinState;
import himmelblau.hello.internal.AttemptTable.Attempt;
import himmelblau.hello.internal.AttemptTable.What;
import himmelblau.hello.internal.HelloTable.Entry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The PIN of the user: whether there is one, of which kind, and how often it may be tried. */
@Component(property = {ExplainStep.STEP + "=pin", ExplainStep.ORDER + ":Integer=90"})
public final class PinStep implements ExplainStep {
  private static final Map<PinOrigin, String> ORIGINS =
      new EnumMap<>(
          Map.of(
              PinOrigin.OWN, "at this host",
              PinOrigin.REMOTE, "over the network",
              PinOrigin.OTHER_USER, "by other local users"));

  private final HelloTable table;
  private final HelloKeys keys;
  private final Function<AccountName, Optional<UUID>> owners;
  private final Supplier<HelloSettings> settings;

  @Activate
  public PinStep(@Reference HelloComponent hello) {
    this(hello.table(), hello.keys(), hello::owner, hello::settings);
  }

  PinStep(
      HelloTable table,
      HelloKeys keys,
      Function<AccountName, Optional<UUID>> owners,
      Supplier<HelloSettings> settings) {
    this.table = table;
    this.keys = keys;
    this.owners = owners;
    this.settings = settings;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(this::finding);
  }

  private Finding finding(AccountName name) {
    HelloSettings now = settings.get();
    if (!now.enabled()) {
      return Finding.of(Outcome.NOTE, "PINs are switched off", OptionUse.of("enable_hello"));
    }
    if (now.retries() <= 0) {
      return Finding.of(
          Outcome.NOTE, "PINs are switched off", OptionUse.of("hello_pin_retry_count"));
    }
    Optional<UUID> owner = owners.apply(name);
    Optional<Entry> entry = owner.flatMap(table::find);
    OptionUse limit = OptionUse.of("hello_pin_retry_count");
    if (keys.state(name, PinOrigin.OWN) == PinState.LOCKED) {
      return Finding.of(
          Outcome.NOTE,
          "deleted after too many wrong ones; a full sign-in sets up a new one",
          limit);
    }
    if (entry.isEmpty()) {
      return Finding.of(Outcome.NOTE, "none is set up; a sign-in with two factors offers one");
    }
    String kind =
        entry.get().kind() == HelloKind.REGISTERED
            ? "registered with the directory"
            : "known to this host only";
    String text = "set up, %s, key in the store %s".formatted(kind, entry.get().key().store());
    if (keys.state(name, PinOrigin.OWN) == PinState.NONE) {
      return Finding.of(
          Outcome.NOTE, text + "; of another machine key, so that a new one is needed");
    }
    return Finding.of(Outcome.OK, text, limit).with(details(name, entry.get().owner(), now));
  }

  private List<String> details(AccountName name, UUID owner, HelloSettings now) {
    AttemptTable attempts = table.attempts();
    List<String> lines = new ArrayList<>();
    ORIGINS.forEach(
        (origin, words) -> {
          int left = now.retries() - attempts.attempts(owner, new Attempt(What.PIN, origin));
          lines.add(
              left > 0
                  ? "tries left %s: %d of %d".formatted(words, left, now.retries())
                  : "blocked " + words + " until a sign-in with two factors");
        });
    lines.add("renewal for offline sign-ins: " + (keys.renewalKept(name) ? "kept" : "none"));
    return lines;
  }
}
