package himmelblau.testing.tenant.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** All tenants and what is in them. Objects are values; a change replaces one. Thread-safe. */
public final class Directory {
  /** Object ids are unique in a tenant only: two tenants may hold the same group id. */
  private record Key(UUID tenant, UUID id) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::tenant).thenComparing(Key::id);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<UUID, Tenant> tenants = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Key, User> users = new ConcurrentSkipListMap<>();
  private final Map<String, Key> upns = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Key, Group> groups = new ConcurrentSkipListMap<>();
  private final Map<Key, Set<UUID>> memberships = new ConcurrentHashMap<>();
  private final Map<UUID, Device> devices = new ConcurrentHashMap<>();
  private final Map<Key, App> apps = new ConcurrentHashMap<>();
  private final List<HelloKey> helloKeys = new java.util.concurrent.CopyOnWriteArrayList<>();

  private final Set<Key> deletedUsers = ConcurrentHashMap.newKeySet();

  private final Photos photos = new Photos();

  public Photos photos() {
    return photos;
  }

  public void put(Tenant tenant) {
    tenants.put(tenant.id(), tenant);
  }

  public Collection<Tenant> tenants() {
    return List.copyOf(tenants.values());
  }

  /** By id or verified domain. */
  public Optional<Tenant> tenant(String idOrDomain) {
    String name = idOrDomain.toLowerCase(Locale.ROOT);
    return tenants.values().stream()
        .filter(t -> t.id().toString().equals(name) || t.domains().contains(name))
        .findFirst();
  }

  public Tenant tenant(UUID id) {
    Tenant tenant = tenants.get(id);
    if (tenant == null) {
      throw new IllegalArgumentException("no tenant " + id);
    }
    return tenant;
  }

  /** The tenant that a sign-in name belongs to by its domain. */
  public Optional<Tenant> tenantOfName(String upn) {
    return tenant(upn.substring(upn.indexOf('@') + 1));
  }

  /** Adds or replaces a user. */
  public synchronized void put(User user) {
    Key key = new Key(user.tenant(), user.id());
    User before = users.put(key, user);
    if (before != null) {
      upns.remove(before.upn().toLowerCase(Locale.ROOT), key);
    }
    upns.put(user.upn().toLowerCase(Locale.ROOT), key);
  }

  public Optional<User> user(String upn) {
    Key key = upns.get(upn.strip().toLowerCase(Locale.ROOT));
    return key == null ? Optional.empty() : Optional.ofNullable(users.get(key));
  }

  public Optional<User> user(UUID tenant, UUID id) {
    return Optional.ofNullable(users.get(new Key(tenant, id)));
  }

  public List<User> users(UUID tenant) {
    return List.copyOf(users.subMap(first(tenant), true, last(tenant), true).values());
  }

  /** The next users by object id, without a look at the others: a tenant may hold a million. */
  public List<User> users(UUID tenant, Optional<UUID> after, int atMost) {
    return users
        .subMap(
            after.map(id -> new Key(tenant, id)).orElse(first(tenant)),
            after.isEmpty(),
            last(tenant),
            true)
        .values()
        .stream()
        .limit(atMost)
        .toList();
  }

  /** Whether a user with this object id was deleted: a directory gives an object id once only. */
  public boolean wasDeleted(UUID tenant, UUID id) {
    return deletedUsers.contains(new Key(tenant, id));
  }

  private static Key first(UUID tenant) {
    return new Key(tenant, new UUID(Long.MIN_VALUE, Long.MIN_VALUE));
  }

  private static Key last(UUID tenant) {
    return new Key(tenant, new UUID(Long.MAX_VALUE, Long.MAX_VALUE));
  }

  /** Removes a user with their keys and memberships. */
  public synchronized void remove(User user) {
    Key key = new Key(user.tenant(), user.id());
    users.remove(key);
    deletedUsers.add(key);
    upns.remove(user.upn().toLowerCase(Locale.ROOT), key);
    helloKeys.removeIf(k -> k.tenant().equals(user.tenant()) && k.user().equals(user.id()));
    for (Group group : memberOf(user.tenant(), user.id(), false)) {
      Set<UUID> members = new HashSet<>(group.members());
      members.remove(user.id());
      put(group.withMembers(members));
    }
  }

  /** Adds or replaces a group. */
  public synchronized void put(Group group) {
    Key key = new Key(group.tenant(), group.id());
    Group before = groups.put(key, group);
    if (before != null) {
      forget(before);
    }
    for (UUID member : group.members()) {
      memberships
          .computeIfAbsent(new Key(group.tenant(), member), k -> ConcurrentHashMap.newKeySet())
          .add(group.id());
    }
  }

  public synchronized void remove(Group group) {
    groups.remove(new Key(group.tenant(), group.id()));
    forget(group);
  }

  private void forget(Group group) {
    for (UUID member : group.members()) {
      Set<UUID> of = memberships.get(new Key(group.tenant(), member));
      if (of != null) {
        of.remove(group.id());
      }
    }
  }

  public Optional<Group> group(UUID tenant, UUID id) {
    return Optional.ofNullable(groups.get(new Key(tenant, id)));
  }

  public List<Group> groups(UUID tenant) {
    return List.copyOf(groups.subMap(first(tenant), true, last(tenant), true).values());
  }

  /** The next groups of a type by object id. */
  public List<Group> groups(UUID tenant, String type, Optional<UUID> after, int atMost) {
    return groups
        .subMap(
            after.map(id -> new Key(tenant, id)).orElse(first(tenant)),
            after.isEmpty(),
            last(tenant),
            true)
        .values()
        .stream()
        .filter(group -> group.type().equals(type))
        .limit(atMost)
        .toList();
  }

  /** Groups that a user or group is a member of, by object id order. */
  public List<Group> memberOf(UUID tenant, UUID member, boolean transitive) {
    Set<UUID> found = new LinkedHashSet<>();
    List<UUID> ask = new ArrayList<>(List.of(member));
    while (!ask.isEmpty()) {
      Set<UUID> direct = memberships.getOrDefault(new Key(tenant, ask.removeLast()), Set.of());
      for (UUID group : direct) {
        if (found.add(group) && transitive) {
          ask.add(group);
        }
      }
    }
    return found.stream()
        .map(id -> groups.get(new Key(tenant, id)))
        .filter(group -> group != null)
        .sorted(Comparator.comparing(Group::id))
        .toList();
  }

  public void put(Device device) {
    devices.put(device.id(), device);
  }

  public Optional<Device> device(UUID id) {
    return Optional.ofNullable(devices.get(id));
  }

  public List<Device> devices() {
    return devices.values().stream().sorted(Comparator.comparing(Device::registered)).toList();
  }

  /** Removes a device and the Hello keys registered on it. */
  public void remove(Device device) {
    devices.remove(device.id());
    helloKeys.removeIf(key -> key.device().equals(device.id()));
  }

  public void put(HelloKey key) {
    helloKeys.add(key);
  }

  public List<HelloKey> helloKeys(User user) {
    return helloKeys.stream()
        .filter(key -> key.tenant().equals(user.tenant()) && key.user().equals(user.id()))
        .toList();
  }

  public void removeHelloKeys(User user) {
    helloKeys.removeIf(k -> k.tenant().equals(user.tenant()) && k.user().equals(user.id()));
  }

  public void put(App app) {
    apps.put(new Key(app.tenant(), app.clientId()), app);
  }

  public void remove(App app) {
    apps.remove(new Key(app.tenant(), app.clientId()));
  }

  public Optional<App> app(UUID tenant, UUID clientId) {
    return Optional.ofNullable(apps.get(new Key(tenant, clientId)));
  }

  /** Roles of the directory that a user has, such as {@code User Administrator}. */
  public Set<String> roles(UUID tenant, UUID user) {
    return memberOf(tenant, user, true).stream()
        .filter(group -> group.type().equals("directoryRole"))
        .map(Group::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** An application by client id in whatever tenant it is registered. */
  public Optional<App> app(UUID clientId) {
    return apps.values().stream().filter(app -> app.clientId().equals(clientId)).findFirst();
  }

  public List<App> apps(UUID tenant) {
    return apps.values().stream().filter(app -> app.tenant().equals(tenant)).toList();
  }
}
