package himmelblau.api.login;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Runs sign-in conversations: decides who may sign in, and by which steps. Called by the socket, on
 * one virtual thread per conversation. Implementations check the {@link Peer}; a refusal is not
 * thrown but returned as a {@link SignInResult}.
 */
@ProviderType
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

  /** {@code try_unseal}: unlocks in the background what the PIN in {@code authtok} unlocks. */
  void unseal(SignInRequest request);

  /**
   * Deletes the password verifiers that sign-ins stored for outages. Hello keys are not affected.
   */
  void forgetAll();
}
