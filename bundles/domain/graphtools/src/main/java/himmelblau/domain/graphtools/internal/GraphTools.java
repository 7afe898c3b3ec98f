package himmelblau.domain.graphtools.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import himmelblau.api.account.AccountName;
import himmelblau.api.admin.AdminTerminal;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.graph.GraphAccess;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.BrokerCall;
import himmelblau.api.sso.BrokerCalls;
import himmelblau.api.sso.ResourceTokens;
import himmelblau.api.sso.TokenRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Finds the tenant that a command is for, and a token for its Graph: for root that of the host's
 * application, for others their own by single sign-on, for root with a name that of the user who
 * signs in at the terminal (host-behaviour 8). Thread-safe.
 *
 * @param domains the configured ones, the first first
 */
record GraphTools(
    Directory directory,
    List<String> domains,
    List<Domain> known,
    Optional<BrokerCalls> broker,
    TerminalSignIn signIn) {
  private static final Duration BUDGET = Duration.ofSeconds(60);
  private static final String AS_ROOT = "Try running as root (sudo) to authenticate";
  private static final String BY_NAME = "Try specifying the --name parameter for authentication";

  /** What the bundles register for one domain. */
  record Domain(GraphAccess graph, DomainProvider provider, ResourceTokens tokens) {}

  /** The tenant and the token of a command. */
  record Access(GraphAccess graph, Granted granted) implements AutoCloseable {
    @Override
    public void close() {
      granted.close();
    }
  }

  /** The caller closes it. */
  Access open(Wanted wanted, AdminTerminal terminal) throws ToolFailed, ConversationClosed {
    return terminal.peer().root() ? asRoot(wanted, terminal) : asUser(wanted, terminal.peer());
  }

  private Access asUser(Wanted wanted, Peer peer) throws ToolFailed {
    Account account =
        directory
            .account(peer.uid())
            .orElseThrow(
                () ->
                    new ToolFailed(
                        Advice.NO_TOKEN,
                        "Only users of the directory have tokens of their own here.",
                        AS_ROOT));
    Domain domain = of(account.name());
    BrokerCalls calls =
        broker.orElseThrow(
            () -> new ToolFailed(Advice.NO_TOKEN, "There is no single sign-on here.", AS_ROOT));
    String scope = scope(domain, wanted.right());
    UserTokenLoop.Asker asker =
        candidate -> fromBroker(calls, peer, wanted.name(), candidate, scope);
    return new Access(
        domain.graph(), UserTokenLoop.first(domain.graph(), wanted, asker, List.of(AS_ROOT)));
  }

  private static Secret fromBroker(
      BrokerCalls calls, Peer peer, Optional<String> name, Candidate candidate, String scope)
      throws UserTokenLoop.Refused {
    JsonArray scopes = new JsonArray();
    scopes.add(scope);
    JsonObject parameters = new JsonObject();
    parameters.addProperty("clientId", candidate.clientId());
    parameters.add("requestedScopes", scopes);
    candidate.redirectUri().ifPresent(uri -> parameters.addProperty("redirectUri", uri));
    name.ifPresent(upn -> parameters.addProperty("username", upn));
    JsonObject request = new JsonObject();
    request.add("authParameters", parameters);
    try {
      String reply =
          calls.answer(
              new BrokerCall(
                  peer,
                  "acquireTokenSilently",
                  "0.0",
                  UUID.randomUUID().toString(),
                  request.toString()),
              BUDGET);
      return token(reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserTokenLoop.Refused("Stopped while waiting for a token");
    }
  }

  private static Secret token(String reply) throws UserTokenLoop.Refused {
    try {
      if (JsonParser.parseString(reply) instanceof JsonObject root
          && root.get("brokerTokenResponse") instanceof JsonObject response) {
        if (response.get("accessToken") instanceof JsonPrimitive token) {
          return Secret.ofText(token.getAsString());
        }
        if (response.get("error") instanceof JsonObject error
            && error.get("context") instanceof JsonPrimitive context) {
          throw new UserTokenLoop.Refused(context.getAsString());
        }
      }
    } catch (JsonParseException e) {
      // told below
    }
    throw new UserTokenLoop.Refused("Single sign-on gave no token");
  }

  private Access asRoot(Wanted wanted, AdminTerminal terminal)
      throws ToolFailed, ConversationClosed {
    Optional<AccountName> name = Optional.empty();
    if (wanted.name().isPresent()) {
      String typed = wanted.name().get();
      name = directory.resolve(typed).or(() -> AccountName.parse(typed));
      if (name.isEmpty()) {
        throw new ToolFailed("'" + typed + "' is not a valid directory user");
      }
    }
    Domain domain = name.isPresent() ? of(name.get()) : first();
    GraphAccess graph = domain.graph();
    try {
      Optional<String> application = graph.application();
      boolean fits = application.filter(fits(wanted.clientId())).isPresent();
      if (fits) {
        return new Access(graph, new Granted(graph.applicationToken(), application.get(), true));
      }
      if (name.isEmpty()) {
        throw new ToolFailed(
            Advice.NO_TOKEN,
            application.isPresent()
                ? "The credentials of this host belong to the application "
                    + application.get()
                    + ", not to the one that was given."
                : "This host has no credentials (aad-tool cred) for "
                    + domain.provider().domain()
                    + ".",
            BY_NAME);
      }
    } catch (DomainUnavailable e) {
      throw new ToolFailed(Advice.NO_TOKEN, String.valueOf(e.getMessage()));
    }
    return new Access(graph, signedIn(wanted, domain, name.get(), terminal));
  }

  private static Predicate<String> fits(Optional<String> clientId) {
    return own -> clientId.isEmpty() || clientId.get().equalsIgnoreCase(own);
  }

  private Granted signedIn(Wanted wanted, Domain domain, AccountName name, AdminTerminal terminal)
      throws ToolFailed, ConversationClosed {
    String scope = scope(domain, wanted.right());
    try (Secret renewal = signIn.renewal(domain.provider(), name, terminal)) {
      return UserTokenLoop.first(
          domain.graph(),
          wanted,
          candidate -> fromDomain(domain.tokens(), name, renewal, candidate, scope),
          List.of());
    }
  }

  private static Secret fromDomain(
      ResourceTokens tokens, AccountName name, Secret renewal, Candidate candidate, String scope)
      throws UserTokenLoop.Refused {
    TokenRequest request =
        new TokenRequest(
            candidate.clientId(),
            candidate.redirectUri(),
            List.of(scope),
            Optional.empty(),
            Optional.empty());
    try (var issued = tokens.token(name, renewal, request)) {
      return issued.access().copy();
    } catch (SignInRefused e) {
      throw new UserTokenLoop.Refused(e.text());
    } catch (DomainUnavailable e) {
      throw new UserTokenLoop.Refused(String.valueOf(e.getMessage()));
    }
  }

  private static String scope(Domain domain, Right right) throws ToolFailed {
    try {
      return domain.graph().address() + "/" + right.permission();
    } catch (DomainUnavailable e) {
      throw new ToolFailed(Advice.NO_TOKEN, String.valueOf(e.getMessage()));
    }
  }

  private Domain of(AccountName name) throws ToolFailed {
    return known.stream()
        .filter(domain -> domain.graph().domains().contains(name.domain()))
        .findFirst()
        .orElseThrow(
            () ->
                new ToolFailed(
                    name.domain() + " is not a domain with Microsoft Graph on this host."));
  }

  private Domain first() throws ToolFailed {
    return domains.stream()
        .flatMap(name -> known.stream().filter(domain -> domain.graph().domains().contains(name)))
        .findFirst()
        .orElseThrow(() -> new ToolFailed("No domain of this host has Microsoft Graph."));
  }
}
