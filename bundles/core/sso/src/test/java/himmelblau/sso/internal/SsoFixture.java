package himmelblau.sso.internal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.Directory;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.Session;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.login.Peer;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.BrokerCall;
import himmelblau.api.sso.IssuedToken;
import himmelblau.api.sso.ResourceTokens;
import himmelblau.api.sso.SsoCookie;
import himmelblau.api.sso.TokenOwner;
import himmelblau.api.sso.TokenRequest;
import himmelblau.testing.doubles.MemoryMachine;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Two users of a scripted directory, a local user, and root. */
final class SsoFixture {
  static final String TENANT = "1c0de5a1-7e57-4a11-8000-e8a3910a0001";
  static final Account ADA = account("ada", 5001, 'a');
  static final Account BOB = account("bob", 5002, 'b');

  final MemoryMachine machine = new MemoryMachine();
  final SsoDomains domains = new SsoDomains();
  final Map<Long, Account> accounts = new HashMap<>();
  final Tokens tokens = new Tokens();
  final List<IssuedToken> issued = new CopyOnWriteArrayList<>();
  final Path folder;
  Instant now = Instant.ofEpochSecond(1_800_000_000);
  SsoService service;

  // What the directory says to a renewal.
  volatile @Nullable SignInRefused renewalRefused;
  volatile @Nullable DomainUnavailable renewalUnavailable;
  final List<String> renewed = new CopyOnWriteArrayList<>();
  volatile @Nullable KerberosTickets tickets;

  SsoFixture(Path folder) {
    this.folder = folder.resolve("sso");
    accounts.put(ADA.passwd().uid(), ADA);
    accounts.put(BOB.passwd().uid(), BOB);
    domains.add(provider());
    domains.add(tokens, "Example.org");
    service = start("boot-1");
  }

  /** The daemon with nothing but its files. */
  SsoService start(String boot) {
    service =
        new SsoService(
            directory(),
            domains,
            new HeldRenewals(machine, new RenewalFiles(folder), boot),
            () -> now);
    return service;
  }

  private static Account account(String name, long uid, char id) {
    return new Account(
        new AccountName(name, "example.org"),
        Optional.of(UUID.fromString("00000000-0000-0000-0000-00000000000x".replace('x', id))),
        new PasswdEntry(name, uid, uid, "User " + name, "/home/" + name, "/bin/bash"),
        "/home/",
        name,
        List.of(),
        List.of());
  }

  Directory directory() {
    return (Directory)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Directory.class},
            (proxy, method, arguments) ->
                switch (arguments[0]) {
                  case String typed -> AccountName.parse(typed + "@example.org");
                  case Long uid -> Optional.ofNullable(accounts.get(uid));
                  case AccountName name ->
                      accounts.values().stream().filter(a -> a.name().equals(name)).findFirst();
                  default -> throw new AssertionError(method);
                });
  }

  private DomainProvider provider() {
    return (DomainProvider)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DomainProvider.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "domain" -> "example.org";
                  case "aliases" -> List.of("example.net");
                  case "tenantId" -> Optional.of(TENANT);
                  case "renew" -> renew((Secret) arguments[1]);
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> throw new AssertionError(method);
                });
  }

  private Session renew(Secret renewal) throws SignInRefused, DomainUnavailable {
    renewed.add(renewal.revealText());
    if (renewalRefused != null) {
      throw renewalRefused;
    }
    if (renewalUnavailable != null) {
      throw renewalUnavailable;
    }
    Secret fresh = Secret.ofText(renewal.revealText() + "'");
    return (Session)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "renewal" -> Optional.of(fresh);
                  case "feature" -> Optional.ofNullable(tickets);
                  default -> null;
                });
  }

  static SignInRefused refusal(Reason reason, String code) {
    return new SignInRefused(reason, code + ": the directory's words", Optional.of(code), false);
  }

  void signIn(Account account) {
    try (Secret renewal = Secret.ofText("prt-of-" + account.name().local())) {
      service.signedIn(account, renewal);
    }
  }

  JsonObject call(Account account, String method, String request) throws InterruptedException {
    return call(account.passwd().uid(), method, request);
  }

  JsonObject call(long uid, String method, String request) throws InterruptedException {
    return call(uid, method, request, Duration.ofSeconds(50));
  }

  JsonObject call(long uid, String method, String request, Duration budget)
      throws InterruptedException {
    Peer peer = new Peer(uid, uid, 1);
    String reply = service.answer(new BrokerCall(peer, method, "0.0", "id", request), budget);
    return JsonParser.parseString(reply).getAsJsonObject();
  }

  /** A token request; {@code more} are further members of {@code authParameters}. */
  static String ask(String more) {
    return """
        {"authParameters":{"clientId":"app-1","requestedScopes":["https://graph/.default"]%s}}"""
        .formatted(more.isEmpty() ? "" : "," + more);
  }

  JsonObject token(Account account, String more) throws InterruptedException {
    return call(account, "acquireTokenSilently", ask(more)).getAsJsonObject("brokerTokenResponse");
  }

  static String context(JsonObject reply) {
    return reply.getAsJsonObject("error").get("context").getAsString();
  }

  /** Gives tokens that say whose they are. */
  final class Tokens implements ResourceTokens {
    final List<TokenRequest> asked = new CopyOnWriteArrayList<>();
    final List<Optional<String>> nonces = new ArrayList<>();
    volatile @Nullable SignInRefused refused;
    volatile @Nullable DomainUnavailable unavailable;
    volatile Runnable meanwhile = () -> {};

    @Override
    public Optional<TokenOwner> owner(Secret renewal) {
      String text = renewal.revealText();
      return accounts.values().stream()
          .filter(account -> text.startsWith("prt-of-" + account.name().local()))
          .map(
              a -> new TokenOwner(a.objectId().orElseThrow(), TENANT, a.name(), "User " + a.name()))
          .findFirst();
    }

    @Override
    public IssuedToken token(AccountName name, Secret renewal, TokenRequest request)
        throws DomainUnavailable, SignInRefused {
      asked.add(request);
      meanwhile.run();
      if (refused != null) {
        throw refused;
      }
      if (unavailable != null) {
        throw unavailable;
      }
      IssuedToken token =
          new IssuedToken(
              Secret.ofText("token " + asked.size() + " by " + renewal.revealText()),
              request.popKey().isPresent(),
              Secret.ofText("id"),
              "info",
              List.of("granted", "openid"),
              now.plusSeconds(3600),
              now.plusSeconds(7200));
      issued.add(token);
      return token;
    }

    @Override
    public SsoCookie cookie(Secret renewal, Optional<String> nonce) throws SignInRefused {
      nonces.add(nonce);
      if (refused != null) {
        throw refused;
      }
      return new SsoCookie("x-ms-RefreshTokenCredential", Secret.ofText(renewal.revealText()));
    }
  }
}
