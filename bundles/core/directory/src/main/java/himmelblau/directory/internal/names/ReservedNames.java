package himmelblau.directory.internal.names;

import himmelblau.directory.internal.host.FoldedName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Short names that are reserved for the host: those of system accounts, which packages create, and
 * those of groups with rights, because the private group of a user has the name of the user. A
 * directory user with such a name is shown by the full name. Immutable.
 */
final class ReservedNames {
  /** System accounts of distributions and of widespread packages. The only list of this kind. */
  private static final Set<String> SYSTEM =
      Set.of(
          "abrt",
          "adm",
          "alertmanager",
          "amanda",
          "ansible",
          "apache",
          "at",
          "avahi",
          "avahi-autoipd",
          "backup",
          "bin",
          "bind",
          "caddy",
          "cassandra",
          "ceph",
          "chrony",
          "clamav",
          "clamd",
          "clickhouse",
          "cockpit-ws",
          "cockpit-wsinstance",
          "colord",
          "consul",
          "couchdb",
          "cups",
          "cyrus",
          "daemon",
          "dbus",
          "debian-tor",
          "debian-transmission",
          "deluge",
          "dhcpcd",
          "dnsmasq",
          "docker",
          "dockerroot",
          "dovecot",
          "dovenull",
          "elasticsearch",
          "emby",
          "etcd",
          "exim",
          "flatpak",
          "fluentd",
          "ftp",
          "fwupd-refresh",
          "games",
          "gdm",
          "geoclue",
          "git",
          "gitea",
          "gitlab-prometheus",
          "gitlab-psql",
          "gitlab-redis",
          "gitlab-runner",
          "gitlab-www",
          "gnats",
          "gnome-initial-setup",
          "grafana",
          "grafana-agent",
          "graylog",
          "hacluster",
          "halt",
          "haproxy",
          "homeassistant",
          "hplip",
          "http",
          "httpd",
          "icinga",
          "icinga2",
          "influxdb",
          "irc",
          "jellyfin",
          "jenkins",
          "jetty",
          "kafka",
          "kernoops",
          "kibana",
          "ldap",
          "libvirt-dnsmasq",
          "libvirt-qemu",
          "lightdm",
          "list",
          "logstash",
          "loki",
          "lp",
          "mail",
          "mailman",
          "man",
          "mariadb",
          "memcache",
          "memcached",
          "messagebus",
          "minio",
          "mongod",
          "mongodb",
          "mosquitto",
          "mpd",
          "munin",
          "mysql",
          "nagios",
          "named",
          "named-ddns",
          "netdata",
          "network",
          "news",
          "nexus",
          "nfsnobody",
          "nginx",
          "nm-openconnect",
          "nm-openvpn",
          "node_exporter",
          "nobody",
          "nomad",
          "nslcd",
          "ntp",
          "nut",
          "ollama",
          "openldap",
          "opensearch",
          "openvpn",
          "operator",
          "otelcol",
          "pcp",
          "pdns",
          "plex",
          "podman",
          "polkitd",
          "pollinate",
          "postfix",
          "postgres",
          "postgresql",
          "prometheus",
          "promtail",
          "proxy",
          "pulse",
          "puppet",
          "qemu",
          "rabbitmq",
          "radarr",
          "radicale",
          "radiusd",
          "redis",
          "root",
          "rpc",
          "rpcuser",
          "rtkit",
          "saned",
          "salt",
          "scard",
          "sddm",
          "setroubleshoot",
          "shutdown",
          "smmsp",
          "smmta",
          "solr",
          "sonar",
          "sonarqube",
          "sonarr",
          "spamd",
          "speech-dispatcher",
          "splunk",
          "squid",
          "sshd",
          "ssl-cert",
          "sssd",
          "strongswan",
          "sync",
          "sys",
          "syslog",
          "tailscale",
          "tcpdump",
          "telegraf",
          "tempo",
          "tftp",
          "tomcat",
          "tor",
          "transmission",
          "traefik",
          "tss",
          "unbound",
          "usbmux",
          "usbmuxd",
          "uucp",
          "uuidd",
          "varnish",
          "vault",
          "vboxadd",
          "vcsa",
          "victoriametrics",
          "vnstat",
          "wazuh",
          "whoopsie",
          "www",
          "www-data",
          "xrdp",
          "zabbix",
          "zabbixsrv",
          "zookeeper");

  private final Set<String> added = new HashSet<>();
  private final Set<String> removed = new HashSet<>();

  /**
   * @param configured {@code ignored_names}: names that are added, and with a leading {@code -}
   *     names that are taken off the list
   */
  ReservedNames(List<String> configured) {
    for (String entry : configured) {
      boolean off = entry.startsWith("-");
      (off ? removed : added).add(FoldedName.of(off ? entry.substring(1) : entry));
    }
  }

  /** Whether it is the name of a widespread system account, and so of its group. */
  static boolean ofSystem(String folded) {
    return SYSTEM.contains(folded) || folded.startsWith("_") || folded.startsWith("systemd-");
  }

  /** Whether a package may want to make a system user of that name, or a group has rights. */
  boolean has(String name) {
    String folded = FoldedName.of(name);
    return !removed.contains(folded)
        && (added.contains(folded) || ofSystem(folded) || RightsNames.has(folded));
  }

  /** Whether a group of that name may have rights, so that no private group may have it. */
  boolean givesRights(String name) {
    String folded = FoldedName.of(name);
    return !removed.contains(folded) && RightsNames.has(folded);
  }
}
