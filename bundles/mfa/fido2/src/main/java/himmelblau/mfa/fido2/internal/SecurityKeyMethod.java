package himmelblau.mfa.fido2.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.log.Log;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.Verdict;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.mfa.fido2.transport.AuthenticatorTransport;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Signs in with a security key that is plugged in at this host. */
@Component(
    service = MfaMethod.class,
    configurationPid = "himmelblau.global",
    property = MfaMethod.METHOD + "=FidoKey")
public final class SecurityKeyMethod implements MfaMethod {
  private static final Log LOG = Log.of(SecurityKeyMethod.class);

  /** Options of {@code himmelblau.conf}. */
  @ObjectClassDefinition
  public @interface Config {
    long fido_timeout();

    String fido_prompt();

    String fido_presence_prompt();
  }

  private final KeyThread thread = new KeyThread();
  private volatile @Nullable AuthenticatorTransport transport;
  private volatile KeyPrompts prompts;
  private volatile @Nullable LibFido2 library;

  @Activate
  public SecurityKeyMethod(Config config) {
    prompts = prompts(config);
  }

  @Modified
  void modified(Config config) {
    prompts = prompts(config);
  }

  @Deactivate
  void deactivate() {
    thread.close();
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void setTransport(AuthenticatorTransport added) {
    transport = added;
  }

  void unsetTransport(AuthenticatorTransport removed) {
    if (transport == removed) {
      transport = null;
    }
  }

  private static KeyPrompts prompts(Config config) {
    return new KeyPrompts(
        Duration.ofSeconds(Math.max(1, config.fido_timeout())),
        config.fido_prompt(),
        config.fido_presence_prompt());
  }

  @Override
  public Set<Trait> traits() {
    return Set.of(Trait.LOCAL_ONLY);
  }

  @Override
  public String title(FactorOffer offer) {
    return "Security key";
  }

  @Override
  public Verdict verify(Challenge challenge, Conversation with)
      throws ConversationClosed, DomainUnavailable, SignInRefused {
    Prompt prompt = challenge.begin();
    Optional<WebAuthn.Request> request = prompt.webAuthn();
    Optional<LibFido2> loaded = library();
    if (request.isEmpty() || loaded.isEmpty()) {
      return new Verdict.NotPossible(KeyTexts.NO_LIBRARY);
    }
    Keys keys = new Keys(loaded.get(), thread, () -> Optional.ofNullable(transport));
    // Who has another default is not kept waiting for a key that is not there.
    boolean insist = challenge.offer().preferred();
    KeyDialogue.End end = new KeyDialogue(keys, prompts, request.get(), with, insist).run();
    return switch (end) {
      case KeyDialogue.End.Without without -> without.verdict();
      case KeyDialogue.End.Signed signed ->
          switch (challenge.respond(signed.assertion())) {
            case APPROVED -> new Verdict.Approved();
            case EXPIRED -> Verdict.TimedOut.STANDARD;
            case DENIED, PENDING -> new Verdict.Denied(KeyTexts.FAILED);
          };
    };
  }

  /** Loaded on first use; looked for again each time while it is missing. */
  private Optional<LibFido2> library() {
    LibFido2 known = library;
    if (known == null) {
      try {
        known = LibFido2.load();
        library = known;
      } catch (LinkageError e) {
        LOG.warn(
            "fido.library.missing",
            "library",
            LibFido2.NAME,
            "reason",
            e.getMessage(),
            "todo",
            "install the package libfido2-1 (Debian, SUSE) or libfido2 (Fedora)");
      }
    }
    return Optional.ofNullable(known);
  }
}
