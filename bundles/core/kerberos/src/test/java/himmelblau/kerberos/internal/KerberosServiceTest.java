package himmelblau.kerberos.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.directory.PasswdEntry;
import himmelblau.api.kerberos.KerberosTicket;
import himmelblau.api.kerberos.KerberosTicket.Kind;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.secret.Secret;
import himmelblau.api.sso.KeptRenewals;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.api.tasks.TaskResult.Status;
import himmelblau.testing.tenant.kerberos.TicketMint;
import himmelblau.testing.tenant.kerberos.TicketMint.Order;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.kerby.kerberos.kerb.type.base.EncryptionType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KerberosServiceTest {
  private static final String CLOUD = "KERBEROS.MICROSOFTONLINE.COM";
  private static final UUID TENANT = UUID.fromString("11111111-2222-3333-4444-555555555555");
  private static final Account ADA = account("ada", 5001);
  private static final Account BOB = account("bob", 5002);

  @TempDir Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<AccountName> renewed = new CopyOnWriteArrayList<>();
  private volatile int failures;
  private volatile boolean enabled = true;
  private volatile Instant now = Instant.parse("2026-12-01T12:00:00Z");
  private Path users;
  private Holders holders;
  private KerberosService service;

  private final RootTasks helper =
      new RootTasks() {
        @Override
        public TaskResult run(TaskRequest request) {
          asked.add(shown(request));
          if (request.task().equals("kerberos-keep") && failures > 0) {
            failures--;
            return new TaskResult(Status.FAILED, "not now");
          }
          return new TaskResult(Status.DONE, "done");
        }

        @Override
        public TaskResult watch(TaskRequest request) {
          throw new AssertionError(request);
        }

        @Override
        public void prepare() {}

        @Override
        public boolean connected() {
          return true;
        }

        @Override
        public boolean available() {
          return true;
        }
      };

  private static Account account(String name, long uid) {
    return new Account(
        new AccountName(name, "contoso.example"),
        Optional.of(UUID.randomUUID()),
        new PasswdEntry(name, uid, uid + 10, name, "/home/" + name, "/bin/bash"),
        "/home/",
        name,
        List.of(),
        List.of());
  }

  private static String shown(TaskRequest request) {
    List<String> words = new ArrayList<>(List.of(request.task()));
    for (String value : List.of("uid", "gid", "primary", "tenant")) {
      request.text(value).ifPresent(text -> words.add(value + "=" + text));
    }
    words.addAll(request.texts("suffix"));
    Map<String, byte[]> values = request.values();
    for (int i = 0; values.containsKey("cache." + i); i++) {
      words.add(
          new String(values.get("cache." + i), StandardCharsets.ISO_8859_1)
              .replaceAll("(?s)^.*?((ada|bob)[a-z@.]*).*$", "$1"));
    }
    return String.join(" ", words);
  }

  @BeforeEach
  void start() throws Exception {
    users = Files.createDirectories(folder.resolve("users"));
    restart();
  }

  private void restart() {
    restart(Duration.ofMillis(10));
  }

  private void restart(Duration look) {
    holders = new Holders(new HolderFiles(folder.resolve("kerberos")));
    KeptRenewals renewals =
        name -> {
          renewed.add(name);
          return true;
        };
    service =
        new KerberosService(
            () -> enabled,
            new TicketTasks(() -> Optional.of(helper)),
            new TicketReader(() -> now),
            holders,
            new Sessions(users),
            () -> Optional.of(renewals),
            () -> now,
            new KerberosService.Pause(look, Duration.ofMillis(10), Duration.ofMillis(5), 3));
  }

  private KerberosTicket ticket(Kind kind, String client, String realm) {
    byte[] message =
        TicketMint.asRep(
            new Order(
                client,
                realm,
                realm,
                new byte[32],
                1,
                new byte[32],
                EncryptionType.AES256_CTS_HMAC_SHA1_96,
                now,
                now.plus(Duration.ofHours(10))));
    return new KerberosTicket(kind, Secret.taking(message), Secret.taking(new byte[32]));
  }

  private KerberosTicket cloud(String client) {
    return ticket(Kind.CLOUD, client, CLOUD);
  }

  private void receive(Account account, boolean signIn, KerberosTicket... tickets) {
    service.received(
        account,
        signIn,
        new KerberosTickets() {
          @Override
          public UUID tenantId() {
            return TENANT;
          }

          @Override
          public List<KerberosTicket> tickets() {
            return List.of(tickets);
          }

          @Override
          public List<String> suffixes() {
            return List.of(".windows.net");
          }
        });
    for (KerberosTicket ticket : tickets) {
      ticket.close(); // as the session does when the listener has returned
    }
  }

  private static void await(BooleanSupplier what) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!what.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "too late");
      Thread.sleep(5);
    }
  }

  private void session(Account account, String state) throws Exception {
    Path file = users.resolve(Long.toString(account.passwd().uid()));
    if (state.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      Files.writeString(file, "NAME=x\nSTATE=" + state + "\nSTOPPING=no\n");
    }
  }

  private void signedIn(Account account) throws Exception {
    receive(account, true, cloud(account.passwd().name() + "@contoso.example"));
    await(() -> holders.all().stream().anyMatch(one -> one.name().equals(account.name())));
  }

  @Test
  void writesTheRealmAndThenBothTickets() throws Exception {
    receive(
        ADA, true, cloud("ada@contoso.example"), ticket(Kind.ON_PREMISES, "ada", "CORP.EXAMPLE"));
    await(() -> !holders.all().isEmpty());
    assertEquals(
        List.of(
            "kerberos-realm tenant=" + TENANT + " .windows.net",
            "kerberos-keep uid=5001 gid=5011 primary=1 ada@contoso.example ada"),
        asked);
  }

  @Test
  void doesNothingWhenItIsOff() throws Exception {
    enabled = false;
    receive(ADA, true, cloud("ada@contoso.example"));
    Thread.sleep(200);
    assertEquals(List.of(), asked);
  }

  @Test
  void aSpoiltTicketDoesNotTakeTheOtherWithIt() throws Exception {
    receive(
        ADA, true, ticket(Kind.CLOUD, "ada", "ELSEWHERE"), ticket(Kind.ON_PREMISES, "ada", "CORP"));
    await(() -> !holders.all().isEmpty());
    assertEquals(List.of("kerberos-keep uid=5001 gid=5011 primary=1 ada"), asked);
  }

  @Test
  void refusesTheTicketOfSomebodyElse() throws Exception {
    signedIn(ADA);
    asked.clear();
    receive(BOB, true, cloud("ada@contoso.example"));
    Thread.sleep(300);
    assertEquals(List.of(), asked);
    signedIn(BOB);
  }

  @Test
  void triesAgainUntilTheSessionHasBegun() throws Exception {
    failures = 2;
    signedIn(ADA);
    assertEquals(3, asked.stream().filter(one -> one.startsWith("kerberos-keep")).count());
  }

  @Test
  void dropsAtTheEndOfTheLastSession() throws Exception {
    signedIn(ADA);
    signedIn(BOB);
    Holder ada = holders.all().getFirst();
    service.look(ada);
    assertEquals(2, holders.all().size(), "the session may still begin");
    session(ADA, "active");
    service.look(ada);
    session(ADA, "closing"); // a process was left behind
    asked.clear();
    service.look(ada);
    assertEquals(List.of("kerberos-drop uid=5001 gid=5011"), asked);
    assertEquals(List.of(BOB.name()), holders.all().stream().map(Holder::name).toList());
  }

  @Test
  void seesTheShortSessionOfWhoSignsInBetweenTwoLooks() throws Exception {
    restart(Duration.ofSeconds(2));
    session(ADA, "active");
    signedIn(ADA);
    Thread watch = Thread.ofVirtual().start(service::watch);
    try {
      Thread.sleep(200); // now it waits for the next look
      session(BOB, "active");
      signedIn(BOB);
      Thread.sleep(200);
      session(BOB, "");
      await(() -> holders.all().stream().map(Holder::name).toList().equals(List.of(ADA.name())));
    } finally {
      watch.interrupt();
      watch.join();
    }
  }

  @Test
  void dropsWhenNoSessionFollows() throws Exception {
    signedIn(ADA);
    now = now.plus(Duration.ofMinutes(6));
    service.look(holders.all().getFirst());
    assertTrue(holders.all().isEmpty());
  }

  @Test
  void keepsWhereNobodyCountsSessions() throws Exception {
    signedIn(ADA);
    Files.delete(users);
    now = now.plus(Duration.ofMinutes(6));
    service.look(holders.all().getFirst());
    assertFalse(holders.all().isEmpty());
  }

  @Test
  void aRestartKnowsWhoHasTickets() throws Exception {
    signedIn(ADA);
    Holder before = holders.all().getFirst();
    restart();
    assertEquals(List.of(before), holders.all());
    now = now.plus(Duration.ofMinutes(6));
    service.look(before);
    assertTrue(asked.contains("kerberos-drop uid=5001 gid=5011"), "signed out meanwhile");
  }

  @Test
  void renewsHalfWay() throws Exception {
    signedIn(ADA);
    session(ADA, "active");
    Holder ada = holders.all().getFirst();
    now = now.plus(Duration.ofHours(5)).minusSeconds(1);
    service.look(ada);
    assertEquals(List.of(), renewed);
    now = now.plusSeconds(2);
    service.look(ada);
    service.look(ada); // once in five minutes
    await(() -> !renewed.isEmpty());
    Thread.sleep(50);
    assertEquals(List.of(ADA.name()), renewed);
    asked.clear();
    receive(ADA, false, cloud("ada@contoso.example"));
    await(() -> asked.size() == 2);
    assertEquals("kerberos-keep uid=5001 gid=5011 primary=0 ada@contoso.example", asked.get(1));
  }

  @Test
  void aRenewalBringsNothingBackAfterTheSignOut() throws Exception {
    receive(ADA, false, cloud("ada@contoso.example"));
    Thread.sleep(300);
    assertEquals(List.of(), asked);
  }

  @Test
  void dropsOfAnAccountThatEnded() throws Exception {
    signedIn(ADA);
    signedIn(BOB);
    service.drop(BOB.name());
    assertEquals(List.of(ADA.name()), holders.all().stream().map(Holder::name).toList());
    service.dropAll("test");
    assertEquals(List.of(), holders.all());
    assertEquals(List.of(), new HolderFiles(folder.resolve("kerberos")).all());
  }
}
