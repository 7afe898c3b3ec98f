package himmelblau.config.internal;

import static himmelblau.config.internal.Option.both;
import static himmelblau.config.internal.Option.domain;
import static himmelblau.config.internal.Option.global;
import static himmelblau.config.internal.Option.sum;
import static himmelblau.config.internal.OptionType.BOOL;
import static himmelblau.config.internal.OptionType.DIRECTORY;
import static himmelblau.config.internal.OptionType.ISSUER;
import static himmelblau.config.internal.OptionType.LIST;
import static himmelblau.config.internal.OptionType.PROGRAM;
import static himmelblau.config.internal.OptionType.RANGE;
import static himmelblau.config.internal.OptionType.STRING;
import static himmelblau.config.internal.OptionType.U64;

import java.util.List;

/** Options for users, home directories and directories (host-behaviour 1.4). */
final class IdentityOptions {
  static final String SUBID_RANGE = "subid_range";
  static final String IDMAP_RANGE = "idmap_range";
  static final String OIDC_ISSUER = "oidc_issuer_url";

  private static final OptionType NAME_FORM = OptionType.oneOf("uuid", "spn", "cn");

  static final List<Option> ALL =
      List.of(
          global("domain", LIST, "Domains whose users may sign in (comma-separated)"),
          global("domains", LIST, "Same as domain, plural form; these come before those of domain"),
          domain("domain_aliases", LIST, "Other domains of the same tenant"),
          domain(
              "domain_kind",
              STRING,
              "The provider that serves the domain, such as one of a plug-in"),
          sum("pam_allow_groups", "UPNs and group object ids that may sign in; unset: every user"),
          global(
              "id_attr_map",
              OptionType.oneOf("name", "uuid", "rfc2307"),
              "name",
              "Source of uids and gids"),
          global(
              "rfc2307_group_fallback_map",
              OptionType.oneOf("name", "uuid"),
              "Source of the gid of a group without gidNumber, with id_attr_map = rfc2307"),
          both(IDMAP_RANGE, RANGE, "200000-2000200000", "Range of uids and gids"),
          global(SUBID_RANGE, RANGE, "2100000000-4200000000", "Subordinate ids"),
          global("cn_name_mapping", BOOL, true, "Short names for users of the first domain"),
          global(
              "group_display_names", BOOL, true, "Show groups by display name where that is safe"),
          global("ignored_names", LIST, "Further short names that are reserved for the host"),
          global(
              "name_mapping_script", STRING, "Program that prints the UPN for a name: script NAME"),
          global(
              "user_map_file",
              STRING,
              "/etc/himmelblau/user-map",
              "File that maps local names to UPNs"),
          both(OIDC_ISSUER, ISSUER, "Sign in with this OpenID Connect issuer"),
          domain("device_id", STRING, "Written by the daemon when it has joined"),
          domain("intune_device_id", STRING, "Written by the daemon when it has enrolled"),
          both("home_prefix", DIRECTORY, "/home/", "Directory that holds the homes"),
          both("home_attr", NAME_FORM, "uuid", "Name of a home directory"),
          both("home_alias", NAME_FORM, "spn", "Name of the link to it"),
          global("use_etc_skel", BOOL, false, "Copy /etc/skel into a new home"),
          both(
              "shell",
              PROGRAM,
              "/bin/bash",
              "Login shell when the directory gives none that exists here"),
          global("selinux", BOOL, true, "Label new homes"),
          global("local_groups", LIST, "Local groups that every user is added to"),
          global(
              "local_groups_reconcile_interval",
              U64,
              300L,
              "Seconds between two checks of the local groups; 0 = only when a session opens"),
          sum("sudo_groups", "Object ids of groups whose members join local_sudo_group"),
          global("local_sudo_group", STRING, "sudo", "The local group that may use sudo"),
          global("logon_script", STRING, "Program that runs as root at each sign-in"),
          global("logon_script_timeout", U64, 60L, "Seconds until the program is killed"),
          global("fetch_profile_picture", BOOL, true, "Show the user's picture at the greeter"));

  private IdentityOptions() {}
}
