package himmelblau.login.internal.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class QrTextTest {
  private static final int SCALE = 4;

  /** What a phone would see on the terminal, dark blocks on a light ground. */
  @Test
  void aReaderReadsIt() throws Exception {
    String link = "https://microsoft.com/devicelogin";
    List<String> lines = QrText.of(link).lines().toList();
    int width = lines.getFirst().length();
    int height = lines.size() * 2;
    int[] pixels = new int[width * height * SCALE * SCALE];
    for (int y = 0; y < height * SCALE; y++) {
      for (int x = 0; x < width * SCALE; x++) {
        char block = lines.get(y / SCALE / 2).charAt(x / SCALE);
        boolean upper = y / SCALE % 2 == 0;
        boolean dark = block == '\u2588' || block == (upper ? '\u2580' : '\u2584');
        pixels[y * width * SCALE + x] = dark ? 0x000000 : 0xffffff;
      }
    }
    RGBLuminanceSource seen = new RGBLuminanceSource(width * SCALE, height * SCALE, pixels);
    assertEquals(
        link, new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(seen))).getText());
  }

  @Test
  void marginOnAllSides() {
    List<String> lines = QrText.of("x").lines().toList();
    assertTrue(lines.get(0).isBlank() && lines.get(1).isBlank());
    assertTrue(lines.stream().allMatch(line -> line.startsWith("    ") && line.endsWith("    ")));
  }

  @Test
  void whatDoesNotFitIsLeftOut() {
    assertEquals("", QrText.of("x".repeat(5000)));
  }
}
