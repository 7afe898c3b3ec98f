package himmelblau.contract.checks.mfa;

/** One way in which a sign-in method is wrong, and the test of the kit that must notice. */
enum MethodDefect {
  NONE(Kind.BOTH, ""),
  OTHER_TRAITS_EACH_TIME(Kind.BOTH, "traitsAreTheSameAtEveryCall"),
  BEGINS_TWICE(Kind.BOTH, "anApprovedChallengeIsApproved"),
  APPROVES_WHAT_WAS_DENIED(Kind.BOTH, "onlyAnApprovedChallengeIsApproved"),
  APPROVES_WHAT_IS_PENDING(Kind.BOTH, "onlyAnApprovedChallengeIsApproved"),
  APPROVES_WHAT_EXPIRED(Kind.BOTH, "onlyAnApprovedChallengeIsApproved"),
  DENIES_WHAT_EXPIRED(Kind.BOTH, "anExpiredChallengeIsTimedOut"),
  HIDES_OUTAGES(Kind.BOTH, "aBrokenDirectoryIsNotHidden"),
  HIDES_REFUSALS(Kind.BOTH, "aRefusalIsNotHidden"),

  ASKS_FOR_ONE_CODE(Kind.CODE, "aWrongCodeMayBeTypedAgain"),
  ASKS_FOR_FIVE_CODES(Kind.CODE, "theNumberOfWrongCodesIsLimited"),
  SHOWS_THE_CODE(Kind.CODE, "codesAreNeitherShownNorKept"),
  CODE_MAY_BE_KEPT(Kind.CODE, "codesAreNeitherShownNorKept"),
  DENIES_A_CANCELLED_CODE(Kind.CODE, "cancellingEndsTheMethod"),

  ASKS_WITHOUT_A_PAUSE(Kind.POLLED, "waitsAtTheIntervalOfThePrompt"),
  IGNORES_THE_DEADLINE(Kind.POLLED, "stopsAtTheDeadline"),
  DENIED_IS_TOO_LATE(Kind.POLLED, "aDeniedChallengeIsDenied"),
  NO_PROMPT_BEFORE_WAITING(Kind.POLLED, "aClientThatShowsTextOnlyWithAPromptGetsOne"),
  GOES_ON_WITHOUT_A_USER(Kind.POLLED, "aDisconnectEndsTheMethod");

  /** The kit that has the test. */
  enum Kind {
    CODE,
    POLLED,
    BOTH
  }

  private final Kind kind;
  private final String noticedBy;

  MethodDefect(Kind kind, String noticedBy) {
    this.kind = kind;
    this.noticedBy = noticedBy;
  }

  boolean concerns(Kind other) {
    return this != NONE && (kind == Kind.BOTH || kind == other);
  }

  String noticedBy() {
    return noticedBy;
  }
}
