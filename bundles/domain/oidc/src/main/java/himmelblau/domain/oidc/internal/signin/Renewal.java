package himmelblau.domain.oidc.internal.signin;

import himmelblau.api.account.AccountName;
import himmelblau.api.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The refresh token with what a renewal is compared with. The login bundle seals it below the PIN.
 *
 * @param tenant id of the issuer that it is for
 * @param multiFactor whether two factors were proven in the sign-in that it continues
 * @param until when it stops opening offline sign-ins
 */
public record Renewal(
    UUID tenant, String subject, AccountName name, boolean multiFactor, Instant until, Secret token)
    implements AutoCloseable {
  private static final Pattern FORM =
      Pattern.compile(
          "oidc1\\.([0-9a-f-]{36})\\.([12])\\.([0-9]{1,12})\\.([\\w-]+)\\.([\\w-]+)\\.([\\w-]+)");

  /** Reads what {@link #secret} gave (borrowed); empty when it is anything else. */
  public static Optional<Renewal> of(Secret renewal, UUID tenant) {
    try {
      Matcher parts = FORM.matcher(renewal.revealText());
      if (!parts.matches() || !tenant.toString().equals(parts.group(1))) {
        return Optional.empty();
      }
      Optional<AccountName> name = AccountName.parse(text(parts.group(5)));
      return name.map(
          found ->
              new Renewal(
                  tenant,
                  text(parts.group(4)),
                  found,
                  parts.group(2).equals("2"),
                  Instant.ofEpochSecond(Long.parseLong(parts.group(3))),
                  Secret.taking(Base64.getUrlDecoder().decode(parts.group(6)))));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not base64url
    }
  }

  /** All of it, for the vault; the caller closes it. */
  Secret secret() {
    return Secret.ofText(
        String.join(
            ".",
            "oidc1",
            tenant.toString(),
            multiFactor ? "2" : "1",
            Long.toString(until.getEpochSecond()),
            encoded(subject.getBytes(StandardCharsets.UTF_8)),
            encoded(name.upn().getBytes(StandardCharsets.UTF_8)),
            token.use(Renewal::encoded)));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String text(String encoded) {
    return new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    token.close();
  }
}
