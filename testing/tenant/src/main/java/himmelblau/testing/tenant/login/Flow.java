package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.directory.User;
import himmelblau.testing.tenant.token.Grants;
import himmelblau.testing.tenant.token.Proof;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One interactive sign-in from its first page to its code. All the opaque values that pages carry
 * (flow token, context, canary) belong to exactly one flow; older ones stay good within it, because
 * clients do not always move on to the newest.
 */
public final class Flow {
  private final String id = Grants.opaque(12);
  private final String cookie = Grants.opaque(24);
  private final String sessionId = UUID.randomUUID().toString();
  private final AuthorizeRequest ask;
  private final Instant expires;
  private final Set<String> flowTokens = ConcurrentHashMap.newKeySet();
  private final Set<String> contexts = ConcurrentHashMap.newKeySet();
  private final Set<String> canaries = ConcurrentHashMap.newKeySet();

  private volatile Optional<User> user = Optional.empty();
  private volatile Optional<Proof> proof = Optional.empty();
  private volatile Optional<FactorAttempt> attempt = Optional.empty();
  private volatile Optional<FactorAttempt> setup = Optional.empty();
  private volatile Optional<byte[]> sessionKey = Optional.empty();
  private volatile Optional<String> fidoChallenge = Optional.empty();
  private volatile Optional<String> newPassword = Optional.empty();
  private volatile Set<String> allowList = Set.of();
  private volatile boolean kmsiAsked;
  private volatile boolean proofUpSkipped;

  Flow(AuthorizeRequest ask, Instant expires) {
    this.ask = ask;
    this.expires = expires;
  }

  public String id() {
    return id;
  }

  public AuthorizeRequest ask() {
    return ask;
  }

  public String sessionId() {
    return sessionId;
  }

  public Instant expires() {
    return expires;
  }

  /** The cookie that ties the pages of this flow to one browser. */
  public String cookieName() {
    return "esctx-" + id;
  }

  public String cookie() {
    return cookie;
  }

  public String newFlowToken() {
    return issue("FT", flowTokens);
  }

  public String newContext() {
    return issue("CTX", contexts);
  }

  public String newCanary() {
    return issue("Cn", canaries) + "=0:1";
  }

  private String issue(String kind, Set<String> issued) {
    String value = kind + "." + id + "." + Grants.opaque(40);
    issued.add(value);
    return value;
  }

  boolean ownsFlowToken(String value) {
    return flowTokens.contains(value);
  }

  boolean ownsContext(String value) {
    return contexts.contains(value);
  }

  boolean ownsCanary(String value) {
    return value.endsWith("=0:1") && canaries.contains(value.substring(0, value.length() - 4));
  }

  public Optional<User> user() {
    return user;
  }

  public Optional<Proof> proof() {
    return proof;
  }

  /** A first factor was shown, or a second one added to it. */
  public void proven(User who, Proof how) {
    user = Optional.of(who);
    proof = Optional.of(how);
  }

  public Optional<FactorAttempt> attempt() {
    return attempt;
  }

  public void attempt(FactorAttempt begun) {
    attempt = Optional.of(begun);
  }

  /** The method that is being set up. */
  public Optional<FactorAttempt> setup() {
    return setup;
  }

  public void setup(FactorAttempt begun) {
    setup = Optional.of(begun);
  }

  public Optional<byte[]> sessionKey() {
    return sessionKey;
  }

  public void sessionKey(byte[] key) {
    sessionKey = Optional.of(key);
  }

  public Optional<String> fidoChallenge() {
    return fidoChallenge;
  }

  /** A challenge is good for one assertion; an empty one ends it. */
  public void fidoChallenge(Optional<String> challenge) {
    fidoChallenge = challenge;
  }

  public Set<String> allowList() {
    return allowList;
  }

  public void allowList(Set<String> credentialIds) {
    allowList = Set.copyOf(credentialIds);
  }

  public Optional<String> newPassword() {
    return newPassword;
  }

  public void newPassword(String password) {
    newPassword = Optional.of(password);
  }

  public boolean kmsiAsked() {
    return kmsiAsked;
  }

  public void askedKmsi() {
    kmsiAsked = true;
  }

  public boolean proofUpSkipped() {
    return proofUpSkipped;
  }

  public void skipProofUp() {
    proofUpSkipped = true;
  }
}
