package himmelblau.testing.authenticator;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A USB device of the kernel's /dev/uhid, which shows it as {@code /dev/hidrawN}. With the usage
 * page {@link #FIDO} its report descriptor is that of a FIDO authenticator (CTAP 2.0, 8.1.8.2), by
 * which udev and libfido2 recognise one. Linux on little-endian machines only; needs the module
 * uhid and the right to open the file. Closing unplugs the device. One thread reads, any thread
 * writes.
 */
final class Uhid implements Closeable {
  private static final int DESTROY = 1;
  private static final int STOP = 3;
  private static final int OUTPUT = 6;
  private static final int GET_REPORT = 9;
  private static final int GET_REPORT_REPLY = 10;
  private static final int CREATE2 = 11;
  private static final int INPUT2 = 12;
  private static final int SET_REPORT = 13;
  private static final int SET_REPORT_REPLY = 14;

  /** {@code struct uhid_event} of linux/uhid.h: the type, and the longest of its kinds. */
  private static final int EVENT = 4 + 128 + 64 + 64 + 2 + 2 + 4 * 4 + 4096;

  private static final int LONGEST_REPORT = 4096;
  private static final short BUS_USB = 3;
  private static final short EIO = 5;

  static final int FIDO = 0xf1d0;

  /** One of those that vendors may use as they like. */
  static final int VENDOR = 0xff00;

  /** A usage page, usage 1; reports of 64 bytes in both directions, without numbers. */
  private static final byte[] DESCRIPTOR =
      HexFormat.of()
          .parseHex(
              "0600000901a101"
                  + "0920150026ff0075089540"
                  + "8102"
                  + "0921150026ff0075089540"
                  + "9102"
                  + "c0");

  /** Not a channel: those do not write while a read waits. */
  private final RandomAccessFile device;

  Uhid(Path path, String name, int usagePage) throws IOException {
    device = new RandomAccessFile(path.toFile(), "rw");
    ByteBuffer create = event(CREATE2);
    create.put(4, name.getBytes(StandardCharsets.US_ASCII));
    create.position(4 + 128 + 64 + 64);
    create.putShort((short) DESCRIPTOR.length).putShort(BUS_USB);
    create.putInt(0x1209).putInt(0x0001).putInt(1).putInt(0); // a vendor number that is for tests
    int descriptor = create.position();
    create.put(DESCRIPTOR).putShort(descriptor + 1, (short) usagePage);
    send(create);
  }

  /** The next report that a program has written; null when the device was closed. */
  byte @Nullable [] read() throws IOException {
    byte[] bytes = new byte[EVENT];
    ByteBuffer event = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (device.read(bytes) > 0) {
      switch (event.getInt(0)) {
        case STOP -> {
          return null;
        }
        case OUTPUT -> {
          int size = event.getShort(4 + LONGEST_REPORT) & 0xffff;
          int number = size == HidKey.REPORT + 1 ? 1 : 0; // that of the report comes first
          return Arrays.copyOfRange(bytes, 4 + number, 4 + number + HidKey.REPORT);
        }
        case GET_REPORT -> refuse(GET_REPORT_REPLY, event.getInt(4));
        case SET_REPORT -> refuse(SET_REPORT_REPLY, event.getInt(4));
        default -> {} // started, opened, closed
      }
    }
    return null;
  }

  /** A report of the authenticator. */
  void write(byte[] report) throws IOException {
    ByteBuffer input = event(INPUT2);
    input.putShort(4, (short) report.length).put(6, report);
    send(input);
  }

  @Override
  public void close() throws IOException {
    send(event(DESTROY));
    device.close();
  }

  /** An authenticator has no feature reports. */
  private void refuse(int kind, int request) throws IOException {
    send(event(kind).putInt(4, request).putShort(8, EIO));
  }

  private static ByteBuffer event(int type) {
    return ByteBuffer.allocate(EVENT).order(ByteOrder.LITTLE_ENDIAN).putInt(0, type);
  }

  private void send(ByteBuffer event) throws IOException {
    byte[] bytes = new byte[EVENT];
    event.get(0, bytes);
    device.write(bytes); // one call: the kernel takes an event as a whole
  }
}
