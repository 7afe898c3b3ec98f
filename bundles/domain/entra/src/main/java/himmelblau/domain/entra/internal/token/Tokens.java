package himmelblau.domain.entra.internal.token;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.crypto.Base64s;
import himmelblau.domain.entra.internal.wire.Json;
import java.util.List;
import java.util.Optional;

/**
 * A token reply (entra-tokens 3.2).
 *
 * @param identity claims of the id token, unjudged
 * @param claims of the access token, where it can be read; it is opaque to us otherwise
 */
public record Tokens(
    Optional<Secret> access,
    Optional<Secret> refresh,
    Optional<Json> identity,
    Optional<Json> claims)
    implements AutoCloseable {

  /** Reads a reply. The token texts cannot be wiped from the parser: they live as short as it. */
  static Tokens of(Json reply) throws DomainUnavailable {
    String type = reply.require("token_type");
    if (!type.equalsIgnoreCase("Bearer") && !type.equalsIgnoreCase("pop")) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, "The token reply has an unknown token_type");
    }
    Optional<String> access = reply.text("access_token");
    Optional<Json> claims = Optional.empty();
    if (access.isPresent() && access.get().chars().filter(c -> c == '.').count() == 2) {
      try {
        claims = Optional.of(Base64s.claims(access.get(), "The access token"));
      } catch (DomainUnavailable e) {
        // Opaque, which is its right.
      }
    }
    Optional<Json> identity = Optional.empty();
    if (reply.text("id_token").isPresent()) {
      identity = Optional.of(Base64s.claims(reply.require("id_token"), "The id token"));
    } else if (reply.object("id_token").isPresent()) {
      identity = reply.object("id_token");
    }
    return new Tokens(
        access.map(Secret::ofText),
        reply.text("refresh_token").map(Secret::ofText),
        identity,
        claims);
  }

  /** The access token. */
  public Secret requireAccess() throws DomainUnavailable {
    return access.orElseThrow(() -> missing("access_token"));
  }

  public Secret requireRefresh() throws DomainUnavailable {
    return refresh.orElseThrow(() -> missing("refresh_token"));
  }

  public Json requireIdentity() throws DomainUnavailable {
    return identity.orElseThrow(() -> missing("id_token"));
  }

  private static DomainUnavailable missing(String name) {
    return new DomainUnavailable(DomainUnavailable.Kind.PROTOCOL, "The token reply has no " + name);
  }

  /** The authentication methods, according to the access token. */
  public List<String> methods() {
    return claims.map(token -> token.texts("amr")).orElse(List.of());
  }

  @Override
  public void close() {
    access.ifPresent(Secret::close);
    refresh.ifPresent(Secret::close);
  }
}
