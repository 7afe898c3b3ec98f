package himmelblau.mfa.fido2.internal;

/** Another sign-in uses the security keys of this host. */
final class KeysBusy extends Exception {
  private static final long serialVersionUID = 1L;

  KeysBusy() {
    super("another sign-in uses the security keys");
  }
}
