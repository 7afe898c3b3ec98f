package himmelblau.api.login;

/**
 * Where a sign-in comes from: the PAM service, the terminal and the remote host.
 *
 * @param service the PAM service, such as {@code sshd}; {@code unknown} if not told
 * @param tty may be empty
 * @param rhost remote host as PAM_RHOST gave it; may be empty
 * @param remote whether the policy treats this sign-in as remote
 * @param pollPrompt whether a waiting message must be followed by {@code Press enter to continue},
 *     because the client only shows text together with a prompt (OpenSSH bug 2876)
 * @param graphical whether the prompts appear in a greeter
 * @param locale of the application, such as {@code de_DE.UTF-8}; may be empty
 */
public record PamContext(
    String service,
    String tty,
    String rhost,
    boolean remote,
    boolean pollPrompt,
    boolean graphical,
    String locale) {}
