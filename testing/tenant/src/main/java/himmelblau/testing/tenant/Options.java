package himmelblau.testing.tenant;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The command line. */
public record Options(
    InetSocketAddress listen,
    String admin,
    Optional<InetSocketAddress> proxy,
    Optional<Path> seed,
    Path caDirectory,
    boolean help,
    boolean rehearse) {
  static final String USAGE =
      """
      usage: run [--listen HOST:PORT] [--admin HOST:PORT|SOCKET] [--proxy HOST:PORT]
                 [--seed FILE.yaml] [--ca-dir DIR]

      An emulated Entra ID tenant, all in memory. It answers for login.microsoftonline.com,
      enterpriseregistration.windows.net, graph.microsoft.com and the other hosts of the service:
      point their names at --listen, or clients at --proxy, and trust ca.pem from --ca-dir.

        --listen    where the service listens, HTTPS      (default 127.0.0.1:443)
        --admin     where ctl and the phone page connect  (default 127.0.0.1:9443);
                    with a slash in it, the path of a unix socket
        --proxy     also an HTTP proxy (CONNECT) that leads every host to the service
        --seed      what the tenants hold at start        (default: two small tenants)
        --ca-dir    where ca.pem and ca.key are kept, made if absent (default ./tenant-ca)
        --rehearse  start on any ports, and end at once
        --help      this text

      It prints one line when it is ready and runs until it is told to end (SIGTERM, Ctrl-C).
      """;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException saying which argument is wrong and what it should be
   */
  static Options parse(String[] arguments) {
    InetSocketAddress listen = address("127.0.0.1:443");
    String admin = "127.0.0.1:9443";
    Optional<InetSocketAddress> proxy = Optional.empty();
    Optional<Path> seed = Optional.empty();
    Path caDirectory = Path.of("tenant-ca");
    boolean help = false;
    boolean rehearse = false;
    for (int i = 0; i < arguments.length; i++) {
      String option = arguments[i];
      if (option.equals("--help") || option.equals("-h")) {
        help = true;
        continue;
      }
      if (option.equals("--rehearse")) {
        rehearse = true;
        listen = address("127.0.0.1:0");
        admin = "127.0.0.1:0";
        continue;
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("option " + option + " is unknown or lacks its value");
      }
      String value = arguments[++i];
      switch (option) {
        case "--listen" -> listen = address(value);
        case "--admin" -> admin = value;
        case "--proxy" -> proxy = Optional.of(address(value));
        case "--seed" -> seed = Optional.of(Path.of(value));
        case "--ca-dir" -> caDirectory = Path.of(value);
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    if (!admin.contains("/")) {
      address(admin);
    }
    return new Options(listen, admin, proxy, seed, caDirectory, help, rehearse);
  }

  @SuppressWarnings("AddressSelection") // the first address of a name is what was meant
  static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an address; write HOST:PORT, for example 127.0.0.1:443");
  }
}
