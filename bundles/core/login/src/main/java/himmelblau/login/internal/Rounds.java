package himmelblau.login.internal;

import himmelblau.api.directory.Account;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.hello.Hello;
import himmelblau.api.hello.State;
import himmelblau.api.hello.Unlocked;
import himmelblau.api.log.Log;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.SignInRequest.Flag;
import java.time.Duration;
import java.util.Optional;

/** Goes round until somebody is signed in or it is over (host-behaviour 2.10). */
final class Rounds {
  private static final Log LOG = Log.of(Rounds.class);
  private static final Duration AFTER_DENIAL = Duration.ofSeconds(2);

  private final Host host;
  private final Policy policy;
  private final Completion completion;
  private final OnlineSignIn online;
  private final PinSignIn pins;
  private final OfflineSignIn offline;
  private final Admission admission;
  private final LocalCode codes;

  Rounds(Host host) {
    this.host = host;
    policy = new Policy(host);
    completion = new Completion(host);
    online = new OnlineSignIn(host, policy);
    admission = new Admission(host);
    codes = new LocalCode(host);
    pins = new PinSignIn(host, policy, online, completion, admission);
    offline = new OfflineSignIn(host);
  }

  /** A denial shows its reason, pauses and starts over, up to {@link Attempt#MOST_REFUSALS}. */
  Account signIn(Attempt attempt) throws ConversationClosed, Ended {
    while (true) {
      int asked = attempt.dialogue().questions();
      try {
        return round(attempt);
      } catch (Ended e) {
        if (e.kind() != Ended.Kind.DENIED) {
          throw e;
        }
        LOG.info("login.denied", "account", attempt.name(), "reason", e.text());
        if (attempt.dialogue().questions() == asked) {
          // Nobody had a say in this round, so the next one would only be the same again.
          throw Ended.refused(PamCode.ABORT, e.text());
        }
        attempt.countRefusal(e.text());
        attempt.dialogue().say(e.text());
        attempt.dialogue().pause(AFTER_DENIAL);
      }
    }
  }

  private Account round(Attempt attempt) throws ConversationClosed, Ended {
    DomainProvider domain = provider(attempt);
    awaitHello(attempt);
    try (Reach reach = new Reach(domain, host.breakglass().get())) {
      if (attempt.flag(Flag.FORCE_REAUTH) && !reach.online()) {
        throw Ended.refused(PamCode.ABORT, Texts.REAUTH_NEEDS_NETWORK);
      }
      // A host that has lost its place in the domain has no use for a PIN; when it is also alone
      // there is nothing else to ask for, and who knows the PIN is told what to do.
      if (policy.pinPossible(attempt) && (domain.joined() || !reach.online())) {
        return pins.signIn(attempt, domain, reach::online);
      }
      if (reach.online()) {
        requireExisting(attempt, domain);
        return full(attempt, domain);
      }
    } catch (DomainUnavailable e) {
      LOG.warn("login.unavailable", "account", attempt.name(), "why", e.getMessage());
      if (e.kind() != DomainUnavailable.Kind.NETWORK) {
        throw Ended.of(e);
      }
      return networkLost(attempt, domain);
    } catch (SignInRefused e) {
      throw completion.refused(attempt, domain, e);
    }
    return admission.admitOffline(attempt, offline.signIn(attempt, domain));
  }

  /** The directory answered a moment ago and does not now. */
  private Account networkLost(Attempt attempt, DomainProvider domain)
      throws ConversationClosed, Ended {
    if (attempt.dialogue().questions() > 0 || attempt.flag(Flag.FORCE_REAUTH)) {
      throw Ended.denied(Texts.UNREACHABLE); // the next round begins offline
    }
    if (policy.pinPossible(attempt)) {
      try {
        return pins.signIn(attempt, domain, () -> false);
      } catch (DomainUnavailable | SignInRefused e) {
        throw Ended.denied(Texts.UNREACHABLE);
      }
    }
    return admission.admitOffline(attempt, offline.signIn(attempt, domain));
  }

  private Account full(Attempt attempt, DomainProvider domain)
      throws ConversationClosed, DomainUnavailable, SignInRefused, Ended {
    boolean force = policy.forceMfa(attempt, domain);
    try (Proven proven = online.prove(attempt, domain, force)) {
      Account account = completion.record(attempt, domain, proven.session());
      Optional<Hello> hello = host.hello();
      if (hello.isPresent() && pinWanted(attempt, proven)) {
        setUpPin(attempt, hello.get(), domain, proven, account);
      }
      completion.remember(account, proven);
      return admission.admit(attempt, account, proven.session());
    }
  }

  private void setUpPin(
      Attempt attempt, Hello hello, DomainProvider domain, Proven proven, Account account)
      throws ConversationClosed {
    Optional<Unlocked> fresh = PinSetup.offer(attempt, hello, domain, proven.session(), account);
    if (fresh.isPresent()) {
      try (Unlocked key = fresh.get()) {
        if (policy.codeNeeded(attempt, true)) {
          codes.offer(attempt, key);
        }
      }
    }
  }

  /** A PIN replaces two factors, so it is only given to somebody who has just proven two. */
  private boolean pinWanted(Attempt attempt, Proven proven) {
    State state = host.pinState(attempt.name());
    return attempt.trusted()
        && !attempt.flag(Flag.NO_HELLO_PIN)
        && proven.twoFactors()
        && (state == State.NONE
            || state == State.LOCKED
            || (state == State.READY && attempt.pinReplaceable()));
  }

  private DomainProvider provider(Attempt attempt) throws ConversationClosed, Ended {
    String domain = attempt.name().domain();
    LoginSettings settings = host.settings();
    boolean configured = settings.domains().contains(domain);
    return host.domains()
        .await(domain, configured, settings.waitForPlugins(), attempt.dialogue())
        .orElseThrow(
            () ->
                configured
                    ? Ended.refused(PamCode.ABORT, Texts.BUSY)
                    : Ended.unknown("nobody serves the domain " + domain));
  }

  /** A PIN bundle that is being replaced is waited for, so that nobody is sent through MFA. */
  private void awaitHello(Attempt attempt) throws ConversationClosed {
    LoginSettings settings = host.settings();
    if (settings.hello()) {
      PluginRegistry<Hello> hellos = host.hellos();
      hellos.await(Host.HELLO, hellos.starting(), settings.waitForPlugins(), attempt.dialogue());
    }
  }

  /** Before anybody is prompted: an account that nobody knows is not one of ours. */
  private void requireExisting(Attempt attempt, DomainProvider domain)
      throws DomainUnavailable, Ended {
    if (host.directory().account(attempt.name()).isEmpty()
        && domain.find(attempt.name()).isEmpty()) {
      throw Ended.unknown("the directory does not have it");
    }
  }
}
