package himmelblau.kerberos.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.directory.Account;
import himmelblau.api.kerberos.KerberosTicket;
import himmelblau.api.kerberos.KerberosTicket.Kind;
import himmelblau.api.kerberos.KerberosTickets;
import himmelblau.api.kerberos.TicketListener;
import himmelblau.api.log.Log;
import himmelblau.api.sso.KeptRenewals;
import himmelblau.api.tasks.TaskResult;
import himmelblau.kerberos.internal.Sessions.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Keeps the tickets of users from their sign-in to the end of their last session. Thread-safe; does
 * not depend on the OSGi framework.
 */
final class KerberosService implements TicketListener {
  private static final Log LOG = Log.of(KerberosService.class);

  /** From a sign-in to its session: a user may still have to type something. */
  private static final Duration UNTIL_SESSION = Duration.ofMinutes(2);

  private static final Duration NEXT_TRY = Duration.ofMinutes(5);

  private final BooleanSupplier enabled;
  private final TicketTasks tasks;
  private final TicketReader reader;
  private final Holders holders;
  private final Sessions sessions;
  private final Supplier<Optional<KeptRenewals>> renewals;
  private final InstantSource clock;
  private final Pause pause;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Long> inSession = ConcurrentHashMap.newKeySet();
  private final Map<Long, Instant> tried = new HashMap<>(); // by the watching thread alone

  /** How often things are looked at; a test is faster. */
  record Pause(Duration look, Duration brief, Duration again, int attempts) {
    static final Pause USUAL =
        new Pause(Duration.ofSeconds(10), Duration.ofMillis(500), Duration.ofSeconds(2), 5);
  }

  KerberosService(
      BooleanSupplier enabled,
      TicketTasks tasks,
      TicketReader reader,
      Holders holders,
      Sessions sessions,
      Supplier<Optional<KeptRenewals>> renewals,
      InstantSource clock,
      Pause pause) {
    this.enabled = enabled;
    this.tasks = tasks;
    this.reader = reader;
    this.holders = holders;
    this.sessions = sessions;
    this.renewals = renewals;
    this.clock = clock;
    this.pause = pause;
  }

  /** Returns at once: no sign-in waits for a credential cache. */
  @Override
  public void received(Account account, boolean signIn, KerberosTickets tickets) {
    if (!enabled.getAsBoolean() || tickets.tickets().isEmpty()) {
      return;
    }
    List<KerberosTicket> copies = tickets.tickets().stream().map(KerberosTicket::copy).toList();
    UUID tenant = tickets.tenantId();
    List<String> suffixes = List.copyOf(tickets.suffixes());
    Thread.ofVirtual()
        .name("kerberos")
        .start(
            () -> {
              try {
                keep(account, signIn, copies, tenant, suffixes);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException | LinkageError e) {
                LOG.error("kerberos.failed", e, "account", account.name());
              } finally {
                copies.forEach(KerberosTicket::close);
              }
            });
  }

  private void keep(
      Account account,
      boolean signIn,
      List<KerberosTicket> tickets,
      UUID tenant,
      List<String> suffixes)
      throws InterruptedException {
    List<OpenedTicket> opened = open(account, tickets);
    try {
      if (opened.isEmpty()) {
        return;
      }
      lock.lockInterruptibly();
      try {
        boolean first = holders.all().stream().noneMatch(one -> one.uid() == uid(account));
        if (!signIn && first) {
          return; // signed out meanwhile
        }
        if (opened.stream().anyMatch(one -> one.kind() == Kind.CLOUD)) {
          said(account, "kerberos-realm", tasks.configure(tenant, suffixes));
        }
        write(account, signIn, opened);
      } finally {
        lock.unlock();
      }
    } finally {
      opened.forEach(OpenedTicket::close);
    }
  }

  private List<OpenedTicket> open(Account account, List<KerberosTicket> tickets) {
    List<OpenedTicket> opened = new ArrayList<>();
    for (KerberosTicket ticket : tickets) {
      try {
        OpenedTicket one = reader.open(ticket);
        Optional<Holder> other = holders.other(uid(account), one.principal());
        if (other.isPresent()) {
          one.close();
          throw new TicketRefused(
              "It is of " + one.principal() + ", as that of " + other.get().name());
        }
        opened.add(one);
      } catch (TicketRefused e) {
        LOG.warn(
            "kerberos.refused",
            "account",
            account.name(),
            "ticket",
            ticket.kind(),
            "why",
            e.getMessage());
      }
    }
    return opened;
  }

  private static long uid(Account account) {
    return account.passwd().uid();
  }

  /** A cache in the user's runtime directory cannot be written before the session has begun. */
  private void write(Account account, boolean signIn, List<OpenedTicket> opened)
      throws InterruptedException {
    TaskResult result = ask(account, signIn, opened);
    for (int i = 1; signIn && !result.done() && i < pause.attempts(); i++) {
      Thread.sleep(pause.again());
      result = ask(account, signIn, opened);
    }
    if (!result.done()) {
      said(account, "kerberos-keep", result);
      return;
    }
    long uid = uid(account);
    Instant ends = opened.stream().map(OpenedTicket::ends).min(Instant::compareTo).orElseThrow();
    Set<String> principals =
        opened.stream().map(OpenedTicket::principal).collect(Collectors.toSet());
    if (signIn) {
      inSession.remove(uid);
    }
    holders.put(
        new Holder(uid, account.passwd().gid(), account.name(), principals, clock.instant(), ends));
    LOG.info(
        "kerberos.kept",
        "account",
        account.name(),
        "principals",
        principals,
        "until",
        ends,
        "detail",
        result.detail());
  }

  private TaskResult ask(Account account, boolean signIn, List<OpenedTicket> opened)
      throws InterruptedException {
    return tasks.keep(
        uid(account),
        account.passwd().gid(),
        signIn,
        opened.stream().map(OpenedTicket::cache).toList());
  }

  private static void said(Account account, String task, TaskResult result) {
    if (!result.done()) {
      LOG.warn(
          "kerberos.task",
          "account",
          account.name(),
          "task",
          task,
          "status",
          result.status(),
          "detail",
          result.detail());
    }
  }

  /** Looks after the holders until it is interrupted. */
  void watch() {
    try {
      while (true) {
        long seen = holders.await();
        for (Holder holder : holders.all()) {
          look(holder);
        }
        // Who signs in while this waits may have left again before it ends.
        holders.awaitPut(seen, expecting() ? pause.brief() : pause.look());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether somebody's session has yet to begin; it may be a short one. */
  private boolean expecting() {
    return holders.all().stream().anyMatch(holder -> !inSession.contains(holder.uid()));
  }

  /** Ends what a sign-out left, renews what is half used. */
  void look(Holder holder) throws InterruptedException {
    State state = sessions.of(holder.uid());
    if (state == State.PRESENT) {
      inSession.add(holder.uid());
    } else if (state == State.ABSENT && over(holder)) {
      drop(one -> one.equals(holder), "signed out");
      return;
    }
    Instant now = clock.instant();
    Instant last = tried.getOrDefault(holder.uid(), Instant.MIN);
    if (!holder.due().isAfter(now) && last.isBefore(now.minus(NEXT_TRY))) {
      Optional<KeptRenewals> kept = renewals.get();
      if (kept.isPresent()) {
        tried.put(holder.uid(), now);
        Thread.ofVirtual().name("kerberos-renewal").start(() -> renew(kept.get(), holder));
      }
    }
  }

  private boolean over(Holder holder) {
    return inSession.contains(holder.uid())
        || !holder.kept().plus(UNTIL_SESSION).isAfter(clock.instant());
  }

  private static void renew(KeptRenewals renewals, Holder holder) {
    try {
      if (!renewals.renew(holder.name())) {
        LOG.info("kerberos.not_renewed", "account", holder.name(), "until", holder.ends());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError e) {
      LOG.error("kerberos.failed", e, "account", holder.name());
    }
  }

  /** Removes the tickets of a user who may not use this host any more. */
  void drop(AccountName name) throws InterruptedException {
    drop(holder -> holder.name().equals(name), "the directory");
  }

  /** Removes all tickets. */
  void dropAll(String reason) throws InterruptedException {
    drop(holder -> true, reason);
  }

  private void drop(Predicate<Holder> which, String reason) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (Holder holder : holders.all()) {
        if (which.test(holder)) {
          TaskResult result = tasks.drop(holder.uid(), holder.gid());
          LOG.info(
              "kerberos.dropped",
              "account",
              holder.name(),
              "reason",
              reason,
              "status",
              result.status(),
              "detail",
              result.detail());
          if (result.done()) {
            holders.remove(holder.uid());
            inSession.remove(holder.uid());
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
