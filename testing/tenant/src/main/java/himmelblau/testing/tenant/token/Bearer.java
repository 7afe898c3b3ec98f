package himmelblau.testing.tenant.token;

import com.google.gson.JsonElement;
import himmelblau.testing.tenant.crypto.Jws;
import himmelblau.testing.tenant.web.Request;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Checks access tokens as an API does: signature, time, audience. */
public final class Bearer {
  /** Why a token is not accepted. */
  public static final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    Rejected(String text) {
      super(text, null, false, false);
    }
  }

  /** A token that holds. */
  public record Accepted(Jws token) {
    public String claim(String name) {
      return token.claim(name).orElse("");
    }

    public UUID tenant() {
      return UUID.fromString(claim("tid"));
    }

    public UUID object() {
      return UUID.fromString(claim("oid"));
    }

    public boolean app() {
      return claim("idtyp").equals("app");
    }

    public Set<String> list(String name) {
      Set<String> values = new HashSet<>();
      JsonElement element = token.claims().get(name);
      if (element != null && element.isJsonArray()) {
        element.getAsJsonArray().forEach(value -> values.add(value.getAsString()));
      }
      return values;
    }

    /** Delegated scopes of a user's token, roles of an application's. */
    public Set<String> permissions() {
      Set<String> all = new HashSet<>(list("roles"));
      all.addAll(Arrays.asList(claim("scp").split(" ")));
      return all;
    }
  }

  private final Supplier<SigningKey> key;
  private final TenantClock clock;

  public Bearer(Supplier<SigningKey> key, TenantClock clock) {
    this.key = key;
    this.clock = clock;
  }

  /** Accepts a token of ours for one of the audiences, or says what is wrong with it. */
  public Accepted accept(Request request, Set<String> audiences) throws Rejected {
    Optional<String> compact = request.bearer();
    if (compact.isEmpty()) {
      throw new Rejected("Access token is empty.");
    }
    return accept(compact.get(), audiences);
  }

  public Accepted accept(String compact, Set<String> audiences) throws Rejected {
    Jws token;
    try {
      token = Jws.parse(compact);
    } catch (IllegalArgumentException e) {
      throw new Rejected("CompactToken parsing failed with error code: 80049217");
    }
    if (!key.get().signed(token)) {
      throw new Rejected("Signature is invalid.");
    }
    if (token.claims().has("cnf")) {
      throw new Rejected("The token is bound to a key and is no bearer token.");
    }
    long now = clock.now().getEpochSecond();
    if (token.time("exp").orElse(0L) <= now) {
      throw new Rejected("Lifetime validation failed, the token is expired.");
    }
    if (token.time("nbf").orElse(Long.MAX_VALUE) > now + 300) {
      throw new Rejected("Lifetime validation failed, the token is not valid yet.");
    }
    String audience = token.claim("aud").orElse("").toLowerCase(Locale.ROOT);
    if (audience.endsWith("/")) {
      audience = audience.substring(0, audience.length() - 1);
    }
    if (!audiences.contains(audience)) {
      throw new Rejected("Invalid audience.");
    }
    return new Accepted(token);
  }
}
