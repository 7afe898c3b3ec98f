package himmelblau.api.log;

/** How what an audit event is about ended (docs/events.md). */
public enum AuditOutcome {
  /** It was done. */
  SUCCESS,
  /** It was refused: by a rule, or because what was given is wrong. */
  DENIED,
  /** It was not done because something does not work. */
  FAILED
}
