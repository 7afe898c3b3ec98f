package example.roster;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.secret.Secret;
import himmelblau.contract.domain.DomainFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;

/** The provider in front of server.py, which is started for it. */
final class RosterFixture implements DomainFixture {
  private static final String DOMAIN = "roster.example";
  private static final String PASSWORD = "Passw0rd!";

  private final Path users;
  private final Process server;
  private final FaultyHttp http = new FaultyHttp();
  private final RosterClient client;
  private final DomainProvider provider;
  private final UUID other = UUID.randomUUID();
  private UUID id = UUID.randomUUID();
  private String name = "Ada";

  RosterFixture(Path folder) throws IOException {
    users = folder.resolve("users.json");
    write();
    server =
        new ProcessBuilder("python3", Path.of("server.py").toAbsolutePath().toString(), "" + users, "0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = server.inputReader();
    client = new RosterClient(http, URI.create("http://127.0.0.1:" + said.readLine().split(" ")[1]));
    provider = restarted();
  }

  private void write() throws IOException {
    String user = "\"%s\": {\"id\": \"%s\", \"name\": \"%s\", \"password\": \"%s\", \"codes\": %s}";
    String codes = "{\"1\": \"314159\", \"2\": \"271828\"}";
    Files.writeString(
        users,
        "{%s, %s}"
            .formatted(
                user.formatted("ada", id, name, PASSWORD, codes),
                user.formatted("grace", other, "Grace", PASSWORD, codes)));
  }

  @Override
  public DomainProvider provider() {
    return provider;
  }

  @Override
  public DomainProvider restarted() {
    return new RosterDomain(DOMAIN, client, Clock.systemUTC());
  }

  @Override
  public AccountName user() {
    return new AccountName("ada", DOMAIN);
  }

  @Override
  public AccountName otherUser() {
    return new AccountName("grace", DOMAIN);
  }

  @Override
  public AccountName nobody() {
    return new AccountName("nobody", DOMAIN);
  }

  @Override
  public Secret password() {
    return Secret.ofText(PASSWORD);
  }

  @Override
  public Set<String> methods() {
    return Set.of("Papercode");
  }

  @Override
  public int messagesSent() {
    return 0; // the list is on paper
  }

  @Override
  public Challenge.Progress prove(AccountName user, Challenge challenge, Prompt prompt)
      throws Exception {
    boolean first = prompt.number().orElseThrow().equals("1");
    return submit(challenge, first ? "314159" : "271828");
  }

  @Override
  public Challenge.Progress fail(AccountName user, Challenge challenge, Prompt prompt)
      throws Exception {
    return submit(challenge, "000000");
  }

  private static Challenge.Progress submit(Challenge challenge, String text) throws Exception {
    try (Secret code = Secret.ofText(text)) {
      return challenge.submit(code);
    }
  }

  @Override
  public void changeDisplayName(String fresh) throws IOException {
    name = fresh;
    write();
  }

  @Override
  public void createAnew() throws IOException {
    id = UUID.randomUUID();
    write();
  }

  @Override
  public void unreachable() {
    http.fault(FaultyHttp.Fault.UNREACHABLE);
  }

  @Override
  public void reachable() {
    http.fault(FaultyHttp.Fault.NONE);
  }

  @Override
  public void throttleOnce() {
    http.fault(FaultyHttp.Fault.THROTTLE_ONCE);
  }

  @Override
  public void stallOnce() {
    http.fault(FaultyHttp.Fault.STALL_ONCE);
  }

  @Override
  public boolean stalled() {
    return http.stalled();
  }

  @Override
  public void close() throws Exception {
    server.destroy();
    server.waitFor();
  }
}
