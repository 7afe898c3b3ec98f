package himmelblau.domain.entra.internal.page;

/** The result of submitting a form. */
public sealed interface FormResult {
  /** Done: an authorization code. */
  record Code(String code) implements FormResult {}

  /** Another page. */
  record Shown(Page page) implements FormResult {}
}
