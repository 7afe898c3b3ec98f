package himmelblau.directory.internal.names;

import himmelblau.directory.internal.host.FoldedName;
import himmelblau.directory.internal.host.LocalAccounts;
import himmelblau.directory.internal.host.NamesInRules;
import himmelblau.directory.internal.store.StoredGroup;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides whether a directory group is shown by its display name. Display names can be chosen by
 * anyone with rights in the tenant, and sshd, sudo and polkit grant rights by name: a name that a
 * rule could refer to is never shown (decision 0630). Immutable.
 *
 * @param wanted {@code group_display_names}
 * @param mentioned what the rules of this host mention; empty: not known yet, so that every name
 *     could be one
 */
public record GroupNames(boolean wanted, Optional<NamesInRules> mentioned) {
  /**
   * First characters and characters that have a special meaning for sudo, sshd, polkit or nsswitch.
   */
  private static final String SPECIAL_FIRST = "%+@#-!&~:$=.";

  private static final String SPECIAL_ANYWHERE = "*?\"'\\()[]{}|;<>`";

  /** The display name, or the object id in lower case. */
  public String shown(StoredGroup group, LocalAccounts local) {
    return whyHidden(group.displayName(), group.objectId(), local).isEmpty()
        ? group.displayName()
        : group.objectId().toString();
  }

  /** The reason why the group is shown by object id. */
  Optional<String> whyHidden(String name, UUID objectId, LocalAccounts local) {
    String folded = FoldedName.of(name);
    if (!wanted) {
      return Optional.of("group_display_names is false");
    }
    if (!NameRules.fitGroup(name)) {
      return Optional.of("the name is not valid for group(5)");
    }
    if (ObjectIds.parse(name).filter(id -> !id.equals(objectId)).isPresent()) {
      return Optional.of("the name looks like another object's id");
    }
    if (!name.strip().equals(name)
        || SPECIAL_FIRST.indexOf(name.codePointAt(0)) >= 0
        || name.chars().anyMatch(c -> SPECIAL_ANYWHERE.indexOf(c) >= 0)
        || folded.equals("all")) {
      return Optional.of("the name has a special meaning for sudo, sshd or polkit");
    }
    if (RightsNames.has(folded) || ReservedNames.ofSystem(folded)) {
      return Optional.of("distributions grant rights to a group of that name");
    }
    if (local.takesFoldedName(folded)) {
      return Optional.of("a local account or group has the name");
    }
    if (mentioned.isEmpty()) {
      return Optional.of(
          "himmelblaud_tasks has not yet reported which names the rules of this host mention");
    }
    return mentionedByRules(name, objectId)
        ? Optional.of("rules of sudo, sshd or polkit on this host mention it")
        : Optional.empty();
  }

  /** Whether the rules of this host are the reason to hide the name, or mention the object id. */
  boolean mentionedByRules(String name, UUID objectId) {
    return mentioned
        .filter(
            rules -> rules.mean(FoldedName.of(name)) || rules.names().contains(objectId.toString()))
        .isPresent();
  }
}
