package himmelblau.contract.checks.keystore;

/** One way in which a key store is wrong, and the test of the kit that must notice. */
enum StoreDefect {
  NONE(""),

  DESCRIBES_NOTHING("describesItself"),
  SIGNATURE_IN_DER("signsAndSignsAgainAfterReopening"),
  RSA_OF_1024_BITS("keysHaveTheParametersOfTheProtocol"),
  ONE_HASH_FOR_OAEP("decryptsOnlyWhatWasEncryptedForIt"),
  ONE_HMAC_KEY_FOR_ALL("hmacIsStable"),
  IMPORTS_NOTHING_IT_CLAIMS("importsKeysWhereSupported"),
  OLD_AUTH_VALUE_OPENS_ON("aMachineKeyCanGetAnotherAuthValueWhereSupported"),

  LABEL_UNCHECKED("sealsPerKeyAndPerLabel"),
  EVERY_KEY_UNSEALS("sealsPerKeyAndPerLabel"),
  SAME_SEALED_VALUE_TWICE("theMachineSealsToo"),
  CHANGED_SEALED_VALUE_OPENS("theMachineSealsToo"),

  PIN_UNCHECKED("onlyItsPinOpensAKey"),
  OPENS_WITHOUT_ITS_PIN("onlyItsPinOpensAKey"),
  IGNORES_A_PIN_TOO_MANY("aPinForAKeyWithoutPinIsWrong"),
  SEALS_UNDER_THE_PIN_ALONE("theSamePinGivesUnrelatedKeys"),
  PIN_CUT_OFF("pinsOfEveryLengthWork"),
  PIN_IN_BLOB("neitherPinNorAuthIsInABlob"),
  AUTH_VALUE_IN_BLOB("neitherPinNorAuthIsInABlob"),
  PIN_OF_ANY_LENGTH("pinsOutOfBoundsAreRefused"),
  IMPORTS_WITHOUT_THE_PIN("aKeyImportedWithAPinNeedsThatPin"),
  EXPORTS_WITHOUT_THE_PIN("exportsAKeyOnlyWithItsPin"),

  SIGNS_FOR_ONE_AT_A_TIME("manyThreadsShareOneMachine"),
  SHARES_THE_TYPED_PIN("concurrentCallsDoNotDisturbEachOther"),

  AUTH_VALUE_UNCHECKED("aWrongAuthValueOpensNothing"),
  LOADS_KEYS_OF_OTHER_MACHINES("anotherMachineOpensNothing"),
  LOADS_KEYS_OF_OTHER_STORES("anotherMachineOpensNothing"),
  CHANGED_KEY_LOADS("changedKeysAreRefusedInEveryRegion"),
  TYPE_OF_KEY_UNCHECKED("changedKeysAreRefusedInEveryRegion"),
  PIN_MARK_UNCHECKED("changedKeysAreRefusedInEveryRegion"),
  CHANGED_MACHINE_KEY_OPENS("aChangedMachineKeyIsRefusedInEveryRegion"),
  CLOSED_KEY_SIGNS("aClosedKeyCannotBeUsed"),
  CLOSED_MACHINE_CREATES("aClosedKeyCannotBeUsed"),

  USABLE_WITHOUT_DEVICE("withoutItsDeviceItReportsThatAndLosesNothing"),
  KEYS_LOST_WITH_DEVICE("withoutItsDeviceItReportsThatAndLosesNothing"),
  MISSING_DEVICE_IS_A_REFUSAL("withoutItsDeviceItReportsThatAndLosesNothing");

  private final String noticedBy;

  StoreDefect(String noticedBy) {
    this.noticedBy = noticedBy;
  }

  String noticedBy() {
    return noticedBy;
  }
}
