package himmelblau.hsm.tpm.internal;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * Flushes handles that a killed process left in a TPM without a resource manager. Uses the TCTI
 * directly, because the library has no handle for objects of other processes.
 */
final class RawFlush {
  private static final int FLUSH_CONTEXT = 0x165;
  private static final int NO_SESSIONS = 0x8001;
  private static final int TRANSMIT = 16; // offsets in TSS2_TCTI_CONTEXT_COMMON_V1
  private static final int RECEIVE = 24;
  private static final int FOREVER = -1;

  private RawFlush() {}

  /** Whether the way to the TPM has a resource manager, which cleans up by itself. */
  static boolean managed(String tctiName) {
    return tctiName.startsWith("device:/dev/tpmrm") || tctiName.startsWith("tabrmd");
  }

  /** Flushes one handle as the TPM numbers it. */
  static void flush(String tctiName, int handle) throws TpmError {
    PointerByReference tcti = new PointerByReference();
    TpmConnection.check("tctildr", Tss.tcti().Tss2_TctiLdr_Initialize(tctiName, tcti));
    try (Memory response = new Memory(4096)) {
      byte[] command =
          new TpmEncoding().u16(NO_SESSIONS).u32(14).u32(FLUSH_CONTEXT).u32(handle).bytes();
      Pointer context = tcti.getValue();
      TpmConnection.check(
          "transmit",
          Function.getFunction(context.getPointer(TRANSMIT))
              .invokeInt(new Object[] {context, (long) command.length, command}));
      TpmConnection.check(
          "receive",
          Function.getFunction(context.getPointer(RECEIVE))
              .invokeInt(
                  new Object[] {context, new LongByReference(response.size()), response, FOREVER}));
    } finally {
      Tss.tcti().Tss2_TctiLdr_Finalize(tcti);
    }
  }
}
