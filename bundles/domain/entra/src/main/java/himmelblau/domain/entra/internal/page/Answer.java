package himmelblau.domain.entra.internal.page;

/** What a form led to. */
public sealed interface Answer {
  /** Done: an authorization code. */
  record Code(String code) implements Answer {}

  /** Another page. */
  record Shown(Page page) implements Answer {}
}
