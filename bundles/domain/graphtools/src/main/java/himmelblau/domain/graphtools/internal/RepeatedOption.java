package himmelblau.domain.graphtools.internal;

import himmelblau.api.admin.CommandArguments.WrongUsage;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of an option that may be given several times.
 *
 * @param rest the other words
 */
record RepeatedOption(List<String> values, List<String> rest) {
  RepeatedOption {
    values = List.copyOf(values);
    rest = List.copyOf(rest);
  }

  static RepeatedOption take(String option, List<String> words) throws WrongUsage {
    List<String> values = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith(option + "=")) {
        values.add(word.substring(option.length() + 1));
      } else if (!word.equals(option)) {
        rest.add(word);
      } else if (i + 1 == words.size()) {
        throw new WrongUsage(option + " needs a value");
      } else {
        values.add(words.get(++i));
      }
    }
    return new RepeatedOption(values, rest);
  }
}
