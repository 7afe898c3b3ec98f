package himmelblau.machine.internal;

import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import java.util.List;
import java.util.Optional;

/** Whether the keys of this host can be used; without them nobody signs in. */
final class KeyStoreStep implements ExplainStep {
  static final String NAME = "key-store";
  static final int PLACE = 110;

  private final MachineService service;

  KeyStoreStep(MachineService service) {
    this.service = service;
  }

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    if (request.name().isEmpty()) {
      return Optional.empty();
    }
    OptionUse option = OptionUse.of("hsm_type");
    List<String> troubles = service.troubles();
    if (service.machine().suspended()) {
      return Optional.of(
          Finding.of(Outcome.NO, "the keys of this host cannot be opened", option).with(troubles));
    }
    List<KeyRow> rows = service.table().rows();
    String store = rows.stream().filter(KeyRow::current).map(KeyRow::store).findFirst().orElse("");
    List<String> devices = KeyDeviceMonitor.unavailable(service.stores(), rows);
    return Optional.of(
        devices.isEmpty() && troubles.isEmpty()
            ? Finding.of(Outcome.OK, "open, in the store " + store, option)
            : Finding.of(Outcome.NOTE, "open, in the store " + store + ", with problems", option)
                .with(troubles.isEmpty() ? devices : troubles));
  }
}
