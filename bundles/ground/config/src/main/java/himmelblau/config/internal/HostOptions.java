package himmelblau.config.internal;

import static himmelblau.config.internal.Option.global;
import static himmelblau.config.internal.OptionType.BOOL;
import static himmelblau.config.internal.OptionType.STRING;
import static himmelblau.config.internal.OptionType.U32;
import static himmelblau.config.internal.OptionType.U64;

import java.util.List;

/** Paths, times, diagnostics (host-behaviour 1.4). */
final class HostOptions {
  static final String HSM_PIN_PATH = "hsm_pin_path";
  static final String HSM_TYPE = "hsm_type";
  static final String HSM_TYPE_DEFAULT = "tpm_bound_soft_if_possible";

  static final List<Option> ALL =
      List.of(
          global("debug", BOOL, false, "Detailed log messages"),
          global("socket_path", STRING, "/var/run/himmelblaud/socket", "Sign-in socket"),
          global("task_socket_path", STRING, "/var/run/himmelblaud/task_sock", "Task socket"),
          global("broker_socket_path", STRING, "/var/run/himmelblaud/broker_sock", "Broker socket"),
          global(
              "db_path", STRING, "/var/cache/himmelblaud/himmelblau.cache.db", "The SQLite file"),
          global(
              "policies_db_path",
              STRING,
              "/var/cache/himmelblau-policies/",
              "Directory for the state of policies"),
          global(
              HSM_TYPE,
              OptionType.oneOfOrPlugin(
                  HSM_TYPE_DEFAULT, "tpm", "tpm_if_possible", "pkcs11", "soft"),
              HSM_TYPE_DEFAULT,
              "Key store that holds the keys"),
          global(
              HSM_PIN_PATH,
              STRING,
              "/var/lib/himmelblaud/hsm-pin",
              "File with the PIN of the key store"),
          global("cache_timeout", U64, 300L, "Seconds until an entry is refreshed"),
          global("connection_timeout", U64, 30L, "Seconds until a local connection times out"),
          global("request_timeout", U64, 10L, "Seconds for one HTTP request"),
          global(
              "ip_version",
              OptionType.oneOf("ipv4-only", "ipv6-only", "both"),
              "both",
              "IP version"),
          global("experimental_orchestrator_enabled", BOOL, false, "Browser helper for OIDC"),
          global(
              "orchestrator_socket",
              STRING,
              "/var/run/himmelblaud/orchestrator.sock",
              "Socket of the browser helper"),
          global("orchestrator_provider", STRING, "Name of the browser helper's provider"),
          global("orchestrator_timeout_secs", U64, 30L, "Seconds to wait for the browser helper"),
          global(
              "orchestrator_poll_secs", U32, 2, "Seconds between two polls of the browser helper"));

  private HostOptions() {}
}
