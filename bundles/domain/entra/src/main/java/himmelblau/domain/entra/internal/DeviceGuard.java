package himmelblau.domain.entra.internal;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.domain.SignInRefused;
import himmelblau.api.domain.SignInRefused.Reason;
import himmelblau.api.log.AuditKind;
import himmelblau.api.log.AuditOutcome;
import himmelblau.api.log.Log;
import himmelblau.domain.entra.internal.device.Device;
import himmelblau.domain.entra.internal.device.Devices;
import himmelblau.domain.entra.internal.wire.AadstsError;
import himmelblau.domain.entra.internal.wire.DomainHttp;
import himmelblau.domain.entra.internal.wire.Refusals;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Acts on what the directory says about the device. Right after joining, not every server may know
 * the device yet; later, when the directory reports twice that it does not exist, the device
 * registration is deleted on this host. A device that an administrator disabled still exists:
 * nothing is deleted.
 */
final class DeviceGuard {
  private static final Log LOG = Log.of(DeviceGuard.class);
  private static final Integer[] GONE = {50155, 130008};
  private static final Integer[] DISABLED = {135011, 130007};
  private static final Integer[] NOT_YET = {50155, 130008};
  private static final Duration YOUNG = Duration.ofMinutes(5);

  /** How long to wait, and how often. */
  record Patience(List<Duration> replication, Duration confirmation) {
    static final Patience NORMAL =
        new Patience(
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(6)),
            Duration.ofSeconds(1));
  }

  private final Devices devices;
  private final Clock clock;
  private final Patience patience;

  DeviceGuard(Devices devices, Clock clock, Patience patience) {
    this.devices = devices;
    this.clock = clock;
    this.patience = patience;
  }

  /** A request that the device signs. */
  interface Request<T> {
    T run() throws DomainUnavailable, SignInRefused, AadstsError;
  }

  <T> T run(Device device, Request<T> request)
      throws DomainUnavailable, SignInRefused, AadstsError {
    for (int tried = 0; ; tried++) {
      try {
        T result = request.run();
        device.proven();
        devices.enabled(device);
        return result;
      } catch (AadstsError e) {
        if (e.has(DISABLED)) {
          LOG.audit(AuditKind.ENROLMENT, AuditOutcome.SUCCESS)
              .warn("entra.device.disabled", "device", device.record().deviceId());
          devices.disabled(device);
          throw e.refused();
        }
        if (!e.has(GONE)) {
          throw e;
        }
        boolean young =
            e.has(NOT_YET)
                && !device.isProven()
                && device.record().joined().plus(YOUNG).isAfter(clock.instant());
        List<Duration> waits = young ? patience.replication() : List.of(patience.confirmation());
        if (tried < waits.size()) {
          DomainHttp.pause(waits.get(tried));
        } else if (young) {
          throw new DomainUnavailable(DomainUnavailable.Kind.TEMPORARY, Refusals.BUSY, e);
        } else {
          throw removed(device, e);
        }
      }
    }
  }

  private SignInRefused removed(Device device, AadstsError error) {
    LOG.audit(AuditKind.ENROLMENT, AuditOutcome.SUCCESS)
        .warn("entra.device.removed", "device", device.record().deviceId());
    devices.forget(Optional.of(device.record().tenantId()));
    String said = Optional.ofNullable(error.getMessage()).orElse("").split("\\R", 2)[0];
    String line = said.replaceAll("\\p{Cntrl}", " ");
    String text =
        Refusals.REMOVED_BECAUSE
            .replace("{detail}", line.substring(0, Math.min(200, line.length())))
            .strip();
    return new SignInRefused(Reason.DEVICE_REMOVED, text, error.refusalCode(), false);
  }
}
