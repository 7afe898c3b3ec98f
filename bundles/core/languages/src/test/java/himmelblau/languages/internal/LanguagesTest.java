package himmelblau.languages.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguagesTest {
  private static final String PASSWORD = "Entra Id Password: ";
  private static final String GERMAN = "Entra-ID-Passwort: ";
  private final Languages languages = new Languages();

  private String german(String text) {
    return languages.translate(text, "de_DE.UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"de_DE.UTF-8", "de_AT.utf8", "de_DE.UTF-8@euro", "de.UTF-8"})
  void aLocaleHasItsLanguage(String locale) {
    assertEquals(GERMAN, languages.translate(PASSWORD, locale));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "C",
        "C.UTF-8",
        "POSIX",
        "en_US.UTF-8",
        "de_DE", // ISO 8859-1
        "de_DE.ISO-8859-1",
        "de_DE@euro",
        "ja_JP.eucJP",
        "zh_TW.UTF-8",
        "tlh_XX.UTF-8",
        "DE_de.UTF-8",
        "../../x",
        "../de.UTF-8",
        "de/../de.UTF-8",
        "de_DE.UTF-8/../../x",
        "/etc/passwd",
        "de\u0000.UTF-8",
        "de_DE.UTF-8\n",
        "de_DE.UTF-8@../../../x",
        "languages",
        "himmelblau",
        "en"
      })
  void anyOtherLocaleIsEnglish(String locale) {
    assertSame(PASSWORD, languages.translate(PASSWORD, locale));
    assertEquals(0, languages.kept());
  }

  @ParameterizedTest
  @CsvSource({
    "pt_BR.UTF-8,pt_AO.UTF-8,true",
    "pt_BR.UTF-8,pt_PT.UTF-8,false",
    "sr_RS@latin,sr_RS.UTF-8,true",
    "zh_CN.UTF-8,zh_SG.UTF-8,true",
    "nb_NO.UTF-8,no_NO.UTF-8,true",
    "ur_PK,ur_IN,true",
    "fr_FR.UTF-8,fr_BE.UTF-8,true",
    "hi_IN,hi_IN.UTF-8,true"
  })
  void aCatalogueServesOtherLocales(String one, String other, boolean same) {
    String text = "Confirm password: ";
    assertNotEquals(text, languages.translate(text, one));
    assertEquals(same, languages.translate(text, one).equals(languages.translate(text, other)));
  }

  @Test
  void canadianFrenchIsFrenchWhereItSaysNothingElse() {
    String canadian = "fr_CA.UTF-8";
    String push = "No push? Check your mobile device's internet connection.";
    assertEquals(languages.translate(push, "fr_FR.UTF-8"), languages.translate(push, canadian));
    String texted = "We texted your phone. Please enter the code to sign in:";
    assertNotEquals(
        languages.translate(texted, "fr_FR.UTF-8"), languages.translate(texted, canadian));
  }

  @Test
  void valuesStayAsTheyAre() {
    assertEquals(
        "Wir rufen Ihr Telefon +XX XXXXXXX42 an. Bitte nehmen Sie den Anruf an.",
        german("We're calling your phone +XX XXXXXXX42. Please answer it to continue."));
    assertEquals(
        "Wir rufen Ihr Telefon {phone}\\n$1 an. Bitte nehmen Sie den Anruf an.",
        german("We're calling your phone {phone}\\n$1. Please answer it to continue."));
    assertEquals(
        "Anmeldung fehlgeschlagen (AADSTS50126)", german("Authentication failed (AADSTS50126)"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "Password: ",
        "PIN",
        "To sign in, use a web browser to open the page https://microsoft.com/devicelogin",
        "We texted your phone . Please enter the code to sign in:",
        "We're calling your phone one\ntwo. Please answer it to continue.",
        "Insert your token"
      })
  void textsOfOthersStayAsTheyAre(String text) {
    assertEquals(text, german(text));
  }

  @Test
  void textsAreFoundAmongTheLinesOfOthers() {
    assertEquals(
        "Anmeldung fehlgeschlagen: Fehler der Sicherheitshardware.\nTPM_RC_LOCKOUT",
        german("Authentication failed: Security hardware error.\nTPM_RC_LOCKOUT"));
    assertEquals(
        "Öffnen Sie Ihre Authenticator-App, und geben Sie die Zahl '07' ein, um sich anzumelden.\n"
            + "Keine Anfrage? Prüfen Sie die Internetverbindung Ihres Mobilgeräts.",
        german(
            "Open your Authenticator app, and enter the number '07' to sign in.\n"
                + "No push? Check your mobile device's internet connection."));
    assertEquals("Frage\n" + GERMAN, german("Frage\n" + PASSWORD));
  }

  @Test
  void theBannerKeepsItsCode() {
    assertEquals(
        "PAM_AUTH_ERR: Anmeldung fehlgeschlagen. Bitte versuchen Sie es noch einmal.\n"
            + "Falls pam_unix Sie jetzt nach einem Passwort fragt, geben Sie keines ein, sondern"
            + " gehen Sie zurück, und versuchen Sie es noch einmal.",
        german(
            "PAM_AUTH_ERR: Authentication failed. Please try again.\n"
                + "If you are now prompted for a password from pam_unix, please disregard the"
                + " prompt, go back and try again."));
  }

  @Test
  void whatTheGreeterKnowsATextByStays() {
    assertEquals(
        "[FIDO_TOUCH] Bitte berühren Sie Ihren Sicherheitsschlüssel.",
        german("[FIDO_TOUCH] Please touch your security key."));
  }

  @Test
  void aReasonWithinASentenceIsTranslatedToo() {
    assertEquals(
        "Das Passwort konnte nicht geändert werden: Das Netzwerk ist ausgefallen.",
        german("Failed to change user password: Network outage detected."));
    assertEquals(
        "Das Passwort konnte nicht geändert werden: Your password is banned.",
        german("Failed to change user password: Your password is banned."));
  }

  @ParameterizedTest
  @CsvSource({
    "1,رمز PIN المختار قصير جدًا! يلزم حرف واحد (1).",
    "6,رمز PIN المختار قصير جدًا! يلزم 6 أحرف.",
    "12,رمز PIN المختار قصير جدًا! يلزم 12 حرفًا."
  })
  void aNumberDecidesTheForm(int number, String arabic) {
    assertEquals(
        arabic,
        languages.translate(
            "Chosen pin is too short! " + number + " chars required.", "ar_EG.UTF-8"));
  }

  @Test
  void severalLinesAreOneText() {
    assertEquals(
        """
        PIN の設定
        Hello PIN を使うと、デバイス、アプリ、サービスにすばやく安全にサインインできます。
        PIN は 6 文字以上にしてください。\
        """,
        languages.translate(
            """
            Set up a PIN
            A Hello PIN is a fast, secure way to sign in to your device, apps, and services.
            The minimum PIN length is 6 characters.\
            """,
            "ja_JP.UTF-8"));
  }

  @Test
  void fewCataloguesAreKept() throws IOException {
    for (String name : CataloguesTest.names()) {
      languages.translate(PASSWORD, name.substring(0, 2) + ".UTF-8");
      assertTrue(languages.kept() <= Languages.MOST_KEPT);
    }
    assertEquals(Languages.MOST_KEPT, languages.kept());
    assertEquals(GERMAN, german(PASSWORD));
  }

  @Test
  void aLongTextOfAServerTakesNoTime() {
    String text = "Authentication failed (".repeat(300);
    String lines = "We texted your phone\n".repeat(380);
    org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (int i = 0; i < 20; i++) {
            assertEquals(text, german(text));
            assertEquals(lines, german(lines));
          }
        });
  }
}
