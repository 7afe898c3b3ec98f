package himmelblau.login.internal.service;

import himmelblau.login.internal.service.LoginService.Picture;
import himmelblau.login.internal.service.LoginService.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of login services. {@code docs/login-services.md} has the same table and says where
 * each row is from.
 */
public final class LoginServices {
  /** The columns of {@link LoginService#cells}. */
  public static final List<String> COLUMNS =
      List.of(
          "Program",
          "PAM service",
          "Text before a prompt",
          "Number",
          "QR code",
          "Several prompts",
          "Waiting");

  private static final List<LoginService> KNOWN =
      List.of(
          row("OpenSSH", Text.AS_CONFIGURED, Picture.DRAWN, true, true, "sshd*"),
          row("login, telnetd", Text.AT_ONCE, Picture.DRAWN, true, true, "login", "remote"),
          row("su", Text.AT_ONCE, Picture.DRAWN, true, true, "su", "su-l"),
          row("sudo", Text.AT_ONCE, Picture.DRAWN, true, true, "sudo", "sudo-i"),
          row("aad-tool auth-test", Text.AT_ONCE, Picture.DRAWN, true, true, "aad-tool"),
          row("polkit", Text.AT_ONCE, Picture.NONE, true, true, "polkit-1"),
          row("GDM, also to unlock", Text.AT_ONCE, Picture.BY_PROGRAM, true, true, "gdm-password"),
          row("KDE lock screen", Text.AT_ONCE, Picture.NONE, true, true, "kde", "kscreensaver"),
          row("LightDM", Text.AT_ONCE, Picture.NONE, true, true, "lightdm"),
          row("SDDM", Text.AT_ONCE, Picture.NONE, false, true, "sddm"),
          row("Cockpit", Text.WITH_PROMPT, Picture.NONE, true, true, "cockpit"),
          row("xrdp", Text.NEVER, Picture.NONE, false, true, "xrdp-sesman"),
          row("CUPS", Text.NEVER, Picture.NONE, false, false, "cups"),
          row("FTP servers", Text.NEVER, Picture.NONE, false, true, "vsftpd", "ftp", "proftpd"),
          row(
              "single sign-on broker",
              Text.AT_ONCE,
              Picture.BY_PROGRAM,
              true,
              true,
              "broker-interactive"));

  /** Programs that are not in the table. Nothing is taken from them that they may well have. */
  private static final LoginService OTHER =
      row("every other", Text.AS_CONFIGURED, Picture.ON_TERMINAL, true, true, "*");

  private LoginServices() {}

  private static LoginService row(
      String program,
      Text text,
      Picture picture,
      boolean severalPrompts,
      boolean waits,
      String... names) {
    return new LoginService(program, List.of(names), text, picture, severalPrompts, waits);
  }

  /** All rows; the last one fits every service. */
  public static List<LoginService> all() {
    List<LoginService> all = new ArrayList<>(KNOWN);
    all.add(OTHER);
    return List.copyOf(all);
  }

  /** The row of a PAM service. */
  public static LoginService of(String service) {
    return KNOWN.stream().filter(row -> row.named(service)).findFirst().orElse(OTHER);
  }
}
