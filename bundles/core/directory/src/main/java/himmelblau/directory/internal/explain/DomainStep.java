package himmelblau.directory.internal.explain;

import himmelblau.api.account.AccountName;
import himmelblau.api.domain.DomainProvider;
import himmelblau.api.explain.ExplainRequest;
import himmelblau.api.explain.ExplainStep;
import himmelblau.api.explain.Finding;
import himmelblau.api.explain.Finding.Outcome;
import himmelblau.api.explain.OptionUse;
import himmelblau.directory.internal.DirectoryComponent;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Which tenant the account belongs to, and whether it answers. */
@Component(property = {ExplainStep.STEP + "=domain", ExplainStep.ORDER + ":Integer=30"})
public final class DomainStep implements ExplainStep {
  /**
   * @param directory without it no name means anybody, and there is nothing to say
   */
  @Activate
  public DomainStep(@Reference DirectoryComponent directory) {}

  DomainStep() {}

  @Override
  public Optional<Finding> explain(ExplainRequest request) {
    return request.name().map(name -> finding(request, name));
  }

  private static Finding finding(ExplainRequest request, AccountName name) {
    OptionUse option = OptionUse.of("domain");
    if (request.domain().isEmpty()) {
      return Finding.of(
          Outcome.NO,
          "no bundle serves " + name.domain() + " now (aad-tool plugins says why)",
          option);
    }
    DomainProvider provider = request.domain().get();
    String tenant =
        provider.tenantId().map(id -> "tenant " + id).orElse("its tenant is not known yet");
    String alias =
        provider.domain().equals(name.domain()) ? "" : " (a domain of " + provider.domain() + ")";
    String text = name.domain() + alias + ", " + tenant;
    return request.reachable()
        ? Finding.of(Outcome.OK, text + ", answers", option)
        : Finding.of(Outcome.NOTE, text + ", does not answer", option);
  }
}
