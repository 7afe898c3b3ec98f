package himmelblau.explain.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import himmelblau.api.explain.OptionOrigins.Origin;
import himmelblau.api.explain.OptionUse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An explanation as one JSON object; docs/troubleshooting.md describes it. */
final class JsonForm {
  /** Grows when a member changes its meaning or goes; members may be added without. */
  private static final int FORMAT = 1;

  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private JsonForm() {}

  static String of(Explanation explanation) {
    JsonObject all = new JsonObject();
    all.addProperty("format", FORMAT);
    all.addProperty("user", explanation.request().typed());
    all.addProperty("account", explanation.request().name().map(Object::toString).orElse(null));
    all.addProperty("service", explanation.request().service());
    all.addProperty("remote_option", explanation.request().otherHost());
    JsonArray steps = new JsonArray();
    explanation.steps().forEach(step -> steps.add(step(step)));
    all.add("steps", steps);
    all.addProperty("verdict", lower(explanation.verdict()));
    return GSON.toJson(all);
  }

  private static JsonObject step(Explanation.Step step) {
    JsonObject one = new JsonObject();
    one.addProperty("step", step.name());
    one.addProperty("outcome", lower(step.finding().outcome()));
    one.addProperty("text", step.finding().text());
    JsonArray details = new JsonArray();
    step.finding().details().forEach(details::add);
    one.add("details", details);
    JsonArray options = new JsonArray();
    step.origins().forEach((use, origins) -> options(options, use, origins));
    one.add("options", options);
    return one;
  }

  private static void options(JsonArray options, OptionUse use, List<Origin> origins) {
    if (origins.isEmpty()) {
      options.add(option(use.name(), null, null, null));
    }
    for (Origin origin : origins) {
      options.add(
          option(origin.option(), origin.section(), origin.value(), origin.place().orElse(null)));
    }
  }

  private static JsonObject option(
      String name, @Nullable String section, @Nullable String value, @Nullable String place) {
    JsonObject option = new JsonObject();
    option.addProperty("option", name);
    option.addProperty("section", section);
    option.addProperty("value", value);
    option.addProperty("place", place);
    return option;
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
