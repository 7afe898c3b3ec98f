package himmelblau.hsm.tpm.internal;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to the TPM with the commands that we need. Each command with a secret uses a
 * session that is salted to the storage root and encrypts the first parameter, so that nothing can
 * be read on the bus. Used by one thread.
 */
final class TpmConnection implements AutoCloseable {
  private static final byte CONTINUE = 0x01;
  static final byte DECRYPT = 0x20; // the TPM decrypts what we send
  static final byte ENCRYPT = 0x40; // the TPM encrypts what it answers
  static final byte BOTH = DECRYPT | ENCRYPT;
  private static final byte HMAC_SESSION = 0;

  private final PointerByReference tcti = new PointerByReference();
  private final PointerByReference esysRef = new PointerByReference();
  private final Pointer esys;
  private int session = Tss.TR_NONE;
  private boolean clean = true;

  TpmConnection(String tctiName) throws TpmError {
    check("tctildr", Tss.tcti().Tss2_TctiLdr_Initialize(tctiName, tcti));
    int code = Tss.esys().Esys_Initialize(esysRef, tcti.getValue(), null);
    if (code != 0) {
      Tss.tcti().Tss2_TctiLdr_Finalize(tcti);
      throw new TpmError("Esys_Initialize", code);
    }
    esys = esysRef.getValue();
  }

  static void check(String command, int code) throws TpmError {
    if (code != 0) {
      throw new TpmError(command, code);
    }
  }

  Pointer esys() {
    return esys;
  }

  void startUp() throws TpmError {
    check("TPM2_Startup", Tss.esys().Esys_Startup(esys, (short) 0));
  }

  /** TPMS_CAPABILITY_DATA in its byte format. */
  byte[] capability(int capability, int property, int count) throws TpmError {
    PointerByReference data = new PointerByReference();
    try (Buffers buffers = new Buffers()) {
      check(
          "TPM2_GetCapability",
          Tss.esys()
              .Esys_GetCapability(
                  esys,
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  capability,
                  property,
                  count,
                  buffers.empty(),
                  data));
      try {
        return Buffers.bytes(
            "TPMS_CAPABILITY_DATA",
            data.getValue(),
            Tss.mu()::Tss2_MU_TPMS_CAPABILITY_DATA_Marshal);
      } finally {
        free(data);
      }
    }
  }

  /** Makes the storage root; the caller flushes it. */
  int createPrimary(byte[] template) throws TpmError {
    IntByReference handle = new IntByReference();
    PointerByReference outPublic = new PointerByReference();
    try (Buffers buffers = new Buffers()) {
      check(
          TpmError.OWNER_COMMAND,
          Tss.esys()
              .Esys_CreatePrimary(
                  esys,
                  Tss.TR_OWNER,
                  Tss.TR_PASSWORD,
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.empty(),
                  ObjectCommands.publicStructure(buffers, template),
                  buffers.empty(),
                  buffers.empty(),
                  handle,
                  outPublic,
                  null,
                  null,
                  null));
    }
    free(outPublic);
    return handle.getValue();
  }

  /** Starts the session of this connection, salted to {@code root}. */
  void startSession(int root) throws TpmError {
    if (session != Tss.TR_NONE) {
      return;
    }
    IntByReference handle = new IntByReference();
    try (Buffers buffers = new Buffers()) {
      Pointer symmetric =
          buffers.structure(
              "TPMT_SYM_DEF",
              new TpmEncoding().u16(Template.AES).u16(128).u16(Template.CFB).bytes(),
              Tss.mu()::Tss2_MU_TPMT_SYM_DEF_Unmarshal);
      check(
          "TPM2_StartAuthSession",
          Tss.esys()
              .Esys_StartAuthSession(
                  esys,
                  root,
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  null,
                  HMAC_SESSION,
                  symmetric,
                  (short) Template.SHA256,
                  handle));
    }
    session = handle.getValue();
  }

  boolean hasSession() {
    return session != Tss.TR_NONE;
  }

  /** The session, set to encrypt what the next command carries. */
  int session(byte encryption) throws TpmError {
    check(
        "session",
        Tss.esys()
            .Esys_TRSess_SetAttributes(
                esys, session, (byte) (CONTINUE | encryption), (byte) (CONTINUE | BOTH)));
    return session;
  }

  /** Sets the auth value with which {@code handle} is used; borrowed. */
  void authorise(int handle, byte[] auth) throws TpmError {
    try (Buffers buffers = new Buffers()) {
      check("auth value", Tss.esys().Esys_TR_SetAuth(esys, handle, buffers.sized(auth)));
    }
  }

  byte[] name(int handle) throws TpmError {
    PointerByReference name = new PointerByReference();
    check("name", Tss.esys().Esys_TR_GetName(esys, handle, name));
    try {
      return Buffers.take(name.getValue());
    } finally {
      free(name);
    }
  }

  void flush(int handle) throws TpmError {
    check("TPM2_FlushContext", Tss.esys().Esys_FlushContext(esys, handle));
  }

  /**
   * Something that {@link #restore} loads faster than {@link ObjectCommands#load}, until the TPM
   * restarts.
   */
  byte[] save(int handle) throws TpmError {
    PointerByReference context = new PointerByReference();
    check("TPM2_ContextSave", Tss.esys().Esys_ContextSave(esys, handle, context));
    try {
      int header = 18; // sequence, handle, hierarchy, size
      int size = context.getValue().getShort(16) & 0xffff;
      return context.getValue().getByteArray(0, header + size);
    } finally {
      free(context);
    }
  }

  int restore(byte[] context) throws TpmError {
    IntByReference handle = new IntByReference();
    try (Buffers buffers = new Buffers()) {
      check("TPM2_ContextLoad", Tss.esys().Esys_ContextLoad(esys, buffers.raw(context), handle));
    }
    return handle.getValue();
  }

  static void free(PointerByReference reference) {
    @Nullable Pointer pointer = reference.getValue();
    if (pointer != null) {
      Tss.esys().Esys_Free(pointer);
    }
  }

  /** Whether {@link #close} flushed everything that this connection had loaded into the TPM. */
  boolean clean() {
    return clean;
  }

  /** Frees the session in the TPM and the way to it. */
  @Override
  public void close() {
    if (session != Tss.TR_NONE) {
      int code = Tss.esys().Esys_FlushContext(esys, session);
      clean = code == 0 || new TpmError("TPM2_FlushContext", code).evicted();
      session = Tss.TR_NONE;
    }
    Tss.esys().Esys_Finalize(esysRef);
    Tss.tcti().Tss2_TctiLdr_Finalize(tcti);
  }
}
