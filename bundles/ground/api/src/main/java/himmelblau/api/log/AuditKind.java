package himmelblau.api.log;

/** What an audit event is about (docs/events.md). A reader must expect further kinds. */
public enum AuditKind {
  /** Who was let in or refused. */
  SIGN_IN,
  /** The device joins or leaves the directory, a user sets up a second factor. */
  ENROLMENT,
  /** PINs, local one-time codes and cached passwords: set, changed, wrong, deleted. */
  CREDENTIAL,
  /** Keys of the host and of users: made, opened, moved, unusable. */
  KEY,
  /** The configuration in force, and what of it was refused. */
  CONFIGURATION,
  /** Bundles that change on the running host. */
  BUNDLE,
  /** What an administrator does. */
  ADMIN,
  /** Breakglass: asked for, active, used, ended. */
  BREAKGLASS
}
