package himmelblau.domain.entra.internal.graph;

import himmelblau.api.account.AccountName;
import himmelblau.api.account.Group;
import himmelblau.api.account.Person;
import himmelblau.api.account.PosixAttributes;
import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.http.HttpCall;
import himmelblau.api.http.HttpReply;
import himmelblau.api.log.Log;
import himmelblau.api.secret.Secret;
import himmelblau.domain.entra.internal.token.Identity;
import himmelblau.domain.entra.internal.wire.Json;
import himmelblau.domain.entra.internal.wire.Web;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Reads people and groups from Microsoft Graph with somebody's token (Entra reference 3, section
 * 2). Entries that make no sense are left out; names are for reading only. Thread-safe.
 */
public final class Graph {
  private static final Log LOG = Log.of(Graph.class);
  private static final String WHAT = "Microsoft Graph";
  private static final int MAX_PAGES = 40;
  private static final int TRIES = 3;
  private static final long LONGEST_WAIT = 5;

  private final Web web;
  private final URI base;

  public Graph(Web web, String base) {
    this.web = web;
    this.base = URI.create(base + "/");
  }

  /**
   * The person of {@code token} (borrowed).
   *
   * @param identity who it must be: an object of another id is not believed
   * @param name under which the person signed in
   */
  public Person me(Secret token, Identity identity, AccountName name, boolean posix)
      throws DomainUnavailable {
    // Extension attributes of users come with the beta version only.
    Json me = get(base.resolve(posix ? "beta/me" : "v1.0/me"), token);
    if (!me.require("id").equalsIgnoreCase(identity.objectId().toString())) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, WHAT + " describes somebody else");
    }
    return person(
        identity, name, me.text("displayName").orElse(identity.displayName()), attributes(me));
  }

  /** What the tokens alone say. */
  public static Person person(Identity identity, AccountName name) {
    return person(identity, name, identity.displayName(), PosixAttributes.NONE);
  }

  private static Person person(
      Identity identity, AccountName name, String displayName, PosixAttributes attributes) {
    return new Person(
        name,
        Optional.of(identity.objectId()),
        Optional.of(identity.tenantId()),
        displayName,
        attributes);
  }

  /** All groups of the person of {@code token} (borrowed), transitive. */
  public List<Group> groups(Secret token) throws DomainUnavailable {
    URI next = base.resolve("v1.0/me/transitiveMemberOf?$top=999");
    Map<UUID, Group> found = new LinkedHashMap<>();
    for (int page = 0; page < MAX_PAGES; page++) {
      Json reply = get(next, token);
      for (Json entry : reply.objects("value")) {
        group(entry).ifPresent(group -> found.putIfAbsent(group.objectId(), group));
      }
      Optional<String> link = reply.text("@odata.nextLink");
      if (link.isEmpty()) {
        return List.copyOf(found.values());
      }
      next = Web.https(base, link.get(), WHAT + "'s next page");
      if (!next.getAuthority().equalsIgnoreCase(base.getAuthority())) {
        throw new DomainUnavailable(
            DomainUnavailable.Kind.PROTOCOL, WHAT + "'s next page is on another host");
      }
    }
    LOG.warn("too many groups, the rest is left out", "known", found.size());
    return List.copyOf(found.values());
  }

  private static Optional<Group> group(Json entry) {
    Optional<UUID> id = entry.text("id").flatMap(Graph::guid);
    if (id.isEmpty() || !entry.text("@odata.type").orElse("").startsWith("#microsoft.graph.")) {
      return Optional.empty();
    }
    String name =
        entry.text("displayName").filter(text -> !text.isBlank()).orElse(id.get().toString());
    return Optional.of(new Group(id.get(), name, attributes(entry).gidNumber()));
  }

  private static Optional<UUID> guid(String text) {
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static PosixAttributes attributes(Json entry) {
    return new PosixAttributes(
        number(entry, "uidNumber"),
        number(entry, "gidNumber"),
        text(entry, "unixHomeDirectory"),
        text(entry, "loginShell"),
        text(entry, "gecos"));
  }

  /** Directory extensions are called {@code extension_<application>_<attribute>}. */
  private static Optional<String> member(Json entry, String attribute) {
    return entry.names().stream()
        .filter(name -> name.matches("extension_[0-9a-fA-F]{32}_" + attribute))
        .sorted()
        .findFirst();
  }

  private static OptionalLong number(Json entry, String attribute) {
    Optional<String> member = member(entry, attribute);
    OptionalLong value = member.isPresent() ? entry.number(member.get()) : OptionalLong.empty();
    return value.isPresent() && value.getAsLong() >= 0 && value.getAsLong() < (1L << 32)
        ? value
        : OptionalLong.empty();
  }

  private static Optional<String> text(Json entry, String attribute) {
    return member(entry, attribute).flatMap(entry::text).filter(value -> !value.isBlank());
  }

  private Json get(URI uri, Secret token) throws DomainUnavailable {
    HttpCall call =
        HttpCall.get(uri)
            .header("Authorization", "Bearer " + token.revealText())
            .header("Accept", "application/json")
            .header("ConsistencyLevel", "eventual");
    HttpReply reply = web.send(call);
    for (int tried = 1; tried < TRIES && worthAnotherTry(reply); tried++) {
      Web.pause(wait(reply, tried));
      reply = web.send(call);
    }
    Web.working(reply, WHAT);
    if (!reply.ok()) {
      throw new DomainUnavailable(
          DomainUnavailable.Kind.PROTOCOL, WHAT + " refused with status " + reply.status());
    }
    return Json.parse(reply.body(), WHAT + "'s reply");
  }

  private static boolean worthAnotherTry(HttpReply reply) {
    boolean busy = List.of(429, 502, 503, 504).contains(reply.status());
    return busy && seconds(reply).orElse(0) <= LONGEST_WAIT;
  }

  private static OptionalLong seconds(HttpReply reply) {
    Optional<String> header = reply.header("retry-after").filter(h -> h.matches("[0-9]{1,6}"));
    return header.isPresent()
        ? OptionalLong.of(Long.parseLong(header.get()))
        : OptionalLong.empty();
  }

  private static Duration wait(HttpReply reply, int tried) {
    OptionalLong told = seconds(reply);
    return told.isPresent()
        ? Duration.ofSeconds(told.getAsLong())
        : Duration.ofMillis(200L << tried);
  }
}
