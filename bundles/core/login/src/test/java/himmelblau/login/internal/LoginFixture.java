package himmelblau.login.internal;

import himmelblau.api.account.AccountName;
import himmelblau.api.breakglass.BreakglassPolicy;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.hello.Hello;
import himmelblau.api.login.Conversation;
import himmelblau.api.login.ConversationClosed;
import himmelblau.api.login.PamCode;
import himmelblau.api.login.Peer;
import himmelblau.api.login.SignInRequest;
import himmelblau.api.login.SignInResult;
import himmelblau.api.mfa.MfaMethod;
import himmelblau.api.plugin.PluginRank;
import himmelblau.api.secret.Secret;
import himmelblau.api.store.Area;
import himmelblau.api.store.Store;
import himmelblau.api.tasks.RootTasks;
import himmelblau.api.tasks.TaskRequest;
import himmelblau.api.tasks.TaskResult;
import himmelblau.argon2.Argon2id;
import himmelblau.contract.mfa.ScriptedConversation;
import himmelblau.hello.internal.HelloComponent;
import himmelblau.login.internal.environment.PluginRegistry;
import himmelblau.login.internal.environment.RenewalListeners;
import himmelblau.login.internal.environment.SignInEnvironment;
import himmelblau.login.internal.offline.DisabledAccounts;
import himmelblau.login.internal.offline.HostClock;
import himmelblau.login.internal.offline.VerifierTable;
import himmelblau.login.internal.offline.Verifiers;
import himmelblau.login.internal.refusals.RecentRefusals;
import himmelblau.login.internal.settings.LoginConfig;
import himmelblau.login.internal.settings.LogonConfig;
import himmelblau.mfa.push.internal.PushMethod;
import himmelblau.testing.doubles.MemoryMachine;
import himmelblau.testing.doubles.MemoryVault;
import himmelblau.testing.doubles.SqliteArea;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A host with a scripted directory, the real Hello bundle and the real push method. */
public final class LoginFixture {
  public static final Peer ROOT = new Peer(0, 0, 1);

  public final MemoryDirectory directory = new MemoryDirectory();

  /** For plug-ins that are alone with their ids. */
  public static final PluginRank RANK = PluginRank.of(Map.of());

  public final ScriptedDomain domain = new ScriptedDomain();
  public final MemoryMachine machine = new MemoryMachine();
  public final Map<String, Object> options =
      new HashMap<>(Map.of("domain", new String[] {"example.org"}));
  final PluginRegistry<DomainProvider> domains =
      new PluginRegistry<>(System::nanoTime, (d, name) -> d.aliases().contains(name));
  public final PluginRegistry<MfaMethod> methods =
      new PluginRegistry<>(System::nanoTime, (m, id) -> false);
  public PluginRegistry<Hello> hellos = new PluginRegistry<>(System::nanoTime, (h, id) -> false);
  public final PushMethod push = new PushMethod();
  public final List<BreakglassPolicy> policies = new ArrayList<>();
  public final List<TaskRequest> tasks = new ArrayList<>();
  TaskResult.Status taskStatus = TaskResult.Status.DONE;
  public TaskResult script = new TaskResult(TaskResult.Status.DONE, "");
  public final List<String> tokens = new ArrayList<>();
  public boolean helper = true;
  public SignInEnvironment environment;
  private final Path folder;
  private SignIns signIns;
  private HelloComponent hello;

  // What the next call looks like.
  public Peer peer = ROOT;
  public String service = "sshd";

  /** Real uid of whom root's program works for; counts if the peer is root. */
  public long caller;

  public String rhost = "192.0.2.7";
  public Set<SignInRequest.Flag> flags = Set.of(SignInRequest.Flag.MFA_POLL_PROMPT);
  public Optional<Secret> authtok = Optional.empty();
  public Instant now = Instant.ofEpochSecond(1_800_000_000);
  public Runnable duringPauses = () -> {};

  public LoginFixture(Path folder) {
    this.folder = folder;
    domains.add(domain, List.of("example.org"), RANK);
    methods.add(push, List.of("PhoneAppNotification", "CompanionAppsNotification"), RANK);
    start();
  }

  /** The daemon starts, or starts again with nothing but its files. */
  public void start() {
    Store store = (name, migrations) -> area(name, migrations);
    if (hello != null) {
      hellos.remove(hello);
    }
    hello = new HelloComponent(config(HelloComponent.Config.class), store, machine, directory);
    hellos.add(hello, List.of(SignInEnvironment.HELLO), RANK);
    wire();
  }

  /** The sign-in's own part, on what is there now. */
  void wire() {
    Store store = this::area;
    Area area = store.area(VerifierTable.AREA, VerifierTable.MIGRATIONS);
    environment =
        new SignInEnvironment(
            () -> LoginConfig.Reader.read(config(LoginConfig.class)),
            () -> LogonConfig.Reader.read(config(LogonConfig.class)),
            directory,
            new Verifiers(new VerifierTable(area), machine, vault, new Argon2id(8, 1)),
            new DisabledAccounts(area),
            new RecentRefusals(() -> now),
            new HostClock(area, () -> now),
            domains,
            methods,
            hellos,
            () -> Optional.ofNullable(hello),
            () -> helper ? Optional.of(new Tasks()) : Optional.empty(),
            () -> policies,
            renewals);
    signIns = new SignIns(environment);
  }

  public final RenewalListeners renewals = new RenewalListeners();
  private final MemoryVault vault = new MemoryVault();
  private final Map<String, Area> areas = new HashMap<>();

  private Area area(String name, List<String> migrations) {
    return areas.computeIfAbsent(name, n -> new SqliteArea(folder.resolve(n), migrations));
  }

  private final class Tasks implements RootTasks {
    @Override
    public TaskResult run(TaskRequest request) {
      tasks.add(request);
      request.text("token").ifPresent(tokens::add); // it is wiped when this returns
      return request.task().equals("script") ? script : new TaskResult(taskStatus, "");
    }

    @Override
    public boolean connected() {
      return true;
    }
  }

  /** Options that a test has set, over the declared defaults. */
  private <A extends Annotation> A config(Class<A> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                options.getOrDefault(method.getName(), method.getDefaultValue())));
  }

  /** One call, as it went. */
  public record Seen(SignInResult result, List<String> transcript, List<Conversation.Kind> kinds) {
    public PamCode code() {
      return result.code();
    }
  }

  public Seen signIn(String user, String... answers) throws ConversationClosed {
    ScriptedConversation conversation = conversation(answers);
    SignInResult result = signIns.authenticate(request(user), conversation);
    return new Seen(result, conversation.transcript(), conversation.hiddenKinds());
  }

  public Seen changePin(String user, String... answers) throws ConversationClosed {
    ScriptedConversation conversation = conversation(answers);
    SignInResult result = signIns.changePin(request(user), conversation);
    return new Seen(result, conversation.transcript(), conversation.hiddenKinds());
  }

  public PamCode account(String user) throws ConversationClosed {
    return signIns.account(request(user), conversation()).code();
  }

  public PamCode openSession(String user) throws ConversationClosed {
    return signIns.openSession(request(user), conversation()).code();
  }

  public void forgetAll() {
    signIns.forgetAll();
  }

  public void unseal(String user) {
    signIns.unseal(request(user));
  }

  /** What is left of a conversation whose user went away in the middle. */
  public List<String> abandoned(String user, String... answers) {
    ScriptedConversation conversation = conversation(answers);
    try {
      signIns.authenticate(request(user), conversation);
      throw new AssertionError("ended by itself: " + conversation.transcript());
    } catch (ConversationClosed e) {
      return conversation.transcript();
    }
  }

  /** What was seen in a call that failed by itself. */
  public List<String> refused(String user, String... answers) throws ConversationClosed {
    Seen seen = signIn(user, answers);
    if (seen.code() == PamCode.SUCCESS) {
      throw new AssertionError("signed in: " + seen.transcript());
    }
    return seen.transcript();
  }

  /** Like {@link #signIn}, by somebody who is not a list of answers. */
  public PamCode signIn(String user, Conversation conversation) throws ConversationClosed {
    return signIns.authenticate(request(user), conversation).code();
  }

  /** Like {@link #changePin}. */
  public PamCode changePin(String user, Conversation conversation) throws ConversationClosed {
    return signIns.changePin(request(user), conversation).code();
  }

  private ScriptedConversation conversation(String... answers) {
    return new ScriptedConversation(ScriptedConversation.CONSOLE, answers)
        .duringPauses(() -> duringPauses.run());
  }

  private SignInRequest request(String user) {
    return new SignInRequest(peer, caller, user, service, "", rhost, flags, false, "", authtok);
  }

  public void console() {
    service = "login";
    rhost = "";
    flags = Set.of();
  }

  public void flag(SignInRequest.Flag flag) {
    Set<SignInRequest.Flag> more = new HashSet<>(flags);
    more.add(flag);
    flags = more;
  }

  /** First sign-in with PIN enrolment; leaves user02 joined and with the PIN 182736. */
  public void enrolled() throws ConversationClosed {
    Seen seen = signIn("user02", "Passw0rd!", "", "182736", "182736");
    if (seen.code() != PamCode.SUCCESS) {
      throw new AssertionError(seen.transcript());
    }
  }

  /** A breakglass policy that answers as told. */
  public static final class ScriptedBreakglass implements BreakglassPolicy {
    public boolean keep = true;
    public boolean active;
    public int reconnects;
    public Optional<Instant> end = Optional.empty();
    public int disconnects;

    /** How often it says that it is active. */
    public int times = Integer.MAX_VALUE;

    @Override
    public boolean keepVerifiers() {
      return keep;
    }

    @Override
    public boolean active(AccountName name) {
      return active && times-- > 0;
    }

    @Override
    public void disconnected() {
      disconnects++;
    }

    @Override
    public Optional<Instant> until() {
      return end;
    }

    @Override
    public void reconnected() {
      reconnects++;
    }
  }
}
