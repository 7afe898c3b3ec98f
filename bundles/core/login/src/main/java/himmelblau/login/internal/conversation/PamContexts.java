package himmelblau.login.internal.conversation;

import himmelblau.api.login.PamContext;
import himmelblau.api.login.SignInRequest;
import himmelblau.login.internal.service.LoginService;
import himmelblau.login.internal.service.LoginServices;
import himmelblau.login.internal.settings.LoginSettings;
import java.util.Locale;
import java.util.regex.Pattern;

/** Determines where a sign-in comes from (host-behaviour 2.4). */
public final class PamContexts {
  private static final Pattern LOOPBACK_4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private PamContexts() {}

  public static PamContext of(SignInRequest request, LoginSettings settings) {
    String service = service(request);
    boolean remote =
        !loopback(request.rhost())
            || settings.remoteServices().stream().anyMatch(service::contains);
    LoginService.Text text = LoginServices.of(service).text();
    boolean told =
        request.flags().contains(SignInRequest.Flag.MFA_POLL_PROMPT)
            && settings.pollServices().stream().anyMatch(service::contains);
    boolean poll =
        text == LoginService.Text.WITH_PROMPT || (told && text != LoginService.Text.NEVER);
    return new PamContext(
        service,
        request.tty(),
        request.rhost(),
        remote,
        poll,
        request.graphical(),
        request.locale());
  }

  private static String service(SignInRequest request) {
    if (!request.service().isBlank()) {
      return request.service();
    }
    return request.tty().isBlank() ? "unknown" : request.tty();
  }

  /** No remote host, or this host. A host name other than {@code localhost} is another host. */
  static boolean loopback(String rhost) {
    String environment = rhost.strip().toLowerCase(Locale.ROOT);
    if (environment.startsWith("[") && environment.endsWith("]")) {
      environment = environment.substring(1, environment.length() - 1);
    }
    int zone = environment.indexOf('%');
    if (zone >= 0) {
      environment = environment.substring(0, zone);
    }
    return environment.isEmpty()
        || environment.equals("localhost")
        || environment.equals("::1")
        || LOOPBACK_4.matcher(environment).matches();
  }
}
