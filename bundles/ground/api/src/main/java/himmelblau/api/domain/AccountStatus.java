package himmelblau.api.domain;

/** Whether an account may sign in at all, as the directory says it without the user. */
public enum AccountStatus {
  /** The directory says that the account is enabled. */
  ENABLED,

  /** The directory says that an administrator has disabled the account. */
  DISABLED,

  /** The directory does not say it, or this provider may not read it: what is known stays. */
  NOT_SAID
}
