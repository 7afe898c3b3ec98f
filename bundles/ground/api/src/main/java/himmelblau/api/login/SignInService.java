package himmelblau.api.login;

/**
 * Leads conversations: who may enter, by which steps. Called by the socket, on one virtual thread
 * per conversation. Implementations judge the {@link Peer}; they never throw for a refusal, which
 * is a {@link SignInResult}.
 */
public interface SignInService {
  /** pam_sm_authenticate(3). */
  SignInResult authenticate(SignInRequest request, Conversation conversation)
      throws ConversationClosed;

  /** pam_sm_acct_mgmt(3): may this account use this host ({@code pam_allow_groups})? */
  SignInResult account(SignInRequest request, Conversation conversation) throws ConversationClosed;

  /** pam_sm_open_session(3): home directory, local groups. */
  SignInResult openSession(SignInRequest request, Conversation conversation)
      throws ConversationClosed;

  /** pam_sm_close_session(3). */
  SignInResult closeSession(SignInRequest request, Conversation conversation)
      throws ConversationClosed;

  /** pam_sm_chauthtok(3): changes the Hello PIN, not the password of the directory. */
  SignInResult changePin(SignInRequest request, Conversation conversation)
      throws ConversationClosed;

  /** {@code try_unseal}: opens what the PIN in {@code authtok} opens; nobody waits for it. */
  void unseal(SignInRequest request);

  /** Forgets what sign-ins left for outages: password verifiers. Hello keys are another's. */
  default void forgetAll() {}
}
