package himmelblau.domain.entra.internal;

import himmelblau.api.domain.SignInRefused;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.domain.entra.internal.device.Device;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The device registration of this host with one domain. */
final class DeviceStep implements ExplainStep {
  static final String NAME = "device";
  static final int PLACE = 100;

  private final EntraDomain domain;

  DeviceStep(EntraDomain domain) {
    this.domain = domain;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.domain().filter(serving -> serving == domain).map(serving -> finding());
  }

  private Finding finding() {
    OptionUse option = OptionUse.of("join_type", domain.domain());
    try {
      Optional<Device> device = domain.device();
      if (device.isEmpty()) {
        return Finding.of(
            Outcome.NOTE,
            "this host is not registered; the next sign-in with two factors does that",
            option);
      }
      String text =
          "registered as %s since %s"
              .formatted(
                  device.get().record().deviceId(),
                  device.get().record().joined().truncatedTo(ChronoUnit.SECONDS));
      return domain.opensOffline()
          ? Finding.of(Outcome.OK, text, option)
          : Finding.of(
              Outcome.NO,
              text
                  + ", and disabled in the directory, as its last answer says; once enabled there,"
                  + " an online sign-in works again");
    } catch (SignInRefused e) {
      return Finding.of(Outcome.NO, "registered, but its keys cannot be used: " + e.text(), option);
    }
  }
}
