package himmelblau.domain.entra.internal.page;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Json;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The {@code $Config} of a sign-in page (entra-interactive 1).
 *
 * @param base where the page came from
 */
public record Page(URI base, Json config) {
  private static final int KMSI_CODE = 50140;
  private static final int APPLICATION_CODE = 50199;
  private static final int SNOOZE_CODE = 50203;

  /** What a page wants. */
  public enum Kind {
    SIGN_IN,
    SECOND_FACTOR,
    STAY_SIGNED_IN,
    CONFIRM_APPLICATION,
    REGISTER_METHOD,
    CHANGE_PASSWORD,
    CONSENT,
    OTHER
  }

  public Kind kind() {
    String id = config.text("pgid").orElse("");
    return switch (id) {
      case "KmsiInterrupt" -> Kind.STAY_SIGNED_IN;
      case "CmsiInterrupt" -> Kind.CONFIRM_APPLICATION;
      case "ConvergedProofUpRedirect" -> Kind.REGISTER_METHOD;
      case "ConvergedChangePassword" -> Kind.CHANGE_PASSWORD;
      case "ConvergedConsent" -> Kind.CONSENT;
      default -> {
        if (config.has("arrUserProofs")) {
          yield Kind.SECOND_FACTOR;
        }
        if (config.has("urlSkipMfaRegistration")) {
          yield Kind.REGISTER_METHOD;
        }
        yield id.equals("ConvergedSignIn") ? Kind.SIGN_IN : Kind.OTHER;
      }
    };
  }

  /** The error that the page reports, unless it is only the name of an interruption. */
  public Optional<AadstsError> error() {
    long code = config.number("sErrorCode").orElse(config.number("iErrorCode").orElse(0));
    String text =
        config
            .text("sErrTxt")
            .filter(value -> !value.isEmpty())
            .or(() -> config.text("strServiceExceptionMessage"))
            .orElse("");
    boolean interruption =
        (code == KMSI_CODE && kind() == Kind.STAY_SIGNED_IN)
            || (code == APPLICATION_CODE && kind() == Kind.CONFIRM_APPLICATION)
            || (code == SNOOZE_CODE && config.has("urlSkipMfaRegistration"));
    if (interruption) {
      return Optional.empty();
    }
    if (code > 0 && code < Integer.MAX_VALUE) {
      return Optional.of(AadstsError.of((int) code, text));
    }
    return config
        .text("strServiceExceptionMessage")
        .filter(message -> !message.isEmpty())
        .map(message -> AadstsError.of("", message));
  }

  /** Opaque state of the flow; the newest one goes into the next call. */
  public String flowToken() throws DomainUnavailable {
    return config.require("sFT");
  }

  public String context() throws DomainUnavailable {
    return config.require("sCtx");
  }

  public String canary() throws DomainUnavailable {
    return config.require("canary");
  }

  public String sessionId() throws DomainUnavailable {
    return config.require("sessionId");
  }

  /** One of the page's URLs. */
  public URI url(String name) throws DomainUnavailable {
    return DomainHttp.https(base, config.require(name), "The page's " + name);
  }

  /** One of the page's URLs, to which a secret goes: it must be on the page's own host. */
  public URI own(String name) throws DomainUnavailable {
    URI url = url(name);
    if (!url.getAuthority().equalsIgnoreCase(base.getAuthority())) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, "The page's " + name + " leads to another host");
    }
    return url;
  }

  /** One of the page's URLs, or {@code other}. */
  public URI url(String name, URI other) throws DomainUnavailable {
    return config.text(name).filter(url -> !url.isEmpty()).isPresent() ? url(name) : other;
  }

  /** Ways to prove a second factor, in the directory's order. */
  public List<Proof> proofs() {
    return config.objects("arrUserProofs").stream()
        .filter(proof -> proof.text("authMethodId").isPresent())
        .map(
            proof ->
                new Proof(
                    proof.text("authMethodId").orElseThrow(),
                    proof.text("display").orElse(""),
                    proof.is("isDefault")))
        .toList();
  }

  /** A registered method of the account. */
  public record Proof(String method, String display, boolean preferred) {}
}
