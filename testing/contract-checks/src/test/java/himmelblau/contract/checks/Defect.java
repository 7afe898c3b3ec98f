package himmelblau.contract.checks;

/** One way in which a domain provider is wrong, and the test of the kit that must notice. */
enum Defect {
  NONE(""),
  SAYS_ONE_FACTOR("theSessionTellsThatTwoFactorsWereProven"),
  SKIPS_FACTOR("aDemandedFactorIsAskedForAfterThePassword"),
  WRONG_PASSWORD_ENDS("aWrongPasswordIsRefusedAndMayBeTriedAgain"),
  TAKES_PENDING("aChallengeThatNobodyAnsweredIsNoProof"),
  TAKES_DENIED("aChallengeThatFailedIsNoProof"),
  TAKES_ANOTHERS_CHALLENGE("aChallengeOfAnotherSignInIsNoProof"),
  OFFERS_ABSENT_METHOD("onlyMethodsThatArePresentAreOffered"),
  TAKES_ANY_OFFER("whatWasNotOfferedIsNoChallenge"),
  TAKES_PASSWORD_AGAIN("whatIsNotAskedForIsNotTaken"),
  OPEN_AFTER_CLOSE("aClosedSignInTakesNothing"),
  SENDS_EARLY("nobodyIsDisturbedBeforeAChallengeBegins"),
  UPPER_CASE_DOMAIN("namesOfTheDomainAreLowerCase"),
  NO_OBJECT_ID("theAccountThatWasAskedForSignsIn"),
  ID_OF_DISPLAY_NAME("theIdIsTheSameEveryTime"),
  RENEWAL_WITH_NEW_ID("aRenewalGivesTheSameAccount"),
  RENEWAL_FOR_WHOEVER_ASKS("aRenewalGivesNoOtherAccount"),
  ONE_ID_FOR_ALL("twoAccountsHaveTwoIds"),
  ID_OF_NAME("anAccountCreatedAnewIsSomebodyElse"),
  FINDS_EVERYBODY("anUnknownNameIsNoAccount"),
  ANSWERS_FOR_OTHER_DOMAINS("aNameOfAnotherDomainIsNotAskedAbout"),
  OUTAGE_IS_NO_ACCOUNT("withoutANetworkNothingIsDecided"),
  THROTTLING_IS_AN_OUTAGE("aThrottledRequestIsTemporary"),
  IGNORES_INTERRUPTS("aWaitEndsWithItsThread"),
  WIPES_BORROWED_PASSWORD("aBorrowedPasswordStaysOpen"),
  WIPES_BORROWED_RENEWAL("aRenewalBelongsToWhoTookIt"),
  RENEWAL_AFTER_CLOSE("aClosedSessionHoldsNoRenewal"),
  NONSENSE_IS_ALIVE("aRenewalThatIsNoneIsDead"),
  RENEWAL_UNCHECKED("aRenewalThatWasChangedOpensNothing"),
  PASSWORD_IN_TEXT("noTextHoldsAPassword"),
  RENEWAL_IN_TEXT("noTextHoldsARenewal");

  private final String noticedBy;

  Defect(String noticedBy) {
    this.noticedBy = noticedBy;
  }

  String noticedBy() {
    return noticedBy;
  }
}
