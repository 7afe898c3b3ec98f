package himmelblau.tasks.kerberos.internal;

import java.time.Duration;
import java.util.List;

/**
 * A service of systemd for one run, as the user, without any capability. The root helper itself
 * neither reaches the host's {@code /tmp} nor the users' runtime directories.
 *
 * @param longest after which systemd ends it, even if its user has stopped it
 */
record OwnUnit(Duration longest) implements Surroundings {
  @Override
  public List<String> words(long uid, long gid) {
    return List.of(
        "/usr/bin/systemd-run",
        "--quiet",
        "--pipe",
        "--wait",
        "--collect",
        "--service-type=exec",
        "--description=Kerberos tickets of the user " + uid,
        "--property=User=" + uid,
        "--property=Group=" + gid,
        "--property=RuntimeMaxSec=" + longest.toSeconds(),
        "--property=TimeoutStopSec=1",
        "--property=UMask=0077",
        "--property=LimitCORE=0",
        "--property=TasksMax=8",
        "--property=NoNewPrivileges=yes",
        "--property=CapabilityBoundingSet=",
        "--property=ProtectSystem=full",
        "--property=PrivateDevices=yes",
        "--property=PrivateNetwork=yes",
        "--property=ProtectKernelTunables=yes",
        "--property=ProtectKernelModules=yes",
        "--property=ProtectKernelLogs=yes",
        "--property=ProtectControlGroups=yes",
        "--property=ProtectClock=yes",
        "--property=RestrictAddressFamilies=AF_UNIX",
        "--property=RestrictNamespaces=yes",
        "--property=RestrictSUIDSGID=yes",
        "--property=LockPersonality=yes",
        "--property=MemoryDenyWriteExecute=yes",
        "--property=SystemCallArchitectures=native",
        "--property=SystemCallFilter=@system-service",
        "--property=SystemCallErrorNumber=EPERM",
        "--");
  }
}
