package himmelblau.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class LineLoggerFinderTest {
  private final List<String> lines = new ArrayList<>();
  private final LineLoggerFinder finder = new LineLoggerFinder((level, line) -> lines.add(line));
  private final Module module = getClass().getModule();

  private static ResourceBundle with(String key) {
    return new ListResourceBundle() {
      @Override
      protected Object[][] getContents() {
        return new Object[][] {{key, "true"}};
      }
    };
  }

  @Test
  void aBundleIsHeardWhateverItsPackage() {
    System.Logger bundle =
        finder.getLocalizedLogger("com.example.weekday", with("himmelblau.log"), module);
    bundle.log(Level.INFO, "weekday.asked");
    assertEquals(List.of("com.example.weekday weekday.asked"), lines);
  }

  @Test
  void aLibraryIsHeardWhenSomethingIsWrong() {
    for (System.Logger library :
        List.of(
            finder.getLogger("com.example.weekday", module),
            finder.getLocalizedLogger("com.example.weekday", with("greeting"), module),
            finder.getLocalizedLogger("com.example.weekday", null, module))) {
      lines.clear();
      library.log(Level.INFO, "hello");
      library.log(Level.WARNING, "broken");
      assertEquals(List.of("com.example.weekday broken"), lines);
    }
  }

  @Test
  void theLauncherItselfIsHeard() {
    finder.getLogger("himmelblau.launcher", module).log(Level.INFO, "started");
    assertEquals(List.of("himmelblau.launcher started"), lines);
  }
}
