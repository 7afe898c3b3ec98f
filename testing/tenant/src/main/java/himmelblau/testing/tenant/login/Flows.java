package himmelblau.testing.tenant.login;

import himmelblau.testing.tenant.directory.Settings;
import himmelblau.testing.tenant.token.TenantClock;
import himmelblau.testing.tenant.web.Refusal;
import himmelblau.testing.tenant.web.Request;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The sign-ins under way, found again by the values that pages carry. */
public final class Flows {
  private final Map<String, Flow> flows = new ConcurrentHashMap<>();
  private final Settings settings;
  private final TenantClock clock;

  public Flows(Settings settings, TenantClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  public Flow begin(AuthorizeRequest ask) {
    Instant now = clock.now();
    if (flows.size() > 5_000) {
      flows.values().removeIf(flow -> now.isAfter(flow.expires().plusSeconds(600)));
    }
    Flow flow = new Flow(ask, now.plusSeconds(settings.number("flow-seconds")));
    flows.put(flow.id(), flow);
    return flow;
  }

  /**
   * The flow of a flow token and a context, which must be of the same one.
   *
   * @throws Refusal 90014 when one is missing, 165000 when they do not belong together, 50089 when
   *     the flow is too old
   */
  public Flow find(String flowToken, String context) {
    Flow flow = byToken(flowToken);
    if (context.isEmpty()) {
      throw Refusal.aadsts(90014, "The required field 'ctx' is missing from the request.");
    }
    if (!flow.ownsContext(context)) {
      throw Refusal.aadsts(165000);
    }
    return flow;
  }

  /** The flow of a flow token alone. */
  public Flow byToken(String flowToken) {
    if (flowToken.isEmpty()) {
      throw Refusal.aadsts(90014, "The required field 'flowToken' is missing from the request.");
    }
    String[] parts = flowToken.split("\\.", 3);
    Flow flow = parts.length == 3 ? flows.get(parts[1]) : null;
    if (flow == null || !flow.ownsFlowToken(flowToken)) {
      throw Refusal.aadsts(165000);
    }
    if (clock.now().isAfter(flow.expires())) {
      throw Refusal.aadsts(50089);
    }
    return flow;
  }

  /**
   * The flow that a form was posted for, after all that ties the form to it was checked.
   *
   * @param contextField {@code ctx}, or {@code request} at ProcessAuth
   */
  public Flow ofForm(Request request, Map<String, String> form, String contextField) {
    String context = form.getOrDefault(contextField, form.getOrDefault("ctx", ""));
    String token = form.getOrDefault("flowToken", form.getOrDefault("flowtoken", ""));
    Flow flow = find(token, context);
    String canary = form.getOrDefault("canary", "");
    if (canary.isEmpty()) {
      throw Refusal.aadsts(90014, "The required field 'canary' is missing from the request.");
    }
    if (!flow.ownsCanary(canary)) {
      throw Refusal.aadsts(165000);
    }
    if (settings.on("require-cookies")
        && !flow.cookie().equals(request.cookies().get(flow.cookieName()))) {
      throw Refusal.aadsts(165000);
    }
    return flow;
  }

  /** Checks the canary header of a JSON call, under either of the names clients send. */
  public void requireCanaryHeader(Flow flow, Request request) {
    if (!flow.ownsCanary(request.header("canary").orElse(""))) {
      throw Refusal.aadsts(165000);
    }
  }

  public void end(Flow flow) {
    flows.remove(flow.id());
  }
}
