package himmelblau.login.internal.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The options of the administrator; the names are those of himmelblau.conf.
 *
 * @param domains configured domains, lower case
 * @param allowed {@code pam_allow_groups}, lower case; empty = everyone
 * @param remoteServices {@code password_only_remote_services_deny_list}
 * @param pollServices {@code mfa_poll_prompt_services}
 * @param waitForPlugins {@code connection_timeout}
 */
public record LoginSettings(
    List<String> domains,
    Set<String> allowed,
    boolean hello,
    boolean remoteHello,
    boolean remoteRegistration,
    boolean helloCodes,
    String pinPrompt,
    String passwordPrompt,
    boolean passwordOnlyFallback,
    boolean consolePasswordOnly,
    List<String> remoteServices,
    List<String> pollServices,
    Optional<String> preferredMethod,
    boolean interactiveFactors,
    boolean passwordless,
    boolean skel,
    boolean selinux,
    Duration waitForPlugins) {}
